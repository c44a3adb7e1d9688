# fakes: accounts
# option accounts: refused=Check_settings_on_developer.spotify.com/dashboard,_the_user_may_not_be_registered.
# An account that the application does not know can log in and do nothing; the way out is told.
on="--loopback --credentials $HOME/credentials --base spotify.api=$ACCOUNTS/v1 --base spotify.accounts=$ACCOUNTS --store s.db"
echo 0123456789abcdef0123456789abcdef | narada setup spotify $on >out 2>&1 &
pid=$!
for i in $(seq 200); do grep -q "$ACCOUNTS/authorize" out 2>/dev/null && break; sleep 0.05; done
curl -s -L "$(grep -o "$ACCOUNTS/authorize[^ ]*" out)"
wait $pid
echo "exit $?"
tail -n 2 out
