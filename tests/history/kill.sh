#!/bin/sh
# An import that is killed at any moment goes on to the same store. usage: kill.sh BIN [SEED [KILLS [ROWS]]]
set -eu
bin=$1
seed=${2:-1}
kills=${3:-8}
rows=${4:-150000} # more than are committed at once
command -v sqlite3 >/dev/null || { echo "skipped: sqlite3 is not installed"; exit 77; }
work=$(mktemp -d /tmp/narada-kill-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$bin/narada-make-history" --rows "$rows" --seed "$seed" --rows-per-file 9000 --minified --out history >/dev/null
sleep 0.3

import() {
  "$bin/narada" import-spotify-plays history --store "$1" --quiet --now 2026-01-02T03:04:05Z || [ $? -eq 3 ]
}

contents() {
  sqlite3 -readonly "$1" "SELECT p.played_at, p.ms_played, p.offline_delta_ms, ct.connector_name, ct.connector_track_id, ct.kind, ct.title, ct.artists,
    ct.album, t.title, t.spotify_id, c.platform, c.country, c.reason_start, c.reason_end, c.shuffle, c.skipped, c.offline, c.incognito
    FROM plays p JOIN connector_tracks ct ON ct.id = p.connector_track_id JOIN best_mappings m ON m.connector_track_id = ct.id
    LEFT JOIN tracks t ON t.id = m.track_id JOIN play_contexts c ON c.id = p.context_id ORDER BY 1, 2, 4, 5;
    SELECT file, line, reason FROM import_rejections ORDER BY 1, 2, 3;
    SELECT count(*) FROM tracks; SELECT count(*), sum(listen_ms_played) FROM play_listens; SELECT count(*), sum(track_rows) FROM imported_files" | cksum
}

milliseconds() {
  echo $(($(date +%s%N) / 1000000))
}

begin=$(milliseconds)
import whole.db
whole=$(($(milliseconds) - begin))
wanted=$(contents whole.db)
random=$seed
left=0
for number in $(seq "$kills"); do
  rm -f s.db*
  for again in 1 2; do # the second kill meets what the first left
    random=$(((random * 1103515245 + 12345) % 2147483648))
    moment=$((random / 65536 % (whole + 1)))
    import s.db 2>/dev/null &
    child=$!
    sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))"
    # The shell's child is the shell that runs the function; the import is its child.
    for process in $(ps -o pid= --ppid $child) $child; do kill -9 "$process" 2>/dev/null || true; done
    wait $child 2>/dev/null || true
  done
  rm -rf copy
  mkdir copy
  cp s.db* copy 2>/dev/null || true
  left=$((left + $(sqlite3 copy/s.db 'SELECT count(*) > 0 FROM plays' 2>/dev/null || echo 0)))
  import s.db
  got=$(contents s.db)
  if [ "$got" != "$wanted" ]; then
    echo "seed $seed, kill $number after $moment ms: the store differs"
    exit 1
  fi
  "$bin/narada" verify --store s.db --quiet || { echo "seed $seed, kill $number after $moment ms: not well"; exit 1; }
done
echo "$kills stores, killed twice each, $left of them with something stored: all came to be the same"
