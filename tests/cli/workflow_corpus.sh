# Real workflows compile, or are refused with the true reason; imported, they are the same plan; exported and imported again, the same text.
corpus=$root/../shared/workflows
mkdir d
[ -d "$corpus" ] || skip "the collected workflows are not here"
for file in "$corpus"/narada/*.json "$corpus"/gallery/*.json; do
  name=$(basename "$file")
  if naradac build "$file" -o a.nrdc 2>messages; then
    naradac import "$file" -o b.nrd 2>/dev/null && naradac build b.nrd -o b.nrdc 2>/dev/null && naradac fmt --check b.nrd
    [ "$(naradac disasm a.nrdc | head -1)" = "$(naradac disasm b.nrdc | head -1)" ] && echo "$name: imported as the same plan"
    naradac export b.nrd -o c.json 2>/dev/null && naradac import c.json -o d/b.nrd 2>/dev/null && naradac export d/b.nrd -o e.json 2>/dev/null &&
      cmp b.nrd d/b.nrd && sed 1,2d c.json >f.json && sed 1,2d e.json | cmp f.json - && echo "$name: exported, and read back as the same program"
  else
    echo "$name: refused"
  fi
  grep -o '^[a-z]*\[N[0-9]*\].*' messages
done
