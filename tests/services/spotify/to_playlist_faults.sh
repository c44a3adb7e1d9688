# fakes: spotify
# No call is made twice unread, whatever the network does with it; what somebody else did meanwhile is left alone.
ids() { sed 's/./&\n/g' | while read -r c; do [ -z "$c" ] || echo "Song $c,$(printf %022d 0 | tr 0 "$(printf %s "$c" | tr A-Z a-z)")"; done; }
echo title,spotify.id >rows.csv
printf ABCDEFGH | ids >>rows.csv
items="/v1/playlists/listlistlistlistlist00/items"
letters='.playlists[0].items | map(.uri[14:15] | ascii_upcase) | join("")'
run() {
  t narada-run ${1:-p}.nrd $on
  state spotify "$letters"
  asked spotify | grep -v GET | sed 's/spotify:track:\(.\).\{21\}/\1/g'
}
echo 'from file.csv "rows.csv" | to spotify.playlist "List"' >p.nrd
for fault in '"lose"' '"lie","status":502' '"drop"' '"status","status":500' '"cut"'; do
  echo "# $fault"
  fault spotify "{\"match\":\"POST $items\",\"do\":$fault}"
  run
  echo 'from file.csv "rows.csv" | skip 8 | to spotify.playlist "List"' >empty.nrd
  narada-run empty.nrd $on --yes >/dev/null
  asked spotify >/dev/null
done
run >/dev/null
echo 'from file.csv "rows.csv" | reverse | to spotify.playlist "List"' >reverse.nrd
echo "# moves, one of them lost on the way back"
fault spotify "{\"match\":\"PUT $items\",\"skip\":2,\"do\":\"lose\"}"
run reverse
echo "# somebody adds a track between two calls"
fault spotify "{\"match\":\"PUT $items\",\"skip\":1,\"do\":\"meanwhile\",\"method\":\"POST\",\"target\":\"$items\",\"json\":{\"uris\":[\"spotify:track:zzzzzzzzzzzzzzzzzzzzzz\"],\"position\":0}}"
run
echo "# and moves one: mended"
echo 'from file.csv "rows.csv" | to spotify.playlist "List"' >p.nrd
fault spotify "{\"match\":\"PUT $items\",\"skip\":1,\"do\":\"meanwhile\",\"method\":\"PUT\",\"target\":\"$items\",\"json\":{\"range_start\":0,\"insert_before\":8}}"
run
echo "# a list that does not come whole is not changed"
fault spotify "{\"match\":\"GET $items\",\"do\":\"status\",\"status\":404,\"body\":{\"error\":{\"status\":404,\"message\":\"Resource not found\"}}}"
run reverse
run >/dev/null
asked spotify >/dev/null
for answer in '"items":[],"total":0' '"items":[],"total":8'; do
  echo "# a reading that comes empty: {$answer}"
  fault spotify "{\"match\":\"GET $items\",\"do\":\"status\",\"status\":200,\"body\":{$answer,\"limit\":50,\"offset\":0,\"next\":null,\"previous\":null,\"href\":\"https://api.spotify.com/v1\"}}"
  run reverse
  run >/dev/null
done
