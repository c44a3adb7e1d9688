#!/bin/sh
# run.sh BIN_DIR [DIR]: every program's plan as a text that a review can read. NAME.nrda is what `naradac disasm` shows of the plan of NAME.nrd without the
# digits that change with the tables of stdlib; `naradac asm` makes the same plan of it, byte for byte.
# With UPDATE=1 the texts are written instead; read the difference before you keep it.
set -u
bin=$1
cd "${2:-$(dirname "$0")}" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
meaning() {
  sed -E 's/^(plan|catalogue) [0-9a-f]{64}$/\1/; s/^(i[0-9]+ (stage|field) s[0-9]+) [0-9a-f]{16}/\1/'
}
failed=0
count=0
for program in *.nrd; do
  text=${program%.nrd}.nrda
  count=$((count + 1))
  "$bin/naradac" build "$program" -o "$work/built.nrdc" || { failed=$((failed + 1)); continue; }
  "$bin/naradac" disasm "$work/built.nrdc" | meaning >"$work/built.nrda"
  if [ "${UPDATE:-0}" = 1 ]; then
    cp "$work/built.nrda" "$text"
    continue
  fi
  diff -u "$text" "$work/built.nrda" || { echo "$program: its plan is not the one of $text"; failed=$((failed + 1)); continue; }
  "$bin/naradac" asm "$text" -o "$work/made.nrdc" && cmp "$work/built.nrdc" "$work/made.nrdc" || { echo "$text: asm makes another plan"; failed=$((failed + 1)); }
done
echo "$count plans, $failed failures"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
