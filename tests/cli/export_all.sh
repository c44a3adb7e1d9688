# An export is all of a store: imported into an empty one it is the same store, row by row, whatever there is. The tables and columns to look at are those of the
# schema: one that a migration adds has to be filled here, and one that an export forgets makes this fail.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
export NARADA_STORE=$PWD/s.db
# ---- what commands make
narada-make-history --rows 600 --seed 11 --rows-per-file 250 --artists 40 --out history >/dev/null
sleep 0.2 # a file that was just written is not remembered
narada import history "$root/tests/import" --quiet --now 2026-11-01T12:00Z >/dev/null 2>&1
narada import history --quiet --now 2026-11-01T13:00Z >/dev/null 2>&1
printf 'title,artist\nA,B\n=cmd(),#EXTM3U\nA,B\n../x,C\n' >in.csv
cat >make.nrd <<'P'
param n: int = 4
from file.csv "in.csv" | take n | to library.playlist "P" | to library.tags "mine" | to library.rating 5
from library.played | top 5 by: plays | to library.likes
P
printf 'from file.csv "none.csv" | to library.playlist "P"\n' >fails.nrd
narada-run make.nrd --quiet --now 2026-11-02T12:00Z
narada-run make.nrd --quiet --now 2026-11-03T12:00Z --n 0 2>/dev/null || echo "exit $?" # refused: it would empty the playlist
narada-run make.nrd --quiet --now 2026-11-03T12:00Z --n 2 --yes
narada-run fails.nrd --quiet --now 2026-11-04T12:00Z 2>/dev/null || echo "exit $?"
narada plays rule "50% or 45s" >/dev/null
# ---- what services and time make
cat >services.sql <<'SQL'
UPDATE track_mappings SET track_id = 2, match_method = 'user' WHERE id = 3;
UPDATE track_mappings SET track_id = 4, match_method = 'isrc', confidence = 90 WHERE id = 5;
INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at, updated_at) VALUES(2, 5, 'names', 60, 1, 1);
INSERT INTO resolution_events(connector_track_id, track_id, event, match_method, confidence, occurred_at, retry_at, created_at, updated_at)
VALUES(3, 2, 'confirmed', 'user', 100, 1, NULL, 1, 1), (5, 4, 'superseded', 'isrc', 90, 2, NULL, 1, 1), (6, NULL, 'not_found', NULL, NULL, 3, 4, 1, 1), (6, 1, 'rejected', NULL, 5, 3, 4, 1, 1);
INSERT INTO track_metrics(track_id, connector_name, metric_type, value, collected_at, created_at, updated_at)
VALUES(1, 'lastfm', 'play_count', 0.1, 1, 1, 1), (1, 'lastfm', 'play_count', 1e300, 2, 1, 1), (2, 'x', 'y', -0.0, 3, 1, 1), (2, 'x', 'y', 3, 3, 1, 1);
INSERT INTO response_cache(connector_name, request_key, http_status, validator, body, fetched_at, expires_at, created_at, updated_at)
VALUES('x', 'a', 200, '"e"', x'00ff61', 1, NULL, 1, 1), ('x', 'b', 404, NULL, zeroblob(200000), 1, 2, 1, 1), ('x', 'c', 200, NULL, x'', 1, NULL, 1, 1);
INSERT INTO outbox(connector_name, account, operation, request_key, request, state, created_at, updated_at)
SELECT 'x', 'me', 'like', value, '{}', value, 1, 1 FROM json_each('["pending", "sending", "sent", "ignored", "failed", "cancelled"]');
UPDATE outbox SET run_id = 1, before_image = '[]', reply_code = '403', message = 'no', sent_at = 2, verified_at = 3, attempts = 2 WHERE state = 'failed';
INSERT INTO sync_checkpoints(user_id, service, entity_type, last_timestamp, cursor, created_at, updated_at)
VALUES('me', 'x', 'plays', NULL, char(27) || '[2J', 1, 1), ('me', 'y', 'likes', 7, NULL, 1, 1);
INSERT INTO playlist_mappings(playlist_id, connector_name, connector_playlist_id, last_synced, snapshot_id, base, created_at, updated_at)
VALUES(1, 'x', 'y', 5, 's', '["a"]', 1, 1);
INSERT INTO runs(version_id, plan_id, zone, seed, program_version, process, status, started_at, created_at, updated_at)
VALUES(1, 'p', 'UTC', '18446744073709551615', '0', 'a process that is gone', 'running', 1, 1, 1);
INSERT INTO tracks(title, artists, release_date, isrc, is_explicit, created_at, updated_at)
VALUES('kept', '["K"]', '2024-03', 'USRC17607839', 1, 1, 1), ('deleted', '["D", "E"]', '2024', 'USRC17607840', 0, 1, 1);
UPDATE track_likes SET last_synced = 9 WHERE id = 1;
UPDATE playlists SET description = 'what for' WHERE id = 1;
UPDATE connector_track_facts SET duration_ms = 187000, isrc = 'USRC17607839', release_date = '2024', raw_metadata = '{"a":1}' WHERE id = (SELECT min(id) FROM connector_track_facts);
INSERT INTO connector_tracks(connector_name, connector_track_id, title, last_updated, created_at, updated_at) VALUES('x', 'deleted', 'D', 1, 1, 1);
INSERT INTO playlists(name, created_at, updated_at) VALUES('gone', 1, 1);
INSERT INTO settings(name, value, created_at, updated_at) VALUES('a choice of a newer program', char(8238) || 'x', 1, 1), ('empty', '', 1, 1);
SQL
sqlite3 -bail s.db 'PRAGMA foreign_keys=ON' '.read services.sql' && narada verify --repair >/dev/null
# ---- of every table a row that is deleted
tables="sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
ask() { sqlite3 -readonly s.db "$1" | sqlite3 "$2" s.db; }
ask "SELECT 'UPDATE ' || t.name || ' SET is_deleted = 1, deleted_at = 1793000000000 WHERE id = (SELECT max(id) FROM ' || t.name || ');'
FROM $tables AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'is_deleted')" -bail
# ---- what this test does not fill
ask "SELECT 'SELECT ''the table ' || t.name || ' has no row here: add one'' WHERE NOT EXISTS (SELECT 1 FROM \"' || t.name || '\");' FROM $tables" -readonly
ask "SELECT 'SELECT ''the column ' || t.name || '.' || c.name || ' is NULL in every row here: add one'' WHERE NOT EXISTS (SELECT 1 FROM \"' || t.name || '\" WHERE \"' || c.name || '\" IS NOT NULL);'
FROM pragma_table_info(t.name) c, $tables AND c.\"notnull\" = 0" -readonly
ask "SELECT 'SELECT ''the table ' || t.name || ' has no row here that is deleted'' WHERE NOT EXISTS (SELECT 1 FROM \"' || t.name || '\" WHERE is_deleted = 1);'
FROM $tables AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'is_deleted')" -readonly
# ---- there and back: the schema, each row of each table by its key, what the file says of itself
all() { sqlite3 -readonly "$1" .dump "PRAGMA user_version" "PRAGMA application_id"; }
all s.db >before.txt
t narada export out --quiet
all s.db | cmp before.txt - && echo "the export changes nothing"
t narada import out --store copy.db --quiet
all copy.db >after.txt
diff before.txt after.txt | head -20
grep -c "^INSERT INTO plays " after.txt
# ---- and so are what is derived and what programs see
narada export again --store copy.db --quiet && diff -r out again
narada verify --quiet --store copy.db || echo "exit $?"
narada status --json --store s.db | sed 's/"store":"[^"]*"//' >s.json
narada status --json --store copy.db | sed 's/"store":"[^"]*"//' | diff s.json -
# ---- the manifest says what an export leaves out
grep -o '"left_out":.*\]' out/manifest.json
