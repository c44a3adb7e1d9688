# fakes: lastfm
echo 'from lastfm.loved | show' >loved.nrd
echo 'from lastfm.top range: month | show' >top.nrd
echo 'from lastfm.scrobbles | show' >scrobbles.nrd
t narada-run loved.nrd $on
t narada-run top.nrd $on
t narada-run scrobbles.nrd $on
asked lastfm
# kept in the library, once; the next reading begins where this one ended
echo 'from lastfm.scrobbles since: checkpoint | to library.plays' >keep.nrd
t narada-run keep.nrd $on
t narada-run keep.nrd $on
asked lastfm
echo 'from library.plays | show' >plays.nrd
t narada-run plays.nrd $on
# somebody else's list is not taken
fault lastfm '{"match": "GET /2.0/?method=user.getRecent", "do": "status", "status": 200, "body": {"recenttracks": {"track": [], "@attr": {"user": "bo", "page": "1", "perPage": "200", "totalPages": "0", "total": "0"}}}}'
t narada-run keep.nrd $on
fault lastfm '{"match": "GET /2.0/?method=user.getLoved", "do": "status", "status": 403, "body": {"error": 17, "message": "Login: User required to be logged in"}}'
t narada-run loved.nrd $on
# sent away for hours: the run is parked
fault lastfm '{"match": "GET /2.0", "do": "status", "status": 429, "headers": {"Retry-After": "7200"}, "body": {"error": 29, "message": "Rate limit exceeded"}}'
t narada-run keep.nrd $on | sed 's/before [^,]*,/before T,/'
narada runs --store s.db | sed 's/ *[0-9.]* s / T /'
