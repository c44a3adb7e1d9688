# fakes: lastfm
printf 'title,artist\nNorth,bo rask\nBlue Hour,Ada Lind\nCopper Sky,Ada Lind\nblue hour,Ada Lind\nNowhere,\n' >a.csv
echo 'from file.csv "a.csv" | to lastfm.loved' >p.nrd
t narada-run p.nrd $on --dry-run
asked lastfm
ls
# Last.fm fails in the middle: what was not loved stays queued, and the next run of anything that loves sends it
fault lastfm '{"match": "POST /2.0", "skip": 1, "do": "status", "status": 403, "body": {"error": 9, "message": "Invalid session key - Please re-authenticate"}}'
t narada-run p.nrd $on
asked lastfm | sed 's/"api_sig":"[^"]*"/"api_sig":"..."/'
echo 'from file.csv "a.csv" | take 1 | to lastfm.loved' >one.nrd
t narada-run one.nrd $on
state lastfm '.users.ada.loved[] | [.artist, .track]'
t narada-run p.nrd $on
asked lastfm | grep -c POST
# loved, then no more on Last.fm's own page: asked for again it is loved again; an answer that is lost is asked for again
python3 - <<'P'
import hashlib, os, urllib.parse, urllib.request
form = {"method": "track.unlove", "api_key": "fake-key", "sk": "fake-session", "artist": "Ada Lind", "track": "Blue Hour"}
form["api_sig"] = hashlib.md5(("".join(key + form[key] for key in sorted(form)) + "fake-secret").encode()).hexdigest()
urllib.request.urlopen(os.environ["LASTFM"] + "/2.0/", urllib.parse.urlencode(form).encode()).read()
P
asked lastfm >/dev/null
fault lastfm '{"match": "POST /2.0", "do": "lose"}'
t narada-run p.nrd $on
asked lastfm | grep -c POST
state lastfm '.users.ada.loved[] | [.artist, .track]'
