#!/bin/sh
# The import beside its peers: sh tests/bench/import.sh BIN ROWS...   BIN has narada, narada-make-history, measure and scan.
# Python and sqlite3 as one writes it down, and DuckDB (set DUCKDB to a folder where `npm install @duckdb/node-api` was run). Each figure is a
# ratio of one run; what is not installed is skipped.
set -eu
bin=$1
shift
bench=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/narada-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
export TZ=UTC
# Exit status 3: the history has rows that name nothing, which are rejected.
printf '"%s/narada" import-spotify-plays "$1/history" --store "$1/n.db" --quiet || [ $? -eq 3 ]\n' "$bin" >"$work/again.sh"
{ echo 'rm -f "$1"/n.db*' && cat "$work/again.sh"; } >"$work/import.sh"
{ echo 'touch "$1"/history/*' && cat "$work/again.sh"; } >"$work/prove.sh"
printf 'rm -f "$1"/p.db*\nexec python3 "%s/import_peer.py" "$1/p.db" "$1/history"\n' "$bench" >"$work/python.sh"
printf 'exec python3 "%s/import_peer.py" "$1/p.db" "$1/history"\n' "$bench" >"$work/python-again.sh"
printf 'rm -f "$1"/d.db*\nexec node "%s/peer.mjs" "$1/d.db" "$1/history" 2\n' "${DUCKDB:-}" >"$work/duckdb.sh"
[ -z "${DUCKDB:-}" ] || cp "$bench/duckdb_peer.mjs" "$DUCKDB/peer.mjs"

for rows; do
  rm -rf "$work/history"
  "$bin/narada-make-history" --rows "$rows" --seed 1 --out "$work/history" >/dev/null
  sleep 1 # see "settled" in import_known.c
  echo "== $rows rows, $(du -sh "$work/history" | cut -f1)"
  echo "-- reading one file: the import's reader beside cJSON"
  "$bin/scan" 3 "$(ls "$work"/history/*.json | head -n 1)"
  echo "-- import: narada (A) beside Python and sqlite3 (B)"
  runs=3
  [ "$rows" -le 1000000 ] || runs=1
  if command -v python3 >/dev/null; then
    "$bin/measure" $runs sh "$work/import.sh" "$work" -- sh "$work/python.sh" "$work"
  else
    echo "skipped: python3 is not installed"
    "$bin/measure" $runs sh "$work/import.sh" "$work" -- true
  fi
  bytes=$(wc -c <"$work/n.db")
  plays=$("$bin/narada" import-spotify-plays "$work/history" --store "$work/n.db" --json | sed 's/.*"all":{"rows":\([0-9]*\),"stored":0,"duplicates":\([0-9]*\).*/\2/') || true
  echo "file $bytes bytes, $((bytes * 10 / plays)) tenths of a byte for each row that is a play"
  if [ -n "${DUCKDB:-}" ]; then
    echo "-- import: narada (A) beside DuckDB on two threads (B)"
    "$bin/measure" $runs sh "$work/import.sh" "$work" -- sh "$work/duckdb.sh" "$work"
  else
    echo "skipped: DUCKDB does not name a folder with @duckdb/node-api"
  fi
  echo "-- again, nothing changed"
  "$bin/measure" 11 sh "$work/again.sh" "$work" -- true
  if command -v python3 >/dev/null; then
    echo "-- again, all touched, so that every row is looked up: narada (A) beside Python (B)"
    "$bin/measure" 1 sh "$work/prove.sh" "$work" -- sh "$work/python-again.sh" "$work"
  fi
done
