# What a track did not know when it came, a later source may tell: album, length, ISRC, MusicBrainz id. What it knows stays, and what contradicts it is another track's.
cat >liked.json <<'DATA'
{"tracks":[{"artist":"Ada Lind","album":"","track":"Blue Hour","uri":"spotify:track:0000000000000000000001"},
{"artist":"Cleo","album":"Kept","track":"Drift","uri":"spotify:track:0000000000000000000002"},
{"artist":"Dia","album":"","track":"Ember","uri":"spotify:track:0000000000000000000003"}]}
DATA
cat >listens.jsonl <<'DATA'
{"listened_at":1709668680,"track_metadata":{"track_name":"Blue Hour","artist_name":"Ada Lind","release_name":"First Light","additional_info":{"spotify_id":"https://open.spotify.com/track/0000000000000000000001","duration_ms":187000,"isrc":"USRC17607839"}}}
{"listened_at":1709669680,"track_metadata":{"track_name":"Blue Hour","artist_name":"Ada Lind","additional_info":{"recording_mbid":"0a5c5e35-0d8e-4f5c-9a0c-0a5c5e350d8e","isrc":"USRC17607839"}}}
{"listened_at":1709670680,"track_metadata":{"track_name":"Drift","artist_name":"Cleo","release_name":"Another","additional_info":{"spotify_id":"https://open.spotify.com/track/0000000000000000000002","duration_ms":200000}}}
{"listened_at":1709671680,"track_metadata":{"track_name":"Ember","artist_name":"Dia","release_name":"Live","additional_info":{"spotify_id":"https://open.spotify.com/track/0000000000000000000009","isrc":"USRC17607840"}}}
DATA
echo 'from library.tracks | sort title | to file.jsonl "t.jsonl"' >t.nrd
facts() { narada-run t.nrd --store s.db --quiet --now 2026-11-01T12:00Z && cat t.jsonl; }
narada plays rule lastfm --store s.db >/dev/null 2>&1
narada import liked.json --store s.db --quiet --now 2026-10-01T12:00Z
facts
narada import listens.jsonl --store s.db --quiet --now 2026-10-02T12:00Z
facts
narada import listens.jsonl --store s.db --quiet --now 2026-10-03T12:00Z
facts >again && cmp again t.jsonl && echo "nothing changes twice"
t narada verify --store s.db --quiet
