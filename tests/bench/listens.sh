#!/bin/sh
# Listens and figures of a whole history: sh tests/bench/listens.sh BIN MEASURE STORE
# Each beside its peer: SQL in the sqlite3 shell on the same file, and DuckDB on the same plays where npm's @duckdb/node-api is (NODE_PATH names where).
set -eu
bin=$1 measure=$2 store=$3
bench=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC

echo "== all listens and totals derived anew (A) beside reading every play in the sqlite3 shell (B)"
"$measure" 3 "$bin/narada" plays rebuild --store "$store" --json -- sqlite3 -readonly "$store" 'SELECT sum(ms_played + context_id) FROM plays'

echo "== the whole store verified (A) beside SQLite's own two checks in its shell (B)"
"$measure" 3 "$bin/narada" verify --store "$store" --quiet -- sqlite3 -readonly "$store" 'PRAGMA integrity_check; PRAGMA foreign_key_check'

echo "== one new play: into this store (A), into an empty one (B)"
printf 'from file.jsonl "%s/one.jsonl" rows: plays | to library.plays\n' "$work" >"$work/one.nrd"
cat >"$work/one.sh" <<'SH'
# A play that was not there before: a second later each time.
n=$(($(cat "$3" 2>/dev/null || echo 0) + 1))
echo $n >"$3"
printf '{"played_at":"2031-01-01T%02d:%02d:%02dZ","ms_played":200000,"service":"spotify","title":"One","artist":"New","spotify.id":"1111111111111111111111"}\n' $((n / 3600)) $((n / 60 % 60)) $((n % 60)) >"$(dirname "$1")/one.jsonl"
exec "$0/narada-run" "$1" --store "$2" --quiet
SH
cp "$store" "$work/large.db"
"$measure" 21 sh -c "$(cat "$work/one.sh")" "$bin" "$work/one.nrd" "$work/large.db" "$work/a" -- sh -c "$(cat "$work/one.sh")" "$bin" "$work/one.nrd" "$work/small.db" "$work/b"

last=$(sqlite3 -readonly "$store" 'SELECT max(played_at) FROM plays')
now=$(sqlite3 -readonly "$store" "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', $last / 1000 + 1, 'unixepoch')")
echo 'from library.played | keep plays > 20 and last_played < now - 2y | take 50 | show' >"$work/q2.nrd"
echo 'from library.played | per artist { top 1 by: plays } | take 50 | show' >"$work/q3.nrd"
cat >"$work/q2.sql" <<SQL
SELECT t.title, x.n FROM (SELECT b.track_id track, count(*) n, max(p.played_at) l FROM plays p JOIN best_mappings b ON b.connector_track_id = p.connector_track_id
 WHERE p.ms_played < 0 OR p.ms_played >= 30000 GROUP BY 1 HAVING n > 20 AND l < $last - 2 * 31557600000 LIMIT 50) x JOIN tracks t ON t.id = x.track;
SQL
cat >"$work/q3.sql" <<SQL
SELECT artist, title, max(n) FROM (SELECT t.artists ->> '\$[0]' artist, t.title title, x.n n FROM (SELECT b.track_id track, count(*) n FROM plays p
 JOIN best_mappings b ON b.connector_track_id = p.connector_track_id WHERE p.ms_played < 0 OR p.ms_played >= 30000 GROUP BY 1) x JOIN tracks t ON t.id = x.track)
 GROUP BY artist LIMIT 50;
SQL
echo 'from library.liked | take 1 | show' >"$work/q0.nrd"
for query in q0 q2 q3; do "$bin/naradac" build "$work/$query.nrd" -o "$work/$query.nrdc"; done
run="--store $store --now $now --zone UTC --quiet"
for query in q2 q3; do
  echo "== $query over the whole history, whole process: narada-run (A) beside the sqlite3 shell (B)"
  # shellcheck disable=SC2086 # options without blanks of their own
  "$measure" 5 "$bin/narada-run" "$work/$query.nrdc" $run -- sqlite3 -readonly "$store" ".read $work/$query.sql"
done
if ! node -e 'require("@duckdb/node-api")' 2>/dev/null; then
  echo "skipped: DuckDB (npm's @duckdb/node-api) is not installed"
  exit 0
fi
sqlite3 -readonly -csv "$store" 'SELECT p.connector_track_id, p.played_at, p.ms_played FROM plays p' >"$work/plays.csv"
sqlite3 -readonly -csv "$store" "SELECT id, title, artists ->> '\$[0]' FROM tracks" >"$work/tracks.csv"
node "$bench/listens_duckdb.js" make "$work/duck.db" "$work/plays.csv" "$work/tracks.csv"
for query in q2 q3; do
  echo "== $query, whole process: narada-run (A) beside node and DuckDB with its own file (B)"
  # shellcheck disable=SC2086
  "$measure" 15 "$bin/narada-run" "$work/$query.nrdc" $run -- node "$bench/listens_duckdb.js" "$query" "$work/duck.db" "$last"
  # The engine's part: what a program costs more than one that opens the same store and reads no track.
  # shellcheck disable=SC2086
  "$measure" 15 "$bin/narada-run" "$work/$query.nrdc" $run -- "$bin/narada-run" "$work/q0.nrdc" $run |
    awk -v query="$query" '/^[AB] / { wall[$1] = $3 } END { printf "%s: the engine\047s part of narada-run: %.1f ms\n", query, wall["A"] - wall["B"] }'
done
node "$bench/listens_duckdb.js" time "$work/duck.db" "$last"
