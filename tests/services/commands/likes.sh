# fakes: spotify lastfm
t narada import-spotify-likes $on --limit 2
t narada import-spotify-likes $on
t narada import-spotify-likes $on --batch-size 50
t narada export-likes-to-lastfm $on --dry-run
t narada export-likes-to-lastfm $on --limit 1
t narada export-likes-to-lastfm $on
t narada export-likes-to-lastfm $on
state lastfm '.users.ada.loved[] | [.artist, .track]'
t narada import-lastfm-plays $on
t narada import-lastfm-plays $on
t narada import-lastfm-plays $on --since 2024-05-31
t narada import-spotify-likes $on --limit none
t narada import-spotify-likes $on --user-id nobody
t narada import-lastfm-plays --limit 3
t narada import-lastfm-plays --help
narada status --store s.db | grep -A4 -i "service\|last.fm"
t narada import-lastfm-plays $on --user-id nobody
t narada import-lastfm-plays --since --store s.db
t narada import-lastfm-plays --user-id
t narada export-likes-to-lastfm --limit --store s.db
t narada export-likes-to-lastfm --batch-size 0
