# What a repository of programs allows them to do: effects and calls, each told at its stage.
cat >mix.nrd <<'NRD'
param target: text = "Road"
from library.liked
| sort lastfm.plays desc
| take 30
| to spotify.playlist "Radar"
| to library.playlist "{target} trip"
from spotify.likes | take 100 | keep lastfm.loved | show
from library.liked | take 20 | to file.m3u "out/x.m3u"
NRD
t naradac check mix.nrd
t naradac check mix.nrd --read-only
t naradac check mix.nrd --read-only --allow write:spotify --allow write:library --allow 'write:file:out/*'
t naradac check mix.nrd --allow write:spotify:R*r --allow write:library:Road* --allow write:file:x.m3u
t naradac check mix.nrd --allow write:library:* --allow write:spotify:Radarr --allow write:file:*/x.*
t naradac check mix.nrd --allow read:library --allow read:spotify
t naradac check mix.nrd --max-calls 100
printf 'from library.liked | take 20 | keep lastfm.loved | keep musicbrainz.id is not missing | show\n' >calls.nrd
t naradac check calls.nrd --max-calls 21
t naradac check calls.nrd --max-calls 20
t naradac check calls.nrd --max-calls 0
printf 'from library.tracks | show\n' >pure.nrd
t naradac check pure.nrd --read-only --max-calls 0 --allow read:library
# In a workflow at the task, in a module at its stage.
cat >w.json <<'JSON'
{"id": "w", "tasks": [
  {"id": "likes", "type": "source.liked_tracks"},
  {"id": "out", "type": "destination.create_playlist", "config": {"name": "New"}, "upstream": ["likes"]}]}
JSON
t naradac check w.json --read-only
t naradac check w.json --read-only --format jsonl
printf 'stage save(name: text) = take 3 | to library.playlist name | to file.m3u "{name}.m3u"\n' >m.nrd
printf 'use "m.nrd" as m\nfrom library.liked | m.save "x"\n' >user.nrd
cp user.nrd other.nrd
t naradac check user.nrd m.nrd other.nrd --read-only
t naradac check std.discovery_mix --read-only --max-calls 3
t naradac check user.nrd --allow write:library:y
t naradac check user.nrd --allow write:library:x --allow write:file
# A program with mistakes has no effects yet; what is wrong with it is told.
printf 'from library.trcks | to library.playlist "x"\n' >bad.nrd
t naradac check bad.nrd --read-only
for option in '--allow wrte:x' '--allow write:spotfy' '--allow read:youtube' '--allow write' '--allow write:file:' '--max-calls -1' '--max-calls 99999999999999999999' '--max-calls='; do t naradac check mix.nrd $option; done
t naradac check mix.nrd --max-calls 1 --max-calls 2
t naradac build mix.nrd -o x.nrdc --read-only
