-- Schema 3: settings, what ran, what services were asked and told, and views for people.

CREATE TABLE settings (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Every program that ran, by what it says: SHA-256 over its files, the modules that it used included.
CREATE TABLE workflow_versions (
  id INTEGER PRIMARY KEY,
  content_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL, -- of its file, without folders; 'std.NAME' for one of the library
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Position 0 is the program, the others its modules. TEXT is a program's text, BLOB a compiled plan.
CREATE TABLE workflow_version_files (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES workflow_versions(id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  content ANY NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (version_id, position)
) STRICT;

-- One row a run. started_at is also the moment that the program took for now. A row that says 'running' though its
-- process is gone becomes 'crashed' when the store is next opened for writing.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES workflow_versions(id),
  plan_id TEXT NOT NULL,
  parameters TEXT NOT NULL DEFAULT '{}', -- JSON: those that were given
  zone TEXT NOT NULL,
  seed TEXT NOT NULL, -- 64 bits, unsigned
  program_version TEXT NOT NULL, -- of Narada
  process TEXT NOT NULL, -- boot, process and its start
  status TEXT NOT NULL CHECK (status = 'running' OR status = 'complete' OR status = 'partial' OR status = 'failed'
    OR status = 'refused' OR status = 'cancelled' OR status = 'crashed'),
  exit_code INTEGER,
  message TEXT,
  notices TEXT NOT NULL DEFAULT '[]', -- JSON: what the run had to tell
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((status = 'running') = (ended_at IS NULL))
) STRICT;
CREATE INDEX ix_runs_running ON runs(id) WHERE status = 'running';
CREATE INDEX ix_runs_version ON runs(version_id);

CREATE TABLE run_nodes (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs(id),
  position INTEGER NOT NULL, -- in the plan
  line INTEGER, -- of the program
  stage TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status = 'complete' OR status = 'failed' OR status = 'skipped'),
  rows_in INTEGER NOT NULL,
  rows_out INTEGER NOT NULL,
  dropped_missing INTEGER NOT NULL,
  duration_us INTEGER, -- microseconds by a clock that only goes forward; NULL = not measured
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (run_id, position)
) STRICT;

-- What shall be written to a service. The row is durable before the call; 'sending' after a crash means: read what the
-- service has before sending again.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  run_id INTEGER REFERENCES runs(id),
  connector_name TEXT NOT NULL,
  account TEXT NOT NULL DEFAULT '',
  operation TEXT NOT NULL, -- 'playlist.replace', 'scrobble', ...
  target TEXT NOT NULL DEFAULT '', -- the service's id of what is written to
  request_key TEXT NOT NULL, -- the same for the same wish, so that it is not queued twice
  request TEXT NOT NULL, -- JSON
  before_image TEXT, -- JSON: what was there, for going back
  state TEXT NOT NULL CHECK (state = 'pending' OR state = 'sending' OR state = 'sent' OR state = 'ignored'
    OR state = 'failed' OR state = 'cancelled'),
  attempts INTEGER NOT NULL DEFAULT 0,
  reply_code TEXT,
  message TEXT,
  sent_at INTEGER,
  verified_at INTEGER, -- when the service's own data showed it
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (connector_name, account, request_key)
) STRICT;
CREATE INDEX ix_outbox_open ON outbox(connector_name, account, id) WHERE state = 'pending' OR state = 'sending';
CREATE INDEX ix_outbox_run ON outbox(run_id) WHERE run_id IS NOT NULL;

-- What services answered. expires_at NULL = for ever.
CREATE TABLE response_cache (
  id INTEGER PRIMARY KEY,
  connector_name TEXT NOT NULL,
  request_key TEXT NOT NULL,
  http_status INTEGER NOT NULL,
  validator TEXT, -- ETag
  body BLOB NOT NULL,
  fetched_at INTEGER NOT NULL,
  expires_at INTEGER,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (connector_name, request_key)
) STRICT;
CREATE INDEX ix_response_cache_expires ON response_cache(expires_at) WHERE expires_at IS NOT NULL;

-- How a connector's track came to be a track of the library, or did not; also what the user decided.
CREATE TABLE resolution_events (
  id INTEGER PRIMARY KEY,
  connector_track_id INTEGER NOT NULL REFERENCES connector_tracks(id),
  track_id INTEGER REFERENCES tracks(id), -- NULL: none was found
  event TEXT NOT NULL CHECK (event = 'matched' OR event = 'not_found' OR event = 'superseded' OR event = 'confirmed'
    OR event = 'rejected'),
  match_method TEXT,
  confidence INTEGER CHECK (confidence BETWEEN 0 AND 100),
  evidence TEXT NOT NULL DEFAULT '{}', -- JSON
  occurred_at INTEGER NOT NULL,
  retry_at INTEGER, -- when asking again makes sense
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_resolution_events_connector ON resolution_events(connector_track_id, occurred_at);
CREATE INDEX ix_resolution_events_track ON resolution_events(track_id) WHERE track_id IS NOT NULL;

-- When an entry was added according to its source; NULL = when its row was made.
ALTER TABLE playlist_tracks ADD COLUMN added_at INTEGER;
-- What both sides agreed on last, for telling who changed what since.
ALTER TABLE playlist_mappings ADD COLUMN snapshot_id TEXT;
ALTER TABLE playlist_mappings ADD COLUMN base TEXT;

-- The four words that other programs know for a rating.
CREATE VIEW track_preferences AS
SELECT id, track_id, CASE rating WHEN 1 THEN 'nah' WHEN 3 THEN 'hmm' WHEN 4 THEN 'yah' WHEN 5 THEN 'star' END AS preference,
  is_deleted, deleted_at, created_at, updated_at
FROM track_ratings WHERE rating <> 2;

-- ---- views for people: one line a row, names for ids, times as text in UTC, nothing that was deleted ----

CREATE VIEW readable_tracks AS
SELECT
  t.id AS track_id,
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  t.album AS album,
  CASE WHEN t.duration_ms IS NOT NULL THEN printf('%d:%02d', t.duration_ms / 60000, t.duration_ms / 1000 % 60) END AS length,
  t.release_date AS released,
  (SELECT r.rating FROM track_ratings r WHERE r.track_id = t.id AND r.is_deleted = 0) AS rating,
  (SELECT group_concat(tag, ', ') FROM
    (SELECT g.tag AS tag FROM track_tags g WHERE g.track_id = t.id AND g.is_deleted = 0 ORDER BY g.tag)) AS tags,
  EXISTS (SELECT 1 FROM track_likes l WHERE l.track_id = t.id AND l.is_liked = 1 AND l.is_deleted = 0) AS liked,
  t.spotify_id AS spotify_id,
  t.isrc AS isrc,
  t.mbid AS mbid
FROM tracks t WHERE t.is_deleted = 0;

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

CREATE VIEW readable_likes AS
SELECT
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  l.service AS service,
  strftime('%Y-%m-%d %H:%M:%S', l.liked_at / 1000, 'unixepoch') AS liked_at,
  l.track_id AS track_id
FROM track_likes l JOIN tracks t ON t.id = l.track_id
WHERE l.is_liked = 1 AND l.is_deleted = 0 AND t.is_deleted = 0;

CREATE VIEW readable_playlists AS
SELECT
  p.id AS playlist_id,
  p.name AS name,
  p.description AS description,
  p.track_count AS tracks,
  strftime('%Y-%m-%d %H:%M:%S', p.created_at / 1000, 'unixepoch') AS made_at,
  strftime('%Y-%m-%d %H:%M:%S', p.updated_at / 1000, 'unixepoch') AS changed_at
FROM playlists p WHERE p.is_deleted = 0;

-- In order when asked for one playlist ORDER BY sort_key.
CREATE VIEW readable_playlist_tracks AS
SELECT
  p.name AS playlist,
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  t.album AS album,
  strftime('%Y-%m-%d %H:%M:%S', coalesce(e.added_at, e.created_at) / 1000, 'unixepoch') AS added_at,
  e.sort_key AS sort_key,
  e.playlist_id AS playlist_id,
  e.track_id AS track_id
FROM playlist_tracks e JOIN playlists p ON p.id = e.playlist_id JOIN tracks t ON t.id = e.track_id
WHERE e.is_deleted = 0 AND p.is_deleted = 0;

CREATE VIEW readable_imports AS
SELECT
  b.id AS import_id,
  strftime('%Y-%m-%d %H:%M:%S', b.import_timestamp / 1000, 'unixepoch') AS imported_at,
  b.import_source AS source,
  b.rows_read AS rows_read,
  b.stored AS stored,
  b.duplicates AS duplicates,
  b.rejected AS rejected
FROM import_batches b WHERE b.is_deleted = 0;

CREATE VIEW readable_runs AS
SELECT
  r.id AS run_id,
  strftime('%Y-%m-%d %H:%M:%S', r.started_at / 1000, 'unixepoch') AS started_at,
  v.name AS program,
  r.status AS status,
  r.ended_at - r.started_at AS took_ms,
  (SELECT sum(n.rows_in) FROM run_nodes n WHERE n.run_id = r.id AND n.stage LIKE 'to %') AS rows_written,
  r.message AS message,
  r.parameters AS parameters
FROM runs r JOIN workflow_versions v ON v.id = r.version_id WHERE r.is_deleted = 0;
