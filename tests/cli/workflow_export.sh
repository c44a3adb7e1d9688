# A program is written as a JSON workflow, which is read back as the same streams.
cat >mix.nrd <<'NRD'
## Fresh mix
## New things, without what was heard this week

param target: text = "Fresh"   ## where it goes
param most: int = 30

stage recent(days: duration = 90d) =
  keep released > days ago and duration >= 1min and duration < 1h

let heard = from library.played within: 7d | sort last_played desc

## For the "weekend"
from library.liked
| keep lastfm.loved ?? false
| sort title
| take 500
| recent
| keep plays >= 2 and plays <= 10 and last_played < 60d ago
| keep released in @2010..@2019 or released is missing
| keep "mood:chill" in tags and "b" in tags
| drop rating <= 1
| drop explicit
| except heard, { from spotify.playlist "37i9dQZF1DX0XUsuxWHRQd" | unique }
| except heard by: artist
| sort plays(30d) desc, lastfm.plays
| shuffle
| take 50%
| to spotify.playlist "{target} {date(now)} {most}" mode: replace
| to library.playlist "12345678-1234-1234-1234-123456789abc" mode: append
NRD
t naradac export mix.nrd
naradac export mix.nrd -o mix.json
naradac import mix.json -o again.nrd
t cat again.nrd
naradac export again.nrd -o mix2.json
sed 's/"again"/"mix"/' mix2.json | diff - mix.json && echo "the same workflow"
t naradac export mix.json
# What cannot be said is told, all of it, and nothing is written.
cat >much.nrd <<'NRD'
param since: duration = 3mo
param title: text = "x"
param least: int = 5
let mine = from library.tracks | keep plays >= least
from spotify.likes
| keep last_played > 30d ago
| keep last_played < since ago
| keep released >= 90d ago and released < @2020-05
| keep liked or explicit
| keep plays(since) > 2 and plays > 3 * least
| sort skips
| take 3 per: artist
| sample 3
| interleave mine weights: [2, 1]
| shuffle weight: plays(30d)
| take 12.5%
| enrich musicbrainz
| unique by: isrc
| to spotify.playlist "{least + 1} \{date\}"
| to library.playlist "Mix"
| to file.m3u "mix.m3u"
NRD
t naradac export much.nrd -o much.json
t naradac export --defaults much.nrd
ls much.json 2>/dev/null
echo 'from library.plays | tally artist n: count() | sort n desc | show' >tally.nrd
t naradac export tally.nrd
echo 'let a = from library.liked' >none.nrd
t naradac export none.nrd
t naradac export std.sort_by_release_date
# A stream that cannot be read is told once, also where others are taken from it.
echo 'from library.tracks | except library.liked by: artist | to library.playlist "x" mode: replace' >except.nrd
t naradac export except.nrd
