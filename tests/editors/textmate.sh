#!/bin/sh
# textmate.sh BIN_DIR: the scopes that the TextMate grammar gives scopes.nrd, by vscode-tmgrammar-test, which npm brings into the build folder once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$(cd "$1/.." && pwd)/editors-npm
grammar=$here/../../grammar/editors/vscode/syntaxes/narada.tmLanguage.json
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || { echo "SKIP node and npm are not here"; exit 77; }
tester=$tools/node_modules/.bin/vscode-tmgrammar-test
if [ ! -e "$tester" ]; then
  mkdir -p "$tools"
  timeout 240 npm install --prefix "$tools" --prefer-offline --ignore-scripts --no-audit --no-fund vscode-tmgrammar-test@0.1.3 >"$tools/log" 2>&1 || {
    echo "SKIP npm could not bring vscode-tmgrammar-test:"
    tail -3 "$tools/log"
    rm -rf "$tools/node_modules"
    exit 77
  }
fi
timeout 60 "$tester" --grammar "$grammar" "$here/scopes.nrd"
