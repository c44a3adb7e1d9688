# --update rewrites what differs, fills in what is missing, and leaves the rest as it is.
printf 'from library.tracks | show | to file.csv "out.csv"\nfrom library.tracks | tally artist n: count() | to library.plays\n' >bad.nrd
printf 'from library.tracks | show | to file.csv "out.csv"\n' >all.nrd
printf '# a comment\n\ntracks\n|title|artist|duration|\n|  A | "Ann, Bea" | 3:20 |\n| "x | y" | Ben | |\n\ncase "rows"   \nexpect show\n| title | duration |\n|---|---|\n| A | 3:20 |\n| B | |\n# behind\n\ncase "columns"\nexpect show\n\ncase "lines"\nexpect file "out.csv"\n\ncase "what cannot be updated"\nexpect nothing\n' >all.expect
cp all.expect before
t naradac test all.expect
t naradac test --update all.expect
t diff before all.expect
t naradac test all.expect
cp all.expect again
t naradac test --update all.expect
t cmp again all.expect
mkdir -p below/deeper
cp all.nrd below/deeper
printf 'expect nothing\n' >below/deeper/all.expect
printf 'program deeper/all.nrd\nexpect nothing\n' >below/b.expect
t naradac test below
t naradac test nowhere.expect below/b.expect
mkdir empty
t naradac test empty
t naradac test
t naradac check --update all.nrd
t naradac test --help
