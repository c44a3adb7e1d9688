command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
export NARADA_STORE=$PWD/n.db
row() { printf '{"ts":"2024-03-01T%sZ","ms_played":%s,"spotify_track_uri":"spotify:track:%s","master_metadata_track_name":"%s","master_metadata_album_artist_name":"Ada Lind","master_metadata_album_album_name":"First Light","reason_end":"%s","conn_country":"SE","platform":"ios","shuffle":false,"skipped":false,"offline":false,"incognito_mode":false}' "$@"; }
mkdir h
{
  printf '['
  row 10:01:00 60000 1111111111111111111111 'Blue Hour' endplay; echo ,
  row 10:02:10 70000 1111111111111111111111 'Blue Hour' endplay; echo ,
  row 10:03:15 65000 1111111111111111111111 'Blue Hour' trackdone; echo ,
  row 12:00:00 20000 2222222222222222222222 'Drift' fwdbtn; echo ,
  row 13:00:00 200000 2222222222222222222222 'Drift' trackdone; echo ,
  row 13:00:02 200000 2222222222222222222222 'Drift' trackdone
  printf ']'
} >h/Streaming_History_Audio_2024.json
t narada plays rule
t narada import-spotify-plays h --quiet
t narada plays rule
t narada plays rebuild --dry-run
t narada plays rule all
t narada plays rule all
t narada plays rule
t narada plays rule strict --json
t narada plays rebuild --json
t narada plays rule spotfy
t narada plays rule "$(printf 'x\033y')"
t narada plays rule a b
t narada plays rule --dry-run
t narada plays rebuild now
t narada plays
t narada plays count
t narada plays rule --json
sqlite3 n.db "UPDATE settings SET value = 'of tomorrow'"
t narada plays rule
t narada plays rule spotify
# a rule of one's own
t narada plays rule spotify
t narada plays rule 65s
t narada plays rule '1min or 50%'
t narada plays rule '50% or 1min' --json
t narada plays rule
t narada plays rule --json
t narada plays rebuild --dry-run
t narada verify -q
t narada plays rule '50% or 40%'
t narada plays rule 101%
t narada plays rule 0%
t narada plays rule '45s or'
t narada plays rule 45
