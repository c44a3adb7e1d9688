# Folders and zips as people have them: what can be read is read, the rest is told with what to do, and nothing stops the others.
narada-make-history --rows 200 --seed 3 --rows-per-file 100 --clean --zip --out made >/dev/null
mkdir -p all/Verlauf all/__MACOSX
zip=all/my_spotify_data.zip
cp made/my_spotify_data.zip $zip
head -c 3000 $zip >all/broken.zip
printf '\037\213\010\000\000' >all/history.json.gz
: >all/Streaming_History_Audio_2031_9.json
printf '[{"ts":"2024-03-05T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Blue Hour","master_metadata_album_artist_name":"Ada Lind"}]' >"all/Verlauf/mein Verlauf.json"
cp "all/Verlauf/mein Verlauf.json" all/__MACOSX/endsong_0.json
cp "all/Verlauf/mein Verlauf.json" all/._endsong_0.json
sleep 0.2 # a file that was just written may be read again
t narada import all --store s.db --report r.jsonl
grep -e passed_over -e problem r.jsonl
narada import all --store s.db --json | grep -o '"broken_files":[0-9]*\|"passed_over_files":[0-9]*\|"first_problems":.*'
# each by itself
for file in all/broken.zip all/history.json.gz all/Streaming_History_Audio_2031_9.json; do t narada import $file --store n.db; done
t narada import-spotify-plays all/broken.zip --store n.db
mkdir packed
cp all/history.json.gz all/broken.zip packed
tar cf packed/old.tar all/Verlauf
t narada import packed --store n.db
[ -e n.db ] || echo "and no store was made"
# folders that cannot be read, or lie too deep, keep nobody from reading the others
deep=nest/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17
mkdir -p $deep
cp "all/Verlauf/mein Verlauf.json" $deep/endsong_1.json
cp "all/Verlauf/mein Verlauf.json" nest/1/endsong_0.json
t narada import nest --store d.db
t narada import-spotify-plays nest --store d.db
if [ "$(id -u)" != 0 ]; then
  mkdir nest/closed
  chmod 000 nest/closed
  narada import nest --store d.db --json | grep -o '"broken_files":2' >/dev/null || echo "the closed folder is not told"
  chmod 755 nest/closed
fi
# in a zip: what is named otherwise, a zip, what wants a password
command -v zip >/dev/null || skip "zip is not installed"
(cd all && zip -q -r ../renamed.zip Verlauf && zip -q -0 ../nested.zip my_spotify_data.zip && zip -q ../renamed.zip my_spotify_data.zip)
t narada import renamed.zip --store z.db
t narada import nested.zip --store n.db
t narada import-spotify-plays nested.zip --store n.db
zip -q -P secret locked.zip all/Verlauf/*
t narada import locked.zip --store n.db
# a zip beside a history, in a zip and in a folder, is told by the command that reads histories alone
narada-make-history --rows 50 --seed 4 --clean --out history >/dev/null
cp all/my_spotify_data.zip history/again.zip
(cd history && zip -q ../beside.zip *.json && cd ../all && zip -q -0 ../beside.zip my_spotify_data.zip)
for path in beside.zip history beside.zip; do t narada import-spotify-plays $path --store h.db; done
: >history/.zip # no zip
mkdir alone
cp all/my_spotify_data.zip alone
t narada import-spotify-plays alone --store n.db
