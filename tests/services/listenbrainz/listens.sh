# fakes: listenbrainz
# A page ends in the middle of three listens of one second, and none is lost or read twice.
# option listenbrainz: page=4
cat >listens.nrd <<'NRD'
from listenbrainz.listens | to file.jsonl "listens.jsonl"
NRD
t narada-run $on listens.nrd
cat listens.jsonl
asked listenbrainz
echo 'from listenbrainz.listens since: @2024-05-30T20:22Z | add d: duration | show' >since.nrd
t narada-run $on since.nrd
asked listenbrainz
fault listenbrainz '{"match": "GET /1/user", "skip": 1, "do": "cut"}'
t narada-run $on --quiet listens.nrd
wc -l <listens.jsonl
fault listenbrainz '{"match": "GET /1/user", "times": 3, "do": "status", "status": 200, "body": {"payload": {}}}'
t narada-run $on listens.nrd
fault listenbrainz '{"match": "GET /1/user", "skip": 1, "do": "status", "status": 200, "body": {"payload": {"listens": [{"listened_at": 1717200001, "track_metadata": {"track_name": "Later"}}]}}}'
t narada-run $on listens.nrd
fault listenbrainz '{"match": "GET /1/user", "do": "status", "status": 200, "body": {"payload": {"listens": [7, null, {"listened_at": "1717100000"}, {"listened_at": 1e30, "track_metadata": {"track_name": "X"}}, {"listened_at": 1717100001, "track_metadata": {"track_name": "Y", "artist_name": 4, "additional_info": [], "mbid_mapping": {"artists": [null, {"artist_credit_name": 3}]}}}]}}}'
fault listenbrainz '{"match": "GET /1/user", "do": "status", "status": 200, "body": {"payload": {"listens": []}}}'
t narada-run $on listens.nrd
cat listens.jsonl
fault listenbrainz '{"match": "GET /1/user", "do": "status", "status": 401, "body": {"code": 401, "error": "Invalid authorization token."}}'
t narada-run $on listens.nrd
rm "$HOME/credentials/listenbrainz-default"
t narada-run $on listens.nrd
