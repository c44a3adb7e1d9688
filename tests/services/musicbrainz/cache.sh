# fakes: musicbrainz listenbrainz
# Names are looked up at ListenBrainz first; what is known is not asked again; while MusicBrainz fails, older values stand.
# option musicbrainz: old=yes
printf 'title,artist\nGlass,Ilse Moor\nLow Water,The Lanterns\n' >t.csv
printf 'title,artist,isrc\nGlass,Ilse Moor,GBABC2400002\n' >isrc.csv
echo 'from file.csv "t.csv" | add first: musicbrainz.first_released | to library.playlist "P" | to file.jsonl "out.jsonl"' >p.nrd
echo 'from file.csv "isrc.csv" | add first: musicbrainz.first_released | to file.jsonl "out.jsonl"' >isrc.nrd
released() { jq -c '[.title, .first]' out.jsonl; }
t narada-run $on --quiet p.nrd
released
asked listenbrainz
asked musicbrainz
t narada-run $on --quiet p.nrd
released
asked musicbrainz
# asked anew because the program wants newer values
sed -i 's/| add first/| enrich musicbrainz max_age: 1d | add first/' p.nrd
later=$(printf '%s' "$on" | sed 's/2024-06-01T12:00Z/2024-06-20T12:00Z/')
on=$later
fault musicbrainz '{"match": "GET /ws/2", "times": 9, "do": "status", "status": 400, "body": {"error": "Cannot parse"}}'
t narada-run $on p.nrd
released
t narada-run $on isrc.nrd
released
rm "$HOME/credentials/musicbrainz-default"
t narada-run $on isrc.nrd
