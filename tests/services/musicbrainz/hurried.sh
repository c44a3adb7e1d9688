# fakes: musicbrainz
# Narada, told to wait, waits and asks again. Who neither waits nor says who he is is refused.
printf 'title,isrc\nBlew,USSUB0200002\n' >t.csv
echo 'from file.csv "t.csv" | add first: musicbrainz.first_released | to file.csv "out.csv"' >p.nrd
fault musicbrainz '{"match": "GET /ws/2/recording", "do": "status", "status": 503, "headers": {"Retry-After": 1}, "body": {"error": "Your requests are exceeding the allowable rate limit."}}'
t narada-run $on --quiet p.nrd
awk -F, '{ print $1, $NF }' out.csv
asked musicbrainz
ask() { curl -s -o /dev/null -w '%{http_code}\n' -A "$1" "$MUSICBRAINZ/ws/2/isrc/USSUB0200002?fmt=json"; }
ask curl
ask 'curl/1 ( ada@example.org )'
for i in 1 2 3 4; do ask 'curl/1 ( ada@example.org )'; done | tail -n 1
