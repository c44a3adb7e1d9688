# Sources that know a song by its names only: whichever comes first, the library is the same, and what was marked stays marked.
mkdir in
cat >in/a.json <<'J'
[{"ts":"2019-03-01T10:00:00Z","ms_played":200000,"spotify_track_uri":"spotify:track:0000000000000000000777","master_metadata_track_name":"Low Water","master_metadata_album_artist_name":"Ada Lind","master_metadata_album_album_name":"Tides"},
{"ts":"2019-03-05T10:00:00Z","ms_played":200000,"spotify_track_uri":"spotify:track:0000000000000000000123","master_metadata_track_name":"Low Water","master_metadata_album_artist_name":"Ada Lind","master_metadata_album_album_name":"Best of"}]
J
cat >in/b.csv <<'C'
"uts","utc_time","artist","artist_mbid","album","album_mbid","track","track_mbid"
"1251434220","x","Ada Lind","","Tides","","Low Water",""
"1251444220","x","ada lind","","","","low water",""
"1251454220","x","ola","","","","snow line",""
C
cat >in/c.jsonl <<'J'
{"listened_at":1414592800,"track_metadata":{"track_name":"Low Water","artist_name":"Ada Lind","release_name":"Tides"}}
{"listened_at":1414593800,"track_metadata":{"track_name":"Snow Line","artist_name":"Ola","release_name":"Winter"}}
J
printf '#EXTM3U\n#PLAYLIST:Walks\n#EXTINF:200,Ada Lind - Low Water\nx.mp3\n#EXTINF:100,OLA - Snow Line\ny.mp3\n' >in/d.m3u

look() {
  sqlite3 -readonly "$1" "SELECT title, artists, listens, plays, minutes, first_played, last_played FROM readable_counts ORDER BY 1, 2, 3;
    SELECT title, artists, album, length, spotify_id FROM readable_tracks ORDER BY 1, 5; SELECT playlist, title, artists FROM readable_playlist_tracks ORDER BY sort_key"
}
for order in "a b c d" "d c b a" "b d a c" "c a d b" "d b c a" "b c d a"; do
  for name in $order; do narada import in/$name.* --store any.db -q; done
  narada verify -q --store any.db || echo "verify failed: $order"
  look any.db >"seen.$(echo $order | tr -d ' ')"
  rm -f any.db*
done
cat seen.abcd
for other in seen.*; do cmp -s seen.abcd $other || { echo "$other differs"; diff seen.abcd $other; }; done

# Tags, ratings and likes of the song as Last.fm knew it are those of the song that Spotify tells later.
narada import in/b.csv --store marks.db -q
cat >mark.nrd <<'N'
from library.tracks | keep title == "Low Water" | to library.tags "mood:calm"
from library.tracks | keep title == "Low Water" | to library.rating 4
from library.tracks | keep title == "Low Water" | to library.likes
N
narada-run mark.nrd --store marks.db -q
narada import in/a.json in/d.m3u --store marks.db -q
sqlite3 -readonly marks.db "SELECT title, spotify_id, rating, tags, liked FROM readable_tracks ORDER BY 1, 2; SELECT match_method, event FROM resolution_events ORDER BY 1, 2"
narada verify -q --store marks.db && echo whole
narada purge --store marks.db --yes --now 2030-01-01T00:00Z
narada verify -q --store marks.db && echo whole
