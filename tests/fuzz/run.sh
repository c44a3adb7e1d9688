#!/bin/sh
# The fuzzing campaign: sh tests/fuzz/run.sh [SECONDS] [TARGET...]   (600 seconds each without it; needs clang with its runtime)
# Each target starts from the programs, plans and histories of the repository; findings are left in build/fuzz/findings.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-600}
[ $# -eq 0 ] || shift
targets=${*:-parse program workflow plan asm history import files expect lsp http brainz spotify}
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz >/dev/null
out=build/fuzz
mkdir -p $out/findings
for target in parse program; do
  mkdir -p $out/seeds/$target
  for program in examples/*.nrd tests/lang/*.nrd tests/errors/*/*.nrd; do
    cp "$program" "$out/seeds/$target/$(echo "$program" | tr / -)"
  done
done
mkdir -p $out/seeds/workflow
cp tests/errors/workflow/*.json tests/errors/workflow/*.nsp "$out/seeds/workflow"
mkdir -p $out/seeds/plan $out/seeds/asm $out/seeds/history $out/seeds/files $out/seeds/expect
for program in examples/*.nrd tests/lang/*.nrd; do
  $out/bin/naradac build "$program" -o "$out/seeds/plan/$(basename "$program" .nrd).nrdc" 2>/dev/null || continue
  $out/bin/naradac disasm "$out/seeds/plan/$(basename "$program" .nrd).nrdc" >"$out/seeds/asm/$(basename "$program" .nrd).nrda"
done
$out/bin/narada-make-history --rows 40 --seed 1 --out $out/seeds/history --rows-per-file 10 >/dev/null
find tests/lang/data -maxdepth 1 -type f -exec cp {} $out/seeds/files/ \;
cp examples/*.expect $out/seeds/expect/
mkdir -p $out/seeds/import
for file in $(find tests/import -type f); do cp "$file" "$out/seeds/import/$(echo "$file" | tr / -)"; done
mkdir -p $out/seeds/lsp $out/seeds/http $out/seeds/brainz
cp tests/services/*brainz/*brainz.json $out/seeds/brainz/
for transcript in tests/lsp/*.txt; do # the client's side of each; and programs as somebody types them
  sed -n 's/^> //p' "$transcript" >"$out/seeds/lsp/$(basename "$transcript")"
done
for program in examples/*.nrd; do
  { printf 'E\0\0' && cat "$program" && printf '\1\4\7\1\3\5\1\6'; } >"$out/seeds/lsp/$(basename "$program")"
done
status=0
for target in $targets; do
  mkdir -p $out/corpus/$target
  echo "== $target, $seconds seconds"
  $out/bin/fuzz_$target -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -artifact_prefix=$out/findings/$target- \
    $out/corpus/$target $out/seeds/$target >$out/$target.log 2>&1 || status=1
  tail -n 3 $out/$target.log
done
exit $status
