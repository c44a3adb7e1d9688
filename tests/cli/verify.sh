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
broken "UPDATE workflow_version_files SET content = replace(content, '\"P\"', '\"Q\"')"
broken "UPDATE workflow_versions SET content_hash = 'x'"
broken "UPDATE tracks SET title = 'Another' WHERE id = 8"
broken "INSERT INTO track_likes(track_id, service, created_at, updated_at) VALUES(999999, 'x', 1, 1)"
# What follows from other rows is made anew, to the last bit as it was, and nothing else is touched.
contents() { sqlite3 "$1" .dump | sort; }
contents good.db >good.sql
mended() {
  rm -f s.db*
  cp good.db s.db
  for sql; do sqlite3 s.db "PRAGMA foreign_keys=OFF; PRAGMA writable_schema=ON; $sql"; done
  echo "# $*"
  narada verify --store s.db --quiet >told 2>&1
  echo "exit $?"
  grep -A 1 -e WRONG -e "makes this anew" -e "^narada" told
  narada verify --store s.db --repair >told 2>&1
  echo "exit $?"
  grep -v "^ok " told
  contents s.db | diff good.sql -
}
mended "UPDATE playlists SET track_count = 5"
mended "UPDATE tracks SET spotify_hash = spotify_hash + 1 WHERE id IN (8, 9); UPDATE tracks SET names_hash = NULL WHERE id = 10; UPDATE play_contexts SET context_hash = 7 WHERE id < 4"
mended "UPDATE track_totals SET plays = plays + 1, first_played = 5 WHERE track_id = 8; DELETE FROM track_totals WHERE track_id < 4"
mended "DELETE FROM play_listens WHERE listen_id = (SELECT max(listen_id) FROM play_listens)"
mended "DROP INDEX ix_tracks_isrc; DROP INDEX ix_runs_running; DROP INDEX ix_tracks_spotify_hash"
mended "DROP VIEW connector_tracks; CREATE VIEW connector_tracks AS SELECT 1; DROP TRIGGER tracks_keep_connector_id"
mended "UPDATE sqlite_schema SET sql = 'CREATE INDEX ix_playlist_tracks_track ON playlist_tracks(track_id) WHERE 0' WHERE name = 'ix_playlist_tracks_track'" \
  "REINDEX ix_playlist_tracks_track" \
  "UPDATE sqlite_schema SET sql = 'CREATE INDEX ix_playlist_tracks_track ON playlist_tracks(track_id)' WHERE name = 'ix_playlist_tracks_track'"
# What is lost stays so, and what is not is mended all the same.
mended "UPDATE playlists SET track_count = 5; DELETE FROM plays WHERE id = 7"
rm -f s.db*
cp good.db s.db
sqlite3 s.db "UPDATE playlists SET track_count = 5"
narada verify --store s.db --repair --json | grep -o '^.*"findings"'
# Where pages are spoilt SQLite says which, whatever else cannot be read for it; never is all well.
for eighth in 1 2 3 4 5 6 7; do
  rm -f s.db*
  cp good.db s.db
  size=$(wc -c <s.db)
  dd if=/dev/urandom of=s.db bs=1024 seek=$((size / 8192 * eighth)) count=8 conv=notrunc 2>/dev/null
  narada verify --store s.db --quiet >out 2>&1
  echo "exit $?"
  cp s.db spoilt.db
  narada verify --store s.db --repair --quiet >mended 2>&1
  [ $? -eq 1 ] || cat mended
  cmp s.db spoilt.db
  grep -q "the store is damaged" out || grep -q "WRONG" out || cat out
  [ $eighth -lt 4 ] || grep "the structure of the file" out | cut -d: -f1
done
# What a user adds is no fault.
rm -f s.db*
cp good.db s.db
sqlite3 s.db 'CREATE TABLE mine(a); CREATE INDEX mine_a ON mine(a); ANALYZE'
t narada verify --store s.db --quiet
