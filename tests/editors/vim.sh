#!/bin/sh
# vim.sh BIN_DIR: what Vim makes of sample.nrd, what :make finds, how formatprg and indent work, against vim.expected; BLESS=1 writes that.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
editor=
for name in vim nvim; do
  if command -v $name >/dev/null 2>&1; then
    editor=$name
    break
  fi
done
[ -n "$editor" ] || { echo "SKIP neither vim nor nvim is here"; exit 77; }
if [ "$editor" = vim ] && ! vim --version | grep -q '+syntax'; then
  echo "SKIP this vim was built without syntax highlighting (vim-tiny); the package vim has it"
  exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/sample.nrd" "$work/sample.nrd"
printf 'from libary.tracks\n| keep plays > 3\n| taek 5\n| show\nfrom library.tracks | keep title == "été à Málaga" and plyas > 3 | show\n' >"$work/wrong.nrd"
printf 'from   library.tracks|take 5\n|show\n' >"$work/loose.nrd"
cd "$work"
export PATH="$bin:$PATH" NO_COLOR=1 LC_ALL=C.UTF-8 HOME="$work" NARADA_EDITORS="$here/../../grammar/editors/vim"
status=0
timeout 60 $editor -u NONE -i NONE -n -es -S "$here/vim_dump.vim" </dev/null >"$work/log" 2>&1 || status=$?
if [ $status -ne 0 ] || [ ! -s "$work/got" ]; then
  echo "$editor ended with $status" >&2
  cat "$work/log" >&2
  exit 1
fi
if [ "${BLESS:-}" ]; then cp "$work/got" "$here/vim.expected"; fi
diff -u "$here/vim.expected" "$work/got"
