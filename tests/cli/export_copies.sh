# What an export holds for other programs: no name becomes a path, a formula, a directive or a control of the terminal, and all of it reads back.
export NARADA_STORE=$PWD/s.db
cat >odd.jsonl <<'DATA'
{"title":"=cmd()|'x'!A1","artist":"+1","album":"@sum","spotify.id":"0000000000000000000001","duration":187000}
{"title":"#EXTINF:1,no","artist":"#EXTM3U","isrc":"USRC17607839"}
{"title":"../../x","artist":"/etc/passwd"}
{"title":"two\nlines","artist":"tab\there"}
{"title":"\u001b[31mred\u202ertl","artist":"\u0085next"}
{"title":"a \"quoted\", b","artist":"<&>]]>","artists":["<&>]]>","Guest; x"],"mbid":"0a5c5e35-0d8e-4f5c-9a0c-0a5c5e350d8e"}
{"title":"-1","artist":"'kept","spotify.id":"not\"an id"}
DATA
cat >make.nrd <<'P'
param name: text
from file.jsonl "odd.jsonl" | to library.playlist name
P
nl=$(printf '\nx'); esc=$(printf '\033[2Jclear')
for name in "../../../etc/x" "CON" "nul.txt" "Mix" "MIX" "mix (2)" "=1+1" "#EXTM3U" ".hidden" "-rf" "a/b\\c:d*e?f\"g<h>i|j" "trail. ." "$nl" "$esc" "..." \
  "$(printf 'caf\303\251')" "$(printf 'cafe\314\201')" "$(printf 'rtl\342\200\256gpj')" \
  "$(printf '\343\201\202%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50)"; do
  narada-run make.nrd --quiet --name "$name" --now 2026-11-02T12:00Z
done
cat >plays.jsonl <<'DATA'
{"title":"=cmd()|'x'!A1","artist":"+1","album":"@sum","spotify.id":"0000000000000000000001","duration":187000,"played_at":"2024-03-05T20:00:00.123Z","ms_played":187000}
{"title":"#EXTINF:1,no","artist":"#EXTM3U","isrc":"USRC17607839","played_at":"2024-03-05T20:10:00Z","ms_played":3000}
{"title":"two\nlines","artist":"tab\there","played_at":"2024-04-05T20:10:00Z"}
DATA
printf 'from file.jsonl "plays.jsonl" rows: plays | to library.plays\nfrom file.jsonl "odd.jsonl" | take 3 | to library.likes\n' >play.nrd
narada-run play.nrd --quiet --now 2026-11-02T12:00Z
narada export out --quiet
find out/playlists -type f | LC_ALL=C sort
find out -name '*[[:cntrl:]]*'
cat out/plays.csv out/listenbrainz/listens/*/*.jsonl out/listenbrainz/feedback.jsonl out/playlists/MIX.m3u8 out/playlists/MIX.xspf out/playlists/MIX.jspf
head -2 "out/playlists/#EXTM3U.m3u8"
grep -c '^#PLAYLIST:' out/playlists/*.m3u8 | grep -v ':1$'
tr -d '\n' <"out/playlists/#EXTM3U.xspf" | grep -c '[[:cntrl:]]'
# they say of themselves what they are, and read back
sed -n 's/.*"file":"\(plays.csv\|listenbrainz[^"]*\)","rows":\([0-9]*\).*/\1 \2/p' out/manifest.json
echo 'from file.csv "out/plays.csv" rows: plays | show' >read.nrd
t narada-run read.nrd --store none.db --zone UTC
echo 'from file.jspf "out/playlists/MIX.jspf" | show' >read.nrd
t narada-run read.nrd --store none.db --zone UTC
echo 'from file.m3u "out/playlists/MIX.m3u8" | show' >read.nrd
t narada-run read.nrd --store none.db --zone UTC
narada import out/listenbrainz --store lb.db --json --now 2026-11-02T12:00Z
# read again where it came from, it is what is there already: no listen is counted twice
narada import out/listenbrainz --quiet --now 2026-11-03T12:00Z
echo 'from library.played | add n: plays | show' >n.nrd
t narada-run n.nrd --zone UTC --now 2026-11-04T12:00Z
if command -v sha256sum >/dev/null; then
  sed -n 's/.*"file":"\(.*\)","rows.*"sha256":"\([0-9a-f]*\)".*/\2  \1/p' out/manifest.json | sed 's/\\"/"/g' >sums
  (cd out && sha256sum -c --quiet ../sums) && echo "checksums hold"
fi
# an empty store
narada import out/listenbrainz/feedback.jsonl --store e.db --quiet --now 2026-11-02T12:00Z
narada export little --store e.db --quiet && wc -l <little/plays.csv | tr -d ' ' && ls -p little/listenbrainz
