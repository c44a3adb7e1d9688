# 05/03/2024 is a day in March or in May: the table's other dates tell, and where they do not, no date is guessed.
plays() { echo 'from library.plays | sort played_at | show' | narada-run - --store "$1" --zone UTC; }
at='--now 2026-01-01T00:00Z'
row() { echo "Ada Lind,$1,$2"; }
(echo Artist,Track,Date; row One "05/03/2024 20:01"; row Two "25/03/2024 20:01"; row Three "6/3/2024 20:01:30") >british.csv
(echo Artist,Track,Date; row One "3/5/2024 8:01 PM"; row Two '"3/25/24, 8:01 PM"'; row Three "12/6/2024") >american.csv
(echo Artist,Track,Date; row One "05/03/2024 20:01"; row Two 2024-03-06) >neither.csv
(echo Artist,Track,Date; row One "25/03/2024 20:01"; row Two "03/25/2024 20:01"; row Three "05/03/2024") >both.csv
printf '"Ada Lind","","One","05/03/2024 20:01"\n"Ada Lind","","Two","25/03/2024 20:01"\n"Ada Lind","","Three","2024-03-06 20:01"\n' >plain.csv
for file in british american neither both plain; do
  t narada import $file.csv --store $file.db $at --json | sed 's/^.*"first_rejections"/"first_rejections"/'
  plays $file.db
done
# several artists in one column, as Exportify writes them
cat >exportify.csv <<'DATA'
Track URI,Track Name,Album Name,Artist Name(s),Duration (ms),Added At
spotify:track:0000000000000000000001,Blue Hour,First Light,"Ada Lind;Dia & Co; Bo",187000,2024-01-01T00:00:00Z
spotify:track:0000000000000000000002,Drift,First Light,Ada Lind,187000,2024-01-01T00:00:00Z
spotify:track:0000000000000000000003,Nobody,First Light,;,187000,2024-01-01T00:00:00Z
DATA
t narada import exportify.csv --store e.db $at --quiet
echo 'from library.playlist "exportify" | to file.csv "e.csv"' | narada-run - --store e.db --quiet
cut -d, -f1-3 e.csv
