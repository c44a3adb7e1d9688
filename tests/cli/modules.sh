# Modules: where they are looked for, what a plan says of them, which flags they give, and the library.
mkdir -p a/lib b
cat >a/lib/mix.nrd <<'P'
use "deep.nrd"
param days: duration = 30d   ## how far back
param unread: int
let heard = from library.played within: days
stage often = deep.often
from heard | show
P
cat >a/lib/deep.nrd <<'P'
param least: int = 2   ## plays at least
stage often =
  keep plays >= least
  | sort plays desc
P
cat >a/p.nrd <<'P'
## A program of three files.
use "lib/mix.nrd"
use "./lib/../lib/deep.nrd"
use std.hidden_gems as gems
param most: int = 5   ## how many
from mix.heard | mix.often | deep.often | gems.gems | take most | show
P
t naradac check a/p.nrd
t naradac explain a/p.nrd
t narada-run a/p.nrd --help
t narada-run a/p.nrd --store s.db --mix.days 5d --deep.least 1 --most 2
t narada-run a/p.nrd --store s.db --mix.days five
t narada-run a/p.nrd --store s.db --mix.least 5

# The same bytes wherever one stands, and by a link to the program's folder.
naradac build a/p.nrd -o 1.nrdc
(cd a && naradac build p.nrd -o ../2.nrdc)
(cd b && naradac build "$PWD/../a/p.nrd" -o ../3.nrdc)
ln -s a c
naradac build c/p.nrd -o 4.nrdc
(cd a && naradac build - -o ../5.nrdc <p.nrd)
t cmp 1.nrdc 2.nrdc
t cmp 1.nrdc 3.nrdc
t cmp 1.nrdc 4.nrdc
naradac disasm 1.nrdc | grep '^module'
naradac disasm 5.nrdc | grep '^module'
t narada-run 1.nrdc --store s.db --mix.days 5d
naradac disasm 1.nrdc | head -1 >id.1
printf '# a comment\n' >>a/lib/deep.nrd
naradac build a/p.nrd -o 1.nrdc
naradac disasm 1.nrdc | head -1 | cmp -s id.1 - && echo 'a comment changes no plan'
printf 'let changed = 1\n' >>a/lib/deep.nrd
naradac build a/p.nrd -o 1.nrdc
naradac disasm 1.nrdc | head -1 | cmp -s id.1 - && echo "a module changed and the plan did not" || echo "another plan"

# From standard input: from the current folder.
printf 'use "a/lib/mix.nrd"\nfrom mix.heard | show\n' >stdin.nrd
naradac check - <stdin.nrd && echo clean
(cd b && naradac check - <../stdin.nrd 2>&1)

# A link to a file is the file.
ln -s deep.nrd a/lib/link.nrd
printf 'use "a/lib/deep.nrd"\nuse "a/lib/link.nrd"\nfrom library.played | deep.often | link.often | show\n' >links.nrd
t naradac check links.nrd

# What only defines is fine as a module and nothing to run.
printf 'stage few = take 3\n' >few.nrd
t naradac check few.nrd
t naradac build few.nrd -o few.nrdc
t narada-run few.nrd --store s.db

# Limits.
i=1
: >many.nrd
while [ $i -le 65 ]; do
  printf 'stage few = take %d\n' $i >b/m$i.nrd
  printf 'use "b/m%d.nrd"\n' $i >>many.nrd
  i=$((i + 1))
done
echo 'from library.liked | m64.few | show' >>many.nrd
t naradac check many.nrd 2>&1 | grep -A 3 '^error'
head -c 1048577 /dev/zero | tr '\0' '#' >b/long.nrd
printf 'use "b/long.nrd"\nfrom library.liked | show\n' >long.nrd
t naradac check long.nrd
printf 'stage few = take 3\n' >b/closed.nrd
chmod 000 b/closed.nrd
printf 'use "b/closed.nrd"\nfrom library.liked | closed.few | show\n' >closed.nrd
[ "$(id -u)" = 0 ] || naradac check closed.nrd 2>closed.out
[ "$(id -u)" = 0 ] || grep -q 'may not be read by this user' closed.out || cat closed.out

# The library.
t naradac check std.hidden_gems
t narada-run std.hidden_gem
t narada-run std.hidden_gems --store s.db
naradac show std.hidden_gems >mine.nrd
t naradac check mine.nrd
cmp -s mine.nrd "$root/stdlib/hidden_gems.nrd" && echo same text
t naradac build std.hidden_gems -o gems.nrdc
naradac explain std | grep hidden_gems
t naradac show nothing.nrd
