# fakes: listenbrainz
# option listenbrainz: rate=1000
# Playlists on ListenBrainz: read by name, link or id; made; changed in few calls and read back; never emptied unasked.
run() { printf '%s\n' "$1" >p.nrd; shift; t narada-run p.nrd $on "$@"; }
entries() { state listenbrainz ".playlists[] | select(.title == \"$1\") | .track[] | [(.identifier | tostring | .[-10:-3]), (.extension[\"https://musicbrainz.org/doc/jspf#track\"].added_at // \"\")[0:19]]"; }
run 'from listenbrainz.playlist "Old" | add when: added | to file.jsonl "old.jsonl"'
jq -c '[.title, .artists, .album, .duration, .mbid, .position, .when]' old.jsonl
run 'from listenbrainz.playlist "Weekly Jams" | show'
run 'from listenbrainz.playlist "https://listenbrainz.org/playlist/aaaaaaaa-0000-4000-8000-00000000000a/" | show'
run 'from listenbrainz.playlist "None" | show'
run 'from listenbrainz.playlist "Twice" | show'
run 'from listenbrainz.playlist "dddddddd-0000-4000-8000-00000000000d" | show'
asked listenbrainz >/dev/null
echo "# made, by names and ids"
printf 'title,artist,mbid\nSnowline,Ola,\nLow Water,The Lanterns,33333333-3333-4333-8333-333333333333\nNobody knows,Nobody,\nsnowline,OLA,\n' >rows.csv
run 'from file.csv "rows.csv" | to listenbrainz.playlist "New"' --dry-run
run 'from file.csv "rows.csv" | to listenbrainz.playlist "New"'
asked listenbrainz
entries New
run 'from file.csv "rows.csv" | to listenbrainz.playlist "New"'
echo "# one of two equal entries goes, one moves, one comes: what stays keeps its date"
printf 'title,mbid\nGlass,22222222-2222-4222-8222-222222222222\nHarbour,11111111-1111-4111-8111-111111111111\nLow,33333333-3333-4333-8333-333333333333\n' >rows.csv
asked listenbrainz >/dev/null
run 'from file.csv "rows.csv" | to listenbrainz.playlist "Old"' --dry-run
run 'from file.csv "rows.csv" | to listenbrainz.playlist "Old"'
asked listenbrainz
entries Old
run 'from file.csv "rows.csv" | reverse | to listenbrainz.playlist "Old" mode: append'
run 'from file.csv "rows.csv" | reverse | to listenbrainz.playlist "Old" mode: replace'
entries Old
echo "# not without --yes"
run 'from file.csv "rows.csv" | take 0 | to listenbrainz.playlist "Old"'
run 'from file.csv "rows.csv" | to listenbrainz.playlist "cccccccc-0000-4000-8000-00000000000c"'
echo "# replies that are lost: nothing is done twice"
fault listenbrainz '{"match": "POST /1/playlist/create", "do": "lose"}'
fault listenbrainz '{"match": "POST /1/playlist/", "skip": 1, "do": "lose"}'
run 'from file.csv "rows.csv" | to listenbrainz.playlist "Lost"'
entries Lost
fault listenbrainz '{"match": "POST /1/playlist/", "do": "drop"}'
run 'from file.csv "rows.csv" | reverse | to listenbrainz.playlist "Lost"'
entries Lost
echo "# sent away for hours"
fault listenbrainz '{"match": "POST /1/playlist/", "skip": 1, "do": "status", "status": 429, "headers": {"Retry-After": "30000"}, "body": {"code": 429, "error": "too many"}}'
run 'from file.csv "rows.csv" | to listenbrainz.playlist "Lost"' | sed 's/before 20[^,]*/before THEN/'
rm -f s.db.limits*
run 'from file.csv "rows.csv" | to listenbrainz.playlist "Lost"'
entries Lost
python3 -c '
import sqlite3
for row in sqlite3.connect("s.db").execute("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state"): print("  outbox:", *row)'
echo "# sent away for hours, and finished from elsewhere: it is not sent again"
echo 'from file.csv "rows.csv" | reverse | to listenbrainz.playlist "Lost"' >p.nrd
fault listenbrainz '{"match": "POST /1/playlist/", "do": "status", "status": 429, "headers": {"Retry-After": "30000"}, "body": {"code": 429, "error": "too many"}}'
narada-run p.nrd $on >parked 2>&1 || echo "exit $?"
rm -f s.db.limits*
narada-run p.nrd $(echo "$on" | sed "s/s\.db/elsewhere.db/") >/dev/null 2>&1 || echo "exit $?"
asked listenbrainz >/dev/null
t narada-run p.nrd $on
asked listenbrainz | grep -v GET
python3 -c '
import sqlite3
print("  outbox:", *sqlite3.connect("s.db").execute("SELECT state, verified_at IS NOT NULL FROM outbox ORDER BY id DESC LIMIT 1").fetchone())'
rm "$HOME/credentials/listenbrainz-default"
run 'from file.csv "rows.csv" | to listenbrainz.playlist "Lost"'
