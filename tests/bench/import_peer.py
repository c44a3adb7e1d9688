#!/usr/bin/env python3
"""The peer of `narada import-spotify-plays`: the same rows into SQLite with Python's json and sqlite3.

usage: import_peer.py [--lean] STORE FOLDER

One file at a time: parse, upsert its tracks, insert its plays with executemany under a unique key, commit. Prints the
counts that the import prints. The tables are those of the data model as one writes them down: tracks, connector tracks
and their mapping, plays with their context as JSON, and the indexes that the model names. With --lean there is one
table of tracks and one of plays with a column for each fact and no index but the keys, which is less than the import
does."""
import datetime
import glob
import json
import os
import sqlite3
import sys

PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
REJECTIONS = """
CREATE TABLE IF NOT EXISTS rejections (
  file TEXT NOT NULL, row INTEGER NOT NULL, reason TEXT NOT NULL, UNIQUE (file, row, reason));
"""
LEAN_SCHEMA = """
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
"""
MODEL_SCHEMA = """
CREATE TABLE IF NOT EXISTS tracks (
  id INTEGER PRIMARY KEY, title TEXT, artists TEXT NOT NULL, album TEXT, spotify_id TEXT, isrc TEXT, mbid TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS ix_tracks_spotify_id ON tracks(spotify_id);
CREATE INDEX IF NOT EXISTS ix_tracks_isrc ON tracks(isrc);
CREATE INDEX IF NOT EXISTS ix_tracks_mbid ON tracks(mbid);
CREATE TABLE IF NOT EXISTS connector_tracks (
  id INTEGER PRIMARY KEY, connector_name TEXT NOT NULL, connector_track_id TEXT NOT NULL, kind TEXT NOT NULL,
  title TEXT, artists TEXT NOT NULL, album TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  UNIQUE (connector_name, connector_track_id));
CREATE TABLE IF NOT EXISTS track_mappings (
  id INTEGER PRIMARY KEY, track_id INTEGER NOT NULL, connector_track_id INTEGER NOT NULL, match_method TEXT NOT NULL,
  confidence INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS ix_track_mappings ON track_mappings(track_id, connector_track_id);
CREATE TABLE IF NOT EXISTS track_plays (
  id INTEGER PRIMARY KEY, track_id INTEGER NOT NULL REFERENCES connector_tracks(id), service TEXT NOT NULL,
  played_at INTEGER NOT NULL, ms_played INTEGER, context TEXT, import_timestamp INTEGER NOT NULL,
  import_source TEXT NOT NULL, import_batch TEXT NOT NULL,
  UNIQUE (played_at, track_id, ms_played));
CREATE INDEX IF NOT EXISTS ix_track_plays_service ON track_plays(service);
CREATE INDEX IF NOT EXISTS ix_track_plays_played_at ON track_plays(played_at);
"""
NOW = 1790000000000
ADD_LEAN_TRACK = """INSERT INTO tracks(kind, service, service_id, title, artist, album) VALUES(?, 'spotify', ?, ?, ?, ?)
 ON CONFLICT(service, service_id) DO NOTHING"""
ADD_LEAN_PLAY = """INSERT INTO track_plays(track_id, service, played_at, ms_played, platform, country, reason_start,
 reason_end, shuffle, skipped, offline, incognito, offline_at, import_source, import_batch)
 VALUES(?, 'spotify', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'spotify_export', ?)
 ON CONFLICT(played_at, track_id, ms_played) DO NOTHING"""
ADD_CONNECTOR_TRACK = """INSERT INTO connector_tracks(connector_name, connector_track_id, kind, title, artists, album,
 created_at, updated_at) VALUES('spotify', ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT(connector_name, connector_track_id) DO NOTHING"""
FIND_LEAN_TRACK = "SELECT id FROM tracks WHERE service = 'spotify' AND service_id = ?"
FIND_CONNECTOR_TRACK = "SELECT id FROM connector_tracks WHERE connector_name = 'spotify' AND connector_track_id = ?"
ADD_TRACK = """INSERT INTO tracks(title, artists, album, spotify_id, created_at, updated_at) VALUES(?, ?, ?, ?, ?, ?)"""
ADD_MAPPING = """INSERT INTO track_mappings(track_id, connector_track_id, match_method, confidence, created_at,
 updated_at) VALUES(?, ?, 'spotify_id', 100, ?, ?)"""
ADD_PLAY = """INSERT INTO track_plays(track_id, service, played_at, ms_played, context, import_timestamp, import_source,
 import_batch) VALUES(?, 'spotify', ?, ?, ?, ?, 'spotify_export', ?)
 ON CONFLICT(played_at, track_id, ms_played) DO NOTHING"""
CONTEXT = ("platform", "conn_country", "reason_start", "reason_end", "shuffle", "skipped", "offline", "incognito_mode",
           "offline_timestamp")


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


def add_lean(store, tracks, plays, batch, known):
    store.executemany(ADD_LEAN_TRACK, ((track[0],) + track[1:] for track in tracks.values()))
    for key in tracks:
        known[key] = store.execute(FIND_LEAN_TRACK, (key,)).fetchone()[0]
    before = store.total_changes
    values = ((known[key], played_at, row["ms_played"]) + tuple(row[name] for name in CONTEXT[:8]) +
              (offline_at(row["offline_timestamp"]), batch) for key, played_at, row in plays)
    store.executemany(ADD_LEAN_PLAY, values)
    return store.total_changes - before


def add_model(store, tracks, plays, batch, known):
    for kind, key, title, artist, album in tracks.values():
        artists = json.dumps([artist] if artist else [], ensure_ascii=False)
        store.execute(ADD_CONNECTOR_TRACK, (key, kind, title, artists, album, NOW, NOW))
        known[key] = store.execute(FIND_CONNECTOR_TRACK, (key,)).fetchone()[0]
        if kind == "track":
            spotify_id = key[14:] if key.startswith("spotify:track:") else None
            track = store.execute(ADD_TRACK, (title, artists, album, spotify_id, NOW, NOW)).lastrowid
            store.execute(ADD_MAPPING, (track, known[key], NOW, NOW))
    before = store.total_changes
    values = ((known[key], played_at, row["ms_played"], json.dumps({name: row[name] for name in CONTEXT}), NOW, batch)
              for key, played_at, row in plays)
    store.executemany(ADD_PLAY, values)
    return store.total_changes - before


def import_file(store, path, batch, known, add):
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
            tracks[what[1]] = what
        ended = datetime.datetime.fromisoformat(row["ts"].replace("Z", "+00:00"))
        plays.append((what[1], int(ended.timestamp()) * 1000 - row["ms_played"], row))
    stored = add(store, tracks, plays, batch, known)
    store.executemany("INSERT OR IGNORE INTO rejections VALUES(?, ?, ?)", rejected)
    store.commit()
    return len(rows), stored, len(plays) - stored, len(rejected)


def main():
    lean = "--lean" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--lean"]
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    store = sqlite3.connect(arguments[0])
    store.executescript(PRAGMAS + (LEAN_SCHEMA if lean else MODEL_SCHEMA) + REJECTIONS)
    known, total = {}, (0, 0, 0, 0)
    for path in sorted(glob.glob(os.path.join(arguments[1], "*.json"))):
        counts = import_file(store, path, "peer", known, add_lean if lean else add_model)
        total = tuple(a + b for a, b in zip(total, counts))
    store.close()
    print(json.dumps(dict(zip(("rows", "stored", "duplicates", "rejected"), total))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
