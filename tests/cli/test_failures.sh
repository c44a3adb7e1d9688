# Every way in which a case can fail.
cat >mix.nrd <<'N'
param least: int = 2
from library.played
| keep plays >= least
| sort plays desc
| show
| to library.playlist "Mix"
| to file.m3u "mix.m3u"
N
cat >world <<'N'
now 2026-06-01T12:00Z

tracks
| id | title | artist | duration |
| a  | Alpha | Ann    | 3min20s  |
| b  | Beta  | Ben    | 4:05     |
| c  | Gamma | Cid    |          |

plays
| track | played_at  | times |
| a     | 2026-05-20 |     2 |
| b     | 2026-05-20 |     4 |
| c     | 2026-05-20 |     1 |

N
{ cat world; cat <<'N'; } >mix.expect
case "as it is"
expect show
| title | plays |
| Beta  |     4 |
| Alpha |     2 |
expect playlist "Mix"
| title |
| Beta  |
| Alpha |
expect exit 0

case "other rows"
expect show
| title | artist | plays |
| Beta  | Ben    |     4 |
| Alpha | Anna   |     2 |
| Delta | Dan    |     1 |

case "another order"
expect to library.playlist "Mix"
| title |
| Alpha |
| Beta  |

case "no rows"
expect show
| title |

case "something where nothing is"
param least = 100
expect show
| title |
| Alpha |

case "nothing where something is"
expect nothing

case "another destination"
expect to library.playlist "Mixed"
| title |
| Alpha |

case "the same destination twice"
expect show
| title |
| Beta  |
| Alpha |
expect show
| title |
| Beta  |
| Alpha |

case "another column"
expect show
| title | lastfm.plays |
| Alpha |            2 |

case "a cell of another type"
expect show
| title | plays |
| Beta  | four  |
| Alpha |     2 |

case "other lines"
expect file "mix.m3u"
> #EXTM3U
> #EXTINF:245,Ben - Beta
> Ben - Beta.mp3

case "a file that is not written"
expect file "other.m3u"
> #EXTM3U

case "a playlist that is not there"
expect playlist "Other"
| title |

case "a notice that does not come"
expect notice "3 added"

case "an error that does not come"
expect error "no such"

case "another exit"
expect exit 4

case "an unknown parameter"
param lest = 3
expect nothing

case "the unknown parameter expected"
param lest = 3
expect error "did you mean --least"

case "another error expected"
param least = x
expect error N2004
N
t naradac test mix.expect
t naradac test --quiet mix.expect

# programs that do not compile
echo 'from library.tracks | keep pays > 3 | show' >wrong.nrd
cat >wrong.expect <<'N'
case "a mistake that is expected"
expect error N2004
case "one that is not"
expect nothing
case "another one"
expect error N3001
case "a program that is not there"
program nowhere.nrd
expect nothing
N
t naradac test wrong.expect

# what the test does not give
cat >net.nrd <<'N'
from spotify.playlist "Radar"
| sort lastfm.plays desc
| to spotify.playlist "Sorted"
N
cat >net.expect <<'N'
case "no rows"
expect to spotify.playlist
| title |
case "no values"
from spotify.playlist
| title |
| Alpha |
expect to spotify.playlist
| title |
case "all given"
from spotify.playlist "Radar"
| title | artist | lastfm.plays |
| Alpha | Ann    |            3 |
| Beta  | Ben    |              |
| Gamma | Cid    |           12 |
expect to spotify.playlist "Sorted"
| title | lastfm.plays |
| Gamma |           12 |
| Alpha |            3 |
| Beta  |              |
N
t naradac test net.expect
echo 'from file.csv "more.csv" | show' >file.nrd
cat >file.expect <<'N'
case "no file"
expect nothing
case "a file"
file "more.csv"
> title,artist
> Alpha,Ann
expect show
| title | artist |
| Alpha | Ann    |
N
t naradac test file.expect
t ls
