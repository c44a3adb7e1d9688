# npm.sh: `npm_tools BIN_DIR PACKAGE@VERSION...` brings npm packages into the build folder once (into one of their own where `npm_folder` names it) and sets `tools`; the test is skipped where that cannot be.
npm_tools() {
  tools=$(cd "$1/.." && pwd)/${npm_folder:-ci-npm}
  shift
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || { echo "SKIP node and npm are not here"; exit 77; }
  [ -e "$tools/complete" ] && return
  mkdir -p "$tools"
  timeout 240 npm install --prefix "$tools" --prefer-offline --ignore-scripts --no-audit --no-fund "$@" >"$tools/log" 2>&1 || {
    echo "SKIP npm could not bring $*:"
    tail -3 "$tools/log"
    rm -rf "$tools"
    exit 77
  }
  : >"$tools/complete"
}
