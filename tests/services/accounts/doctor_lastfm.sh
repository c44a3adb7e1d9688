# fakes: lastfm
# What is wrong with Last.fm's credentials, each in its own way, and the step that mends it.
on="--loopback --credentials $HOME/credentials --base lastfm.api=$LASTFM/2.0/ --store s.db"
look() { narada doctor $on | grep -A 1 "Last.fm  "; }
try() {
  echo "== $*"
  printf '%s\n' "$@" >"$HOME/credentials/lastfm-default"
  look
}
try "api_key = fake-key" "user = ada"
try "api_key = fake-key"
try "api_key = wrong" "user = ada"
try "api_key = fake-key" "user = nobody"
try "api_key = fake-key" "shared_secret = wrong" "session_key = fake-session" "user = ada"
try "api_key = fake-key" "shared_secret = fake-secret" "session_key = wrong" "user = ada"
try "garbage"
try "api_key ! false"
fault lastfm '{"match": "GET /2.0", "times": 9, "do": "status", "status": 503, "body": {"error": 11, "message": "offline"}}'
try "api_key = fake-key" "user = ada"
