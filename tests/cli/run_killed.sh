# A program that is killed at any moment leaves a whole store, and no run that says it runs.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
export NARADA_STORE=$PWD/s.db
awk 'BEGIN { print "title,artist"; for (i = 0; i < 3000; i++) print "T" i ",A" i % 70 }' >in.csv
cat >p.nrd <<'P'
param from_row: int = 1
from file.csv "in.csv" | skip from_row | to library.playlist "P" | to library.likes | to library.tags "killed" | to file.csv "out.csv"
P
narada-run p.nrd --quiet --now 2026-01-01T12:00Z || echo "exit $?"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  narada-run p.nrd --from-row $((i * 7)) --yes --quiet --now 2026-01-02T12:00Z >/dev/null 2>&1 &
  sleep "0.0$((i * 4 / 10))$((i * 4 % 10))"
  kill -9 $! 2>/dev/null
  wait $! 2>/dev/null
  narada verify --quiet || echo "not whole after $i"
  narada runs --json | grep -c '"status":"running"' | grep -v '^0$'
done
narada-run p.nrd --quiet --yes --now 2026-01-03T12:00Z || echo "exit $?"
narada runs --most 1 | tail -n 1 | cut -c9-36
sqlite3 -readonly s.db "select count(*) from runs where status = 'running'; select count(*) from runs where status not in ('complete', 'crashed')"
sqlite3 -readonly s.db "select track_count from playlists; select count(*) from track_tags where is_deleted = 0"
ls | grep -v -e s.db -e in.csv -e p.nrd -e out.csv
