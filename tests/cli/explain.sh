cat >p.nrd <<'P'
## What a listener forgot.

param n: int = 3            ## how many
param since: date           ## from when on
let heard = from library.played within: since
from heard
| keep last_played < 6mo ago
| sort plays(since) desc
| take n
| to library.playlist "Forgotten"
| to file.m3u "forgotten {n}.m3u"
P
t naradac explain p.nrd
t narada-run p.nrd --help
