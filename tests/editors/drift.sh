#!/bin/sh
# drift.sh BIN_DIR: a list that lacks a word is noticed, written anew as it was; files without marks are refused and stay as they are.
set -eu
editors=$(cd "$(dirname "$0")/../../grammar/editors" && pwd)
tool=$(cd "$1" && pwd)/write_editor_lists
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "$*" >&2
  exit 1
}
for file in vscode/syntaxes/narada.tmLanguage.json vim/syntax/narada.vim; do
  copy=$work/$(basename "$file")
  sed 's/isrc//' "$editors/$file" >"$copy"
  cmp -s "$copy" "$editors/$file" && fail "$file: names no isrc"
  "$tool" --check "$copy" 2>/dev/null && fail "$file: --check does not notice a missing field"
  "$tool" "$copy"
  cmp "$copy" "$editors/$file" || fail "$file: is not written anew as it was"
  "$tool" --check "$copy" || fail "$file: --check after writing"
done
printf 'no marks\n' >"$work/plain.vim"
status=0
"$tool" "$work/plain.vim" 2>/dev/null || status=$?
[ $status -eq 3 ] || fail "a file without marks: exit $status, not 3"
[ "$(cat "$work/plain.vim")" = "no marks" ] || fail "a file without marks was changed"
for file in "$editors"/vscode/*.json "$editors"/vscode/*/*.json; do
  if command -v node >/dev/null 2>&1; then
    node -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))' "$file" || fail "$file: is not JSON"
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$file" || fail "$file: is not JSON"
  fi
done
if command -v node >/dev/null 2>&1; then node --check "$editors/vscode/extension.js"; fi
