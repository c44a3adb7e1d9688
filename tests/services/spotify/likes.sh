# fakes: spotify
# The first reading takes all, later ones what came since; a run that fails leaves the place where it is.
cat >p.nrd <<'P'
from spotify.likes since: checkpoint
| to library.likes
P
t narada-run p.nrd $on
asked spotify
t narada-run p.nrd $on
asked spotify
curl -s -X PUT -H 'Authorization: Bearer fake-token' "$SPOTIFY/v1/me/library?uris=spotify:track:2TpxZ7JUBn3uw46aR7qd6V"
cat >fails.nrd <<'P'
from spotify.likes since: checkpoint
| to file.csv "absent/folder/likes.csv"
P
t narada-run fails.nrd $on
t narada-run p.nrd $on --dry-run
later=$(printf %s "$on" | sed 's/12:00Z/12:10Z/')
t narada-run p.nrd $later
t narada-run p.nrd $later
asked spotify
sqlite3 s.db "SELECT title, liked_at FROM readable_likes ORDER BY liked_at" 2>/dev/null || python3 -c "
import sqlite3
for row in sqlite3.connect('s.db').execute('SELECT title, liked_at FROM readable_likes ORDER BY liked_at'): print('|'.join(row))"
echo 'from spotify.likes since: @2024-05-01 | add when: added | to file.jsonl "out.jsonl"' >since.nrd
t narada-run since.nrd $on
cut -c1-60 out.jsonl
asked spotify
