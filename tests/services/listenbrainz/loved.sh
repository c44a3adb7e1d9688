# fakes: listenbrainz
echo 'from listenbrainz.loved | to file.jsonl "loved.jsonl"' >p.nrd
t narada-run $on p.nrd
cat loved.jsonl
asked listenbrainz
fault listenbrainz '{"match": "GET /1/feedback", "do": "status", "status": 200, "body": {"feedback": "none", "total_count": 3, "offset": 0}}'
t narada-run $on p.nrd
fault listenbrainz '{"match": "GET /1/feedback", "times": 9, "do": "status", "status": 200, "body": {}}'
t narada-run $on p.nrd
