// node client.js NARADAC: whole sessions with the server over its pipes, each answer held against the types of the protocol.
'use strict';

const assert = require('assert');
const {spawn} = require('child_process');
const lsp = require('vscode-languageserver-protocol/node');
const {TextDocument} = require('vscode-languageserver-types');

const uri = 'file:///music/mornings.nrd';
const program = [
  '## Mornings 🎵',
  'param n: int = 30',
  'let base = from library.played',
  'stage best(k: int) = sort plays desc | take k',
  'from base | keep title != "🎵" and pays > 3 | best n',
  '| to file.m3u "mornings.m3u"',
  '',
].join('\n');

class Session {
  constructor(command) {
    this.child = spawn(command, ['lsp'], {stdio: ['pipe', 'pipe', 'inherit']});
    this.ended = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve(signal || code)));
    this.connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(this.child.stdout), new lsp.StreamMessageWriter(this.child.stdin));
    this.published = [];
    this.waiting = [];
    this.registered = [];
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
      const waiter = this.waiting.shift();
      if (waiter) waiter(params);
      else this.published.push(params);
    });
    this.connection.onRequest(lsp.RegistrationRequest.type, (params) => {
      this.registered.push(...params.registrations);
    });
    this.connection.listen();
  }
  diagnostics() {
    if (this.published.length) return Promise.resolve(this.published.shift());
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  ask(type, params) {
    return this.connection.sendRequest(type, params);
  }
  about(type, params) {
    return this.ask(type, {textDocument: {uri}, ...params});
  }
  tell(type, params) {
    return this.connection.sendNotification(type, params);
  }
  start(capabilities) {
    return this.ask(lsp.InitializeRequest.type, {processId: process.pid, rootUri: null, capabilities});
  }
  async end() {
    await this.ask(lsp.ShutdownRequest.type);
    await this.tell(lsp.ExitNotification.type);
    return this.ended;
  }
}

function apply(text, edits) {
  return TextDocument.applyEdits(TextDocument.create(uri, 'narada', 1, text), edits);
}

// Where the n-th `what` of the text begins, in UTF-16.
function place(text, what, n = 1) {
  let at = -1;
  for (; n > 0; n--) at = text.indexOf(what, at + 1);
  assert(at >= 0, `no ${what}`);
  const lines = text.slice(0, at).split('\n');
  return {line: lines.length - 1, character: lines[lines.length - 1].length};
}

async function editing(command) {
  const session = new Session(command);
  const {capabilities, serverInfo} = await session.start({textDocument: {formatting: {dynamicRegistration: true}}});
  assert.strictEqual(serverInfo.name, 'naradac');
  assert.strictEqual(capabilities.positionEncoding, 'utf-16');
  assert.strictEqual(capabilities.textDocumentSync.change, lsp.TextDocumentSyncKind.Incremental);
  assert.strictEqual(capabilities.documentFormattingProvider, undefined);
  await session.tell(lsp.InitializedNotification.type, {});

  // diagnostics, and the fix they carry
  await session.tell(lsp.DidOpenTextDocumentNotification.type, {textDocument: {uri, languageId: 'narada', version: 1, text: program}});
  const first = await session.diagnostics();
  assert.strictEqual(first.uri, uri);
  assert.strictEqual(first.version, 1);
  assert(first.diagnostics.every(lsp.Diagnostic.is));
  const wrong = first.diagnostics.find((diagnostic) => diagnostic.code === 'N2004');
  assert(wrong, 'no N2004');
  assert.deepStrictEqual(wrong.range.start, place(program, 'pays'));
  assert.deepStrictEqual(session.registered.map(({method, registerOptions}) => [method, registerOptions]), [
    ['textDocument/formatting', {documentSelector: [{language: 'narada'}]}],
  ]);
  const actions = await session.about(lsp.CodeActionRequest.type, {range: wrong.range, context: {diagnostics: [wrong], only: ['quickfix']}});
  assert(actions.every((action) => lsp.CodeAction.is(action)));
  assert.strictEqual(actions[0].title, 'Replace `pays` by `plays`');
  const fix = actions[0].edit.changes[uri];
  assert(fix.every((edit) => lsp.TextEdit.is(edit)));
  const text = apply(program, fix);
  assert(text.includes('plays > 3'), text);
  await session.tell(lsp.DidChangeTextDocumentNotification.type, {
    textDocument: {uri, version: 2},
    contentChanges: fix.map(({range, newText}) => ({range, text: newText})),
  });
  const second = await session.diagnostics();
  assert.deepStrictEqual([second.version, second.diagnostics], [2, []]);

  // what could stand there, and what stands there
  const offered = await session.about(lsp.CompletionRequest.type, {position: place(text, 'best n')});
  const labels = offered.items.map((item) => item.label);
  for (const label of ['best', 'take', 'sort', 'to']) assert(labels.includes(label), `${label} is not offered`);
  assert(!labels.includes('base') && !labels.includes('library.played'));
  assert(offered.items.every((item) => item.label && lsp.TextEdit.is(item.textEdit)));
  const hover = await session.about(lsp.HoverRequest.type, {position: place(text, 'base | keep')});
  assert(lsp.Hover.is(hover));
  assert(/a stream of tracks/.test(hover.contents.value), hover.contents.value);
  assert.strictEqual(await session.about(lsp.HoverRequest.type, {position: {line: 0, character: 0}}), null);

  // names
  const definition = await session.about(lsp.DefinitionRequest.type, {position: place(text, 'best n')});
  assert(lsp.Location.is(definition));
  assert.deepStrictEqual(definition.range.start, place(text, 'best(k'));
  const references = await session.about(lsp.ReferencesRequest.type, {position: place(text, 'base'), context: {includeDeclaration: true}});
  assert.deepStrictEqual(references.map(({range}) => range.start), [place(text, 'base'), place(text, 'base', 2)]);
  const symbols = await session.about(lsp.DocumentSymbolRequest.type, {});
  assert(symbols.every((symbol) => lsp.DocumentSymbol.is(symbol)));
  assert.deepStrictEqual(symbols.map(({name}) => name), ['n', 'base', 'best', 'from base']);
  assert(lsp.Range.is(await session.about(lsp.PrepareRenameRequest.type, {position: place(text, 'base')})));
  const renamed = await session.about(lsp.RenameRequest.type, {position: place(text, 'base', 2), newName: 'dawn'});
  assert(lsp.WorkspaceEdit.is(renamed));
  const after = apply(text, renamed.changes[uri]);
  assert(after.includes('let dawn = ') && after.includes('from dawn | keep') && !after.includes('base'), after);
  await assert.rejects(session.about(lsp.RenameRequest.type, {position: place(text, 'base'), newName: 'from'}), (error) => {
    return error instanceof lsp.ResponseError && error.code === lsp.ErrorCodes.InvalidParams;
  });

  // layout, colours, hints
  const edits = await session.about(lsp.DocumentFormattingRequest.type, {options: {tabSize: 2, insertSpaces: true}});
  assert(edits.every((edit) => lsp.TextEdit.is(edit)));
  assert(/\nfrom base\n\| keep/.test(apply(text, edits)), apply(text, edits));
  const {legend} = capabilities.semanticTokensProvider;
  const tokens = await session.about(lsp.SemanticTokensRequest.type, {});
  assert(lsp.SemanticTokens.is(tokens) && tokens.data.length % 5 === 0);
  const words = [];
  const lines = text.split('\n');
  for (let i = 0, line = 0, character = 0; i < tokens.data.length; i += 5) {
    const [down, ahead, length, type, modifiers] = tokens.data.slice(i, i + 5);
    if (down) character = 0;
    line += down;
    character += ahead;
    assert(character + length <= lines[line].length, 'a token leaves its line');
    assert(modifiers < 1 << legend.tokenModifiers.length);
    words.push(`${lines[line].slice(character, character + length)}:${legend.tokenTypes[type]}`);
  }
  for (const word of ['## Mornings 🎵:comment', 'param:keyword', 'n:parameter', 'int:type', 'base:variable', 'library:class', 'best:function', 'plays:property',
    '"🎵":string', '!=:operator', '30:number', 'and:operator', 'desc:keyword']) {
    assert(words.includes(word), `${word} is not among ${words.join(' ')}`);
  }
  const hints = await session.about(lsp.InlayHintRequest.type, {range: {start: {line: 0, character: 0}, end: {line: 9, character: 0}}});
  assert(hints.every((hint) => lsp.InlayHint.is(hint)));

  // what is no method, and what is cancelled
  await assert.rejects(session.ask('textDocument/nothing', {}), (error) => error.code === lsp.ErrorCodes.MethodNotFound);
  const source = new lsp.CancellationTokenSource();
  const cancelled = session.connection.sendRequest(lsp.DocumentSymbolRequest.type, {textDocument: {uri}}, source.token);
  source.cancel();
  assert((await cancelled).length === 4);
  await session.tell(lsp.DidCloseTextDocumentNotification.type, {textDocument: {uri}});
  assert.deepStrictEqual((await session.diagnostics()).diagnostics, []);
  assert.strictEqual(await session.end(), 0);
}

// Bytes instead of UTF-16, where both sides can; and formatting from the start, where it cannot be registered later.
async function inBytes(command) {
  const session = new Session(command);
  const {capabilities} = await session.start({general: {positionEncodings: ['utf-8', 'utf-16']}});
  assert.strictEqual(capabilities.positionEncoding, 'utf-8');
  assert.strictEqual(capabilities.documentFormattingProvider, true);
  await session.tell(lsp.InitializedNotification.type, {});
  await session.tell(lsp.DidOpenTextDocumentNotification.type, {textDocument: {uri, languageId: 'narada', version: 1, text: program}});
  const {diagnostics} = await session.diagnostics();
  const line = program.split('\n')[4];
  const {start, end} = diagnostics[0].range;
  assert.strictEqual(Buffer.from(line).subarray(start.character, end.character).toString(), 'pays');
  assert.deepStrictEqual(session.registered, []);
  assert.strictEqual(await session.end(), 0);
}

// A client that goes away without a word, or too early.
async function leaving(command) {
  const silent = new Session(command);
  await silent.start({});
  silent.child.stdin.end();
  assert.strictEqual(await silent.ended, 0);
  const early = new Session(command);
  await early.start({});
  await early.tell(lsp.ExitNotification.type);
  assert.strictEqual(await early.ended, 1);
  const deaf = new Session(command);
  await deaf.start({});
  deaf.child.stdout.destroy();
  await deaf.tell(lsp.DidOpenTextDocumentNotification.type, {textDocument: {uri, languageId: 'narada', version: 1, text: program}});
  assert.strictEqual(await deaf.ended, 0);
}

async function main() {
  const [, , command] = process.argv;
  for (const part of [editing, inBytes, leaving]) {
    await part(command);
    console.log(`ok ${part.name}`);
  }
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
