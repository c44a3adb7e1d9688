#!/bin/sh
# prism.sh BIN_DIR full|development [CASE...]: the cases of spotify/ with the service's own contract between Narada and the stand-in: Prism, by the OpenAPI in
# ../shared/specs, looks at every request and every reply. In the development form the spec has none of the operations that are refused there. Fails if Narada
# or the stand-in breaks the contract once. All cases take some minutes; the suite runs a few. Skipped where npm or the spec is not here.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
spec=$root/../shared/specs/spotify-web-api.yaml
form=$2
[ -f "$spec" ] || { echo "SKIP there is no OpenAPI of Spotify at ../shared/specs"; exit 77; }
for needed in python3 curl jq; do
  command -v $needed >/dev/null || { echo "SKIP there is no $needed"; exit 77; }
done
# shellcheck source=/dev/null
. "$root/tests/ci/npm.sh"
bin=$(cd "$1" && pwd)
npm_folder=prism-npm
npm_tools "$bin" @stoplight/prism-cli@5.14.2
shift 2
[ $# -gt 0 ] || set -- "$here"/spotify/*.sh
work=$(mktemp -d)
prism=
trap '[ -z "$prism" ] || kill $prism 2>/dev/null; rm -rf "$work"' EXIT
node -e '
const fs = require("fs"), { parse } = require(process.argv[1] + "/node_modules/@stoplight/yaml");
const spec = parse(fs.readFileSync(process.argv[2], "utf8"));
if (process.argv[3] === "development")
  for (const path of Object.values(spec.paths)) for (const method of Object.keys(path)) if (path[method] && path[method].deprecated) delete path[method];
fs.writeFileSync(process.argv[4], JSON.stringify(spec));' "$tools" "$spec" "$form" "$work/spec.json" || exit 1
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
behind=$(port)
front=$(port)
"$tools/node_modules/.bin/prism" proxy "$work/spec.json" "http://127.0.0.1:$behind/v1" -h 127.0.0.1 -p "$front" -v info >>"$work/log" 2>&1 &
prism=$!
tries=0
until curl -s -o /dev/null "http://127.0.0.1:$front/me"; do
  tries=$((tries + 1))
  [ $tries -lt 240 ] || { echo "Prism does not start:"; tail -5 "$work/log"; exit 1; }
  sleep 0.25
done
: >"$work/log"
regime=A
[ "$form" = full ] || regime=B
export SPOTIFY_VIA="http://127.0.0.1:$front" SPOTIFY_FAKE="--port $behind --option plain=yes --option regime=$regime" SPOTIFY_REGIME=$regime
for case in "$@"; do
  ! grep -q '^# beyond the contract' "$here/${case#"$here/"}" || continue
  sh "$here/run.sh" "$bin" "$case" >"$work/ran" 2>&1
  grep -q "does not start" "$work/ran" && { cat "$work/ran"; exit 1; }
done
sleep 0.2
sed 's/\x1b\[[0-9;]*m//g' "$work/log" >"$work/plain"
signs="error .*Violation:\|Selected route not found\|Route not resolved"
requests=$(grep -ac 'Forwarding' "$work/plain")
broken=$(grep -ac "$signs" "$work/plain")
echo "$form: $requests requests, $broken violations"
[ "$broken" -eq 0 ] || grep -aB6 "$signs" "$work/plain" | cut -c1-220 | head -60
[ "$requests" -ge 10 ] && [ "$broken" -eq 0 ]
