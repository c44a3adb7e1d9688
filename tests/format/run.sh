#!/bin/sh
# run.sh PROGRAM DIR SUFFIX: `PROGRAM <FILE` for every DIR/*.nrd, in DIR; what it prints is FILE.SUFFIX, what it tells is FILE.messages (no file: nothing),
# and what it printed does not change when it is given to PROGRAM again. With UPDATE=1 the expectations are written instead; read the difference before
# you keep it.
set -u
program=$1
directory=$2
suffix=$3
case ${program%% *} in
  /*) ;;
  */*) program=$(pwd)/$program ;;
esac
cd "$directory" || exit 2
failed=0
count=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
wrong() {
  echo "$file: $*"
  failed=$((failed + 1))
}
for file in *.nrd; do
  expected=${file%.nrd}.$suffix
  messages=${file%.nrd}.messages
  $program <"$file" >"$work/text" 2>"$work/messages"
  count=$((count + 1))
  if [ "${UPDATE:-0}" = 1 ]; then
    cp "$work/text" "$expected"
    rm -f "$messages"
    [ ! -s "$work/messages" ] || cp "$work/messages" "$messages"
    continue
  fi
  diff -u "$expected" "$work/text" || wrong "is not $expected"
  if [ -e "$messages" ]; then
    diff -u "$messages" "$work/messages" || wrong "told something else than $messages"
  elif [ -s "$work/messages" ]; then
    cat "$work/messages"
    wrong "told something"
  fi
  $program <"$work/text" 2>/dev/null | cmp -s - "$work/text" || wrong "changes when it is done again"
done
echo "$count files, $failed failures"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
