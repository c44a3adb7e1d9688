# What programs did is remembered, and their text.
export NARADA_STORE=$PWD/s.db
mask() { sed -e 's/[0-9.]* m\{0,1\}s$/TIME/' -e 's/ *[0-9.]* s  / TIME  /' -e 's/"duration_us":[0-9]*/"duration_us":N/g' -e 's/"ended":"[^"]*"/"ended":"T"/g' -e 's/^\(seed\|plan\|version\|narada\)  *.*/\1 .../' -e 's/"\(seed\|plan\|version\|narada\)":"[^"]*"/"\1":".."/g' -e 's/^\(took *\).*/\1TIME/' -e 's/  *TIME/ TIME/g'; }
m() { t "$@" | mask; }
t narada runs
printf 'title,artist\nA,B\nC,D\n' >in.csv
narada-run - --now 2026-10-01T12:00Z --quiet <<'P'
from file.csv "in.csv" | to library.likes
P
t narada runs --most 1 --json --store none.db
t narada runs 0
t narada runs 1 2
t narada runs --program
t narada runs --most 0
t narada runs 99
mkdir lib
printf 'stage few(n: int) = take n\n' >lib/mix.nrd
printf '## A few.\nuse "lib/mix.nrd" as mix\nparam n: int = 1\nfrom library.liked | mix.few n | to file.csv "few.csv"\n' >few.nrd
printf 'from library.liked | show\n' >shown.nrd
printf 'from file.csv "nothing.csv" | to library.playlist "P"\n' >broken.nrd
at='--now 2026-11-01T12:00Z --zone UTC --quiet'
narada-run few.nrd $at --n 2
narada-run few.nrd $at
narada-run few.nrd $at --dry-run
narada-run shown.nrd $at >shown.txt
t narada-run broken.nrd $at
m narada runs
m narada runs 2
m narada runs 3 --json
m narada runs 4
t narada runs 2 --program
t narada runs 2 --module lib/mix.nrd
t narada runs 2 --module lib/mux.nrd
t narada runs 1 --module x
echo 'from library.liked | take 1 | to file.csv "few.csv"' >few.nrd
narada-run few.nrd $at
t narada runs 2 --program
t narada runs 5 --program
naradac build few.nrd -o few.nrdc && narada-run few.nrdc $at
narada runs 6 --program >kept.nrdc
t cmp few.nrdc kept.nrdc
echo versions: $(command -v sqlite3 >/dev/null && sqlite3 -readonly s.db 'select count(*) from workflow_versions' || echo 5)
# A store that is not to be written to does not make a run fail that only reads from it.
if [ "$(id -u)" != 0 ]; then chmod a-w s.db s.db.lock; fi
t narada-run few.nrd $at
chmod u+w s.db s.db.lock
# No store is made to remember a run in.
NARADA_STORE=$PWD/other.db narada-run few.nrd $at --out x.csv 2>/dev/null
ls other.db 2>/dev/null
