# fakes: listenbrainz
# Listens that cannot be sent are kept and sent by the next run; one that is refused does not keep the others.
awk 'BEGIN { print "played_at,title,artist"; for (i = 1; i <= 1500; i++) printf "2023-01-%02dT%02d:%02d:00Z,T%d,A\n", 1 + i / 1440, i / 60 % 24, i % 60, i }' >many.csv
echo 'from file.csv "many.csv" rows: plays | to listenbrainz.listens' >many.nrd
echo 'from file.csv "many.csv" rows: plays | take 3 | to listenbrainz.listens' >three.nrd
sent() { asked listenbrainz | sed 's/{.*}//'; state listenbrainz '.listens.ada | length'; }
fault listenbrainz '{"match": "POST /1/submit-listens", "skip": 1, "do": "status", "status": 403, "body": {"code": 403, "error": "no"}}'
t narada-run $on many.nrd
sent
t narada-run $on three.nrd
sent
t narada-run $on three.nrd
sent
# Lost on its way back, and made again.
fault listenbrainz '{"match": "POST /1/submit-listens", "do": "lose"}'
t narada-run $on --quiet three.nrd
sent
fault listenbrainz '{"match": "POST /1/submit-listens", "times": 4, "do": "status", "status": 400, "body": {"code": 400, "error": "Value for key listened_at is too low."}}'
t narada-run $on three.nrd
sent
fault listenbrainz '{"match": "POST /1/submit-listens", "do": "status", "status": 401, "body": {"code": 401, "error": "Invalid authorization token."}}'
t narada-run $on three.nrd
fault listenbrainz '{"match": "POST /1/submit-listens", "do": "status", "status": 429, "headers": {"Retry-After": 7200}, "body": {"code": 429, "error": "slow"}}'
t narada-run $on three.nrd | sed 's/before [-0-9T:.]*Z/before THEN/'
