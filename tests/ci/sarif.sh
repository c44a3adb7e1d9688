#!/bin/sh
# sarif.sh BIN_DIR: what `naradac check --format sarif` writes is valid by the official schema, and its columns count UTF-16 units. The schema comes with an
# npm package into the build folder once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
. "$here/npm.sh"
npm_tools "$bin" @microsoft/jest-sarif@1.0.0-beta.0 yaml@2.8.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p "a folder/ü" lib
printf 'from library.tracks\n| keep title == "é𝄞" and pays > 3\n| keep last_played < 6mo ago and last_played > 30d ago\n| shw\n' >"a folder/ü/50%.nrd"
printf 'stage x(n: int) = keep plays > 3\nlet unused = 1 + "a"\n' >lib/m.nrd
printf 'use "lib/m.nrd" as m\r\nfrom library.tracks | m.x 3 | keep plays > 3 and plays < 2\r\n| show\r\n' >crlf.nrd
printf '{"tasks": [\n {"id": "𝄞", "type": "source.liked_tracks", "config": {"lmit": 3}},\n' >broken.json
printf '{"tasks": [\n {"id": "𝄞", "type": "source.liked_tracks", "config": {"lmit": 3}}]}' >w.json
printf '\377\376 no UTF-8' >bytes.nrd
: >empty.nrd
ln -s nowhere gone.nrd
check() {
  wanted=$1
  shift
  status=0
  "$bin/naradac" check --format sarif "$@" >log.sarif 2>/dev/null || status=$?
  [ $status -eq "$wanted" ] || { echo "check $*: exit $status, not $wanted"; exit 1; }
  node "$here/valid_sarif.js" "$tools" log.sarif >fixes || exit 1
}
check 3
grep -q '"executionSuccessful":false' log.sarif || { echo "the unreadable file is not told"; exit 1; }
grep -qx 'N2004 "pays" "plays"' fixes || { echo "the columns are not those of UTF-16:"; cat fixes; exit 1; }
check 1 "$work/a folder"
grep -q "file://$work/a%20folder/%C3%BC/50%25.nrd" log.sarif || { echo "the absolute path is no URI"; exit 1; }
printf 'from library.tracks | show\n' >good.nrd
check 0 good.nrd
