# What the store holds and what goes on, also while a program writes to it; and what a program that was killed leaves.
export NARADA_STORE=$PWD/s.db
mask() { sed -e 's/, [0-9.]* kB, schema [0-9]*/, SIZE, schema N/' -e 's/"bytes":[0-9]*,"schema":[0-9]*/"bytes":B,"schema":N/' -e 's/process [0-9]*/process P/' -e "s|$PWD/||"; }
m() { t "$@" | mask; }
t narada status
narada import-spotify-plays "$root/examples/history" --quiet --now 2026-11-01T12:00Z
m narada status
m narada status --json
t narada status x
mkfifo songs.csv
echo 'from file.csv "songs.csv" | to library.playlist "Held"' >held.nrd
wait_for_run() {
  i=0; until narada runs --json | grep -q '"run":'$1',.*"status":"running"' || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.05; done
  [ $i -lt 100 ] || { echo "run $1 does not run"; cat out; kill -9 $writer 2>/dev/null; exit 1; } # to write to songs.csv would be to wait for ever
}
narada-run held.nrd --now 2026-11-02T12:00Z >out 2>&1 &
writer=$!
wait_for_run 1
m narada status
t narada-run held.nrd 2>&1 | mask
narada runs | cut -c1-36
printf 'title,artist\nA,B\n' >songs.csv
wait $writer
echo "exit $?"
cat out
m narada status | tail -n 1
narada-run held.nrd --now 2026-11-03T12:00Z >out 2>&1 &
writer=$!
wait_for_run 2
kill -9 $writer
wait $writer 2>/dev/null
m narada status | tail -n 3
m narada status --json | grep -o '"runs":.*'
echo '{"title":"A","artist":"B"}' >one.jsonl
echo 'from file.jsonl "one.jsonl" | to library.likes' >like.nrd
narada-run like.nrd --quiet --now 2026-11-04T12:00Z
narada runs 2 | sed -n '2,3p'
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
sqlite3 -readonly s.db 'select status from runs order by id'
# As an import leaves it that did not come to its end.
sqlite3 s.db 'update import_batches set rows_read = 0, duplicates = 0'
m narada status | grep imports
