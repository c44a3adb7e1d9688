# fakes: accounts
# option accounts: prefix=canary
# Secrets are known by a word in them; it must be nowhere but in the credentials: not in what is printed, recorded, stored or passed on, nor in a core.
to="--loopback --credentials $HOME/credentials --base spotify.api=$ACCOUNTS/v1 --base spotify.accounts=$ACCOUNTS"
on="$to --store s.db"
client=0123456789abcdef0123456789abcdef
file=$HOME/credentials/spotify-default
seen() { n=$((${n:-0} + 1)); "$@" >shown.$n 2>&1 </dev/null || echo "exit $?" >>shown.$n; }
page() { for i in $(seq 200); do grep -o "$ACCOUNTS/authorize[^ ]*" $1 2>/dev/null && break; sleep 0.05; done; }
expire() { sed -i.bak 's/^expires_at = .*/expires_at = 2020-01-01T00:00:00Z/' "$file"; chmod 600 "$file"; rm "$file.bak"; }
narada import "$root/examples/history" --store s.db --now 2026-11-01T12:00Z >/dev/null

# While a login waits: what others on this machine see of the process, and what it leaves when it dies.
echo $client >answers
narada setup spotify $on >shown.first 2>&1 <answers &
pid=$!
page shown.first >/dev/null
if [ -r /proc/$pid/limits ]; then
  awk '/Max core file size/ { if ($5 != 0 || $6 != 0) print "a core of", $5, "bytes is allowed" }' /proc/$pid/limits
  tr '\0' '\n' </proc/$pid/environ >shown.environ 2>/dev/null
  tr '\0' '\n' </proc/$pid/cmdline >shown.cmdline
fi
(ulimit -c unlimited; kill -ABRT $pid; wait $pid) 2>/dev/null
wait $pid 2>/dev/null
ls core* 2>/dev/null

narada setup spotify $on --record recorded.setup >shown.browser 2>&1 <answers &
pid=$!
curl -s -L "$(page shown.browser)" >shown.page
wait $pid || { echo "exit $?"; cat shown.browser; }
mkfifo line
rm answers; mkfifo answers
{ echo $client; cat line; } >answers &
narada setup spotify $on --paste >shown.paste 2>&1 <answers &
pid=$!
curl -s -o /dev/null -w '%{redirect_url}\n' "$(page shown.paste)" >line
wait $pid || { echo "exit $?"; cat shown.paste; }
# Pasted where it does not belong.
printf '%s\ncanary-pasted-code?state=canary-state&code=canary-code\n' $client >wrong
seen sh -c "narada setup spotify $on --paste <wrong"
printf 'canary-instead-of-a-client-id\n' >wrong
seen sh -c "narada setup spotify $on <wrong"
printf 'canary instead of a token\n' >wrong
seen sh -c "narada setup listenbrainz $on <wrong"
printf 'canary-instead-of-a-key\n' >wrong
seen sh -c "narada setup lastfm $on <wrong"
rm wrong

seen narada doctor $on --record recorded.doctor
expire
seen narada doctor $on --record recorded.renewal --json
echo 'from spotify.likes | take 5 | show' >liked.nrd
seen narada-run liked.nrd $on --verbose --record recorded.run
seen narada-run liked.nrd $on --json
# Of a store of their own, so that nobody waits for the rate of logins.
for fault in '"times": 2, "do": "status", "status": 503, "body": "down"' \
  '"do": "status", "status": 400, "body": {"error": "invalid_request", "error_description": "bad token TOKEN"}' \
  '"do": "status", "status": 200, "body": {"access_token": "canary and blanks", "refresh_token": "canary"}' '"do": "cut"' '"do": "lose"'; do
  expire
  cp "$file" before
  fault=$(echo "$fault" | sed "s/TOKEN/$(sed -n 's/^refresh_token = //p' "$file")/")
  fault accounts "{\"match\": \"POST /api/token\", $fault}"
  seen narada doctor $to --store none.db --record recorded.fault.$n
  cat before >"$file"
done
rm before
seen narada status --store s.db --credentials "$HOME/credentials" --json
seen narada export out --store s.db
seen narada setup --forget lastfm $on

grep -q canary "$HOME"/credentials/* && echo "in the credentials"
grep -rl canary . && grep -rh canary . | cut -c1-200
[ "$(ls recorded.* | grep -c exchange)" -gt 9 ] && echo "and nowhere else"
