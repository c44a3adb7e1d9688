-- Schema 8: figures of each track over the whole history, kept with each import.

-- Of the listens, by the counting rule in settings. first_played and last_played are of counted plays.
CREATE TABLE track_totals (
  track_id INTEGER PRIMARY KEY,
  plays INTEGER NOT NULL,
  skips INTEGER NOT NULL,
  listened_ms INTEGER NOT NULL,
  first_played INTEGER,
  last_played INTEGER
) STRICT;
INSERT INTO derived(name, is_current) VALUES('track_totals', NOT EXISTS (SELECT 1 FROM plays));

-- Some rules ask for a track's length, and a better match moves plays: then the figures are made anew.
CREATE TRIGGER tr_tracks_duration AFTER UPDATE OF duration_ms ON tracks WHEN new.duration_ms IS NOT old.duration_ms BEGIN
  UPDATE derived SET is_current = 0 WHERE name = 'track_totals';
END;
CREATE TRIGGER tr_track_mapping_rows AFTER UPDATE ON track_mapping_rows BEGIN
  UPDATE derived SET is_current = 0;
END;
CREATE TRIGGER tr_track_mapping_rows_delete AFTER DELETE ON track_mapping_rows BEGIN
  UPDATE derived SET is_current = 0;
END;
CREATE TRIGGER tr_connector_track_ids AFTER UPDATE OF maps_itself ON connector_track_ids BEGIN
  UPDATE derived SET is_current = 0;
END;

-- How often each track was heard, for people: by the rule that the user chose, where schema 5 knew one.
DROP VIEW readable_counts;
CREATE VIEW readable_counts AS
SELECT
  t.title AS title,
  (SELECT group_concat(value, ', ') FROM json_each(t.artists)) AS artists,
  h.plays + h.skips AS listens,
  h.plays AS plays,
  h.skips AS skips,
  round(h.listened_ms / 60000.0, 1) AS minutes,
  strftime('%Y-%m-%d %H:%M:%S', h.first_played / 1000, 'unixepoch') AS first_played,
  strftime('%Y-%m-%d %H:%M:%S', h.last_played / 1000, 'unixepoch') AS last_played,
  h.track_id AS track_id
FROM track_totals h JOIN tracks t ON t.id = h.track_id WHERE t.is_deleted = 0;
