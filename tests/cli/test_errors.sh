# Everything that can be wrong with a test file.
echo 'from library.tracks | show' >a.nrd
try() {
  cat >a.expect
  t naradac test a.expect
}
try <<'N'
trakcs
| title |
| Alpha |
expct show
case "a"
expect nothing
N
try <<'N'
now
zone
param window
playlist
from
file
case
expect
expect to
expect to library.playlist "x
expect something
expect exit seven
expect error N0000
expect notice
expect nothing else
expect nothing to file.csv "x" y
tracks "all"
N
try <<'N'
tracks
| title | artist |
| Alpha |
| Beta | Ben | 3 |
| Gamma | Cid
| "Delta | Dan |
expect nothing
N
try <<'N'
| title |
| Alpha |
> lines
expect nothing
case "b"
expect nothing
N
try <<'N'
tracks
| titel | artist | plays | times |
| Alpha | Ann    |     3 | 2     |
plays
| track | played |
| Alpha | 2024   |
likes
| liked_at |
| 2024-05-05 |
expect nothing
N
try <<'N'
tracks
| title | duration | released   | explicit | artists | lastfm.plays |
| Alpha | 3 min    | 2024-02-31 | maybe    | A,,B    | many         |
plays
| track | played_at | times | ms_played |
|       |           | 9999  | -         |
| Alpha | yesterday | -1    | 3:200     |
expect nothing
N
try <<'N'
tracks
| id | title | artist |
| a  | Alpha | Ann    |
| b  | Alpha | Ben    |
plays
| track       | played_at  |
| Alpha       | 2024-05-05 |
| Alfa        | 2024-05-05 |
| Ben - Alpha | 2024-05-05 |
| Nobody      | 2024-05-05 |
expect nothing
N
try <<'N'
now 2024-05-05
now 2024-05-06
param n = 1
param n = 2
tracks
| title | title |
| Alpha | Beta  |
tracks
| title |
case "one"
expect nothing
case "one"
expect nothing
N
try <<'N'
from spotify.playlst "x"
| title |
from library.tracks
| title |
expect to library.playlst "x"
| title |
N
try <<'N'
case "empty"
case "lacking"
tracks
playlist "x"
file "y"
expect show
expect file "z"
N
try <<'N'
now then
zone Europe/Berlim
seed 1.5
expect nothing
N
printf 'case "\377"\n' >latin.expect
t naradac test latin.expect
: >empty.expect
t naradac test empty.expect
