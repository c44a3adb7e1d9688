# Only purge removes, only what was deleted, and only when somebody agrees.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
export NARADA_STORE=$PWD/s.db
mask() { sed -e "s|$PWD/||g"; }
m() { t "$@" | mask; }
q() { sqlite3 s.db "PRAGMA foreign_keys=ON; $1"; }
m narada purge
printf 'title,artist\nA,B\nC,D\nE,F\nUnspeakable,H\n' >in.csv
cat >make.nrd <<'P'
param n: int = 4
from file.csv "in.csv" | take n | to library.playlist "P" | to library.tags "mine"
P
narada-run make.nrd --quiet --now 2026-01-01T12:00Z
narada-run make.nrd --quiet --now 2026-02-01T12:00Z --n 3
echo 'from file.csv "in.csv" | take 2 | to library.tags "mine" mode: remove' >untag.nrd
narada-run untag.nrd --quiet --now 2026-03-01T12:00Z
m narada purge </dev/null
q "select count(*) from playlist_tracks"
m narada purge --dry-run --now 2026-04-01T12:00Z
m narada purge --dry-run --older 45d --now 2026-04-01T12:00Z
m narada purge --older 3 --now 2026-04-01T12:00Z
m narada purge --older 45d --yes --now 2026-04-01T12:00Z
m narada purge --dry-run --json
q "select count(*) from playlist_tracks; select count(*) from track_tags"
m narada purge x
# A deleted track that a playlist names stays; one that nothing names goes. A deleted playlist takes its entries along.
q "update tracks set is_deleted = 1, deleted_at = 1 where title in ('A', 'Unspeakable')"
m narada purge --dry-run
q "update playlists set is_deleted = 1, deleted_at = 1"
grep -c Unspeakable s.db
m narada purge --yes --json
m narada verify --quiet
q "select title from tracks order by 1"
# What was removed is not in the file any more.
q "update track_tags set is_deleted = 1, deleted_at = 1"
m narada purge --yes
cat s.db s.db-wal 2>/dev/null | grep -c Unspeakable
m narada purge --runs 50d --now 2026-04-15T12:00Z --dry-run
m narada purge --runs 50d --now 2026-04-15T12:00Z --yes
narada runs | cut -c1-36
narada-run make.nrd --quiet --now 2026-05-01T12:00Z
q "insert into response_cache(connector_name, request_key, http_status, body, fetched_at, expires_at, created_at, updated_at) values ('x', 'a', 200, x'61', 1, 2, 1, 1), ('x', 'b', 200, x'61', 1, NULL, 1, 1)"
m narada purge --yes
q "select request_key from response_cache"
narada backup --quiet b.db && mkdir backups && mv b.db b.db.sha256 backups/
narada-run make.nrd --quiet --n 1 --yes --now 2026-05-02T12:00Z
m narada purge --yes
m narada verify --quiet
