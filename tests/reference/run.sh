#!/bin/sh
# run.sh BIN_DIR WRITE_EXAMPLES: runs every example of the reference on a small library. Each starts from the same library and files. Those that need a service
# are only compiled.
set -u
bin=$1
write=$2
data=$(cd "$(dirname "$0")/../lang/data" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC LC_ALL=C NO_COLOR=1
unset NARADA_STORE XDG_DATA_HOME
run() {
  "$bin/narada-run" "$1" --store test.db --now 2026-11-01T12:00Z --zone UTC --seed 1
}
mkdir "$work/programs" "$work/world"
"$write" "$work/programs" >"$work/list" || exit 1
cd "$work/world" || exit 1
cp "$data"/tracks.csv "$data"/plays.jsonl .
cat >../setup.nrd <<'P'
from file.jsonl "plays.jsonl" rows: plays | to library.plays
from file.csv "tracks.csv" | to library.likes
from file.csv "tracks.csv" | to library.playlist "Mix" | to file.m3u "mix.m3u" | to file.xspf "mix.xspf" | to file.jspf "mix.jspf"
from file.jsonl "plays.jsonl" rows: plays | to file.json "plays.json"
P
run ../setup.nrd >../setup.out 2>&1 || { cat ../setup.out; exit 1; }
ran=0
compiled=0
failed=0
while read -r how number name; do
  if [ "$how" = compile ]; then
    compiled=$((compiled + 1))
    echo "compiled only, it needs a service or its export: $name"
    continue
  fi
  rm -rf "$work/here"
  cp -R "$work/world" "$work/here"
  if (cd "$work/here" && run "$work/programs/$number.nrd") >"$work/out" 2>&1 </dev/null; then
    ran=$((ran + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: the example for $name"
    cat "$work/programs/$number.nrd" "$work/out"
  fi
done <"$work/list"
echo "$ran examples ran, $compiled compiled only, $failed failed"
[ "$failed" -eq 0 ] && [ "$ran" -gt 50 ]
