#!/bin/sh
# Runs command lines and compares all they print, and their exit status, with what is written beside them.
#   run.sh BIN_DIR CASE.sh...     with BLESS=1 the expectations are rewritten (review the difference)
# A case runs in an empty folder. `t COMMAND ...` prints the command, its output (both streams) and `exit N` if N is not 0.
# A case that cannot run here calls `skip WHY`.
set -u
bin=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export PATH="$bin:$PATH" TZ=UTC LC_ALL=C NO_COLOR=1 bin root work
unset NARADA_STORE NARADA_CREDENTIALS XDG_DATA_HOME
export HOME="$work/home"
mkdir -p "$HOME"
cat >"$work/prelude" <<'PRELUDE'
t() {
  printf '$ %s\n' "$*"
  "$@" </dev/null >.output 2>&1
  status=$?
  cat .output
  rm -f .output
  [ $status -eq 0 ] || echo "exit $status"
}
skip() {
  echo "SKIP $*"
  exit 77
}
PRELUDE
passed=0
failed=0
skipped=0
for case in "$@"; do
  name=$(basename "$case" .sh)
  mkdir -p "$work/$name"
  (cd "$work/$name" && cat "$work/prelude" "$here/$name.sh" | sh) >"$work/$name.got" 2>&1
  status=$?
  sed -i.bak "s/[0-9a-f]\{64\}/PLAN-ID/g; s|$work|WORK|g; s|$root/examples|ROOT/examples|g" "$work/$name.got"
  if [ $status -eq 77 ]; then
    skipped=$((skipped + 1))
    echo "skipped $name: $(tail -n 1 "$work/$name.got" | sed 's/^SKIP //')"
  elif [ "${BLESS:-}" = 1 ]; then
    cp "$work/$name.got" "$here/$name.expected"
  elif diff -u "$here/$name.expected" "$work/$name.got"; then
    passed=$((passed + 1))
  else
    echo "FAILED $name"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
