#!/bin/sh
# generated_same.sh SOURCE_DIR RE2C LEMON TEMPLATE: the lexers and the parser are the same bytes wherever they are made.
set -eu
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in "$work/one" "$work/a longer name/two"; do
  mkdir -p "$folder"
  for scanner in "$source/grammar/nrd.re" "$source/runtime/base/json.re"; do
    name=$(basename "$scanner")
    (cd "$(dirname "$scanner")" &&
      "$2" --no-generation-date --no-version --no-debug-info -W -s -o "$folder/$name.c" "$name")
  done
  "$3" -l -c "-T$4" "-d$folder" "$source/grammar/nrd.y"
done
for file in nrd.re.c json.re.c nrd.c nrd.h; do
  cmp "$work/one/$file" "$work/a longer name/two/$file"
  if grep -q "$work" "$work/one/$file"; then
    echo "$file names the folder it was generated in"
    exit 1
  fi
done
