// A server that speaks HTTP/2 over TLS:  node h2_server.mjs KEY CERT PORT_FILE
// GET /1/validate-token answers {"version", "connections", "most"}: of this request, so far, and the most streams open at once.
import { createSecureServer } from 'node:http2';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const [key, cert, portFile] = process.argv.slice(2);
const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true });
let connections = 0, open = 0, most = 0;
server.on('secureConnection', () => connections++);
server.on('request', (request, response) => {
  most = Math.max(most, ++open);
  setTimeout(() => {
    open--;
    if (request.url.startsWith('/moved/')) {
      response.writeHead(302, { location: 'https://example.org/' });
      response.end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ version: request.httpVersion, connections, most }));
  }, 30);
});
server.listen(0, '127.0.0.1', () => {
  writeFileSync(portFile + '.new', String(server.address().port));
  renameSync(portFile + '.new', portFile);
});
