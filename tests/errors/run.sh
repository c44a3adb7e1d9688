#!/bin/sh
# run.sh PROGRAM DIR: runs `PROGRAM FILE` for every DIR/*.nrd, *.json and *.nsp, in DIR, and compares what it prints with FILE.expected.
# PROGRAM may have arguments ("naradac check"). A file with expected messages must make it exit 1, one without 0.
# With UPDATE=1 the expectations are written instead; read the difference before you keep it.
set -u
program=$1
directory=$2
case ${program%% *} in
  /*) ;;
  */*) program=$(pwd)/$program ;;
esac
cd "$directory" || exit 2
failed=0
count=0
actual=$(mktemp) || exit 2
trap 'rm -f "$actual"' EXIT
for file in *.nrd *.json *.nsp; do
  [ -e "$file" ] || continue
  expected=${file%.*}.expected
  $program "$file" >"$actual" 2>&1
  status=$?
  count=$((count + 1))
  if [ "${UPDATE:-0}" = 1 ]; then
    cp "$actual" "$expected"
    continue
  fi
  wanted=0
  grep -q '^error' "$expected" && wanted=1
  if [ "$status" -ne "$wanted" ]; then
    echo "$file: exit status $status, expected $wanted"
    failed=$((failed + 1))
  fi
  if ! diff -u "$expected" "$actual"; then
    echo "$file: printed something else than $expected"
    failed=$((failed + 1))
  fi
done
echo "$count files, $failed failures"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
