# The reference of the language, whole and by name; every message has its page.
t naradac reference take
t naradac reference to file.csv
t naradac reference stage tally
t naradac reference year
t naradac reference plays
t naradac reference duration
t naradac reference N2004
t naradac reference nothing
t naradac explain take
naradac reference >reference.md
grep '^## ' reference.md
sed -n 's/^#### \(N[0-9]*\):.*/\1/p' reference.md >codes
while read -r code; do
  naradac explain "$code" >page || echo "no page for $code"
  grep -q "\[$code\]: " page || echo "the page of $code does not name it"
done <codes
[ "$(wc -l <codes)" -gt 150 ] || echo "codes are missing"
