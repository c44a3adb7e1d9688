# fakes: musicbrainz
# One call for all ISRCs, one for all ids, one for those known by name alone; an id that was merged is asked for by itself. One call a second, for all programs.
cat >t.csv <<'CSV'
title,artist,isrc,mbid,duration
About a Girl,Nirvana,US-SUB-02-00002,,168s
Glass,Ilse Moor,GBABC2400002,,
low water,the lanterns,,,
"Say ""when""",P!,,,
Unheard \ of,Nobody (at all),,,
Merged,The Lanterns,,AAAAAAAA-0000-4000-8000-00000000000F,
No such code,,QQQQQ0000001,,
,,,,
CSV
printf 'title,isrc\nBlew,USSUB0200002\n' >blew.csv
echo 'from file.csv "t.csv" | add first: musicbrainz.first_released | to file.jsonl "out.jsonl"' >p.nrd
echo 'from file.csv "blew.csv" | add first: musicbrainz.first_released | to file.jsonl "out.jsonl"' >blew.nrd
released() { jq -c '[.title, .first]' out.jsonl; }
t narada-run $on p.nrd
released
narada-run $on --quiet blew.nrd
released
asked musicbrainz
