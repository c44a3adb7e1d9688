# Files of programs that know less of a format than its authors: a row or a byte that is wrong costs no other row.
plays() { echo 'from library.plays | sort played_at | show' | narada-run - --store "$1" --zone UTC; }
lists() { echo 'from library.playlist "'"$1"'" | show' | narada-run - --store l.db --zone UTC --now 2024-06-01T00:00Z; }
at='--now 2024-06-01T00:00Z'
cat >quotes.csv <<'DATA'
Artist,Track,Date
Ada Lind,12" Mix,2024-03-05 20:01
Ada Lind,"Blue" Hour,2024-03-05 20:11
Ada Lind,"""Quoted""",2024-03-05 20:21
Ada Lind,Copper Sky,2024-03-05 20:31
DATA
t narada import quotes.csv --store a.db $at
plays a.db
# as old Macs and iTunes end lines
printf 'Name\tArtist\tTime\tDate Added\rBlue Hour\tAda Lind\t215\t1/2/20, 3:04 PM\rDrift\tAda Lind\t216\t1/2/20, 3:04 PM\r' >iTunes.txt
t narada import iTunes.txt --store l.db $at --quiet
lists iTunes
# a byte of Windows-1252 far behind the beginning
awk 'BEGIN { print "Artist,Track,Date"; for (i = 0; i < 2500; i++) printf "Ada Lind,Song %d,2023-%02d-%02d %02d:%02d\n", i, 1 + i % 12, 1 + i % 28, i % 24, i % 60 }' >late.csv
printf 'Bj\366rk,J\363ga \200,2024-04-01 10:00\nBj\303\266rk,J\303\263ga,2024-04-02 10:00\nAda Lind,Last,2024-04-03 10:00\n' >>late.csv
t narada import late.csv --store b.db $at
echo 'from library.plays | sort played_at desc | take 3 | show' | narada-run - --store b.db --zone UTC
# a value that does not end
(head -n 2 quotes.csv; awk 'BEGIN { printf "Ada Lind,"; for (i = 0; i < 120000; i++) printf "endlessly "; print ",2024-01-01" }'; echo 'Ada Lind,Glow,2024-03-06') >long.csv
t narada import long.csv --store c.db $at
# pages of user.getRecentTracks one after another, one of them empty, and tracks without pages
page() { printf '{"recenttracks":{"track":[%s],\n"@attr":{"page":"1"}}}\n' "$1"; }
track() { printf '{"name":"%s","artist":{"#text":"Ada Lind"},"album":{"#text":""},"date":{"uts":"%d"}}' "$1" "$2"; }
(page "$(track One 1709668860)"; page ""; page "$(track Two 1709669860),$(track Three 1709670860)") >pages.json
t narada import pages.json --store d.db $at
(track Four 1709671860; echo; track Five 1709672860; echo) >tracks.jsonl
t narada import tracks.jsonl --store d.db $at --json
printf '[%s,%s]' "$(page "$(track One 1709668860)")" "$(page "")" >list.json
t narada import list.json --store d.db $at --json
# NUL in a title
cat >nul.json <<'DATA'
[{"ts":"2024-03-05T20:01:00Z","ms_played":187000,"master_metadata_track_name":"Blue\u0000Hour","master_metadata_album_artist_name":"Ada Lind"},
{"ts":"2024-03-05T20:11:00Z","ms_played":187000,"master_metadata_track_name":"Drift","master_metadata_album_artist_name":"Ada Lind"}]
DATA
t narada import nul.json --store e.db $at
plays e.db
# playlists: where an entry stands that is left out, and names
printf '#EXTM3U\n/m/Ada Lind/First Light/01 - Blue Hour.flac\n02. Ada Lind - Drift.mp3\n1-07 Bo - North.m4a\n50 Cent - Wanksta.mp3\n99 Red Balloons.mp3\n#EXTINF:9,South\ns.mp3\n' >numbered.m3u
t narada import numbered.m3u --store l.db $at
lists numbered
cat >cdata.xspf <<'DATA'
<?xml version="1.0"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/"><title> <![CDATA[Rock & Roll]]> </title>
<trackList>
<track><title>Blue Hour</title></track>
<track><title>Drift</title><creator>Ada Lind</creator></track></trackList></playlist>
DATA
printf '<?xml version="1.0" encoding="ISO-8859-1"?><x:playlist version="1" xmlns:x="http://xspf.org/ns/0/"><x:trackList><x:track><x:title>J\363ga</x:title><x:creator>Bj\366rk</x:creator></x:track></x:trackList><x:title>Bj\366rk</x:title></x:playlist>' >old.xspf
t narada import cdata.xspf old.xspf --store l.db $at
# a list that breaks off is called as it says; control characters are in no name; numbers of data frames
printf '{"playlists":[{"name":"Whole\\u0007\\nlist","items":[]},{"name":"Cut","items":[{"track":{"trackName":"Drift","artistName":"Ada Lind","trackUri":"spotify:track:0000000000000000000001"},"addedDate":"2024-01-01"},\n{"track":{"tra' >Playlist1.json
t narada import Playlist1.json --store l.db $at
printf 'played_at,title,artist,ms_played,service,source\n2024-03-05 20:01,Blue Hour,Ada Lind,187000.0,spotify,spotify_export\n2024-03-05 20:11,Drift,Ada Lind,187000.5,spotify,spotify_export\n' >plays.csv
t narada import plays.csv --store f.db $at
plays f.db
echo 'from library.playlists | show' | narada-run - --store l.db --zone UTC $at
for store in a b c d e l; do narada verify --store $store.db --quiet; done
