# fakes: spotify
# Rows that come from elsewhere are found on Spotify by their ISRC, else by artist and title; what is no such track is named, and nothing is asked twice.
cat >rows.csv <<'P'
title,artist,isrc,duration
Blue Hour,Ada Lind,,3:20
Blue Hour,ada lind & Bo Rask,,
Any title,Ada Lind,SE-AAA-11-00002,
song for,The Co,,
Collision,Somebody,SEAAA1100005,
North,Bo Rask,,
North,Bo Rask,,
!!!,Duo,,
Blue Hour (Remix),Ada Lind,,
North,Bo Rask Trio,,
Hunter,Björk,SEAAA9999999,
,,,
P
echo 'from file.csv "rows.csv" | to spotify.playlist "List"' >p.nrd
letters='.playlists[0].items | map(.uri[14:15]) | join("")'
searches() { asked spotify | grep '/search' | sed 's/&limit.*->/ ->/' | sort; }
t narada-run p.nrd $on --dry-run
searches
ls
t narada-run p.nrd $on
searches
state spotify "$letters"
echo "# again: what is known is not looked for"
t narada-run p.nrd $on
searches
echo "# half a year later it is"
t narada-run p.nrd $later --now 2024-12-01T12:00Z
searches | wc -l
echo "# likes as well"
echo 'from file.csv "rows.csv" | take 3 | to spotify.likes' >likes.nrd
t narada-run likes.nrd $on
state spotify '.likes | map(.id[0:1]) | join("")'
asked spotify >/dev/null
echo 'from file.csv "rows.csv" | to spotify.playlist "List" mode: replace' >replace.nrd
narada-run replace.nrd $on --yes >/dev/null 2>&1
rm -f s.db*
echo 'from file.csv "rows.csv" | take 5 | to spotify.playlist "List" mode: replace' >replace.nrd
asked spotify >/dev/null
echo "# a search that is refused leaves the list as it is"
fault spotify '{"match":"GET /v1/search?type=track&q=isrc%3ASEAAA1100005","do":"status","status":400,"body":{"error":{"status":400,"message":"Bad search"}}}'
t narada-run replace.nrd $on
asked spotify | grep -v GET
echo "# a used-up quota parks the run; resumed, it asks for what is left"
fault spotify '{"match":"GET /v1/search?type=track&q=isrc%3ASEAAA1100002","do":"status","status":429,"headers":{"Retry-After":"48925"},"body":{"error":{"status":429,"message":"API rate limit exceeded","reason":"QUOTA_EXCEEDED"}}}'
rm -f s.db*
t narada-run replace.nrd $on | sed 's/before 20[^,]*/before THEN/'
state spotify "$letters"
asked spotify >/dev/null
rm -f s.db.limits*
t narada-run replace.nrd $on --yes
searches | grep -c 'q=isrc:SEAAA1100002'
state spotify "$letters"
