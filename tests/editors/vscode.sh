#!/bin/sh
# vscode.sh BIN_DIR: the extension's client does as it is told; and vsce, which npm brings into the build folder once, packages it with all that it needs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
extension=$here/../../grammar/editors/vscode
tools=$(cd "$1/.." && pwd)/vscode-npm
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || { echo "SKIP node and npm are not here"; exit 77; }
node "$here/vscode.js" "$extension"
bring() {
  timeout 240 npm install --prefix "$1" --prefer-offline --ignore-scripts --no-audit --no-fund $2 >"$tools/log" 2>&1 || {
    echo "SKIP npm could not bring what packages the extension:"
    tail -3 "$tools/log"
    rm -rf "$1/node_modules"
    exit 77
  }
}
mkdir -p "$tools"
[ -e "$tools/node_modules/.bin/vsce" ] || bring "$tools" @vscode/vsce@3.2.1
copy=$tools/extension
mkdir -p "$copy"
cp -R "$extension/." "$copy"
[ -e "$copy/node_modules/vscode-languageclient" ] || bring "$copy" ""
(cd "$copy" && timeout 120 "$tools/node_modules/.bin/vsce" package --allow-missing-repository --skip-license --out "$tools/narada.vsix") >"$tools/log" 2>&1 || {
  tail -5 "$tools/log" >&2
  exit 1
}
names=$(cd "$copy" && "$tools/node_modules/.bin/vsce" ls)
for file in extension.js package.json language-configuration.json snippets/narada.json syntaxes/narada.tmLanguage.json node_modules/vscode-languageclient/node.js; do
  echo "$names" | grep -qx "$file" || { echo "the package lacks $file" >&2; exit 1; }
done
(cd "$copy" && node -e 'const Module = require("module"), load = Module._load; Module._load = (name, ...rest) => name === "vscode" ? new Proxy(function () {}, {get: (target, key) => key === "version" ? "1.82.0" : class {}}) : load(name, ...rest); if (typeof require("vscode-languageclient/node").LanguageClient !== "function") process.exit(1)')
