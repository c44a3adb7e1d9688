# fakes: spotify lastfm
# Last.fm sends the run away for hours in the midst of the counts. What is only shown is shown as far as it is known; what is to be written waits and goes on there.
printf 'title,artist\nNorth,Bo Rask\nUnheard,Bo Rask\nCopper Sky,Ada Lind\n' >a.csv
echo 'from file.csv "a.csv" | sort lastfm.plays desc | to library.playlist "Sorted"' >p.nrd
echo 'from file.csv "a.csv" | sort lastfm.plays desc | show' >show.nrd
away() { fault lastfm '{"match": "GET /2.0/?method=track.getInfo&format=json&artist=Ada", "do": "status", "status": 429, "headers": {"Retry-After": "30000"}, "body": {"error": 29, "message": "Rate limit exceeded"}}'; }
later() { sed 's/before 20[^,]*/before THEN/'; }
away
t narada-run show.nrd $on | later
rm -f s.db*
asked lastfm | wc -l
away
t narada-run p.nrd $on | later
t narada-run p.nrd $on | later
t narada-run p.nrd $on --dry-run | later
asked lastfm | wc -l
rm -f s.db.limits*
t narada runs resume $(echo "$on" | sed 's/--zone UTC//; s/--now [^ ]*//')
asked lastfm | wc -l
echo 'from library.playlist "Sorted" | show' >look.nrd
t narada-run look.nrd $on
# Asked again an hour later and sent away: older values stand and are written, or what is known is written because the user says so.
away
t narada-run p.nrd $later --now 2024-06-01T14:00Z | later
rm -f s.db.limits*
echo 'Blue Hour,Adda Lind' >>a.csv
fault lastfm '{"match": "GET /2.0/?method=track.getInfo&format=json&artist=Adda", "do": "status", "status": 429, "headers": {"Retry-After": "30000"}, "body": {"error": 29, "message": "Rate limit exceeded"}}'
t narada-run p.nrd $on | later
t narada-run p.nrd $on --yes | later
# A service that fails, and does not say when it will answer: what is missing is missing.
rm -f s.db.limits*
echo 'Quiet,Adda Lind' >>a.csv
fault lastfm '{"match": "GET /2.0", "times": 100, "do": "status", "status": 400, "body": {"error": 2, "message": "Invalid service"}}'
t narada-run p.nrd $on
