# fakes: spotify
# option spotify: regime=B
# An application in development mode is not told how popular tracks are: one call shows it.
run() {
  echo "$1" >p.nrd
  t narada-run p.nrd $on
  asked spotify | sed 's/\(ids\|uris\)=[^ ]*/\1=.../' | sort
}
run 'from spotify.likes | add heart: spotify.liked, pop: spotify.popularity | show'
run 'from spotify.likes | add pop: spotify.popularity | show'
