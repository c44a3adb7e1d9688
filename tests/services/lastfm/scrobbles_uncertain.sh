# fakes: lastfm
printf 'played_at,title,artist\n2024-06-01T10:00:00Z,One,Ada\n2024-06-01T10:10:00Z,Two,Ada\n' >plays.csv
echo 'from file.csv "plays.csv" rows: plays | to lastfm.scrobbles' >p.nrd
# the answer is lost, the effect is not: nothing is sent twice
fault lastfm '{"match": "POST /2.0", "do": "lose"}'
t narada-run p.nrd $on
state lastfm '[.users.ada.scrobbles[] | select(.artist == "Ada") | .track]'
asked lastfm | cut -c1-60
# cut off before the effect: read back, kept, sent by the next run
printf 'played_at,title,artist\n2024-06-01T10:20:00Z,Three,Ada\n' >plays.csv
fault lastfm '{"match": "POST /2.0", "do": "drop"}'
t narada-run p.nrd $on
t narada-run p.nrd $on
state lastfm '[.users.ada.scrobbles[] | select(.artist == "Ada") | .track]'
# sent away for hours
printf 'played_at,title,artist\n2024-06-01T10:30:00Z,Four,Ada\n' >plays.csv
fault lastfm '{"match": "POST /2.0", "do": "status", "status": 429, "headers": {"Retry-After": "7200"}, "body": {"error": 29, "message": "Rate limit exceeded"}}'
t narada-run p.nrd $on | sed 's/before [^,]*,/before T,/'
