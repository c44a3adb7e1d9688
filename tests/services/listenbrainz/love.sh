# fakes: listenbrainz
# What is loved already is not sent again; names are looked up, fifty a call.
cat >t.csv <<'CSV'
title,artist,mbid
Harbour Lights,The Lanterns,
Low Water,The Lanterns,
Low water,the lanterns,33333333-3333-4333-8333-333333333333
Glass,Ilse Moor,
Nobody knows,Per,
,,44444444-4444-4444-8444-444444444444
,,
CSV
awk 'BEGIN { print "title,artist"; for (i = 1; i <= 60; i++) printf "T%d,A\n", i; print "Glass,Ilse Moor" }' >many.csv
echo 'from file.csv "t.csv" | to listenbrainz.loved' >p.nrd
echo 'from file.csv "many.csv" | to listenbrainz.loved' >many.nrd
t narada-run $on --dry-run p.nrd
asked listenbrainz
fault listenbrainz '{"match": "POST /1/feedback", "skip": 1, "do": "status", "status": 403, "body": {"code": 403, "error": "no"}}'
t narada-run $on p.nrd
asked listenbrainz
t narada-run $on p.nrd
asked listenbrainz
t narada-run $on --dry-run many.nrd
asked listenbrainz | cut -c1-60
state listenbrainz '.feedback.ada[] | select(.created > 1717200000)'
