#!/bin/sh
# The benches, each beside its peer in the same run: sh tests/bench/run.sh [ROWS]   (1,000,000 plays without it, about 830 MB in a temporary folder)
# Needs python3, sqlite3, curl and jq for the peers, and DUCKDB (see import.sh); says so where one is missing.
set -eu
cd "$(dirname "$0")/../.."
rows=${1:-1000000}
cmake --preset release >/dev/null
cmake --build --preset release >/dev/null
cmake --build --preset release --target measure keystroke pages scan >/dev/null
bin=$PWD/build/release/bin
bench=$PWD/tests/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC
# As an installation has it, like its peers: what a linker has just written lies in memory in small pieces, and each start takes longer by 0.1 to 0.2 ms.
run=$work/narada-run
cp "$bin/narada-run" "$run"
echo "== a history of $rows plays"
"$bin/narada-make-history" --rows "$rows" --seed 1 --out "$work/history" >/dev/null
du -sh "$work/history" | cut -f1

echo "== import"
sh "$bench/import.sh" "$bin" "$rows"
"$bin/narada" import-spotify-plays "$work/history" --store "$work/n.db" --quiet || [ $? -eq 3 ] # rows that name nothing are rejected

if command -v sqlite3 >/dev/null; then
  echo "== top 50 of the last 90 days, whole process: narada-run (A) beside the sqlite3 shell (B)"
  echo 'from library.played within: 90d | top 50 by: plays(90d) | show' >"$work/top.nrd"
  "$bin/naradac" build "$work/top.nrd" -o "$work/top.nrdc"
  last=$(sqlite3 "$work/n.db" 'select max(played_at) from plays')
  now=$(sqlite3 "$work/n.db" "select strftime('%Y-%m-%dT%H:%M:%SZ', $last / 1000 + 1, 'unixepoch')")
  cat >"$work/top.sql" <<SQL
select t.title, json_extract(t.artists, '\$[0]'), t.album, count(*) n from track_plays p join tracks t on t.id = p.track_id
where p.played_at >= $last + 1000 - 90 * 86400000 and (p.ms_played is null or p.ms_played >= 30000) group by t.id order by n desc, min(p.played_at) limit 50;
SQL
  "$bin/measure" 21 "$run" "$work/top.nrd" --store "$work/n.db" --now "$now" --zone UTC --quiet -- sqlite3 -readonly "$work/n.db" ".read $work/top.sql"
  cat >"$work/base.sql" <<SQL
select t.title, json_extract(t.artists, '\$[0]'), t.album, x.n from
(select m.track_id track, count(*) n, min(played_at) f from plays p join best_mappings m on m.connector_track_id = p.connector_track_id
 where p.played_at >= $last + 1000 - 90 * 86400000 and (p.ms_played < 0 or p.ms_played >= 30000) group by 1 order by n desc, f limit 50) x join tracks t on t.id = x.track;
SQL
  echo "== the same, SQL on the base tables"
  "$bin/measure" 21 "$run" "$work/top.nrd" --store "$work/n.db" --now "$now" --zone UTC --quiet -- sqlite3 -readonly "$work/n.db" ".read $work/base.sql"

  sh "$bench/listens.sh" "$bin" "$bin/measure" "$work/n.db"

  echo "== start: narada-run on a tiny program (A) beside sqlite3 :memory: 'select 1' (B), and beside lua -e '' (B)"
  printf 'title\nA\n' >"$work/in.csv"
  echo "from file.csv \"$work/in.csv\" | show" >"$work/tiny.nrd"
  "$bin/measure" 101 "$run" "$work/tiny.nrd" --quiet -- sqlite3 :memory: 'select 1'
  if command -v lua5.4 >/dev/null; then
    "$bin/measure" 101 "$run" "$work/tiny.nrd" --quiet -- lua5.4 -e ''
  else
    echo "skipped: lua5.4 is not installed"
  fi
  echo "libraries loaded at start: $(ldd "$bin/narada-run" | wc -l)$(ldd "$bin/narada-run" | grep -q curl && echo ', libcurl among them')"
else
  echo "skipped: sqlite3 is not installed"
fi

echo "== compiling 5,000 lines: naradac (A) beside jq (B)"
sh "$bench/compile.sh" "$bin" "$bin/measure"

echo "== the editor's wait after a keystroke in 5,000 lines"
awk -v blocks=250 -f "$bench/program.awk" >"$work/long.nrd"
"$bin/keystroke" "$bin/naradac" "$work/long.nrd" 301

echo "== a playlist in pages from a server 80 ms away, beside the model of its round trips and one page after another"
"$bin/pages"

echo "== a playlist of 5,000 sorted by Last.fm's counts and written back, from stand-ins 80 ms away"
sh "$bench/sorted_playlist.sh" "$bin"
