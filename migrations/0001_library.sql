-- Schema 1: tracks, plays, playlists, likes and what an import leaves behind.
--
-- Times are INTEGER milliseconds since 1970-01-01T00:00:00Z. Lists (artists) are JSON. NULL = not known.
-- Every table has id, is_deleted (soft delete), deleted_at, created_at, updated_at. plays alone has fewer: a play is an
-- observation that nothing rewrites; track_plays shows it in the common form.

CREATE TABLE tracks (
  id INTEGER PRIMARY KEY,
  title TEXT,
  artists TEXT NOT NULL DEFAULT '[]',
  album TEXT,
  duration_ms INTEGER,
  release_date TEXT,
  spotify_id TEXT,
  isrc TEXT,
  mbid TEXT,
  is_explicit INTEGER,
  names_hash INTEGER, -- XXH3 of folded first artist, U+001F, folded title: finds candidates, proves nothing
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_tracks_spotify_id ON tracks(spotify_id) WHERE spotify_id IS NOT NULL;
CREATE INDEX ix_tracks_isrc ON tracks(isrc) WHERE isrc IS NOT NULL;
CREATE INDEX ix_tracks_mbid ON tracks(mbid) WHERE mbid IS NOT NULL;
CREATE INDEX ix_tracks_names ON tracks(names_hash) WHERE names_hash IS NOT NULL;

-- What a service calls a thing that can be played. Without an id of the service, connector_track_id is
-- 'names:' artist U+001F album U+001F title. The unique key also serves look-ups by connector_name alone.
CREATE TABLE connector_tracks (
  id INTEGER PRIMARY KEY,
  connector_name TEXT NOT NULL,
  connector_track_id TEXT NOT NULL,
  -- Not IN (...): SQLite would fill a temporary table with the three words for each row it checks.
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
  updated_at INTEGER NOT NULL,
  UNIQUE (connector_name, connector_track_id)
) STRICT;
CREATE INDEX ix_connector_tracks_isrc ON connector_tracks(connector_name, isrc) WHERE isrc IS NOT NULL;

CREATE TABLE track_mappings (
  id INTEGER PRIMARY KEY,
  track_id INTEGER NOT NULL REFERENCES tracks(id),
  connector_track_id INTEGER NOT NULL REFERENCES connector_tracks(id),
  match_method TEXT NOT NULL,
  confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
  evidence TEXT NOT NULL DEFAULT '{}', -- JSON
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_track_mappings_track ON track_mappings(track_id, connector_track_id);
-- The best mapping of a connector's track first, readable without the table.
CREATE INDEX ix_track_mappings_connector
  ON track_mappings(connector_track_id, is_deleted, confidence DESC, id, track_id);

CREATE TABLE track_metrics (
  id INTEGER PRIMARY KEY,
  track_id INTEGER NOT NULL REFERENCES tracks(id),
  connector_name TEXT NOT NULL,
  metric_type TEXT NOT NULL,
  value REAL NOT NULL,
  collected_at INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_track_metrics ON track_metrics(track_id, connector_name, metric_type, collected_at);

CREATE TABLE track_likes (
  id INTEGER PRIMARY KEY,
  track_id INTEGER NOT NULL REFERENCES tracks(id),
  service TEXT NOT NULL,
  is_liked INTEGER NOT NULL DEFAULT 1,
  liked_at INTEGER,
  last_synced INTEGER,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (track_id, service)
) STRICT;
CREATE INDEX ix_track_likes_service ON track_likes(service, is_liked);

CREATE TABLE playlists (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  track_count INTEGER NOT NULL DEFAULT 0,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_playlists_name ON playlists(name) WHERE is_deleted = 0;

CREATE TABLE playlist_mappings (
  id INTEGER PRIMARY KEY,
  playlist_id INTEGER NOT NULL REFERENCES playlists(id),
  connector_name TEXT NOT NULL,
  connector_playlist_id TEXT NOT NULL,
  last_synced INTEGER,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (playlist_id, connector_name)
) STRICT;

-- sort_key orders the entries bytewise; a move changes one key. created_at is when the entry was added.
CREATE TABLE playlist_tracks (
  id INTEGER PRIMARY KEY,
  playlist_id INTEGER NOT NULL REFERENCES playlists(id),
  track_id INTEGER NOT NULL REFERENCES tracks(id),
  sort_key TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_playlist_tracks ON playlist_tracks(playlist_id, sort_key);
CREATE INDEX ix_playlist_tracks_track ON playlist_tracks(track_id);

CREATE TABLE sync_checkpoints (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL,
  service TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  last_timestamp INTEGER,
  cursor TEXT,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (user_id, service, entity_type)
) STRICT;

-- One row for each import that stored something. Its plays have the ids first_play_id to last_play_id.
CREATE TABLE import_batches (
  id INTEGER PRIMARY KEY,
  batch TEXT NOT NULL UNIQUE,
  import_source TEXT NOT NULL,
  import_timestamp INTEGER NOT NULL,
  first_play_id INTEGER NOT NULL,
  last_play_id INTEGER NOT NULL,
  rows_read INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_import_batches_last_play ON import_batches(last_play_id);

-- Rows of a source that could not become a play, so that nothing disappears silently.
CREATE TABLE import_rejections (
  id INTEGER PRIMARY KEY,
  import_source TEXT NOT NULL,
  file TEXT NOT NULL, -- without folders
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (file, line, reason)
) STRICT;

-- Under which circumstances plays happened, each combination once. '' and -1 = not known.
CREATE TABLE play_contexts (
  id INTEGER PRIMARY KEY,
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
  updated_at INTEGER NOT NULL,
  UNIQUE (reason_start, reason_end, platform, country, shuffle, skipped, offline, incognito, service, source)
) STRICT;

-- Narrow rows in order of time, so that an import appends and a window is one range. The key is the identity of a play:
-- the same thing, at the same time, for as long. ms_played -1 = not known.
CREATE TABLE plays (
  played_at INTEGER NOT NULL,
  connector_track_id INTEGER NOT NULL REFERENCES connector_tracks(id),
  ms_played INTEGER NOT NULL,
  id INTEGER NOT NULL,
  context_id INTEGER NOT NULL REFERENCES play_contexts(id),
  batch_id INTEGER NOT NULL REFERENCES import_batches(id),
  offline_delta_ms INTEGER, -- the device's own time of an offline play, minus played_at
  PRIMARY KEY (played_at, connector_track_id, ms_played)
) STRICT, WITHOUT ROWID;

-- Every play of a track, as the data model names it.
CREATE VIEW track_plays AS
SELECT
  p.id AS id,
  (SELECT m.track_id FROM track_mappings m
    WHERE m.connector_track_id = p.connector_track_id AND m.is_deleted = 0
    ORDER BY m.confidence DESC, m.id LIMIT 1) AS track_id,
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
