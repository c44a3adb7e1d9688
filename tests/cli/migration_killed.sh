# A change of schema that is killed, or that the disk has no room for, at any write: the store is of one schema or the other, what was in it is there, and
# the next command goes on from there. Before the first change there is a whole copy.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
strace -o /dev/null -e trace=pwrite64 true 2>/dev/null || skip "strace cannot run here"
export ASAN_OPTIONS=detect_leaks=0
before=8 # the schema of the old store
{
  i=0
  for file in "$root"/migrations/0*.sql; do
    i=$((i + 1))
    [ $i -gt $before ] || cat "$file"
  done
  echo "PRAGMA application_id=$(printf %d 0x4e726461); PRAGMA user_version=$before; PRAGMA journal_mode=WAL;"
  echo "INSERT INTO import_batches(id, batch, import_source, import_timestamp, first_play_id, last_play_id, rows_read, stored, created_at, updated_at) VALUES(1, 'b', 's', 1, 1, 400, 400, 400, 1, 1);"
  echo "INSERT INTO play_contexts(id, service, source, platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito, created_at, updated_at)
    VALUES(1, 'spotify', 'spotify_export', '', '', '', '', -1, -1, -1, -1, 1, 1);"
  echo "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO tracks(id, title, artists, album, spotify_id, created_at, updated_at)
    SELECT i, '', '[]', 'album ' || i, printf('%022d', i), 1, 1 FROM n;"
  echo "INSERT INTO connector_track_ids(id, maps_itself) SELECT id, 1 FROM tracks;"
  echo "INSERT INTO plays(played_at, connector_track_id, ms_played, id, batch_id, context_id) SELECT 1600000000000 + id * 400000, id, 200000, id, 1, 1 FROM tracks;"
  echo "UPDATE derived SET is_current = 0;"
} | sqlite3 old.db >/dev/null || exit 1
contents() { sqlite3 -readonly "$1" "SELECT count(*), sum(played_at), min(album), max(spotify_id) FROM plays p JOIN tracks t ON t.id = p.connector_track_id"; }
contents old.db
newest=$(ls "$root"/migrations/0*.sql | wc -l)
# broken HOW NUMBER: the change ends at that write
broken() {
  rm -f s.db*
  cp old.db s.db
  strace -f -o /dev/null -e trace=pwrite64 -e inject=pwrite64:"$1":when="$2" narada plays rule spotify --store s.db >out 2>&1
  status=$?
  version=$(sqlite3 s.db 'PRAGMA user_version')
  [ "$version" -ge $before ] || echo "$1 $2: schema $version"
  [ "$version" -eq $before ] || [ -f s.db.before-000$((before + 1)) ] || echo "$1 $2: no copy"
  [ ! -f s.db.before-000$((before + 1)) ] || [ "$(contents s.db.before-000$((before + 1)))" = "$(contents old.db)" ] || echo "$1 $2: the copy is another"
  [ "$(contents s.db)" = "$(contents old.db)" ] || echo "$1 $2: lost"
  [ "$1" = signal=KILL ] || [ $status -eq 0 ] || grep -q 'no room left on the disk' out || sed "s/^/$1 $2: /" out
  narada plays rule spotify --store s.db >out 2>&1 || cat out
  narada verify --store s.db --quiet || echo "$1 $2: not well"
  [ "$(sqlite3 s.db 'PRAGMA user_version')" -eq "$newest" ] || echo "$1 $2: not up to date"
  ended=$((ended + (status != 0)))
}
cp old.db s.db
writes=$(strace -f -e trace=pwrite64 narada plays rule spotify --store s.db 2>&1 >/dev/null | grep -c 'pwrite64(')
for how in signal=KILL error=ENOSPC; do
  ended=0 tried=0 number=1
  while [ $number -le "$writes" ]; do
    broken $how $number
    tried=$((tried + 1))
    number=$((number + 1 + writes / 6))
  done
  [ $ended -ge $((tried / 2)) ] && echo "$how: at writes all through it, most of which ended it"
done
