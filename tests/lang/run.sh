#!/bin/sh
# Runs annotated programs and compares what they do with what their comments say.
#   run.sh BIN_DIR PROGRAM.nrd...     with BLESS=1 the expectations are rewritten to what was seen (review the difference)
# In a program:
#   #< setup.nrd [args]   run this program of the same folder first, on the same store
#   #? --n 3              arguments
#   #! 4                  expected exit status (0 without it)
#   #= text               a line of standard output, or of the file named last
#   #~ text               a line of standard error (compared only if there is any, or if the run is meant to fail)
#   #: name               the lines after it belong to this file
# Every program runs in a folder of its own with a copy of data/, with a new store, at 2026-11-01T12:00Z, in UTC, with seed 1.
set -u
bin=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC LC_ALL=C NO_COLOR=1
unset NARADA_STORE XDG_DATA_HOME
common="--store test.db --now 2026-11-01T12:00Z --zone UTC --seed 1"
passed=0
failed=0

expected() { # marker-wise expectations of $1 into $2/want.*
  awk -v dir="$2" '
    BEGIN { target = "stdout" }
    /^#: / { target = "file." substr($0, 4); next }
    /^#= / || /^#=$/ { print substr($0, 4) > (dir "/want." target); next }
    /^#~ / || /^#~$/ { print substr($0, 4) > (dir "/want.stderr"); next }
    /^#! / { print substr($0, 4) > (dir "/want.status") }
  ' "$1"
}

bless() { # program, folder of the run
  {
    grep -v '^#[=~:!]' "$1"
    [ "$(cat "$2/got.status")" = 0 ] || echo "#! $(cat "$2/got.status")"
    sed 's/^/#= /; s/ *$//' "$2/got.stdout"
    if [ -f "$2/want.stderr" ] || [ "$(cat "$2/got.status")" != 0 ]; then sed 's/^/#~ /; s/ *$//' "$2/got.stderr"; fi
    for file in $(awk '/^#: /{print substr($0, 4)}' "$1"); do
      echo "#: $file"
      sed 's/^/#= /' "$2/$file"
    done
  } >"$2/blessed"
  cp "$2/blessed" "$1"
}

for program in "$@"; do
  name=$(basename "$program" .nrd)
  dir="$work/$name"
  mkdir -p "$dir"
  cp -R "$here/data/." "$dir/" 2>/dev/null
  cp "$program" "$dir/$name.nrd"
  expected "$program" "$dir"
  (
    cd "$dir" || exit 1
    sed -n 's/^#< //p' "$name.nrd" >setups
    while read -r setup args; do
      cp "$here/$setup" . 2>/dev/null
      # shellcheck disable=SC2086
      "$bin/narada-run" "$setup" $common $args >setup.out 2>&1 || { echo "setup $setup failed"; cat setup.out; } >&2
    done <setups
    arguments=$(sed -n 's/^#? //p' "$name.nrd")
    eval "\"\$bin/narada-run\" \"\$name.nrd\" $common $arguments" >got.stdout 2>got.stderr
    echo $? >got.status
  )
  [ -f "$dir/want.status" ] || echo 0 >"$dir/want.status"
  [ -f "$dir/want.stdout" ] || : >"$dir/want.stdout"
  sed 's/ *$//' "$dir/got.stdout" >"$dir/seen.stdout"
  sed 's/ *$//' "$dir/got.stderr" >"$dir/seen.stderr"
  if [ "${BLESS:-}" = 1 ]; then
    bless "$program" "$dir"
    continue
  fi
  differences=$(
    cd "$dir" || exit 1
    diff -u want.status got.status
    diff -u want.stdout seen.stdout
    if [ -f want.stderr ]; then diff -u want.stderr seen.stderr; elif [ "$(cat got.status)" != 0 ]; then cat seen.stderr; fi
    for want in want.file.*; do
      [ -f "$want" ] && diff -u "$want" "${want#want.file.}"
    done
  )
  if [ -n "$differences" ]; then
    failed=$((failed + 1))
    printf 'FAILED %s\n%s\n' "$program" "$differences"
  else
    passed=$((passed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
