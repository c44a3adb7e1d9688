-- Schema 4: which observations are one listen, and what is counted of them. Both are derived and can be made anew from plays.

-- A play that stands alone is a listen and has no row here. Times and key as in plays.
CREATE TABLE play_listens (
  played_at INTEGER NOT NULL,
  connector_track_id INTEGER NOT NULL,
  ms_played INTEGER NOT NULL,
  listen_id INTEGER NOT NULL, -- plays.id of the head, which has the best time of them
  role INTEGER NOT NULL, -- 1 head, 2 duplicate, 3 fragment, 4 merged from another source
  -- Of a head: what the whole listen is.
  listen_connector_track_id INTEGER, -- what was played, by the most trusted source
  listen_ms_played INTEGER, -- -1 = not known
  listen_context_id INTEGER, -- how it ended, by the same source
  listen_offline_at INTEGER,
  before_ms INTEGER, after_ms INTEGER, -- how far from played_at its first and last observation lie
  divergent INTEGER, -- 1 = a service's ids of different tracks are in it, joined by their names
  PRIMARY KEY (played_at, connector_track_id, ms_played)
) STRICT, WITHOUT ROWID;

-- What is derived, and whether it is what the plays say. The program makes anew what is not.
CREATE TABLE derived (
  name TEXT PRIMARY KEY,
  is_current INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO derived(name, is_current) VALUES('listens', NOT EXISTS (SELECT 1 FROM plays));

-- What was listened to, each once: plays without the observations that only repeat one.
CREATE VIEW listens AS
SELECT
  p.id AS id,
  (SELECT m.track_id FROM track_mappings m
    WHERE m.connector_track_id = coalesce(l.listen_connector_track_id, p.connector_track_id) AND m.is_deleted = 0
    ORDER BY m.confidence DESC, m.id LIMIT 1) AS track_id,
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
