# fakes: spotify
# option spotify: many=330
# A playlist, sorted by what was scrobbled most, written back: no call more than the services' limits ask for. NARADA_ENTRIES of a stand-in with more are sorted too.
python3 - >lastfm.json <<'P'
import json, os
count = int(os.environ.get("NARADA_ENTRIES", "330"))
plays = {"Artist %d\tSong %d" % (n % 97, n): n * 7919 % 1009 for n in range(count) if n % 10}
scrobbles = [{"artist": "Artist %d" % (n % 97), "track": "Song %d" % n, "uts": 1700000000 + n} for n in range(count) if n % 10]
print(json.dumps({"users": {"ada": {"scrobbles": scrobbles, "loved": [], "counts": {}}}, "keys": {"fake-key": "fake-secret"}, "sessions": {"fake-session": "ada"}, "plays": plays}))
P
python3 - <<'P'
import json
state = json.load(open("lastfm.json"))
state["users"]["ada"]["counts"] = state.pop("plays")
json.dump(state, open("lastfm.json", "w"))
P
python3 "$root/tests/fakes/fake.py" lastfm --state lastfm.json --port-file port &
lastfm=$!
trap 'kill $lastfm' EXIT
while [ ! -s port ]; do sleep 0.05; done
LASTFM=http://127.0.0.1:$(cat port)
printf 'api_key = fake-key\nshared_secret = fake-secret\nsession_key = fake-session\nuser = ada\n' >"$HOME/credentials/lastfm-default"
chmod 600 "$HOME/credentials/lastfm-default"
on="$on --base lastfm.api=$LASTFM/2.0/ --base lastfm.www=$LASTFM --rate lastfm=100000/1 --rate spotify=100000/1"
counts() {
  curl -s "$SPOTIFY/_fake/log" | jq -r '.[] | "\(.method) \(.path)"' | sort | uniq -c | sed 's/^ */  /'
  echo "  $(curl -s "$LASTFM/_fake/log" | jq length) calls to Last.fm"
  curl -s -X POST "$SPOTIFY/_fake/reset"
  curl -s -X POST "$LASTFM/_fake/reset"
}
check() {
  curl -s "$SPOTIFY/_fake/state" | python3 -c '
import json, sys
counts = json.load(open("lastfm.json"))["users"]["ada"]["counts"]
playlist = next(p for p in json.load(sys.stdin)["playlists"] if p["name"] == sys.argv[1])
order = [int(entry["uri"][18:]) for entry in playlist["items"]]
plays = lambda n: counts.get("Artist %d\tSong %d" % (n % 97, n))
wanted = sorted(sorted(order), key=lambda n: -plays(n) if plays(n) is not None else 1)
print("  sorted" if order == wanted else "  NOT SORTED", len(order))' "$1"
}
cat >p.nrd <<'P'
from spotify.playlist "Many" | sort lastfm.plays desc | to spotify.playlist "Sorted"
P
t narada-run p.nrd $on
counts
check Sorted
# Last.fm's figures are kept for an hour, though there was no store when they were asked for.
t narada-run p.nrd $on
counts
sed 's/"Sorted"/"Many" mode: replace/' p.nrd >back.nrd
t narada-run back.nrd $on
counts
check Many
