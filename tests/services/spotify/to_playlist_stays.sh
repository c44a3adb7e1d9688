# fakes: spotify
# What no row can stand for: a file of the person's own, an episode and an entry that is no more keep their places; and how playlists are found and made.
evening='.playlists[] | select(.name == "Evening") | .items | map((.uri // "gone")[8:20] + " " + (.added_at // "-")[0:10])[]'
run() {
  echo "$1" >p.nrd
  t narada-run p.nrd $on ${2:-}
}
run 'from spotify.playlist "Evening" | sort title | to spotify.playlist "Evening"'
state spotify "$evening"
asked spotify | grep -v GET
run 'from spotify.playlist "Evening" | keep artist != "Some One" | reverse | to spotify.playlist "evening"'
state spotify "$evening"
asked spotify | grep -v GET
run 'from spotify.playlist "Evening" | take 2 | to spotify.playlist "Evening" mode: replace' --dry-run
run 'from spotify.playlist "Evening" | take 2 | to spotify.playlist "Evening" mode: replace'
state spotify "$evening"
asked spotify | grep -v GET
# One that is not there is made, for nobody else to see.
cat >rows.csv <<'C'
title,artist,spotify.id
Hunter,Björk,2TpxZ7JUBn3uw46aR7qd6V
Nobody Knows,Nobody,
Army of Me,Björk,3n3Ppam7vgaVa1iaRUc9Lp
C
run 'from file.csv "rows.csv" | to spotify.playlist "New & old"' --dry-run
run 'from file.csv "rows.csv" | to spotify.playlist "New & old"'
asked spotify
state spotify '.playlists[0] | [.name, .public, (.items | length)]'
run 'from file.csv "rows.csv" | to spotify.playlist "New & old" mode: append'
run 'from spotify.likes | to spotify.playlist "spotify:playlist:000000000000000foreign" mode: append'
run 'from spotify.likes | to spotify.playlist "Twice"'
run 'from spotify.likes | to spotify.playlist "spotify:album:000000000000000foreign"'
run 'from spotify.likes | to spotify.playlist "zzzzzzzzzzzzzzzzzzzzzz"'
asked spotify
