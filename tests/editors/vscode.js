// node vscode.js EXTENSION_FOLDER: the client of Visual Studio Code starts, restarts and stops the server as it is told, with both modules of the editor played here.
'use strict';

const assert = require('assert');
const Module = require('module');
const path = require('path');

const log = [];
const commands = {};
const said = {path: ' ', fails: false, choice: undefined};
let changed;

const vscode = {
  workspace: {
    getConfiguration: (section) => ({get: (name) => (assert.strictEqual(`${section}.${name}`, 'narada.server.path'), said.path)}),
    onDidChangeConfiguration: (listener) => ((changed = listener), {dispose() {}}),
  },
  commands: {
    registerCommand: (name, run) => ((commands[name] = run), {dispose() {}}),
    executeCommand: async (...args) => void log.push(args.join(' ')),
  },
  window: {showErrorMessage: async (message) => (log.push(message), said.choice)},
};

class LanguageClient {
  constructor(id, name, server, client) {
    Object.assign(this, {id, name, server, client});
    LanguageClient.last = this;
  }
  async start() {
    if (said.fails) throw new Error('spawn ENOENT');
    await new Promise(setImmediate);
    log.push(`start ${this.server.command} ${this.server.args.join(' ')}`);
  }
  async stop() {
    await new Promise(setImmediate);
    log.push('stop');
  }
}

const load = Module._load;
Module._load = (request, ...rest) => {
  if (request === 'vscode') return vscode;
  if (request === 'vscode-languageclient/node') return {LanguageClient};
  return load(request, ...rest);
};

async function take(expected) {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  assert.deepStrictEqual(log.splice(0), expected);
}

async function main() {
  const folder = path.resolve(process.argv[2]);
  const manifest = require(path.join(folder, 'package.json'));
  const extension = require(path.join(folder, manifest.main));
  const context = {subscriptions: []};
  extension.activate(context);
  assert.strictEqual(context.subscriptions.length, 2);
  await take(['start naradac lsp']);
  const {documentSelector} = LanguageClient.last.client;
  const languages = manifest.contributes.languages.map(({id}) => id);
  for (const {language} of documentSelector) assert(language === 'json' || languages.includes(language), language);
  assert(Object.keys(manifest.contributes.configuration.properties).includes('narada.server.path'));

  // Each command that the manifest names is there; restarts do not overtake each other.
  for (const {command} of manifest.contributes.commands) assert(commands[command], command);
  said.path = ' /opt/narada/naradac ';
  commands['narada.restartServer']();
  commands['narada.restartServer']();
  await take(['stop', 'start /opt/narada/naradac lsp', 'stop', 'start /opt/narada/naradac lsp']);

  // Another path is a restart, another setting is nothing.
  changed({affectsConfiguration: (name) => name === 'editor.fontSize'});
  await take([]);
  said.path = 'naradac';
  changed({affectsConfiguration: (name) => name === 'narada.server.path'});
  await take(['stop', 'start naradac lsp']);

  // A server that does not start is told with what to do, once; a later one is started.
  said.fails = true;
  said.choice = 'Open Settings';
  said.path = 'nowhere';
  changed({affectsConfiguration: (name) => name === 'narada.server.path'});
  await take(['stop', 'Narada: `nowhere lsp` does not start (spawn ENOENT). Install naradac, or say where it is in narada.server.path.',
    'workbench.action.openSettings narada.server.path']);
  said.fails = false;
  said.path = 'naradac';
  commands['narada.restartServer']();
  await take(['start naradac lsp']);
  await extension.deactivate();
  await take(['stop']);
  await extension.deactivate();
  await take([]);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
