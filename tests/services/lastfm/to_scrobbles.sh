# fakes: lastfm
# option lastfm: cap=3
cat >plays.csv <<'C'
played_at,title,artist,album,ms_played,duration
2024-06-01T11:06:40Z,Blue Hour,Ada Lind,First Light,187000,187000
2024-06-01T10:00:00Z,Copper Sky,Ada Lind,First Light,200000,201000
2024-06-01T10:05:00Z,Copper Sky,Ada Lind,First Light,20000,201000
2024-06-01T10:10:00Z,Jingle,Ada Lind,,20000,20000
2024-05-31T10:00:00Z,South,Bo Rask,,180000,
2024-05-31T11:00:00Z,South & x=1,Björk,,,
2024-05-31T12:00:00Z,[unknown],Bo Rask,,180000,
2024-05-30T12:00:00Z,West,Bo Rask,,180000,
2024-05-01T12:00:00Z,Old One,Bo Rask,,180000,
2025-05-01T12:00:00Z,Next Year,Bo Rask,,180000,
2024-05-30T13:00:00Z,,Bo Rask,,180000,
C
echo 'from file.csv "plays.csv" rows: plays | to lastfm.scrobbles' >p.nrd
t narada-run p.nrd $on --dry-run
asked lastfm
t narada-run p.nrd $on
asked lastfm | sed 's/"api_sig":"[^"]*"/"api_sig":"..."/'
# the same day: Last.fm takes no more, and is not asked to
t narada-run p.nrd $on
asked lastfm
# the next day
clock lastfm 1717332000
t narada-run p.nrd $later --now 2024-06-02T12:40Z
state lastfm '.users.ada.scrobbles[] | [.uts, .artist, .track]'
t narada-run p.nrd $later --now 2024-06-02T12:41Z
