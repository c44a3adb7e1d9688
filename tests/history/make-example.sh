#!/bin/sh
# Makes examples/history/ anew: 2,000 invented rows from 2023-01 to 2026-10. usage: make-example.sh BIN
set -eu
cd "$(dirname "$0")/../.."
rm -f examples/history/Streaming_History_*.json
"$1/narada-make-history" --rows 2000 --seed 3 --from 2023-01 --to 2026-11 --artists 60 --drift 90 --rows-per-file 1000 --minified --clean --plain-names --out examples/history
