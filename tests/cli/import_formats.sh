# Every format that `narada import` knows, in one folder, by what the files hold and not by their names.
cp -R "$root/tests/import" all
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
: >empty.json
t narada import empty.json --store s.db
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
# of JSON Lines a bad line is rejected by itself; what lies beside the known files is told
mkdir beside
printf '{"listened_at":1614592800,"track_metadata":{"track_name":"Drift","artist_name":"Ada Lind"}}\nnot json\n{"listened_at":1614593800,"track_metadata":\n{"listened_at":1614594800,"track_metadata":{"track_name":"Ember","artist_name":"Ada Lind"}}\n' >beside/listens.jsonl
echo hello >beside/notes.txt
t narada import beside --store v.db --now 2024-06-01T00:00Z --report r.jsonl
cat r.jsonl
