# fakes: spotify
# Clients of Spotify that nobody here wrote, @spotify/web-api-ts-sdk and spotify-web-api-node as npm gives them, on the same stand-in and the same account: they
# understand the stand-in, the stand-in understands them, and each sees what Narada did. Both are from before 2026 and write the calls of then.
npm_folder=spotify-npm
. "$root/tests/ci/npm.sh"
npm_tools "$bin" @spotify/web-api-ts-sdk@1.2.0 spotify-web-api-node@5.0.2
ln -s "$tools/node_modules" node_modules
cat >sdk.mjs <<'P'
import { SpotifyApi } from "@spotify/web-api-ts-sdk";

// Its `fetch` is an option of its own; all else is the client's.
const here = process.env.SPOTIFY + "/v1/";
const token = { access_token: "fake-token", token_type: "Bearer", expires_in: 3600, refresh_token: "fake-refresh" };
const api = SpotifyApi.withAccessToken("fake-client", token, { fetch: (url, init) => fetch(String(url).replace("https://api.spotify.com/v1/", here), init) });
const ids = (page) => page.items.map((entry) => (entry.track ? entry.track.name : "(nothing)")).join(", ");
const list = "37i9dQZF1DX0XUsuxWHRQd", hunter = "2TpxZ7JUBn3uw46aR7qd6V", army = "3n3Ppam7vgaVa1iaRUc9Lp";
const refused = (promise) => promise.then(() => "taken", (error) => error.message.split("\n")[0].slice(0, 60));

const me = await api.currentUser.profile();
console.log("me", me.id, me.display_name, me.product);
const mine = await api.currentUser.playlists.playlists(50);
console.log("playlists", mine.total, mine.items.map((playlist) => `${playlist.name} of ${playlist.owner.id} ${playlist.tracks.total}`).join("; "));
const page = await api.playlists.getPlaylistItems(list, undefined, undefined, 50, 0, ["track", "episode"]);
console.log("entries", page.total, ids(page));
console.log("next", new URL((await api.playlists.getPlaylistItems(list, undefined, undefined, 2)).next).search);
const liked = await api.currentUser.tracks.savedTracks(50);
console.log("likes", liked.total, liked.items.map((like) => `${like.track.name} ${like.added_at}`).join("; "));
const track = await api.tracks.get(hunter), many = await api.tracks.get([hunter, army]);
console.log("tracks", track.name, track.external_ids.isrc, track.duration_ms, many.map((one) => one.album.name).join(", "));
const found = await api.search("isrc:GBAAA9700001", ["track"], undefined, 10);
console.log("search", found.tracks.total, found.tracks.items.map((one) => one.name).join(", "));
console.log("top", ids({ items: (await api.currentUser.topItems("tracks", "short_term")).items.map((one) => ({ track: one })) }));
console.log("recent", ids(await api.player.getRecentlyPlayedTracks(10)));
const album = await api.albums.get(track.album.id);
console.log("album", album.name, album.tracks.items.map((one) => one.name).join(", "));
const made = await api.playlists.createPlaylist("ada", { name: "By the SDK", public: false });
await api.playlists.addItemsToPlaylist(made.id, [`spotify:track:${army}`, `spotify:track:${hunter}`, `spotify:track:${track.id}`]);
await api.playlists.movePlaylistItems(made.id, 2, 1, 0);
console.log("written", ids(await api.playlists.getPlaylistItems(made.id)));
await api.playlists.removeItemsFromPlaylist(made.id, { tracks: [{ uri: `spotify:track:${hunter}` }] });
console.log("removed", ids(await api.playlists.getPlaylistItems(made.id)));
await api.currentUser.tracks.saveTracks([hunter]);
console.log("saved", await api.currentUser.tracks.hasSavedTracks([hunter, "0VjIjW4GlUZAMYd2vXMi3b"]));
console.log("refused", await refused(api.playlists.getPlaylist("0000000000000000000none")), "|", await refused(api.playlists.addItemsToPlaylist("000000000000000foreign", [`spotify:track:${army}`])));
P
cat >node.cjs <<'P'
// The client knows the service's address alone: its connections are led here.
const http = require("http"), https = require("https"), SpotifyWebApi = require("spotify-web-api-node");
const here = new URL(process.env.SPOTIFY);
https.request = (options, callback) =>
  http.request({ ...options, protocol: "http:", agent: undefined, host: here.hostname, hostname: here.hostname, port: here.port }, callback);
const api = new SpotifyWebApi({ clientId: "fake-client", clientSecret: "fake-secret", accessToken: "fake-token", refreshToken: "fake-refresh" });
const names = (reply) => reply.body.items.map((entry) => entry.track.name).join(", ");
(async () => {
  console.log("me", (await api.getMe()).body.id);
  const list = (await api.getUserPlaylists({ limit: 50 })).body.items.find((playlist) => playlist.name === "By Narada");
  console.log("what Narada wrote", names(await api.getPlaylistTracks(list.id)));
  await api.reorderTracksInPlaylist(list.id, 0, 2, { range_length: 1 });
  await api.addTracksToPlaylist(list.id, ["spotify:track:1301WleyT98MSxVHPZCA6M"], { position: 0 });
  console.log("changed", names(await api.getPlaylistTracks(list.id)));
  console.log("likes", (await api.getMySavedTracks({ limit: 50 })).body.items.map((like) => like.track.name).join(", "));
  console.log("search", (await api.searchTracks('track:"army of me" artist:"bjork"')).body.tracks.items.map((track) => track.name).join(", "));
  await api.removeFromMySavedTracks(["2TpxZ7JUBn3uw46aR7qd6V"]);
  console.log("still liked", (await api.containsMySavedTracks(["2TpxZ7JUBn3uw46aR7qd6V", "3n3Ppam7vgaVa1iaRUc9Lp"])).body);
  api.setAccessToken("wrong");
  await api.getMe().then(() => console.log("taken"), (error) => console.log("refused", error.statusCode, error.body.error.message));
})();
P
node sdk.mjs
echo "# Narada sees what the first client did"
echo 'from spotify.playlist "By the SDK" | show' >p.nrd
t narada-run p.nrd $on
cat >write.nrd <<'P'
from spotify.likes | take 2 | to spotify.playlist "By Narada"
P
t narada-run write.nrd $on
echo "# and the second what Narada did"
node node.cjs
echo 'from spotify.playlist "By Narada" | show' >p.nrd
t narada-run p.nrd $on
