# Tables as people have them: what a table is, its columns say, and a row that cannot be kept says why.
cat >dates.csv <<'DATA'
Artist;Title;Date
Ada Lind;Blue Hour;05.03.2024 20:01
Ada Lind;Copper Sky;2024/3/5 20:11
Ada Lind;Drift;March 5, 2024 8:21 PM
Ada Lind;Ember;Tue, 05 Mar 2024 20:31:00 GMT
Ada Lind;Fold;05/03/2024 20:41
Ada Lind;Glow;soon
DATA
t narada import dates.csv --store s.db --now 2024-06-01T00:00Z
t narada import dates.csv --store s.db --now 2024-06-01T00:00Z --json
echo "from library.plays | sort played_at | show" | narada-run - --store s.db --zone UTC
# no date of it can be read: plays all the same, and no playlist
printf 'Artist,Title,Date\nAda Lind,Blue Hour,3/5/2024 8:01 PM\n' >slashes.csv
t narada import slashes.csv --store n.db
# what lasts so long was not played then
printf 'title,artist,time\nBlue Hour,Ada Lind,3:45\nDrift,Ada Lind,215\n' >"By length.csv"
t narada import "By length.csv" --store n.db
# the columns alone
printf 'artist,album,name,date\n' >columns.csv
t narada import columns.csv --store n.db
# documents without anything in them
echo '[]' >StreamingHistory_music_1.json
t narada import StreamingHistory_music_1.json --store n.db
mkdir folder
mv StreamingHistory_music_1.json slashes.csv folder
t narada import folder --store n.db
# what comes through a pipe comes once, and all of it
for n in 1 2 3 4 5 6 7 8 9; do printf '{"listened_at":%d,"track_metadata":{"track_name":"T%d","artist_name":"Ada Lind","additional_info":{"tags":["%9000s"]}}}\n' 161459280$n $n x; done >listens
mkfifo pipe
cat listens >pipe &
t narada import pipe --store p.db --json
narada-make-history --rows 300 --seed 3 --clean --rows-per-file 300 --out made >/dev/null
cat made/*.json >pipe &
t narada import pipe --store p.db --json
t narada import made --store p.db --json
printf 'PK\003\004' >pipe &
t narada import pipe --store p.db
t narada import /dev/zero --store n.db
