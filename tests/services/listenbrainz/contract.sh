# fakes: listenbrainz musicbrainz
# Between the client and the stand-ins stand the services' own descriptions (OpenAPI), held by Prism: whoever breaks them gets an error.
# option musicbrainz: plain=yes
specs=$root/../shared/specs
[ -f "$specs/listenbrainz/lb.yaml" ] && [ -f "$specs/musicbrainz-web-service.yaml" ] || skip "the descriptions of the services are not in ../shared/specs"
command -v npm >/dev/null || skip "there is no npm"
tools=$bin/../prism-npm
mkdir -p "$tools"
(
  flock 9
  [ -x "$tools/node_modules/.bin/prism" ] || timeout 240 npm install --prefix "$tools" --prefer-offline --ignore-scripts --no-audit --no-fund @stoplight/prism-cli@5.14.2 >"$tools/log" 2>&1
) 9>"$tools/lock" || skip "npm could not bring prism"
prism() {
  "$tools/node_modules/.bin/prism" proxy "$1" "$2" -h 127.0.0.1 -p "$3" --errors >"prism-$3.log" 2>&1 &
  pids="$pids $!"
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
pids=
trap 'kill $pids 2>/dev/null' EXIT
lb=$(free_port)
mb=$(free_port)
prism "$specs/listenbrainz/lb.yaml" "$LISTENBRAINZ" "$lb"
# Every answer of a search is also one of a browse by that description, so that none is exactly one of them.
sed 's/oneOf:/anyOf:/' "$specs/musicbrainz-web-service.yaml" >musicbrainz.yaml
prism musicbrainz.yaml "$MUSICBRAINZ/ws/2" "$mb"
tries=0
until curl -s -o /dev/null "http://127.0.0.1:$lb/" && curl -s -o /dev/null "http://127.0.0.1:$mb/"; do
  tries=$((tries + 1))
  [ $tries -lt 240 ] || skip "prism does not start: $(tail -n 1 prism-*.log)"
  sleep 0.5
done
on=$(printf '%s' "$on" | sed "s|listenbrainz.api=[^ ]*|listenbrainz.api=http://127.0.0.1:$lb|; s|musicbrainz.api=[^ ]*|musicbrainz.api=http://127.0.0.1:$mb|")
echo 'from listenbrainz.listens | to file.csv "listens.csv"' >listens.nrd
echo 'from listenbrainz.loved | to file.csv "loved.csv"' >loved.nrd
echo 'from file.csv "listens.csv" rows: plays | to listenbrainz.listens' >submit.nrd
printf 'title,artist,mbid\nHarbour Lights,The Lanterns,11111111-1111-4111-8111-111111111111\nLow Water,The Lanterns,33333333-3333-4333-8333-333333333333\n' >love.csv
echo 'from file.csv "love.csv" | to listenbrainz.loved' >love.nrd
echo 'from file.csv "love.csv" | add n: listenbrainz.plays | to file.csv "plays.csv"' >plays.nrd
printf 'title,isrc,mbid\nBlew,USSUB0200002,\nMerged,,aaaaaaaa-0000-4000-8000-00000000000f\n' >released.csv
echo 'from file.csv "released.csv" | add first: musicbrainz.first_released | to file.csv "first.csv"' >released.nrd
echo 'from file.csv "love.csv" | to listenbrainz.playlist "Mine"' >playlist.nrd
echo 'from file.csv "love.csv" | reverse | take 1 | to listenbrainz.playlist "Mine" | to listenbrainz.playlist "Mine too"' >edit.nrd
sed -n 's/^from.*| to l/from listenbrainz.playlist "Mine" | reverse | to l/p' playlist.nrd >turn.nrd
for program in listens loved submit love plays released playlist turn edit; do t narada-run $on $program.nrd; done
awk -F, '{ print $1, $NF }' first.csv
asked listenbrainz | sed 's/ {.*} / /'
asked musicbrainz
# What breaks the descriptions does not get through.
for path in "$mb/recording?limit=101&query=a" "$mb/isrc/no-isrc" "$lb/1/user/ada/listens?count=many"; do curl -s -o /dev/null -w '%{http_code}\n' -H 'Authorization: Token 00000000-0000-4000-8000-000000000001' "http://127.0.0.1:$path"; done
