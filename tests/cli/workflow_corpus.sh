# Real workflows compile, or are refused with the true reason; imported, they are the same plan.
corpus=$root/../shared/workflows
[ -d "$corpus" ] || skip "the collected workflows are not here"
for file in "$corpus"/narada/*.json "$corpus"/gallery/*.json; do
  name=$(basename "$file")
  if naradac build "$file" -o a.nrdc 2>messages; then
    naradac import "$file" -o b.nrd 2>/dev/null && naradac build b.nrd -o b.nrdc 2>/dev/null && naradac fmt --check b.nrd
    [ "$(naradac disasm a.nrdc | head -1)" = "$(naradac disasm b.nrdc | head -1)" ] && echo "$name: imported as the same plan"
  else
    echo "$name: refused"
  fi
  grep -o '^[a-z]*\[N[0-9]*\].*' messages
done
