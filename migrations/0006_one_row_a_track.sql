-- Schema 6: what an import learns of a track is kept once. Most tracks of a connector are known by nothing but the names
-- that they gave to the library's track; connector_tracks and track_mappings show them in full, as views that can be
-- written to.

DROP VIEW readable_counts;
DROP VIEW readable_plays;
DROP VIEW track_plays;
DROP VIEW episode_plays;
DROP VIEW listens;
DROP VIEW observations;

ALTER TABLE connector_tracks RENAME TO connector_track_ids;
ALTER TABLE track_mappings RENAME TO track_mapping_rows;

-- Which thing of which connector has an id. Its names and times are in connector_track_facts or, if they have no row
-- there, those of the track of the same id. connector_name and connector_track_id NULL: 'spotify' and the spotify_id of
-- the track of the same id.
CREATE TABLE connector_track_ids_new (
  id INTEGER PRIMARY KEY,
  maps_itself INTEGER NOT NULL DEFAULT 0, -- 1 = it is the track of the same id, without a row in track_mapping_rows
  connector_name TEXT,
  connector_track_id TEXT,
  CHECK ((connector_name IS NULL) = (connector_track_id IS NULL))
) STRICT;
INSERT INTO connector_track_ids_new SELECT id, 0, connector_name, connector_track_id FROM connector_track_ids;

CREATE TABLE connector_track_facts (
  id INTEGER PRIMARY KEY REFERENCES connector_track_ids(id),
  kind TEXT NOT NULL DEFAULT 'track' CHECK (kind = 'track' OR kind = 'episode' OR kind = 'chapter'),
  title TEXT,
  artists TEXT NOT NULL DEFAULT '[]', -- of an episode its show, of a chapter its audiobook
  album TEXT,
  duration_ms INTEGER,
  isrc TEXT,
  release_date TEXT,
  raw_metadata TEXT, -- the service's JSON, whole; NULL when the other columns are all it said
  last_updated INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO connector_track_facts
SELECT id, kind, title, artists, album, duration_ms, isrc, release_date, raw_metadata, last_updated, is_deleted,
  deleted_at, created_at, updated_at
FROM connector_track_ids;

DROP TABLE connector_track_ids;
ALTER TABLE connector_track_ids_new RENAME TO connector_track_ids;
CREATE UNIQUE INDEX ix_connector_track_ids ON connector_track_ids(connector_name, connector_track_id)
  WHERE connector_track_id IS NOT NULL;
CREATE INDEX ix_connector_track_facts_isrc ON connector_track_facts(isrc) WHERE isrc IS NOT NULL;

-- names_hash: 31 bits find the candidates as well.
UPDATE tracks SET names_hash = names_hash & 2147483647 WHERE names_hash IS NOT NULL;

-- Each combination once, found by a hash of it instead of an index that holds all of it again. NULL = the next import
-- fills it in.
CREATE TABLE play_contexts_new (
  id INTEGER PRIMARY KEY,
  context_hash INTEGER, -- 31 bits; finds candidates, proves nothing
  service TEXT NOT NULL,
  source TEXT NOT NULL,
  platform TEXT NOT NULL,
  country TEXT NOT NULL,
  reason_start TEXT NOT NULL,
  reason_end TEXT NOT NULL,
  shuffle INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  offline INTEGER NOT NULL,
  incognito INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO play_contexts_new
SELECT id, NULL, service, source, platform, country, reason_start, reason_end, shuffle, skipped, offline, incognito,
  is_deleted, deleted_at, created_at, updated_at
FROM play_contexts;
DROP TABLE play_contexts;
ALTER TABLE play_contexts_new RENAME TO play_contexts;
CREATE INDEX ix_play_contexts_hash ON play_contexts(context_hash);

-- ---- the documented names ----

CREATE VIEW connector_tracks AS
SELECT
  i.id AS id,
  coalesce(i.connector_name, 'spotify') AS connector_name,
  coalesce(i.connector_track_id, t.spotify_id) AS connector_track_id,
  coalesce(f.kind, 'track') AS kind,
  CASE WHEN f.id IS NULL THEN t.title ELSE f.title END AS title,
  CASE WHEN f.id IS NULL THEN t.artists ELSE f.artists END AS artists,
  CASE WHEN f.id IS NULL THEN t.album ELSE f.album END AS album,
  f.duration_ms AS duration_ms,
  f.isrc AS isrc,
  f.release_date AS release_date,
  f.raw_metadata AS raw_metadata,
  coalesce(f.last_updated, t.created_at) AS last_updated,
  coalesce(f.is_deleted, 0) AS is_deleted,
  f.deleted_at AS deleted_at,
  coalesce(f.created_at, t.created_at) AS created_at,
  coalesce(f.updated_at, t.created_at) AS updated_at
FROM connector_track_ids i
LEFT JOIN connector_track_facts f ON f.id = i.id
LEFT JOIN tracks t ON t.id = i.id;

CREATE TRIGGER connector_tracks_insert INSTEAD OF INSERT ON connector_tracks BEGIN
  SELECT RAISE(ABORT, 'NOT NULL constraint failed: connector_tracks.connector_track_id')
  WHERE NEW.connector_name IS NULL OR NEW.connector_track_id IS NULL;
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: connector_tracks.connector_name, connector_tracks.connector_track_id')
  WHERE NEW.connector_name = 'spotify' AND EXISTS (SELECT 1 FROM tracks t JOIN connector_track_ids i ON i.id = t.id
    WHERE t.spotify_id = NEW.connector_track_id AND i.connector_track_id IS NULL);
  INSERT INTO connector_track_ids(id, connector_name, connector_track_id)
  VALUES(NEW.id, NEW.connector_name, NEW.connector_track_id);
  INSERT INTO connector_track_facts(id, kind, title, artists, album, duration_ms, isrc, release_date, raw_metadata,
    last_updated, is_deleted, deleted_at, created_at, updated_at)
  VALUES(last_insert_rowid(), coalesce(NEW.kind, 'track'), NEW.title, coalesce(NEW.artists, '[]'), NEW.album,
    NEW.duration_ms, NEW.isrc, NEW.release_date, NEW.raw_metadata, NEW.last_updated, coalesce(NEW.is_deleted, 0),
    NEW.deleted_at, NEW.created_at, NEW.updated_at);
END;

CREATE TRIGGER connector_tracks_update INSTEAD OF UPDATE ON connector_tracks BEGIN
  SELECT RAISE(ABORT, 'the id of a connector''s track does not change') WHERE NEW.id IS NOT OLD.id;
  UPDATE connector_track_ids SET connector_name = NEW.connector_name, connector_track_id = NEW.connector_track_id
  WHERE id = OLD.id
    AND (NEW.connector_name IS NOT OLD.connector_name OR NEW.connector_track_id IS NOT OLD.connector_track_id);
  INSERT OR REPLACE INTO connector_track_facts(id, kind, title, artists, album, duration_ms, isrc, release_date,
    raw_metadata, last_updated, is_deleted, deleted_at, created_at, updated_at)
  VALUES(OLD.id, NEW.kind, NEW.title, NEW.artists, NEW.album, NEW.duration_ms, NEW.isrc, NEW.release_date,
    NEW.raw_metadata, NEW.last_updated, NEW.is_deleted, NEW.deleted_at, NEW.created_at, NEW.updated_at);
END;

CREATE TRIGGER connector_tracks_delete INSTEAD OF DELETE ON connector_tracks BEGIN
  SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed')
  FROM connector_track_ids WHERE id = OLD.id AND maps_itself = 1;
  DELETE FROM connector_track_facts WHERE id = OLD.id;
  DELETE FROM connector_track_ids WHERE id = OLD.id;
END;

-- The mapping of a connector's track to itself has its id. Those with a row of their own get ids from 4294967296 on
-- unless they bring one, and no new track gets an id that one of them has.
CREATE VIEW track_mappings AS
SELECT
  i.id AS id,
  i.id AS track_id,
  i.id AS connector_track_id,
  CASE WHEN i.connector_name IS NULL THEN 'spotify_id' WHEN substr(i.connector_track_id, 1, 6) = 'names:' THEN 'names'
    ELSE 'connector_id' END AS match_method,
  100 AS confidence,
  CASE WHEN i.connector_name IS NULL THEN '{"same":["spotify_id"]}'
    WHEN substr(i.connector_track_id, 1, 6) = 'names:' THEN '{"same":["artist","album","title"]}'
    ELSE '{"same":["connector_track_id"]}' END AS evidence,
  0 AS is_deleted,
  NULL AS deleted_at,
  t.created_at AS created_at,
  t.created_at AS updated_at
FROM connector_track_ids i JOIN tracks t ON t.id = i.id WHERE i.maps_itself = 1
UNION ALL
SELECT id, track_id, connector_track_id, match_method, confidence, evidence, is_deleted, deleted_at, created_at, updated_at
FROM track_mapping_rows;

CREATE TRIGGER track_mappings_insert INSTEAD OF INSERT ON track_mappings BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: track_mappings.id')
  FROM connector_track_ids WHERE id = NEW.id AND maps_itself = 1;
  INSERT INTO track_mapping_rows(id, track_id, connector_track_id, match_method, confidence, evidence, is_deleted,
    deleted_at, created_at, updated_at)
  VALUES(coalesce(NEW.id, (SELECT max(coalesce(max(id), 0), 4294967295) + 1 FROM track_mapping_rows)), NEW.track_id,
    NEW.connector_track_id, NEW.match_method, NEW.confidence, coalesce(NEW.evidence, '{}'), coalesce(NEW.is_deleted, 0),
    NEW.deleted_at, NEW.created_at, NEW.updated_at);
END;

CREATE TRIGGER track_mappings_update INSTEAD OF UPDATE ON track_mappings BEGIN
  DELETE FROM track_mapping_rows WHERE id = OLD.id;
  UPDATE connector_track_ids SET maps_itself = 0 WHERE id = OLD.id AND maps_itself = 1;
  INSERT INTO track_mapping_rows(id, track_id, connector_track_id, match_method, confidence, evidence, is_deleted,
    deleted_at, created_at, updated_at)
  VALUES(NEW.id, NEW.track_id, NEW.connector_track_id, NEW.match_method, NEW.confidence, NEW.evidence, NEW.is_deleted,
    NEW.deleted_at, NEW.created_at, NEW.updated_at);
END;

CREATE TRIGGER track_mappings_delete INSTEAD OF DELETE ON track_mappings BEGIN
  DELETE FROM track_mapping_rows WHERE id = OLD.id;
  UPDATE connector_track_ids SET maps_itself = 0 WHERE id = OLD.id AND maps_itself = 1;
END;

-- A track that is renamed does not rename what the connector said.
CREATE TRIGGER tracks_keep_connector_names BEFORE UPDATE OF title, artists, album ON tracks
WHEN OLD.title IS NOT NULL
  AND (NEW.title IS NOT OLD.title OR NEW.artists IS NOT OLD.artists OR NEW.album IS NOT OLD.album) BEGIN
  INSERT INTO connector_track_facts(id, kind, title, artists, album, last_updated, created_at, updated_at)
  SELECT id, 'track', OLD.title, OLD.artists, OLD.album, OLD.created_at, OLD.created_at, OLD.created_at
  FROM connector_track_ids i
  WHERE i.id = OLD.id AND NOT EXISTS (SELECT 1 FROM connector_track_facts f WHERE f.id = OLD.id);
END;

CREATE TRIGGER tracks_keep_connector_id BEFORE UPDATE OF spotify_id ON tracks
WHEN NEW.spotify_id IS NOT OLD.spotify_id BEGIN
  UPDATE connector_track_ids SET connector_name = 'spotify', connector_track_id = OLD.spotify_id
  WHERE id = OLD.id AND connector_track_id IS NULL;
END;

CREATE TRIGGER tracks_keep_connector_track BEFORE DELETE ON tracks BEGIN
  SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed')
  FROM connector_track_ids WHERE id = OLD.id AND maps_itself = 1;
  UPDATE connector_track_ids SET connector_name = 'spotify', connector_track_id = OLD.spotify_id
  WHERE id = OLD.id AND connector_track_id IS NULL;
  INSERT INTO connector_track_facts(id, kind, title, artists, album, last_updated, created_at, updated_at)
  SELECT id, 'track', OLD.title, OLD.artists, OLD.album, OLD.created_at, OLD.created_at, OLD.created_at
  FROM connector_track_ids i
  WHERE i.id = OLD.id AND NOT EXISTS (SELECT 1 FROM connector_track_facts f WHERE f.id = OLD.id);
END;

-- The track that a connector's track stands for, by its best mapping; NULL = none.
CREATE VIEW best_mappings AS
SELECT
  i.id AS connector_track_id,
  CASE i.maps_itself WHEN 1 THEN i.id ELSE
    (SELECT m.track_id FROM track_mapping_rows m
      WHERE m.connector_track_id = i.id AND m.is_deleted = 0
      ORDER BY m.confidence DESC, m.id LIMIT 1) END AS track_id
FROM connector_track_ids i;

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
JOIN import_batches b ON b.id = p.batch_id
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
JOIN import_batches b ON b.id = p.batch_id
WHERE ct.kind <> 'track';

-- Latest first when asked ORDER BY played_at_ms DESC; played_at_ms (milliseconds since 1970) is quick to search.
CREATE VIEW readable_plays AS
SELECT
  strftime('%Y-%m-%d %H:%M:%S', p.played_at / 1000, 'unixepoch') AS played_at,
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  t.album AS album,
  printf('%d:%02d', p.ms_played / 60000, p.ms_played / 1000 % 60) AS heard,
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

-- listens: each time it was heard; plays: those of at least 30 seconds, or of unknown length, as Spotify counts them.
CREATE VIEW readable_counts AS
SELECT
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  h.listens AS listens,
  h.plays AS plays,
  round(h.ms / 60000.0, 1) AS minutes,
  strftime('%Y-%m-%d %H:%M:%S', h.first / 1000, 'unixepoch') AS first_played,
  strftime('%Y-%m-%d %H:%M:%S', h.last / 1000, 'unixepoch') AS last_played,
  h.track_id AS track_id
FROM (
  SELECT l.track_id AS track_id, count(*) AS listens, sum(l.ms_played IS NULL OR l.ms_played >= 30000) AS plays,
    sum(l.ms_played) AS ms, min(l.played_at) AS first, max(l.played_at) AS last
  FROM listens l WHERE l.kind = 'track' GROUP BY l.track_id) h
JOIN tracks t ON t.id = h.track_id WHERE t.is_deleted = 0;
