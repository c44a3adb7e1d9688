# Our login against oidc-provider, a certified server that nobody here wrote: logging in, renewing, a refresh token used twice, a code of another login.
npm_folder=services-npm
. "$root/tests/ci/npm.sh"
npm_tools "$bin" oidc-provider@9.13.3
client=0123456789abcdef0123456789abcdef
file=$HOME/credentials/spotify-default
node "$root/tests/services/oidc/provider.mjs" "$tools" "$PWD/port" >log 2>&1 &
provider=$!
trap 'kill $provider' EXIT
for i in $(seq 400); do [ -s port ] && break; sleep 0.05; done
[ -s port ] || { cat log; exit 1; }
base=http://127.0.0.1:$(cat port)
on="--loopback --credentials $HOME/credentials --base spotify.api=$base/v1 --base spotify.accounts=$base --store s.db"
# A browser with its own cookies; prints the address it ends at.
browse() { rm -f jar; curl -s -L -c jar -b jar -o page -w '%{url_effective}\n' "$1" || :; }
begin() {
  : >out # else the address of the login before may still stand there
  narada setup spotify $on "$@" >out 2>&1 <answers &
  pid=$!
  for i in $(seq 200); do grep -q "$base/authorize" out 2>/dev/null && break; sleep 0.05; done
  address=$(grep -o "$base/authorize[^ ]*" out)
}
end() { wait $pid; status=$?; grep -v '^ \|^$' out | tail -n "$1" | sed 's/until 20[0-9-]*/until DAY/'; [ $status = 0 ] || echo "exit $status"; }
value() { sed -n "s/^$1 = //p" "$file"; }
expire() { sed -i.bak 's/^expires_at = .*/expires_at = 2020-01-01T00:00:00Z/' "$file"; chmod 600 "$file"; rm "$file.bak"; }
same() { [ "$1" = "$2" ] && echo "$3: the same" || echo "$3: another"; }
doctor() { narada doctor $on | grep -A 1 '^[a-zA-Z]* *Spotify' | head -n 2 | sed 's/until 20[0-9-]*/until DAY/'; }

echo "== in the browser"
echo $client >answers
begin
browse "$address" >/dev/null
cat page
end 3
doctor
echo "== renewed"
access=$(value access_token) refresh=$(value refresh_token)
cp -p "$file" old
expire
doctor
same "$access" "$(value access_token)" "access token"
same "$refresh" "$(value refresh_token)" "refresh token"
echo "== the refresh token of before, as from a copy of the credentials"
new=$(value refresh_token)
cp -p "$file" new
cp -p old "$file"
expire
doctor
same "$refresh" "$(value refresh_token)" "refresh token"
grep -c refused_at "$file"
echo "== the server takes back the whole login"
cp -p new "$file"
expire
doctor
echo "== pasted"
mkfifo line
paste() {
  rm -f answers; mkfifo answers
  { echo $client; cat line; } >answers &
  begin --paste
}
paste
browse "$address" >line
end 3
doctor
echo "== the code of a login with another verifier"
paste
other=$(printf %s "$address" | sed 's/code_challenge=[A-Za-z0-9_-]*/code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM/')
browse "$other" >line
end 1
echo "== an answer with another state"
paste
browse "$address" | sed 's/state=[^&]*/state=guess/' >line
end 1
echo "== a code twice"
paste
browse "$address" >kept
cat kept >line
end 3
code=$(sed 's/.*code=\([^&]*\).*/\1/' kept)
paste
echo "$code" >line
end 1
doctor
