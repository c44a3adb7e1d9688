# fakes: listenbrainz
# What was read is not read again; a run that fails leaves the checkpoint where it was.
echo 'from listenbrainz.listens since: checkpoint | to library.plays' >p.nrd
echo 'from library.plays | sort played_at | show' >plays.nrd
t narada-run $on p.nrd
t narada-run $on p.nrd
fault listenbrainz '{"match": "GET /1/user", "do": "status", "status": 404, "body": {"code": 404, "error": "Cannot find user: ada"}}'
t narada-run $on p.nrd
curl -s -o /dev/null -H 'Authorization: Token 00000000-0000-4000-8000-000000000001' -H 'Content-Type: application/json' -d '{"listen_type": "single", "payload": [{"listened_at": 1717240000, "track_metadata": {"artist_name": "Ola", "track_name": "New"}}]}' "$LISTENBRAINZ/1/submit-listens"
t narada-run $on p.nrd
asked listenbrainz | tail -n 3
t narada-run $on plays.nrd
echo "# the place is kept by a program that asks for more than listens, too"
curl -s -o /dev/null -H 'Authorization: Token 00000000-0000-4000-8000-000000000001' -H 'Content-Type: application/json' -d '{"listen_type": "single", "payload": [{"listened_at": 1717241000, "track_metadata": {"artist_name": "Ola", "track_name": "Newer"}}]}' "$LISTENBRAINZ/1/submit-listens"
echo 'from listenbrainz.listens since: checkpoint | tracks | add n: listenbrainz.plays | to file.jsonl "out.jsonl"' >list.nrd
t narada-run $on list.nrd
t narada-run $on list.nrd
