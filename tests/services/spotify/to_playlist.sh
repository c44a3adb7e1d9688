# fakes: spotify
# From one list to another, a letter a track: the calls, the list that comes of it, and that what stays keeps its date. The cases D1 to D10 of every sync.
uris() { printf %s "$1" | sed 's/./"spotify:track:&&&&&&&&&&&&&&&&&&&&&&",/g; s/,$//' | tr A-Z a-z; }
rows() { echo title,spotify.id && printf %s "$1" | sed 's/./&\n/g' | while read -r c; do [ -z "$c" ] || echo "Song $c,$(printf %s "$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c$c" | tr A-Z a-z)"; done; }
letters='.playlists[0].items | [(map(.uri | if startswith("spotify:track:") then .[14:15] | ascii_upcase else "?" end) | join("")), (map(select(.added_at < "2021")) | length)]'
set_list() {
  clock spotify 1577836800
  curl -s -o reply -X PUT -H 'Authorization: Bearer fake-token' -H 'Content-Type: application/json' -d "{\"uris\":[$(uris "$1")]}" "$SPOTIFY/v1/playlists/listlistlistlistlist00/items"
  curl -s -X POST "$SPOTIFY/_fake/reset"
  clock spotify 1717243200
}
cat >p.nrd <<'P'
param mode: text = "update"
from file.csv "rows.csv" | to spotify.playlist "List"
P
for mode in replace append; do sed "s/\"List\"/\"List\" mode: $mode/" p.nrd >$mode.nrd; done
sed -i 1d p.nrd replace.nrd append.nrd
change() {
  set_list "$1"
  rows "$2" >rows.csv
  echo "$1 -> $2 ${3:-p}"
  t narada-run "${3:-p}.nrd" $on ${4:-}
  state spotify "$letters"
  curl -s "$SPOTIFY/_fake/log" | jq -r '.[] | select(.method != "GET") | "  \(.method) \(.json | tojson | gsub("spotify:track:(?<c>.).{21}"; "\(.c)")) -> \(.status)"'
}
change ABCD DBCA
change ABC BCA
change ABA AB
change AB ABA
change ABCDE AXCYE
change ABC ABC
change ABCDEFGH HGFEDCBA
change AABBCC CABCAB
change "" ABC
change BC AB append
change BC BC append
change ABC CAZ replace
change ABC "" append
# Consent is needed for what would leave nothing, or takes more than ten entries and more than half of them.
change ABCDE ""
change ABCDE "" replace
change ABCDE "" p --yes
change ABCDEFGHIJKLMNO KLMNO
change ABCDEFGHIJKLMNOPQRST LMNOPQRST
change ABCDEFGHIJKLMNOPQRSTUV LMNOPQRSTUV
change ABCDEFGHIJKLMNOPQRST LMNOPQRST p --yes
change ABCDEFGHIJKLMNOPQRST LMNOPQRST p --dry-run
change ABCD DXBCA p --dry-run
sqlite3 s.db "SELECT state, verified_at IS NOT NULL, count(*) FROM outbox GROUP BY 1, 2" 2>/dev/null || python3 -c "
import sqlite3
for row in sqlite3.connect('s.db').execute('SELECT state, verified_at IS NOT NULL, count(*) FROM outbox GROUP BY 1, 2'): print('|'.join(map(str, row)))"
