# Upper bounds of rows, calls and seconds; where filters and enrichers went and why.
cat >mix.nrd <<'NRD'
let all = from spotify.playlist "Everything"
from all | sort lastfm.plays desc | take 30 | to spotify.playlist "Most played"
from all | keep spotify.popularity < 20 and released in @2020 and lastfm.plays > 3 | take 3 | show
from library.plays | keep ms_played > 30s | drop title == "x" or artist is missing | tally artist n: count() | show
from lastfm.loved | enrich listenbrainz max_age: 1d | per artist { top 2 by: listenbrainz.plays } | to library.likes
from spotify.recent | tracks | to lastfm.loved
NRD
t naradac explain mix.nrd
