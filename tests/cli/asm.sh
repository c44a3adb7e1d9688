# A plan as text and back; what is wrong with a text is told with its place, and nothing is written then.
cat >p.nrd <<'P'
from library.tracks | keep plays > 3 | take 20 | to library.playlist "Known"
P
naradac build p.nrd -o p.nrdc
naradac disasm p.nrdc >p.nrda
t naradac asm p.nrda -o again.nrdc
t cmp p.nrdc again.nrdc
sed 's/^c\([0-9]*\) int 20$/c\1 int 30/' p.nrda >changed.nrda
t naradac asm changed.nrda -o changed.nrdc
sed -i.bak 's/^plan .*/plan/' changed.nrda
t naradac asm changed.nrda -o changed.nrdc
naradac disasm changed.nrdc | grep 'int 30'
sed 's/ keep/ kept/; s/^n2 .*/n2 i2 r0 simple/' p.nrda >bad.nrda
t naradac asm bad.nrda -o bad.nrdc
t naradac asm p.nrda
t naradac asm nowhere.nrda -o bad.nrdc
t naradac asm p.nrd -o bad.nrdc
t naradac asm p.nrda -o nowhere/x.nrdc
ls
