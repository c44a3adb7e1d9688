echo 'from library.tracks | show' >good.nrd
echo 'from library.trcks | show' >bad.nrd
t naradac
t naradac --help
t naradac chekc good.nrd
t naradac check
t naradac check good.nrd
t naradac check bad.nrd good.nrd
t naradac check nowhere.nrd
t naradac check --fast good.nrd
mkdir folder
t naradac check folder
t naradac build good.nrd
t naradac build bad.nrd -o out.nrdc
t naradac build good.nrd -o nowhere/out.nrdc
t naradac build good.nrd -o folder
t naradac build good.nrd -o /dev/full
t naradac explain N2004
t naradac explain N9999
t naradac explain nowhere.nrd
t naradac disasm good.nrd
echo 'from library.tracks | shuffle | show' >warned.nrd
t naradac check warned.nrd
t naradac check warned.nrd --strict
echo 'from library.tracks | shuffle | show # allow N6002' >allowed.nrd
t naradac check allowed.nrd --strict
t naradac explain n6013
t naradac explain good.nrd --strict
