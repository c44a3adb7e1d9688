# fakes: spotify
# option spotify: regime=B
# Others' playlists cannot be read, and nothing can be asked for many at once.
run() {
  echo "$1 | to file.jsonl \"out.jsonl\"" >p.nrd
  t narada-run p.nrd $on
  [ ! -f out.jsonl ] || cat out.jsonl
  rm -f out.jsonl
  asked spotify | sort
}
run 'from spotify.playlist "Evening" | take 2'
run 'from spotify.playlists owned: false'
run "from spotify.playlist \"Bob's Mix\""
run 'from spotify.artist "UKwUUgZioQ1TNnVvlORxu6"'
run 'from spotify.search "björk" limit: 2'
run 'from spotify.likes'
