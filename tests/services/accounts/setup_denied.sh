# fakes: accounts
# option accounts: deny=yes
# A person who does not agree; the login that was there stays.
on="--loopback --credentials $HOME/credentials --base spotify.api=$ACCOUNTS/v1 --base spotify.accounts=$ACCOUNTS --store s.db"
printf 'client_id = fake-client\naccess_token = fake-token\nrefresh_token = fake-refresh\n' >"$HOME/credentials/spotify-default"
chmod 600 "$HOME/credentials/spotify-default"
echo 0123456789abcdef0123456789abcdef | narada setup spotify $on >out 2>&1 &
pid=$!
for i in $(seq 200); do grep -q "$ACCOUNTS/authorize" out 2>/dev/null && break; sleep 0.05; done
curl -s -L "$(grep -o "$ACCOUNTS/authorize[^ ]*" out)"
wait $pid
echo "exit $?"
tail -n 1 out
cat "$HOME/credentials/spotify-default"
