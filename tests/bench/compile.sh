#!/bin/sh
# compile.sh BIN MEASURE [LINES]: a program of so many lines (5,000 without it) checked by naradac, beside jq compiling a program of as many lines that says the
# same: whole processes, in one run.
set -eu
bin=$1
measure=$2
lines=${3:-5000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk -v blocks=$((lines / 20)) -f "$(dirname "$0")/program.awk" >"$work/program.nrd"
awk -v blocks=$((lines / 20)) 'BEGIN {
  for (i = 1; i <= blocks; i++) {
    printf "# The streams of artist %d: what was played often, and lately.\n", i
    printf "def pick_%d($n; $since; $least):\n", i
    printf "  map(select((.plays[$since] >= $least)\n    and (.artist != \"Artist %d\")\n    and ((.title == \"Interlude\" or .title == \"Intro\") | not)\n", i
    printf "    and (.album == null or (.album | length) > 2)))\n"
    printf "  | sort_by(-.plays[$since],\n    .title,\n    .artist)\n  | .[:$n];\n\n"
    printf "def stream_%d:\n  .liked\n", i
    printf "  | map(select((.released >= \"%d\" and .released < \"%d\")\n    or .title > \"T %d\"))\n", 1960 + i % 60, 1962 + i % 60, i
    printf "  | pick_%d(%d; \"90d\";\n    %d);\n\n", i, i % 20 + 5, i % 4
    printf "\n\n"
  }
  for (i = 1; i <= blocks; i++) printf "(if . == null then null else {\"List %d\": stream_%d} end)%s", i, i, (i < blocks ? ", " : "\n")
}' >"$work/program.jq"
echo "$(wc -l <"$work/program.nrd") lines of Narada, $(wc -l <"$work/program.jq") of jq"
printf 'exec "%s/naradac" check "$1/program.nrd"\n' "$bin" >"$work/a.sh"
printf 'exec jq -n -f "$1/program.jq" >/dev/null\n' >"$work/b.sh"
printf 'exec "%s/naradac" build "$1/program.nrd" -o "$1/program.nrdc"\n' "$bin" >"$work/c.sh"
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 0; }
echo "== check (A) beside jq (B)"
"$measure" 5 sh "$work/a.sh" "$work" -- sh "$work/b.sh" "$work"
echo "== build, with plan and verifier (A) beside jq (B)"
"$measure" 5 sh "$work/c.sh" "$work" -- sh "$work/b.sh" "$work"
