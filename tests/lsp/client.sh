#!/bin/sh
# client.sh BIN_DIR: the client of Visual Studio Code's own libraries drives `naradac lsp`; npm brings them into the build folder once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
tools=$(cd "$1/.." && pwd)/lsp-npm
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || { echo "SKIP node and npm are not here"; exit 77; }
if [ ! -e "$tools/node_modules/vscode-languageserver-protocol" ]; then
  mkdir -p "$tools"
  timeout 240 npm install --prefix "$tools" --prefer-offline --ignore-scripts --no-audit --no-fund vscode-languageserver-protocol@3.17.5 >"$tools/log" 2>&1 || {
    echo "SKIP npm could not bring vscode-languageserver-protocol:"
    tail -3 "$tools/log"
    rm -rf "$tools/node_modules"
    exit 77
  }
fi
NARADA_STORE=/nonexistent/narada.db NODE_PATH="$tools/node_modules" timeout 60 node "$here/client.js" "$bin/naradac"
