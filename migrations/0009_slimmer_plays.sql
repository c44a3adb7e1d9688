-- Schema 9: what can be said once for many plays is not said with each, and indexes hold what finds a row, not all of it.

DROP VIEW readable_plays;
DROP VIEW track_plays;
DROP VIEW episode_plays;
DROP VIEW listens;
DROP VIEW observations;

-- Plays get their ids in turn, so those of an import are few stretches of ids, mostly one. A play is of the import of
-- the last row that begins at or before it.
CREATE TABLE play_batches (
  first_play_id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES import_batches(id) ON DELETE CASCADE
) STRICT;
INSERT OR IGNORE INTO play_batches SELECT first_play_id, id FROM import_batches b
WHERE NOT EXISTS (SELECT 1 FROM import_batches o
  WHERE o.id <> b.id AND o.first_play_id <= b.last_play_id AND o.last_play_id >= b.first_play_id);
-- Of imports that went on at the same time each play is asked.
INSERT OR IGNORE INTO play_batches
SELECT id, batch_id FROM (SELECT id, batch_id, lag(batch_id) OVER (ORDER BY id, batch_id) AS previous FROM plays
  WHERE batch_id NOT IN (SELECT batch_id FROM play_batches))
WHERE previous IS NOT batch_id AND EXISTS (SELECT 1 FROM import_batches
  WHERE id NOT IN (SELECT batch_id FROM play_batches));

CREATE TABLE plays_new (
  played_at INTEGER NOT NULL,
  connector_track_id INTEGER NOT NULL REFERENCES connector_track_ids(id),
  ms_played INTEGER NOT NULL,
  id INTEGER NOT NULL,
  context_id INTEGER NOT NULL REFERENCES play_contexts(id),
  offline_delta_ms INTEGER, -- the device's own time of an offline play, minus played_at
  PRIMARY KEY (played_at, connector_track_id, ms_played)
) STRICT, WITHOUT ROWID;
-- Every ninth comes when the others are in, and fills the room that SQLite leaves where pages are filled in order.
INSERT INTO plays_new SELECT played_at, connector_track_id, ms_played, id, context_id, offline_delta_ms FROM plays
WHERE id % 9 <> 0;
INSERT INTO plays_new SELECT played_at, connector_track_id, ms_played, id, context_id, offline_delta_ms FROM plays
WHERE id % 9 = 0;
DROP TABLE plays;
ALTER TABLE plays_new RENAME TO plays;

-- The same (file, line, reason) once: a line has few reasons, so the line finds it.
CREATE TABLE import_rejections_new (
  id INTEGER PRIMARY KEY,
  import_source TEXT NOT NULL,
  file TEXT NOT NULL, -- without folders
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO import_rejections_new SELECT id, import_source, file, line, reason, is_deleted, deleted_at, created_at, updated_at
FROM import_rejections;
DROP TABLE import_rejections;
ALTER TABLE import_rejections_new RENAME TO import_rejections;
CREATE INDEX ix_import_rejections_line ON import_rejections(line);

-- Six characters of an id of Spotify are one of 56 thousand million. Found by
-- spotify_id IS NOT NULL AND substr(spotify_id, 1, 6) = substr(?, 1, 6) AND +spotify_id = ?
DROP INDEX ix_tracks_spotify_id;
CREATE INDEX ix_tracks_spotify_id ON tracks(substr(spotify_id, 1, 6)) WHERE spotify_id IS NOT NULL;
DROP TRIGGER connector_tracks_insert;
CREATE TRIGGER connector_tracks_insert INSTEAD OF INSERT ON connector_tracks BEGIN
  SELECT RAISE(ABORT, 'NOT NULL constraint failed: connector_tracks.connector_track_id')
  WHERE NEW.connector_name IS NULL OR NEW.connector_track_id IS NULL;
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: connector_tracks.connector_name, connector_tracks.connector_track_id')
  WHERE NEW.connector_name = 'spotify' AND EXISTS (SELECT 1 FROM tracks t JOIN connector_track_ids i ON i.id = t.id
    WHERE t.spotify_id IS NOT NULL AND substr(t.spotify_id, 1, 6) = substr(NEW.connector_track_id, 1, 6)
      AND +t.spotify_id = NEW.connector_track_id
      AND i.connector_track_id IS NULL);
  INSERT INTO connector_track_ids(id, connector_name, connector_track_id)
  VALUES(NEW.id, NEW.connector_name, NEW.connector_track_id);
  INSERT INTO connector_track_facts(id, kind, title, artists, album, duration_ms, isrc, release_date, raw_metadata,
    last_updated, is_deleted, deleted_at, created_at, updated_at)
  VALUES(last_insert_rowid(), coalesce(NEW.kind, 'track'), NEW.title, coalesce(NEW.artists, '[]'), NEW.album,
    NEW.duration_ms, NEW.isrc, NEW.release_date, NEW.raw_metadata, NEW.last_updated, coalesce(NEW.is_deleted, 0),
    NEW.deleted_at, NEW.created_at, NEW.updated_at);
END;

-- Nearly every connector's track is the track of its own id. A program that counts reads the few others at once.
CREATE INDEX ix_connector_track_ids_others ON connector_track_ids(maps_itself) WHERE maps_itself = 0;

-- The next import fills them in: another hash finds them.
UPDATE play_contexts SET context_hash = NULL;

-- ---- the documented names, as before ----

-- Every play of a track, as the data model names it.
CREATE VIEW track_plays AS
SELECT
  p.id AS id,
  bm.track_id AS track_id,
  coalesce(nullif(c.service, ''), ct.connector_name) AS service,
  p.played_at AS played_at,
  nullif(p.ms_played, -1) AS ms_played,
  json_patch('{}', json_object(
    'source', nullif(c.source, ''),
    'platform', nullif(c.platform, ''),
    'country', nullif(c.country, ''),
    'reason_start', nullif(c.reason_start, ''),
    'reason_end', nullif(c.reason_end, ''),
    'shuffle', json(CASE c.shuffle WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'skipped', json(CASE c.skipped WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'offline', json(CASE c.offline WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'offline_at', p.played_at + p.offline_delta_ms,
    'incognito', json(CASE c.incognito WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'connector_track_id', ct.connector_track_id)) AS context,
  b.import_timestamp AS import_timestamp,
  b.import_source AS import_source,
  b.batch AS import_batch_id,
  0 AS is_deleted,
  NULL AS deleted_at,
  b.import_timestamp AS created_at,
  b.import_timestamp AS updated_at
FROM plays p
JOIN connector_tracks ct ON ct.id = p.connector_track_id
JOIN best_mappings bm ON bm.connector_track_id = p.connector_track_id
JOIN play_contexts c ON c.id = p.context_id
JOIN import_batches b ON b.id =
  (SELECT r.batch_id FROM play_batches r WHERE r.first_play_id <= p.id ORDER BY r.first_play_id DESC LIMIT 1)
WHERE ct.kind = 'track';

-- Every play of a podcast episode or audiobook chapter.
CREATE VIEW episode_plays AS
SELECT
  p.id AS id,
  ct.kind AS kind,
  ct.connector_track_id AS connector_track_id,
  ct.title AS title,
  ct.artists ->> '$[0]' AS show,
  coalesce(nullif(c.service, ''), ct.connector_name) AS service,
  p.played_at AS played_at,
  nullif(p.ms_played, -1) AS ms_played,
  json_patch('{}', json_object(
    'source', nullif(c.source, ''),
    'platform', nullif(c.platform, ''),
    'country', nullif(c.country, ''),
    'reason_start', nullif(c.reason_start, ''),
    'reason_end', nullif(c.reason_end, ''),
    'shuffle', json(CASE c.shuffle WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'skipped', json(CASE c.skipped WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'offline', json(CASE c.offline WHEN 1 THEN 'true' WHEN 0 THEN 'false' END),
    'offline_at', p.played_at + p.offline_delta_ms,
    'incognito', json(CASE c.incognito WHEN 1 THEN 'true' WHEN 0 THEN 'false' END))) AS context,
  b.import_timestamp AS import_timestamp,
  b.import_source AS import_source,
  b.batch AS import_batch_id,
  0 AS is_deleted,
  NULL AS deleted_at,
  b.import_timestamp AS created_at,
  b.import_timestamp AS updated_at
FROM plays p
JOIN connector_tracks ct ON ct.id = p.connector_track_id
JOIN play_contexts c ON c.id = p.context_id
JOIN import_batches b ON b.id =
  (SELECT r.batch_id FROM play_batches r WHERE r.first_play_id <= p.id ORDER BY r.first_play_id DESC LIMIT 1)
WHERE ct.kind <> 'track';

-- Latest first when asked ORDER BY played_at_ms DESC; played_at_ms (milliseconds since 1970) is quick to search.
CREATE VIEW readable_plays AS
SELECT
  strftime('%Y-%m-%d %H:%M:%S', p.played_at / 1000, 'unixepoch') AS played_at,
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  t.album AS album,
  CASE WHEN p.ms_played IS NOT NULL THEN printf('%d:%02d', p.ms_played / 60000, p.ms_played / 1000 % 60) END AS heard,
  p.service AS service,
  p.import_source AS source,
  p.track_id AS track_id,
  p.played_at AS played_at_ms,
  p.ms_played AS ms_played
FROM track_plays p LEFT JOIN tracks t ON t.id = p.track_id;

-- What was listened to, each once: plays without the observations that only repeat one.
CREATE VIEW listens AS
SELECT
  p.id AS id,
  bm.track_id AS track_id,
  ct.kind AS kind,
  ct.connector_name AS service,
  p.played_at AS played_at,
  nullif(coalesce(l.listen_ms_played, p.ms_played), -1) AS ms_played,
  CASE WHEN l.role IS NULL THEN json_array(c.source) ELSE (
    SELECT json_group_array(source) FROM (
      SELECT DISTINCT oc.source AS source FROM play_listens o
      JOIN plays op ON op.played_at = o.played_at AND op.connector_track_id = o.connector_track_id AND op.ms_played = o.ms_played
      JOIN play_contexts oc ON oc.id = op.context_id
      WHERE o.played_at BETWEEN l.played_at - l.before_ms AND l.played_at + l.after_ms AND o.listen_id = l.listen_id
      ORDER BY oc.source)) END AS sources,
  coalesce(l.divergent, 0) AS divergent
FROM plays p
LEFT JOIN play_listens l ON l.played_at = p.played_at AND l.connector_track_id = p.connector_track_id AND l.ms_played = p.ms_played
JOIN connector_tracks ct ON ct.id = coalesce(l.listen_connector_track_id, p.connector_track_id)
JOIN best_mappings bm ON bm.connector_track_id = ct.id
JOIN play_contexts c ON c.id = coalesce(l.listen_context_id, p.context_id)
WHERE l.role IS NULL OR l.role = 1;

-- Every observation of a track or episode, and the listen that it is part of.
CREATE VIEW observations AS
SELECT
  p.id AS id,
  coalesce(l.listen_id, p.id) AS listen_id,
  CASE l.role WHEN 1 THEN 'head' WHEN 2 THEN 'duplicate' WHEN 3 THEN 'fragment' WHEN 4 THEN 'merged_from_' || c.source ELSE 'alone' END AS role,
  p.connector_track_id AS connector_track_id,
  p.played_at AS played_at,
  nullif(p.ms_played, -1) AS ms_played,
  c.source AS source
FROM plays p
LEFT JOIN play_listens l ON l.played_at = p.played_at AND l.connector_track_id = p.connector_track_id AND l.ms_played = p.ms_played
JOIN play_contexts c ON c.id = p.context_id;
