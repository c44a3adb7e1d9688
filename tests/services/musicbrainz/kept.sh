# fakes: musicbrainz
# What MusicBrainz said is kept for ever; that it knew nothing is asked again after a week.
printf 'title,artist,isrc\nGlass,Ilse Moor,GBABC2400002\nNone,Nobody,GBABC2499999\n' >a.csv
echo 'from file.csv "a.csv" | add first: musicbrainz.first_released | to library.playlist "P" | to file.csv "out.csv"' >p.nrd
narada-run p.nrd $on -q
cut -d, -f1,2,12- out.csv
asked musicbrainz | wc -l
narada-run p.nrd $later -q --now 2024-06-07T12:00Z
asked musicbrainz | wc -l
narada-run p.nrd $later -q --now 2034-06-01T12:00Z
cut -d, -f1,2,12- out.csv
asked musicbrainz
