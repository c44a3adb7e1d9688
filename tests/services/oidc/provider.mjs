// provider.mjs TOOLS PORT_FILE: oidc-provider, a certified server of OpenID Connect and OAuth 2, as Spotify's accounts: public client, PKCE, loopback redirects with
// any port, refresh tokens used once. Everybody who comes is ada and agrees. Beside it the calls that `narada setup` and `narada doctor` try a login with.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { writeFileSync, renameSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [tools, portFile] = process.argv.slice(2);
const load = createRequire(tools + "/node_modules/");
const { Provider } = await import(pathToFileURL(load.resolve("oidc-provider")).href);
console.warn = console.info = () => {};

const scopes = "user-library-read user-library-modify playlist-read-private playlist-modify-public playlist-modify-private user-read-recently-played user-top-read ugc-image-upload user-read-private".split(" ");
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(base, {
    clients: [{
      client_id: "0123456789abcdef0123456789abcdef", application_type: "native", token_endpoint_auth_method: "none",
      redirect_uris: ["http://127.0.0.1/callback"], response_types: ["code"], grant_types: ["authorization_code", "refresh_token"],
    }],
    scopes,
    routes: { authorization: "/authorize", token: "/api/token" },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/agree/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ["for-tests"] },
    ttl: { AccessToken: 3600, AuthorizationCode: 600, Grant: 86400, Interaction: 600, RefreshToken: 86400, Session: 86400 },
  });
  const oauth = provider.callback();

  async function agree(request, response) {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") return provider.interactionFinished(request, response, { login: { accountId: "ada" } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }

  async function api(request, response) {
    const answer = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const refuse = (status, message) => answer(status, { error: { status, message } });
    const token = await provider.AccessToken.find((request.headers.authorization || "").replace(/^Bearer /, ""));
    if (!token || token.isExpired) return refuse(401, "The access token expired");
    if (request.url.startsWith("/v1/me")) return answer(200, { id: token.accountId, display_name: "Ada" });
    return request.url.startsWith("/v1/search") ? refuse(400, "Invalid limit") : refuse(403, "Forbidden");
  }

  server.on("request", (request, response) => {
    const handle = request.url.startsWith("/v1/") ? api : request.url.startsWith("/agree/") ? agree : oauth;
    Promise.resolve(handle(request, response)).catch((error) => {
      response.writeHead(500);
      response.end(String(error.stack || error));
    });
  });
  writeFileSync(portFile + ".new", `${server.address().port}\n`);
  renameSync(portFile + ".new", portFile);
});
