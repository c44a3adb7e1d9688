# fakes: spotify
# option spotify: regime=B
# Spotify shows another release in the place of a track, and an application in development mode is not told which; others' playlists cannot be written.
cat >rows.csv <<'C'
title,artist,spotify.id
Hunter,Björk,2TpxZ7JUBn3uw46aR7qd6V
Moved Abroad,Relinked,6habFhsOp2NvshLv26DqMb
C
run() {
  echo "$1" >p.nrd
  t narada-run p.nrd $on ${2:-}
}
run 'from file.csv "rows.csv" | to spotify.playlist "Shown"'
run 'from spotify.playlist "Shown" | reverse | to spotify.playlist "Shown"'
state spotify '.playlists[0].items | map(.uri[14:20])'
run 'from spotify.playlist "Shown" | take 1 | to spotify.playlist "Shown"'
run 'from file.csv "rows.csv" | to spotify.playlist "https://open.spotify.com/playlist/000000000000000foreign"'
