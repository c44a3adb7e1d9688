echo 'from library.tracks | keep plays > 3 | show' >p.nrd
t naradac build p.nrd -o p.nrdc
size=$(wc -c <p.nrdc)
head -c 40 p.nrdc >head.nrdc
t narada-run head.nrdc
head -c $((size - 9)) p.nrdc >cut.nrdc
t narada-run cut.nrdc
: >empty.nrdc
t narada-run empty.nrdc
cp p.nrdc altered.nrdc
printf '\377' | dd of=altered.nrdc bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
t narada-run altered.nrdc
cp p.nrdc newer.nrdc
printf '\011' | dd of=newer.nrdc bs=1 seek=8 conv=notrunc 2>/dev/null
t narada-run newer.nrdc
echo 'not a plan' >text.nrdc
t narada-run text.nrdc
t naradac disasm cut.nrdc
refused=0
i=0
while [ $i -lt "$size" ]; do
  head -c $i p.nrdc >cut.nrdc
  narada-run cut.nrdc --store none.db >/dev/null 2>&1
  [ $? -eq 5 ] && refused=$((refused + 1))
  i=$((i + 7))
done
echo "of $(((size + 6) / 7)) truncations $refused were refused" | sed 's/of \([0-9]*\) truncations \1 were refused/every truncation was refused/'
