#!/bin/sh
# A playlist of Spotify's sorted by Last.fm's counts and written back, on stand-ins 80 ms away: sh tests/bench/sorted_playlist.sh BIN [TRACKS]
# The requests beside the least there can be with the services' sizes of pages and batches, and the time beside a client that asks for one thing after another.
# The rates of the services are lifted here; in earnest Last.fm's five a second are what takes the time.
set -eu
bin=$1 tracks=${2:-5000}
fakes=$(cd "$(dirname "$0")/../fakes" && pwd)
work=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$work"' EXIT
for needed in python3 curl jq; do
  command -v $needed >/dev/null || { echo "skipped: there is no $needed"; exit 0; }
done
cd "$work"
mkdir -m 700 credentials
printf 'client_id = fake-client\naccess_token = fake-token\nrefresh_token = fake-refresh\nexpires_at = 4102444800\nuser_id = ada\n' >credentials/spotify-default
printf 'api_key = fake-key\nshared_secret = fake-secret\nsession_key = fake-session\nuser = ada\n' >credentials/lastfm-default
chmod 600 credentials/*
for service in spotify lastfm; do
  PYTHONDONTWRITEBYTECODE=1 python3 "$fakes/fake.py" $service --port-file $service --rtt 80 --option "many=$tracks" &
  pids="$pids $!"
done
while [ ! -s spotify ] || [ ! -s lastfm ]; do sleep 0.05; done
spotify=http://127.0.0.1:$(cat spotify) lastfm=http://127.0.0.1:$(cat lastfm)
on="--loopback --credentials credentials --base spotify.api=$spotify/v1 --base spotify.accounts=$spotify --base lastfm.api=$lastfm/2.0/ --rate spotify=100000/1 --rate lastfm=100000/1 --now 2024-06-01T12:00Z --quiet --yes"

seconds() { python3 -c 'import time; print(time.monotonic())'; }
count() { curl -s "$1/_fake/log" | jq "[.[] | select($2)] | length"; }
# try NAME DESTINATION WRITES PAGES: writes WRITES at least, reads PAGES times the whole list
try() {
  echo "from spotify.playlist \"spotify:playlist:manymanymanymanymanyma\" | sort lastfm.plays desc | to spotify.playlist $2" >p.nrd
  rm -f s.db*
  curl -s -X POST "$spotify/_fake/reset"
  curl -s -X POST "$lastfm/_fake/reset"
  begun=$(seconds)
  "$bin/narada-run" p.nrd --store s.db $on
  ended=$(seconds)
  pages=$(count "$spotify" '.method == "GET" and (.path | endswith("/items"))')
  writes=$(count "$spotify" '.method != "GET"')
  names=$(count "$spotify" '.method == "GET" and (.path | endswith("/items") | not)')
  asked=$(count "$lastfm" true)
  awk "BEGIN { printf \"%-26s %6.1f s   pages %d (least %d)  writes %d (least %d)  names %d  Last.fm %d (least %d)\n\", \"$1\", $ended - $begun, \
    $pages, $4 * int(($tracks + 49) / 50), $writes, $3, $names, $asked, $tracks }"
}
batches=$(((tracks + 99) / 100))
try "to a new playlist" '"Sorted"' $((batches + 1)) 2
try "the same, written anew" '"Many" mode: replace' "$batches" 3

# The fetch alone, beside the model of round trips below.
echo 'from spotify.playlist "spotify:playlist:manymanymanymanymanyma" | take 1 | to file.csv "one.csv"' >p.nrd
begun=$(seconds)
"$bin/narada-run" p.nrd --store s.db $on
fetched=$(seconds)

# One thing after another on one connection each, without looking at what was written.
python3 - "$spotify" "$lastfm" "$tracks" "$begun" "$fetched" <<'PY'
import http.client, json, sys, time, urllib.parse

spotify, lastfm = (http.client.HTTPConnection(url.partition("//")[2]) for url in sys.argv[1:3])
tracks, begun = int(sys.argv[3]), time.monotonic()
titles = []


def ask(connection, path):
    connection.request("GET", path, headers={"Authorization": "Bearer fake-token"})
    return json.loads(connection.getresponse().read())


for offset in range(0, tracks, 50):
    titles += [(item["item"]["artists"][0]["name"], item["item"]["name"]) for item in ask(spotify, f"/v1/playlists/manymanymanymanymanyma/items?limit=50&offset={offset}")["items"]]
fetched = time.monotonic() - begun
some = titles[: max(1, tracks // 50)]
for artist, title in some:
    ask(lastfm, "/2.0/?" + urllib.parse.urlencode({"method": "track.getInfo", "format": "json", "api_key": "fake-key", "username": "ada", "artist": artist, "track": title}))
asked = (time.monotonic() - begun - fetched) * tracks / len(some)
pages = -(-tracks // 50)
took, model = float(sys.argv[5]) - float(sys.argv[4]), fetched / pages * (1 + -(-(pages - 1) // 8))
print(f"the fetch alone            {took:6.2f} s   {took / model:.2f} times the model RTT * (1 + ceil((pages - 1) / 8)) = {model:.2f} s, {fetched / took:.1f} times as fast as one page after another")
print(f"one after another          {fetched + asked:6.1f} s   pages {fetched:.1f} s, Last.fm {asked:.1f} s (from the first {len(some)})")
PY
