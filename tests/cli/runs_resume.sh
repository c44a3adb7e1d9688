command -v sqlite3 >/dev/null || skip there is no sqlite3
mkdir lib
printf 'title,artist\nBlue Hour,Ada Lind\nCopper Sky,Ada Lind\nNorth,Bo\nSouth,Bo\n' >a.csv
printf 'stage some(n: int) =\n  shuffle\n  | take n\n' >lib/mix.nrd
printf 'use "lib/mix.nrd" as mix\nparam n: int\nparam into: text\nfrom file.csv "a.csv" | mix.some n | to library.playlist into\n' >p.nrd
t narada-run p.nrd --n 2 --into "A, B" --store s.db --now 2024-06-01T12:00Z --zone Europe/Berlin --seed 7
t narada runs resume --store s.db
t narada runs resume 1 --store s.db
t narada runs resume 9 --store s.db
t narada runs resume x --store s.db
# as a run ends that a service sent away for hours
sqlite3 s.db "UPDATE runs SET status = 'failed', exit_code = 75, message = 'Spotify wants no more calls before tomorrow'"
narada runs --store s.db | cut -c1-37
echo 'from library.playlist "A, B" | show' >show.nrd
t narada-run show.nrd --store s.db --zone UTC
sqlite3 s.db "UPDATE playlists SET is_deleted = 1"
printf 'nothing that is a program' >p.nrd
rm -r lib
t narada runs resume --store s.db --now 2025-01-01
t narada runs resume --store s.db
t narada-run show.nrd --store s.db --zone UTC
narada runs 2 --store s.db | grep -E '^(run|status|started|parameters|zone|seed)'
t narada runs resume --store s.db
