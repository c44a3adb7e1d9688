# What is wrong with a store is found, each with what and where.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
narada import-spotify-plays "$root/examples/history" --quiet --now 2026-11-01T12:00Z --store good.db
printf 'title,artist\nA,B\nC,D\n' >in.csv
echo 'from file.csv "in.csv" | to library.playlist "P" | to library.likes' >p.nrd
narada-run p.nrd --quiet --now 2026-11-01T12:00Z --store good.db
t narada verify --store good.db
t narada verify --store none.db
t narada verify x
t narada verify --store good.db --json
broken() {
  rm -f s.db*
  cp good.db s.db
  sqlite3 s.db "PRAGMA foreign_keys=OFF; $1"
  echo "# $1"
  narada verify --store s.db --quiet
  [ $? -eq 1 ] || echo "not found"
}
broken "UPDATE playlists SET track_count = 5"
broken "UPDATE playlist_tracks SET sort_key = 'a0000000'"
broken "UPDATE playlist_tracks SET sort_key = 'A b' WHERE id = 1"
broken "DROP TRIGGER tracks_keep_connector_track; DELETE FROM tracks WHERE id = 8"
broken "UPDATE tracks SET is_deleted = 1 WHERE id IN (8, 9, 10, 11, 12)"
broken "DELETE FROM track_mappings WHERE id = 8"
broken "DELETE FROM plays WHERE id = 7"
broken "UPDATE plays SET id = 9 WHERE id IN (7, 8)"
broken "UPDATE plays SET id = -7 WHERE id = 7"
broken "UPDATE import_batches SET last_play_id = 1989"
broken "UPDATE plays SET connector_track_id = 99999 WHERE id = 7"
broken "UPDATE plays SET context_id = 99999 WHERE id IN (7, 8, 9, 10)"
broken "UPDATE play_batches SET first_play_id = 4"
broken "DELETE FROM play_batches"
broken "UPDATE plays SET played_at = -70000000000000 WHERE id = 7"
broken "UPDATE import_batches SET duplicates = duplicates + 1"
broken "UPDATE track_totals SET plays = plays + 1 WHERE track_id = 8"
broken "UPDATE track_totals SET last_played = last_played - 1 WHERE track_id = (SELECT max(track_id) FROM track_totals WHERE plays > 0)"
broken "DELETE FROM track_totals WHERE track_id < 4"
broken "INSERT INTO track_totals VALUES(999999, 0, 1, 0, NULL, NULL)"
broken "UPDATE plays SET ms_played = -7 WHERE id = 7"
broken "UPDATE tracks SET artists = 'A' WHERE id = 8"
broken "INSERT INTO resolution_events(connector_track_id, event, evidence, occurred_at, created_at, updated_at) VALUES(8, 'matched', '{', 1, 1, 1)"
broken "UPDATE tracks SET spotify_hash = spotify_hash + 1 WHERE id IN (8, 9)"
broken "UPDATE tracks SET spotify_id = 'x' WHERE id = 8"
broken "UPDATE run_nodes SET status = 'skipped' WHERE position = 1"
broken "DELETE FROM workflow_version_files"
broken "DROP INDEX ix_tracks_isrc"
broken "DROP VIEW readable_plays; CREATE VIEW readable_plays AS SELECT 1"
broken "INSERT INTO track_likes(track_id, service, created_at, updated_at) VALUES(999999, 'x', 1, 1)"
# Where pages are spoilt SQLite says which, whatever else cannot be read for it; never is all well.
for eighth in 1 2 3 4 5 6 7; do
  rm -f s.db*
  cp good.db s.db
  size=$(wc -c <s.db)
  dd if=/dev/urandom of=s.db bs=1024 seek=$((size / 8192 * eighth)) count=8 conv=notrunc 2>/dev/null
  narada verify --store s.db --quiet >out 2>&1
  echo "exit $?"
  grep -q "the store is damaged" out || grep -q "WRONG" out || cat out
  [ $eighth -lt 4 ] || grep "the structure of the file" out | cut -d: -f1
done
# What a user adds is no fault.
rm -f s.db*
cp good.db s.db
sqlite3 s.db 'CREATE TABLE mine(a); CREATE INDEX mine_a ON mine(a); ANALYZE'
t narada verify --store s.db --quiet
