# Every format that `narada import` knows, in one folder, by what the files hold and not by their names.
mkdir -p all/lb/listens/2024 all/zipped
cat >all/Playlist1.json <<'DATA'
{"playlists":[{"name":"Road","lastModifiedDate":"2024-01-02","items":[
 {"track":{"trackName":"Blue Hour","artistName":"Ada Lind","albumName":"First Light","trackUri":"spotify:track:0000000000000000000001"},"episode":null,"localTrack":null,"addedDate":"2024-01-01"},
 {"track":null,"episode":null,"localTrack":{"uri":"spotify:local:Bo+Ek::My%20Demo:200"},"addedDate":"2024-01-01"},
 {"track":null,"episode":{"episodeName":"E1","showName":"S","episodeUri":"spotify:episode:x"},"localTrack":null,"addedDate":"2024-01-01"}],"description":null,"numberOfFollowers":0},
 {"name":"Road","items":[{"track":{"trackName":"Drift","artistName":"Cleo","albumName":"M","trackUri":"spotify:track:0000000000000000000002"},"addedDate":"2024-01-01"}]}]}
DATA
cat >all/YourLibrary.json <<'DATA'
{"tracks":[{"artist":"Ada Lind","album":"First Light","track":"Blue Hour","uri":"spotify:track:0000000000000000000001"},{"artist":"Cleo","album":"M","track":"Drift","uri":"spotify:track:0000000000000000000002"}],"albums":[],"shows":[],"other":["x"]}
DATA
cat >all/StreamingHistory_music_0.json <<'DATA'
[{"endTime":"2024-03-05 20:01","artistName":"Ada Lind","trackName":"Blue Hour","msPlayed":187000},
{"endTime":"2024-03-05 20:05","artistName":"Unknown Artist","trackName":"Unknown Track","msPlayed":1000},
{"endTime":"2024-03-05 20:05","podcastName":"S","episodeName":"E1","msPlayed":100000}]
DATA
cat >all/lb/listens/2024/3.jsonl <<'DATA'
{"listened_at":1709668680,"track_metadata":{"track_name":"Blue Hour","artist_name":"Ada Lind","release_name":"First Light","additional_info":{"spotify_id":"https://open.spotify.com/track/0000000000000000000001","duration_ms":187000}}}
{"listened_at":1709669680,"track_metadata":{"track_name":"New One","artist_name":"Dia","additional_info":{"recording_mbid":"0A5C5E35-0D8E-4F5C-9A0C-0A5C5E350D8E"}}}
DATA
cat >all/lb/feedback.jsonl <<'DATA'
{"score":1,"created":1709668680,"recording_mbid":"0a5c5e35-0d8e-4f5c-9a0c-0a5c5e350d8e"}
{"score":-1,"created":1709668680,"track_metadata":{"track_name":"Bad","artist_name":"X"}}
DATA
cat >all/ghan.csv <<'DATA'
uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid
"1709668678","05 Mar 2024, 19:57","Ada Lind","","First Light","","Blue Hour",""
"0","01 Jan 1970, 00:00","Ada Lind","","","","Blue Hour",""
DATA
cat >all/stats.csv <<'DATA'
Artist;Album;AlbumId;Track;Date#ada
"Cleo";"M";"";"Drift";"1709700000000"
DATA
cat >all/ben.csv <<'DATA'
Cleo,M,Drift,"05 Mar 2024 23:40"
Eva,,Song,05 Mar 2024 23:50
DATA
cat >all/recent.json <<'DATA'
[{"track":[{"artist":{"#text":"Eva","mbid":""},"name":"Song","album":{"#text":""},"@attr":{"nowplaying":"true"}},{"artist":{"#text":"Eva"},"name":"Song","album":{"#text":""},"date":{"uts":"1709710000","#text":"x"}}],"@attr":{"page":"1"}}]
DATA
cat >all/Userdata.json <<'DATA'
{"a":1}
DATA
t narada import all --store s.db --now 2024-06-01T00:00Z
t narada import all --store s.db --now 2024-06-02T00:00Z
echo 'from library.plays | show' >plays.nrd
t narada-run plays.nrd --store s.db --zone UTC
echo 'from library.liked | show' >liked.nrd
t narada-run liked.nrd --store s.db --zone UTC
echo 'from library.playlists | show' >lists.nrd
t narada-run lists.nrd --store s.db --zone UTC --now 2024-06-03T00:00Z
# the other way round: the same
mkdir one two
cp all/ghan.csv all/recent.json one
cp all/StreamingHistory_music_0.json all/lb/listens/2024/3.jsonl all/stats.csv all/ben.csv two
t narada import two --store t.db --now 2024-06-01T00:00Z --quiet
t narada import one --store t.db --now 2024-06-01T00:00Z --quiet
narada-run plays.nrd --store t.db --zone UTC >t.txt
narada-run plays.nrd --store s.db --zone UTC | cmp - t.txt && echo "in any order the same plays"
# what is none of them
t narada import all/Userdata.json --store s.db
t narada import nowhere --store s.db
mkdir none
t narada import none --store s.db
t narada import --store s.db
# a file that breaks off keeps what came before
printf '[{"endTime":"2024-04-05 20:01","artistName":"Ada Lind","trackName":"Copper Sky","msPlayed":187000},\n{"endTime":"2024-04' >cut.json
t narada import cut.json --store s.db --json
# a like, then the play of the same track: one track, in either order
cat >liked.json <<'DATA'
{"tracks":[{"artist":"Ada Lind","album":"First Light","track":"Blue Hour","uri":"spotify:track:0000000000000000000001"}]}
DATA
cat >played.json <<'DATA'
[{"ts":"2024-03-05T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Blue Hour","master_metadata_album_artist_name":"Ada Lind","spotify_track_uri":"spotify:track:0000000000000000000001"}]
DATA
echo 'from library.tracks | add n: plays | show' >tracks.nrd
for order in "liked.json played.json" "played.json liked.json"; do
  rm -f u.db*
  for file in $order; do t narada import $file --store u.db --now 2024-06-01T00:00Z --quiet; done
  t narada-run tracks.nrd --store u.db --zone UTC
done
