# fakes: lastfm
printf 'title,artist\nUnheard,Bo Rask\nblue hour,ADA LIND\nCopper Sky,Ada Lind\nNorth,Bo Rask\nBlue Hour,Adda Lind\nMade Up,Nobody\n,Nobody\n' >a.csv
echo 'from file.csv "a.csv" | sort lastfm.plays desc, lastfm.loved | enrich lastfm | add global: lastfm.global_plays | show' >p.nrd
t narada-run p.nrd $on
asked lastfm | sort
# kept for an hour, once there is a store
echo 'from file.csv "a.csv" | keep title == "North" | to library.likes' >like.nrd
t narada-run like.nrd $on
narada-run p.nrd $on >one.txt 2>&1
asked lastfm | wc -l
narada-run p.nrd $later --now 2024-06-01T12:59Z | cmp - one.txt
asked lastfm | wc -l
# older than an hour: asked again. Last.fm refuses the key: what is known stands, with a word about it; what is not known is missing
fault lastfm '{"match": "GET /2.0", "times": 1000, "do": "status", "status": 403, "body": {"error": 10, "message": "Invalid API key"}}'
t narada-run p.nrd $later --now 2024-06-01T14:00Z
rm s.db*
t narada-run p.nrd $on
# no login: nothing is asked, and the program says what to do
rm -r ../enrich.home/credentials
t narada-run p.nrd $on
