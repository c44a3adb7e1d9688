-- Schema 10: an id of Spotify is found by a hash of all of it. Ids that begin alike were looked through one by one.

-- 31 bits; finds candidates, proves nothing. NULL where there is a spotify_id = the next command that writes fills it in.
ALTER TABLE tracks ADD COLUMN spotify_hash INTEGER;
DROP INDEX ix_tracks_spotify_id;
CREATE INDEX ix_tracks_spotify_hash ON tracks(spotify_hash) WHERE spotify_id IS NOT NULL;
CREATE TRIGGER tr_tracks_spotify_id AFTER UPDATE OF spotify_id ON tracks WHEN NEW.spotify_id IS NOT OLD.spotify_id BEGIN
  UPDATE tracks SET spotify_hash = NULL WHERE id = NEW.id;
END;

-- Asked by people's tools, which do not know the hash.
DROP TRIGGER connector_tracks_insert;
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
