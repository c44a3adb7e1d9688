# fakes: spotify
run() {
  echo "$1 | to file.jsonl \"out.jsonl\"" >p.nrd
  t narada-run p.nrd $on
  [ ! -f out.jsonl ] || cat out.jsonl
  rm -f out.jsonl
  asked spotify
}
run 'from spotify.playlists'
run 'from spotify.playlists owned: true'
run 'from spotify.playlists owned: false'
run 'from spotify.top range: month | add number: position'
run 'from spotify.top'
run 'from spotify.top range: years'
run 'from spotify.recent'
run 'from spotify.album "spotify:album:I8UR1qeAqkrHMw4JMx5IX4"'
run 'from spotify.album "spotify:album:I8UR1qeAqkrHMw4JMx5IX4" | add code: isrc'
run 'from spotify.artist "UKwUUgZioQ1TNnVvlORxu6"'
run 'from spotify.search "artist:björk" limit: 3 | add by: artists'
run 'from spotify.search "isrc:GBAAA1100001"'
run 'from spotify.search "nobody made this"'
run 'from spotify.album "Homogenic"'
run 'from spotify.artist "spotify:artist:0000000000000000000000"'
