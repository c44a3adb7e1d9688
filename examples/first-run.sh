#!/bin/sh
# Narada's first run: installs what is missing, builds, imports the sample history into a store of its own, runs a workflow on it,
# prints the table and writes a playlist. Everything it makes is in build/ and examples/out/.
set -eu
cd "$(dirname "$0")/.."
sh .ci/packages.sh
echo "building ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ cmake --preset release && cmake --build --preset release --target narada narada-run naradac; } >"$log" 2>&1 || { cat "$log"; exit 1; }

mkdir -p examples/out
store=examples/out/narada.db
echo
echo "\$ narada import-spotify-plays examples/history"
build/release/bin/narada import-spotify-plays examples/history --store "$store" --now 2026-11-01T12:00Z
echo
echo "\$ narada-run examples/forgotten-favourites.nrd"
build/release/bin/narada-run examples/forgotten-favourites.nrd --store "$store" --now 2026-11-01T12:00Z --zone UTC --out examples/out/forgotten-favourites.m3u
