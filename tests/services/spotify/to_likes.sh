# fakes: spotify
# option spotify: many=100
# What is not liked yet is saved, forty at a time, the first row last; an earlier like keeps its date.
cat >rows.csv <<'C'
title,spotify.id
Hunter,2TpxZ7JUBn3uw46aR7qd6V
Jóga,1301WleyT98MSxVHPZCA6M
Nobody Knows,
Venus as a Boy,0VjIjW4GlUZAMYd2vXMi3b
Hunter,2TpxZ7JUBn3uw46aR7qd6V
C
run() {
  echo "$1" >p.nrd
  t narada-run p.nrd $on ${2:-} | sed 's/in [0-9]* ms/in N ms/'
  asked spotify | sed 's/spotify:track:\(.\{4\}\).\{14\}\(....\)/\1.\2/g' | sort
}
run 'from file.csv "rows.csv" | to spotify.likes' --dry-run
run 'from file.csv "rows.csv" | to spotify.likes'
run 'from file.csv "rows.csv" | to spotify.likes'
state spotify '.likes | map(.id[0:6] + " " + .added_at[0:10])[]'
run 'from spotify.playlist "Many" | take 90 | to spotify.likes' | cut -c1-100
state spotify '.likes | length, .[0].id'
fault spotify '{"match":"PUT /v1/me/library","do":"lie","status":502}'
run 'from spotify.playlist "Many" | skip 95 | to spotify.likes'
fault spotify '{"match":"GET /v1/me/library/contains","do":"status","status":200,"body":[true]}'
run 'from spotify.playlist "Many" | skip 95 | to spotify.likes'
curl -s -X DELETE -H 'Authorization: Bearer fake-token' "$SPOTIFY/v1/me/library?uris=spotify:track:3n3Ppam7vgaVa1iaRUc9Lp"
fault spotify '{"match":"PUT /v1/me/library","do":"status","status":429,"headers":{"Retry-After":"48925"},"body":{"error":{"status":429,"message":"API rate limit exceeded","reason":"QUOTA_EXCEEDED"}}}'
run 'from spotify.top range: month | to spotify.likes' | sed 's/before 20[^,;]*/before THEN/'
