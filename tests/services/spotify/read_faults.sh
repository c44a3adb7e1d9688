# fakes: spotify
# Every kind of reading meets every fault that passes, all at once and each once: what comes is what comes without them.
cat >p.nrd <<'P'
from spotify.playlist "Evening" | to file.csv "playlist.csv"
from spotify.playlists | to file.csv "playlists.csv"
from spotify.likes | to file.csv "likes.csv"
from spotify.top range: month | to file.csv "top.csv"
from spotify.recent | to file.csv "recent.csv"
from spotify.album "https://open.spotify.com/album/ALBUM" | to file.csv "album.csv"
from spotify.artist "https://open.spotify.com/artist/ARTIST" | to file.csv "artist.csv"
from spotify.search "hunter" | to file.csv "search.csv"
from spotify.playlist "Bob's Mix" | sort spotify.popularity | sort spotify.liked | to file.csv "columns.csv"
P
api() { curl -s -H 'Authorization: Bearer fake-token' "$SPOTIFY/v1/$1"; }
album=$(api tracks/2TpxZ7JUBn3uw46aR7qd6V | jq -r .album.id)
artist=$(api tracks/2TpxZ7JUBn3uw46aR7qd6V | jq -r '.artists[0].id')
sed -i.bak "s/ALBUM/$album/; s/ARTIST/$artist/" p.nrd
lists="/v1/playlists/37i9dQZF1DX0XUsuxWHRQd/items /v1/me/playlists /v1/me/tracks /v1/me/top/tracks /v1/me/player/recently-played /v1/artists /v1/search"
things="/v1/albums /v1/tracks /v1/me/library/contains"
run() {
  rm -f *.csv
  narada-run p.nrd --loopback ${on#*--loopback} >said 2>&1 || { echo "exit $?"; cat said; }
  cat *.csv | cksum
}
run >right
wc -l *.csv | awk '{print $2, $1}'
asked spotify >/dev/null
# try FAULTS PLACE...: each place meets one of the faults, a line each, in turn
try() {
  faults=$1 at=${turn:-0}
  shift
  for place; do
    count=$(printf '%s\n' "$faults" | wc -l)
    fault spotify "{\"match\":\"GET $place\",\"do\":$(printf '%s\n' "$faults" | sed -n "$((at % count + 1))p")}"
    at=$((at + 1))
  done
  run >got
  cmp right got && printf '%s\n' "the same in spite of" "$faults" "  $# places, $(asked spotify | grep -c ' -> [45]') refusals"
}
# With ALL=1 each place meets each fault of the first lines; it takes longer.
for turn in 0 ${ALL:+1 2 3}; do
  try '"status","status":502
"drop"
"cut"
"slow","ms":150' $lists $things
done
try '"status","status":429,"headers":{"Retry-After":"1"}' $lists $things
try '"status","status":401,"body":{"error":{"status":401,"message":"The access token expired"}}' $lists $things
try '"status","status":200,"body":"<html>"' $lists
echo "# what is no answer about a thing does not say that there is none"
fault spotify '{"match":"GET /v1/albums","do":"status","status":200,"body":"<html>"}'
t narada-run p.nrd $on
