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
printf 'param share: percent = 7%%\nparam odd: float = 0.1\nfrom library.tracks | add x: odd | take share | show\n' >share.nrd
t narada-run share.nrd --help
