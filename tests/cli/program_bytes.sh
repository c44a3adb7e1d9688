printf 'from library.tracks\000 | show\n' >nul.nrd
t naradac check nul.nrd
printf 'from library.tracks | keep title == "\377" | show\n' >latin.nrd
t naradac check latin.nrd
printf 'from library.tracks | keep title == "open | show\nfrom library.liked | show\n' >text.nrd
t naradac check text.nrd
printf 'from library.tracks | keep (plays > 3 | show\nfrom library.liked | keep [1 | show\nlet x = from library.tracks | except { from library.liked\nfrom x | show\n' >bracket.nrd
t naradac check bracket.nrd
: >empty.nrd
t naradac check empty.nrd
t narada-run empty.nrd
awk 'BEGIN { printf "from library.tracks | keep "; for (i = 0; i < 500000; i++) printf "("; print "" }' >deep.nrd
t naradac check deep.nrd
awk 'BEGIN { for (i = 0; i < 2000000; i++) printf "x"; print "" }' >huge.nrd
t naradac check huge.nrd
