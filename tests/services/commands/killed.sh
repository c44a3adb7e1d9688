# fakes: lastfm
# option lastfm: cap=1000
# Killed at any moment and begun again, an import loses nothing and brings nothing twice; what was to be loved is loved once.
python3 - >lastfm.json <<'P'
import json
scrobbles = [{"artist": "Artist %d" % (n % 97), "track": "Song %d" % n, "uts": 1700000000 + 200 * n} for n in range(900)]
print(json.dumps({"users": {"ada": {"scrobbles": scrobbles, "loved": [], "counts": {}}}, "keys": {"fake-key": "fake-secret"}, "sessions": {"fake-session": "ada"}}))
P
python3 "$root/tests/fakes/fake.py" lastfm --state lastfm.json --port-file port 2>/dev/null &
lastfm=$!
trap 'kill $lastfm' EXIT
while [ ! -s port ]; do sleep 0.05; done
LASTFM=http://127.0.0.1:$(cat port)
on=$(echo "$on" | sed "s|lastfm.api=[^ ]*|lastfm.api=$LASTFM/2.0/|; s|lastfm.www=[^ ]*|lastfm.www=$LASTFM|")
on="$on --rate lastfm=200/1"
kill_after() {
  delay=$1
  shift
  "$@" >/dev/null 2>&1 &
  pid=$!
  sleep "$delay"
  kill -9 $pid 2>/dev/null
  wait $pid 2>/dev/null
}
for delay in 0.02 0.05 0.08 0.11 0.14 0.17 0.2; do kill_after $delay narada import-lastfm-plays $on; done
narada import-lastfm-plays $on >/dev/null 2>&1
t narada import-lastfm-plays $on --since 1970-01-01
t narada verify --store s.db --quiet
python3 -c '
import sqlite3
print(*sqlite3.connect("s.db").execute("SELECT count(*), count(DISTINCT played_at) FROM readable_plays").fetchone())'
echo 'from library.tracks | take 120 | to library.likes' >like.nrd
narada-run like.nrd $on >/dev/null 2>&1
for delay in 0.03 0.06 0.1 0.15 0.2 0.25; do kill_after $delay narada export-likes-to-lastfm $on; done
narada export-likes-to-lastfm $on >/dev/null 2>&1
t narada export-likes-to-lastfm $on
state lastfm '.users.ada.loved | length, (map([.artist, .track]) | unique | length)'
