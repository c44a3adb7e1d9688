# Plays of times yet to come, from a clock that was wrong: kept, told, and in no window that ends now.
cat >Streaming_History_Audio_2024_0.json <<'DATA'
[{"ts":"2024-05-31T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Blue Hour","master_metadata_album_artist_name":"Ada Lind","spotify_track_uri":"spotify:track:0000000000000000000001"},
{"ts":"2024-06-01T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Drift","master_metadata_album_artist_name":"Cleo","spotify_track_uri":"spotify:track:0000000000000000000002"},
{"ts":"2099-03-05T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Blue Hour","master_metadata_album_artist_name":"Ada Lind","spotify_track_uri":"spotify:track:0000000000000000000001"},
{"ts":"2060-03-05T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Blue Hour","master_metadata_album_artist_name":"Ada Lind","spotify_track_uri":"spotify:track:0000000000000000000001"}]
DATA
printf 'uts,artist,album,track\n4070908800,Ada Lind,First Light,Ember\n' >scrobbles.csv
t narada import Streaming_History_Audio_2024_0.json --store s.db --now 2024-06-01T00:00Z --report report.jsonl
cat report.jsonl
t narada import scrobbles.csv --store s.db --now 2024-06-01T00:00Z
t narada import scrobbles.csv Streaming_History_Audio_2024_0.json --store n.db --dry-run --json --now 2024-06-01T00:00Z
echo 'from library.tracks | add recent: plays(90d), all: plays | show' >tracks.nrd
t narada-run tracks.nrd --store s.db --zone UTC --now 2024-06-02T00:00Z
t narada verify --store s.db --quiet
