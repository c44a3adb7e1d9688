// Starts `naradac lsp` for .nrd files and JSON workflows.
'use strict';

const vscode = require('vscode');
const {LanguageClient} = require('vscode-languageclient/node');

let client;
let queue = Promise.resolve();

// One change of the server at a time, in the order in which they were asked for.
function inTurn(change) {
  queue = queue.then(change, change);
  return queue;
}

async function start() {
  const command = vscode.workspace.getConfiguration('narada').get('server.path').trim() || 'naradac';
  const starting = new LanguageClient(
    'narada',
    'Narada',
    {command, args: ['lsp']},
    {
      // Workflows are JSON; the server is silent about other JSON.
      documentSelector: [
        {language: 'narada', scheme: 'file'},
        {language: 'narada', scheme: 'untitled'},
        {language: 'json', scheme: 'file'},
      ],
    }
  );
  try {
    await starting.start();
    client = starting;
  } catch (error) {
    const choice = await vscode.window.showErrorMessage(
      `Narada: \`${command} lsp\` does not start (${error.message}). Install naradac, or say where it is in narada.server.path.`,
      'Open Settings'
    );
    if (choice) await vscode.commands.executeCommand('workbench.action.openSettings', 'narada.server.path');
  }
}

async function stop() {
  const stopping = client;
  client = undefined;
  if (stopping) await stopping.stop();
}

async function restart() {
  try {
    await stop();
  } finally {
    await start();
  }
}

function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('narada.restartServer', () => inTurn(restart)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('narada.server.path')) inTurn(restart);
    })
  );
  inTurn(start);
}

function deactivate() {
  return inTurn(stop);
}

module.exports = {activate, deactivate};
