-- Schema 5: how often each track was heard, for people.

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
