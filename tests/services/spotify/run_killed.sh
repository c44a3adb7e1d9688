# fakes: spotify
# A program that writes to a service alone is remembered when it is killed, be it the first that ran; while it goes on it says so.
printf 'title,spotify.id\nHunter,2TpxZ7JUBn3uw46aR7qd6V\nVenus as a Boy,0VjIjW4GlUZAMYd2vXMi3b\n' >rows.csv
echo 'from file.csv "rows.csv" | to spotify.likes' >likes.nrd
echo 'from file.csv "rows.csv" | to spotify.playlist "New"' >list.nrd
# killed PROGRAM CALL: while that call is under way
killed() {
  fault spotify "{\"match\":\"$2\",\"do\":\"slow\",\"ms\":8000}"
  narada-run "$1" $on >out 2>&1 &
  pid=$!
  for _ in $(seq 200); do
    [ "$(curl -s "$SPOTIFY/_fake/log" | jq --arg call "$2" '[.[] | select("\(.method) \(.path)" == $call)] | length')" = 0 ] || break
    sleep 0.02
  done
  narada runs --most 1 --store s.db | tail -n 1 | awk '{ print $4, $NF }'
  kill -9 $pid
  wait $pid 2>/dev/null
  curl -s -X POST "$SPOTIFY/_fake/reset"
  narada runs --most 1 --store s.db | tail -n 1 | awk '{ print $4, $NF }'
}
killed likes.nrd "PUT /v1/me/library"
rm s.db*
killed list.nrd "POST /v1/me/playlists"
# What it was is not lost either, and is written down by the next command.
narada runs 1 --program --store s.db
t narada-run likes.nrd $on
python3 -c '
import sqlite3
for row in sqlite3.connect("s.db").execute("SELECT status, ended_at IS NOT NULL, message FROM runs ORDER BY id"): print("  run:", *row)'
t narada verify --store s.db --quiet
