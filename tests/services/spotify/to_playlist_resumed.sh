# fakes: spotify
# What was there is on disk before the first call; a writing that was killed, or sent away for hours, is finished by the next run, in the same entry of the outbox.
ids() { sed 's/./&\n/g' | while read -r c; do [ -z "$c" ] || echo "Song $c,$(printf %022d 0 | tr 0 "$(printf %s "$c" | tr A-Z a-z)")"; done; }
items="/v1/playlists/listlistlistlistlist00/items"
letters='.playlists[0].items | map(.uri[14:15] | ascii_upcase) | join("")'
outbox() {
  python3 -c '
import json, re, sqlite3
letters = lambda text: "".join(uri[14].upper() for uri in json.loads(text)["uris"])
for row in sqlite3.connect("s.db").execute("SELECT state, attempts, before_image, request, verified_at IS NOT NULL, message FROM outbox ORDER BY id"):
    print("  outbox:", row[0], row[1], letters(row[2]) or "(nothing)", "->", letters(row[3]), "verified" if row[4] else "", re.sub("before 20[^,]*", "before THEN", row[5] or "")[:90])'
}
echo title,spotify.id >rows.csv
printf ABCDEFGH | ids >>rows.csv
echo 'from file.csv "rows.csv" | to spotify.playlist "List"' >p.nrd
echo 'from file.csv "rows.csv" | reverse | to spotify.playlist "List"' >reverse.nrd
t narada-run p.nrd $on
outbox
echo "# killed between two calls"
fault spotify "{\"match\":\"PUT $items\",\"skip\":2,\"do\":\"slow\",\"ms\":5000}"
narada-run reverse.nrd $on >killed 2>&1 &
pid=$!
for _ in $(seq 200); do
  [ "$(curl -s "$SPOTIFY/_fake/log" | jq '[.[] | select(.method == "PUT")] | length')" -lt 3 ] || break
  sleep 0.02
done
kill -9 $pid
wait $pid 2>/dev/null
outbox
t narada-run reverse.nrd $on
state spotify "$letters"
outbox
echo "# sent away for hours"
fault spotify "{\"match\":\"PUT $items\",\"skip\":1,\"do\":\"status\",\"status\":429,\"headers\":{\"Retry-After\":\"48925\"},\"body\":{\"error\":{\"status\":429,\"message\":\"API rate limit exceeded\",\"reason\":\"QUOTA_EXCEEDED\"}}}"
t narada-run p.nrd $on | sed 's/before 20[^,]*/before THEN/'
outbox
rm -f s.db.limits*
t narada-run p.nrd $on
state spotify "$letters"
outbox
echo "# sent away, and then something else is wanted"
fault spotify "{\"match\":\"PUT $items\",\"do\":\"status\",\"status\":429,\"headers\":{\"Retry-After\":\"48925\"},\"body\":{\"error\":{\"status\":429,\"message\":\"API rate limit exceeded\",\"reason\":\"QUOTA_EXCEEDED\"}}}"
narada-run reverse.nrd $on >parked 2>&1
rm -f s.db.limits*
echo 'from file.csv "rows.csv" | skip 6 | to spotify.playlist "List" mode: replace' >p.nrd
t narada-run p.nrd $on --yes
state spotify "$letters"
outbox
echo "# ended by SIGTERM while a call is under way: that is not waited for"
echo 'from file.csv "rows.csv" | to file.csv "first.csv" | to spotify.playlist "List"' >p.nrd
before=$(curl -s "$SPOTIFY/_fake/log" | jq '[.[] | select(.method != "GET")] | length')
fault spotify "{\"match\":\"PUT $items\",\"do\":\"slow\",\"ms\":8000}"
fault spotify "{\"match\":\"POST $items\",\"do\":\"slow\",\"ms\":8000}"
narada-run p.nrd $on >stopped 2>&1 &
pid=$!
for _ in $(seq 200); do
  [ "$(curl -s "$SPOTIFY/_fake/log" | jq '[.[] | select(.method != "GET")] | length')" -le "$before" ] || break
  sleep 0.02
done
began=$(date +%s)
kill -TERM $pid
wait $pid 2>/dev/null
echo "exit $?"
[ $(($(date +%s) - began)) -lt 5 ] || echo "it waited"
cat stopped
outbox | tail -n 1
narada runs --most 1 --store s.db | tail -n 1 | cut -c8-37
t narada-run p.nrd $on
state spotify "$letters"
outbox | tail -n 1
echo "# sent away before the first call, and then the list is wanted as it is"
echo 'from file.csv "rows.csv" | to spotify.playlist "List"' >p.nrd
fault spotify "{\"match\":\"PUT $items\",\"do\":\"status\",\"status\":429,\"headers\":{\"Retry-After\":\"48925\"},\"body\":{\"error\":{\"status\":429,\"message\":\"API rate limit exceeded\",\"reason\":\"QUOTA_EXCEEDED\"}}}"
narada-run reverse.nrd $on >parked 2>&1
rm -f s.db.limits*
outbox | tail -n 1 | cut -c1-40
t narada-run p.nrd $on
outbox | tail -n 1
echo "# what was sent away is remembered, and goes on"
fault spotify "{\"match\":\"PUT $items\",\"do\":\"status\",\"status\":429,\"headers\":{\"Retry-After\":\"48925\"},\"body\":{\"error\":{\"status\":429,\"message\":\"API rate limit exceeded\",\"reason\":\"QUOTA_EXCEEDED\"}}}"
narada-run reverse.nrd $on >parked 2>&1
rm -f s.db.limits*
narada runs --store s.db | awk '{ print $4, $NF }'
narada runs resume $(echo "$later" | sed 's/--zone UTC//') 2>&1
state spotify "$letters"
narada runs --most 1 --store s.db | awk '{ print $4, $NF }'
