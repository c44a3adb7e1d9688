# Playlists of other programs: M3U, XSPF, JSPF and tables, in UTF-8, UTF-16 and Windows-1252, each by what it holds.
mkdir lists
printf '#EXTM3U\r\n#PLAYLIST:Road\r\n#EXTINF:187,Ada Lind - Blue Hour\r\n../music/Blue%%20Hour.mp3\r\n#EXTINF:-1,Caf\351 Str\366m - Na\357ve\r\nspotify:track:0000000000000000000002\r\n' >lists/old.m3u
printf 'C:\\music\\Dia - New One.flac\r\n/home/x/Dia - New One.flac\n' >lists/paths.m3u8
printf '<?xml version="1.0" encoding="ISO-8859-1"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">\n <title>Sea &amp; &#83;ky</title>\n <trackList>\n  <track><title>Drift</title><creator>Cl\351o</creator><album>M</album><duration>200000</duration><identifier>isrc:USRC17607839</identifier></track>\n </trackList>\n</playlist>\n' >lists/x.xspf
cat >lists/set.jspf <<'DATA'
{"playlist":{"track":[
{"title":"Copper Sky","creator":"Ada Lind feat. Dia","identifier":["isrc:USRC17607840","https://musicbrainz.org/recording/0a5c5e35-0d8e-4f5c-9a0c-0a5c5e350d8e"],"location":"spotify:track:0000000000000000000003",
 "extension":{"https://musicbrainz.org/doc/jspf#track":{"added_at":"2020-05-01T00:00:00Z","additional_metadata":{"artists":[{"artist_credit_name":"Ada Lind"},{"artist_credit_name":"Dia"}]}}}},
{"location":["file:///music/Cleo%20-%20Ember.ogg"]},
{"annotation":"says nothing"}],
"title":"Set"}}
DATA
printf '\377\376' >lists/utf16.csv
# every byte of a text in ASCII is one of UTF-16 with a NUL behind it; the umlauts are written by hand
utf16() {
  printf '%s' "$1" | od -An -v -tu1 | tr -s ' ' '\n' | sed '/^$/d' | while read -r byte; do printf "\\$(printf '%03o' "$byte")\\000"; done
}
{ utf16 'Track URI;Track Name;Artist Name(s);Added At'; printf '\n\000'; utf16 'spotify:track:0000000000000000000004;'; printf '\334\000'; utf16 'ber;M'; printf '\344\000'; utf16 'ra;2021-01-02T03:04:05Z'
  printf '\n\000'; utf16 ';Second;Cleo;'; printf '\n\000'; utf16 ';;Nobody;'; printf '\n\000'; } >>lists/utf16.csv
printf 'Playlist name,Track name,Artist name,ISRC\nP,One,A,\nP,%s,A,\nQ,Two,B,\n' "'=cmd()" >lists/many.csv
t narada import lists --store s.db --now 2024-06-01T00:00Z
t narada import lists --store s.db --now 2024-06-02T00:00Z --quiet
echo 'from library.playlists | show' >l.nrd
t narada-run l.nrd --store s.db --zone UTC --now 2024-06-03T00:00Z
for list in Road Set utf16 P; do
  echo "from library.playlist \"$list\" | show" >one.nrd
  t narada-run one.nrd --store s.db --zone UTC
done
narada export out --store s.db --quiet
grep -o '"title":"\(Copper Sky\|Über\)".*' out/playlists/Set.jspf out/playlists/utf16.jspf
# what an export holds of playlists is the same again, in any of its forms
for end in jspf xspf m3u8; do
  mkdir $end
  cp out/playlists/*.$end $end
  narada import $end --store $end.db --quiet --now 2024-06-01T00:00Z
  narada-run l.nrd --store $end.db --zone UTC --now 2024-06-03T00:00Z >$end.txt
  narada-run l.nrd --store s.db --zone UTC --now 2024-06-03T00:00Z | cmp - $end.txt && echo "$end: the same playlists"
done
# broken off, empty, not what it seems
printf '<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track><title>A</title><creator>B</creator></track><track>' >cut.xspf
t narada import cut.xspf --store b.db --now 2024-06-01T00:00Z
printf '#EXTM3U\n' >empty.m3u
t narada import empty.m3u --store b.db --quiet --now 2024-06-01T00:00Z
printf '#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9,\nseg.ts\n' >live.txt
t narada import live.txt --store b.db
printf 'title,artist\nA,B\nC,"x\n' >quote.csv
t narada import quote.csv --store b.db --now 2024-06-01T00:00Z
t narada-run l.nrd --store b.db --zone UTC --now 2024-06-03T00:00Z
