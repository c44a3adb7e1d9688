-- Schema 5: figures of each track over the whole history, kept with each import.

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
CREATE TRIGGER tr_track_mappings AFTER UPDATE OF track_id, confidence, is_deleted ON track_mappings BEGIN
  UPDATE derived SET is_current = 0;
END;
