# fakes: accounts
# Logging in to Spotify in the browser, by pasting, and letting go of it; what is no answer to this login does not disturb it.
on="--loopback --credentials $HOME/credentials --base spotify.api=$ACCOUNTS/v1 --base spotify.accounts=$ACCOUNTS --store s.db"
client=0123456789abcdef0123456789abcdef
shown() { sed 's/state=[^& ]*/state=STATE/; s/code_challenge=[A-Za-z0-9_-]*/code_challenge=CHALLENGE/; s/127.0.0.1%3A[0-9]*/HERE/g; s/127.0.0.1:[0-9]*/HERE/g; s/"code_verifier":"[^"]*"/"code_verifier":"VERIFIER"/; s/until 20[0-9-]*/until DAY/; s/^/  /'; }
# The page that the program shows, once it does.
page() { for i in $(seq 200); do grep -o "$ACCOUNTS/authorize[^ ]*" out 2>/dev/null && break; sleep 0.05; done; }
begin() {
  printf '$ narada setup spotify [on] %s\n' "$*"
  narada setup spotify $on "$@" >out 2>&1 <answers &
  pid=$!
}
end() { wait $pid; status=$?; shown <out | tail -n "${1:-100}"; [ $status = 0 ] || echo "exit $status"; }

t narada setup $on
echo $client >answers
begin
here=$(page | sed 's/.*redirect_uri=http%3A%2F%2F127.0.0.1%3A\([0-9]*\).*/http:\/\/127.0.0.1:\1/')
echo "- somebody guesses:"
curl -s "$here/callback?code=theirs&state=guess"
curl -s -H 'Host: evil.example' "$here/callback?code=theirs&state=guess"
echo "- the browser:"
curl -s -L "$(page)"
end
ls -l "$HOME/credentials" | awk 'NR > 1 { print substr($1, 1, 10), $NF }'
t narada setup $on | shown
asked accounts | shown

echo "== pasted, with the client id that is stored"
mkfifo answers2
(echo; page >asked; curl -s -o /dev/null -w '%{redirect_url}\n' "$(cat asked)") >answers2 &
cp /dev/null out
rm answers; mv answers2 answers
begin --paste
end
echo "== what is no answer"
rm answers
for answer in "" "http://127.0.0.1/callback?code=theirs&state=guess" "http://127.0.0.1/authorize?response_type=code" "made-up-code"; do
  printf '\n%s\n' "$answer" >answers
  begin --paste
  end 1
done
printf 'not-a-client-id\n' >answers
begin
end 1
t narada setup spotify $on --redirect-uri http://localhost:8888/callback
t narada setup spotify $on --redirect-uri https://example.org/callback
t narada setup lastfm $on --paste
t narada setup spotifi $on
echo "== let go"
t narada setup --forget spotify $on
t narada setup --forget spotify $on
t narada setup --forget $on
ls "$HOME/credentials"
