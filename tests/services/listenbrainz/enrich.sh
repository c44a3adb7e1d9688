# fakes: listenbrainz
# Listens are counted from the list of listens; the counts are kept, and only newer listens are read the next time, unless the total disagrees.
cat >t.csv <<'CSV'
title,artist,mbid
Harbour Lights,The Lanterns,
HARBOUR LIGHTS,the lanterns,11111111-1111-4111-8111-111111111111
Glass,Ilse Moor,
Snowline,Ola,
Unheard,Nobody,
,,22222222-2222-4222-8222-222222222222
CSV
cat >p.nrd <<'NRD'
from file.csv "t.csv" | add n: listenbrainz.plays, loved: listenbrainz.loved | to library.playlist "P" mode: replace | to file.jsonl "out.jsonl"
NRD
echo 'from file.csv "t.csv" | add n: listenbrainz.plays | to file.jsonl "out.jsonl"' >plays.nrd
told() { jq -c '[.title, .n, .loved]' out.jsonl; }
t narada-run $on p.nrd
told
asked listenbrainz
t narada-run $on --quiet p.nrd
asked listenbrainz
submit() { curl -s -o /dev/null -H 'Authorization: Token 00000000-0000-4000-8000-000000000001' -H 'Content-Type: application/json' -d "{\"listen_type\": \"import\", \"payload\": [{\"listened_at\": $1, \"track_metadata\": {\"artist_name\": \"Ola\", \"track_name\": \"Snowline\"}}]}" "$LISTENBRAINZ/1/submit-listens"; }
on=$(printf '%s' "$on" | sed 's/2024-06-01T12:00Z/2024-06-01T13:30Z/')
submit 1717243000
t narada-run $on --quiet plays.nrd
told
asked listenbrainz | grep GET
on=$(printf '%s' "$on" | sed 's/2024-06-01T13:30Z/2024-06-01T15:30Z/')
submit 1600000000
t narada-run $on --quiet plays.nrd
told
asked listenbrainz | grep GET
on=$(printf '%s' "$on" | sed 's/2024-06-01T15:30Z/2024-06-01T18:30Z/')
fault listenbrainz '{"match": "GET /1/user", "do": "status", "status": 404, "body": {"code": 404, "error": "Cannot find user: ada"}}'
t narada-run $on plays.nrd
told
