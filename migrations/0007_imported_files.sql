-- Schema 7: the files that were imported to their end, so that what did not change since is not read again.

-- A file is the same as long as its path, size, times, device and inode are: even a change that sets the time of
-- modification back changes changed_ns. Of a zip there is one row. A file that was broken, or that changed while it was
-- read, has none.
CREATE TABLE imported_files (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE, -- absolute, without links
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL, -- nanoseconds since 1970, as the file system has it
  changed_ns INTEGER NOT NULL,
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  reader INTEGER NOT NULL, -- the version of the reader that took it
  track_rows INTEGER NOT NULL,
  track_rejected INTEGER NOT NULL,
  episode_rows INTEGER NOT NULL,
  episode_rejected INTEGER NOT NULL,
  chapter_rows INTEGER NOT NULL,
  chapter_rejected INTEGER NOT NULL,
  unknown_rows INTEGER NOT NULL, -- told neither a track nor an episode nor a chapter
  unknown_rejected INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
