# A text that was cut in the middle of a surrogate pair is read, and what comes after it too
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
mkdir history account
cat >history/Streaming_History_Audio_2024_0.json <<'JSON'
[{"ts":"2024-01-01T00:00:00Z","ms_played":100000,"master_metadata_track_name":"Party \ud83d","master_metadata_album_artist_name":"Ada","master_metadata_album_album_name":"B","spotify_track_uri":"spotify:track:1111111111111111111111"},
{"ts":"2024-01-01T01:00:00Z","ms_played":100000,"master_metadata_track_name":"Two \ud83c\udfb5","master_metadata_album_artist_name":"Ada","master_metadata_album_album_name":"B","spotify_track_uri":"spotify:track:2222222222222222222222"}]
JSON
cat >account/StreamingHistory_music_0.json <<'JSON'
[{"endTime":"2024-02-01 10:00","artistName":"Eva \udfb5","trackName":"Three","msPlayed":90000},
 {"endTime":"2024-02-01 11:00","artistName":"Eva","trackName":"Four","msPlayed":90000}]
JSON
t narada import history account --store s.db
sqlite3 -readonly s.db "SELECT title, artists FROM tracks ORDER BY 1"
