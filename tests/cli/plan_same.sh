# The same program gives the same plan whatever the folder, locale, time zone or name of the folder it stands in.
mkdir -p a/b
cat >a/p.nrd <<'P'
param since: date = @2024
from library.plays | keep played_at in since or played_at > 90d ago or played_at < @2020-01-01T00:00+01:00
| tally artist n: count() time: sum(ms_played) / 1h | sort n desc, artist | show
P
cp a/p.nrd a/b/p.nrd
naradac build a/p.nrd -o 1.nrdc
(cd a/b && TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 naradac build p.nrd -o ../../2.nrdc)
(cd a && TZ=America/New_York LANG=tr_TR naradac build "$PWD/p.nrd" -o ../3.nrdc)
t cmp 1.nrdc 2.nrdc
t cmp 1.nrdc 3.nrdc
naradac disasm 1.nrdc | head -n 1 | sed 's/[0-9a-f]\{64\}/ID/'
