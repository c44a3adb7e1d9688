# fakes: lastfm
# Podcasts and audiobooks are no scrobbles, from the store or from a file.
cat >plays.csv <<'C'
played_at,title,artist,ms_played,kind
2024-06-01T10:00:00Z,Copper Sky,Ada Lind,200000,track
2024-06-01T10:10:00Z,Episode 7,The Talkers,1800000,episode
2024-06-01T10:50:00Z,Chapter 3,A. Writer,1800000,chapter
C
echo 'from file.csv "plays.csv" rows: plays | to library.plays' >store.nrd
echo 'from file.csv "plays.csv" rows: plays | to lastfm.scrobbles' >file.nrd
echo 'from library.plays | to lastfm.scrobbles' >library.nrd
t narada-run store.nrd $on
t narada-run file.nrd $on --dry-run
t narada-run library.nrd $on
state lastfm '.users.ada.scrobbles[] | [.uts, .artist, .track]'
