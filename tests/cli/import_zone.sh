# Times of tables that do not say their zone: UTC, or the one that is named; the hours in which clocks change.
plays() { echo 'from library.plays | sort played_at | show' | narada-run - --store "$1" --zone UTC; }
at='--now 2026-01-01T00:00Z'
cat >local.csv <<'DATA'
Artist,Track,Date
Ada Lind,Winter,2024-01-15 20:00
Ada Lind,Summer,15.07.2024 8:00 PM
Ada Lind,Skipped,2024-03-31 02:30
Ada Lind,Twice,2024-10-27 02:30
Ada Lind,Said,2024-07-15T20:00:00+05:00
Ada Lind,Seconds,1721066400
Ada Lind,Day,2024-07-15
DATA
t narada import local.csv --store u.db $at --quiet
plays u.db
t narada import local.csv --store b.db $at --zone Europe/Berlin --json
plays b.db
t narada import local.csv --store b.db $at --zone Europe/Berlin --json
# what a service hands out as JSON is UTC, and a list read in between changes nothing
printf '[{"endTime":"2024-07-15 20:00","artistName":"Bo","trackName":"North","msPlayed":60000}]' >account.json
printf '#EXTM3U\n#EXTINF:9,Bo - North\nn.mp3\n' >a.m3u
printf '"Bo","","South","15 Jul 2024 20:00"\n' >z.csv
t narada import account.json a.m3u z.csv --store c.db $at --zone Europe/Berlin --quiet
plays c.db
t narada import local.csv --store n.db --zone Europe/Nowhere
# a file that may not grow is a full disk, and no death
narada-make-history --rows 40000 --seed 3 --clean --rows-per-file 40000 --out made >/dev/null
(ulimit -f 800; t narada import made --store f.db $at)
narada verify --store f.db --quiet
narada import made --store f.db $at --json | grep -o '"all":{[^}]*}'
