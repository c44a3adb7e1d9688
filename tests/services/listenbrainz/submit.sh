# fakes: listenbrainz
cat >plays.csv <<'CSV'
played_at,title,artist,artists,album,isrc,mbid,spotify.id,duration,service,kind
2024-05-01T10:00:00Z,Glass,Ilse Moor,Ilse Moor; Kaito,Panes,gb-abc-24-00002,22222222-2222-4222-8222-222222222222,0AAAAAAAAAAAAAAAAAAAA2,180s,spotify,track
2024-05-01T10:05:00.900Z,"Say ""when""
twice",Per,,,,not-an-id,,,,
2024-05-01T10:10:00Z,Episode 7,Talk,,,,,,,,episode
1999-01-01T00:00:00Z,Too old,Per,,,,,,,,
2024-06-01T12:59:59Z,Clock ahead,Per,,,,,,,,
2024-06-01T13:00:01Z,From the future,Per,,,,,,,,
2024-05-01T10:20:00Z,,Per,,,,,,,,
CSV
echo 'from file.csv "plays.csv" rows: plays | to listenbrainz.listens' >p.nrd
t narada-run $on --dry-run p.nrd
asked listenbrainz
t narada-run $on p.nrd
t narada-run $on p.nrd
asked listenbrainz | sed 's/{.*}//'
state listenbrainz '.listens.ada[6:][] | del(.track_metadata.additional_info.submission_client_version)'
