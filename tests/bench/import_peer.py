#!/usr/bin/env python3
"""The peer of `narada import-spotify-plays`: the same rows into SQLite with Python's json and sqlite3.

usage: import_peer.py STORE FOLDER

One file at a time: parse, upsert its tracks, insert its plays with executemany under a unique key, commit. Prints the
counts that the import prints."""
import datetime
import glob
import json
import os
import sqlite3
import sys

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS tracks (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, service TEXT NOT NULL, service_id TEXT NOT NULL, title TEXT, artist TEXT,
  album TEXT,
  UNIQUE (service, service_id));
CREATE TABLE IF NOT EXISTS track_plays (
  id INTEGER PRIMARY KEY, track_id INTEGER NOT NULL REFERENCES tracks(id), service TEXT NOT NULL,
  played_at INTEGER NOT NULL, ms_played INTEGER NOT NULL, platform TEXT, country TEXT, reason_start TEXT,
  reason_end TEXT, shuffle INTEGER, skipped INTEGER, offline INTEGER, incognito INTEGER, offline_at INTEGER,
  import_source TEXT NOT NULL, import_batch TEXT NOT NULL,
  UNIQUE (played_at, track_id, ms_played));
CREATE TABLE IF NOT EXISTS rejections (file TEXT NOT NULL, row INTEGER NOT NULL, reason TEXT NOT NULL, UNIQUE (file, row, reason));
"""


ADD_TRACK = """INSERT INTO tracks(kind, service, service_id, title, artist, album) VALUES(?, ?, ?, ?, ?, ?)
 ON CONFLICT(service, service_id) DO NOTHING"""
FIND_TRACK = "SELECT id FROM tracks WHERE service = 'spotify' AND service_id = ?"
ADD_PLAY = """INSERT INTO track_plays(track_id, service, played_at, ms_played, platform, country, reason_start, reason_end,
 shuffle, skipped, offline, incognito, offline_at, import_source, import_batch)
 VALUES(?, 'spotify', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'spotify_export', ?)
 ON CONFLICT(played_at, track_id, ms_played) DO NOTHING"""


def identify(row):
    """(kind, id, title, artist, album) of what was played, or None."""
    title, artist = row.get("master_metadata_track_name"), row.get("master_metadata_album_artist_name")
    if row.get("spotify_track_uri") or title:
        key = row.get("spotify_track_uri") or "names:%s:%s" % (artist, title)
        return ("track", key, title, artist, row["master_metadata_album_album_name"])
    if row.get("spotify_episode_uri"):
        return ("episode", row["spotify_episode_uri"], row["episode_name"], row["episode_show_name"], None)
    if row.get("audiobook_chapter_uri"):
        return ("chapter", row["audiobook_chapter_uri"], row["audiobook_chapter_title"], row["audiobook_title"], None)
    return None


def offline_at(value):
    if not value:
        return None
    return value if value >= 1000000000000 else value * 1000


def import_file(store, path, batch, known):
    """Counts of (rows, stored, duplicates, rejected)."""
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    tracks, plays, rejected = {}, [], []
    for number, row in enumerate(rows, 1):
        what = identify(row)
        if what is None:
            rejected.append((os.path.basename(path), number, "names no track, episode or audiobook"))
            continue
        if what[1] not in known:
            tracks[what[1]] = (what[0], "spotify", what[1], what[2], what[3], what[4])
        ended = datetime.datetime.fromisoformat(row["ts"].replace("Z", "+00:00"))
        played_at = int(ended.timestamp()) * 1000 - row["ms_played"]
        plays.append((what[1], played_at, row["ms_played"], row["platform"], row["conn_country"], row["reason_start"],
                      row["reason_end"], row["shuffle"], row["skipped"], row["offline"], row["incognito_mode"],
                      offline_at(row["offline_timestamp"])))
    store.executemany(ADD_TRACK, tracks.values())
    for key in tracks:
        known[key] = store.execute(FIND_TRACK, (key,)).fetchone()[0]
    before = store.total_changes
    store.executemany(ADD_PLAY, ((known[play[0]],) + play[1:] + (batch,) for play in plays))
    stored = store.total_changes - before
    store.executemany("INSERT OR IGNORE INTO rejections VALUES(?, ?, ?)", rejected)
    store.commit()
    return len(rows), stored, len(plays) - stored, len(rejected)


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    store = sqlite3.connect(sys.argv[1])
    store.executescript(SCHEMA)
    known, total = {}, (0, 0, 0, 0)
    for path in sorted(glob.glob(os.path.join(sys.argv[2], "*.json"))):
        counts = import_file(store, path, "peer", known)
        total = tuple(a + b for a, b in zip(total, counts))
    store.close()
    print(json.dumps(dict(zip(("rows", "stored", "duplicates", "rejected"), total))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
