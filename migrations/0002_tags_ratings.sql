-- Schema 2: the user's own marks on tracks.

-- A tag is kept in its one spelling: lower case, single blanks, none around its first colon ('mood:chill').
CREATE TABLE track_tags (
  id INTEGER PRIMARY KEY,
  track_id INTEGER NOT NULL REFERENCES tracks(id),
  tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 64),
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (track_id, tag)
) STRICT;
CREATE INDEX ix_track_tags_tag ON track_tags(tag) WHERE is_deleted = 0;

-- 1 to 5. Programs that know four words for it use 1 (nah), 3 (hmm), 4 (yah) and 5 (star).
CREATE TABLE track_ratings (
  id INTEGER PRIMARY KEY,
  track_id INTEGER NOT NULL UNIQUE REFERENCES tracks(id),
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
