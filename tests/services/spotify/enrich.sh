# fakes: spotify
# option spotify: many=90
# Whether a track is liked, forty a call, and how popular it is, fifty a call; kept for a day. What cannot be asked for is missing, and drops no row.
run() {
  echo "$1" >p.nrd
  t narada-run p.nrd $on
  asked spotify | sed 's/\(ids\|uris\)=[^ ]*/\1=.../' | sort
}
run 'from spotify.likes | to library.likes'
run 'from spotify.likes | add heart: spotify.liked, pop: spotify.popularity | show'
run 'from spotify.playlist "Many" | keep not spotify.liked | tally n: count() | show'
run 'from spotify.playlist "Many" | sort spotify.popularity desc, title | take 1 | show'
run 'from spotify.playlist "Many" | sort spotify.popularity desc, title | take 1 | show'
fault spotify '{"match":"GET /v1/me/library/contains","times":9,"do":"status","status":403,"body":{"error":{"status":403,"message":"Insufficient client scope"}}}'
run "from spotify.playlist \"Bob's Mix\" | add heart: spotify.liked, pop: spotify.popularity | show"
run "from spotify.playlist \"Bob's Mix\" | add heart: spotify.liked, pop: spotify.popularity | show"
