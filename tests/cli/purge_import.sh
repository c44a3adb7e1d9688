# A whole import goes, with its plays, when somebody names it and agrees; what was derived from them follows.
export NARADA_STORE=$PWD/s.db
mask() { sed -e "s|$PWD/||g"; }
m() { t "$@" | mask; }
sleep 0.2 # else the files are too young to be remembered
narada import "$root/tests/import/StreamingHistory_music_0.json" --quiet --now 2026-10-01T12:00Z
narada import "$root/tests/import/ghan.csv" --quiet --now 2026-10-02T12:00Z
narada-make-history --rows 300 --seed 2 --artists 20 --out history >/dev/null
sleep 0.2
narada import-spotify-plays history --quiet --now 2026-10-03T12:00Z
echo 'from library.played | tally artist plays: sum(plays) | sort plays desc | take 5 | show' >top.nrd
narada-run top.nrd --zone UTC --now 2026-11-01T12:00Z >before
m narada purge --import
m narada purge --import x
m narada purge --import 9
m narada purge --import 3 </dev/null
m narada purge --import 3 --dry-run
m narada purge --import 2 --yes --now 2026-11-01T12:00Z
m narada verify --quiet
m narada purge --import 2 --yes
m narada purge --import 3 --yes --json
m narada verify --quiet
narada status --json | grep -o '"plays":[0-9]*'
# the same files again: they are read, and all is as it was
narada import-spotify-plays history --json --now 2026-11-02T12:00Z | grep -o '"unchanged_files":[0-9]*'
narada import "$root/tests/import/ghan.csv" --quiet --now 2026-10-02T12:00Z
narada-run top.nrd --zone UTC --now 2026-11-01T12:00Z | cmp - before && echo "as before"
m narada verify --quiet
