"""Stand-in for Spotify's Web API: what is in one account's library, and the calls that read and change it.

State:   user      {"id", "display_name", "account_id"}        tracks, albums, episodes   see spotify_objects.py
         playlists [{"id", "name", "owner", "public", "collaborative", "description", "items": [{"uri", "added_at", "added_by"}]}]; an item may be written as its URI;
                   null is one that is no more
         likes     [{"id", "added_at"}], the latest first; may be written as ids                top  {"short_term": [ids], ...}
         recent    [{"id", "played_at", "context"}], the latest first
Options: regime=A|B|C  extended quota, an application in development mode, one that was made before its rules: batch calls and old names are refused in B
         many=N        N further tracks, `many000000000000000000` and on, and a playlist of them, "Many" with the id manymanymanymanymanyma
         plain=yes     leaves out what the OpenAPI of the service has no place for: local files, entries that are no more or have no date, nulls
         lag=N         reads of a playlist in which its snapshot id is still an older one
"""
import datetime
import itertools

import accounts
from fake import Reply, Service
from spotify_objects import HERE, Objects, made_id

MOST_IN_PLAYLIST = 11000


def refusal(status, message, **more):
    return Reply(status, {"error": {"status": status, "message": message, **more}})


class Spotify(Service):
    def __init__(self, state, options):
        super().__init__(state)
        self.mode = options.get("regime", "A")
        self.plain = "plain" in options
        self.lag = int(options.get("lag", 2))
        self.objects = Objects(state, self.mode, "plain" in options)
        self.changes = itertools.count(1)
        self.snapshots = {}  # playlist id: [those that were, the latest last]; how many reads still give an older one
        self.lagging = {}
        state.setdefault("user", {"id": "ada", "display_name": "Ada", "account_id": "account-ada"})
        state.setdefault("playlists", [])
        state.setdefault("likes", [])
        for playlist in state["playlists"]:
            playlist["items"] = [item if isinstance(item, dict) else {"uri": item, "added_at": "2020-01-01T00:00:00Z", "added_by": state["user"]["id"]} for item in playlist["items"]]
            if self.plain:
                playlist["items"] = [item for item in playlist["items"] if item["uri"] and item.get("added_at") and ":local:" not in item["uri"]]
        state["likes"] = [like if isinstance(like, dict) else {"id": like, "added_at": f"2021-01-{28 - at % 28:02d}T00:00:00Z"} for at, like in enumerate(state["likes"])]
        many = int(options.get("many", 0))
        if many:
            items = [{"uri": f"spotify:track:many{number:018d}", "added_at": "2022-01-01T00:00:00Z", "added_by": "ada"} for number in range(many)]
            state["playlists"].append({"id": "manymanymanymanymanyma", "name": "Many", "items": items})
        accounts.add(self, options)

    # ---- what the service checks before anything else ----

    def before(self, request):
        if request.path.startswith("/v1/"):
            accounts.user_of(self, request)

    def unknown(self, request):
        return refusal(404, "Service not found")

    def want_scope(self, request, *any_of):
        granted = accounts.scope_of(self, request)
        if not any(scope in granted for scope in any_of):
            raise refusal(403, "Insufficient client scope")

    def only_full(self):
        if self.mode == "B":
            raise refusal(403, "Forbidden")

    @property
    def me(self):
        return self.state["user"]["id"]

    def moment(self):
        return datetime.datetime.fromtimestamp(self.now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    # ---- helpers of routes ----

    def page(self, request, rows, show, most=50, default=20, path=None):
        limit, offset = request.number("limit", default, 1), request.number("offset", 0, 0, 100000)
        if limit is None or limit > most:
            raise refusal(400, "Invalid limit")
        if offset is None:
            raise refusal(400, "Invalid offset")
        address = HERE + (path or request.path[3:])
        link = lambda at: f"{address}?offset={at}&limit={limit}"
        return {"href": link(offset), "limit": limit, "next": link(offset + limit) if offset + limit < len(rows) else None, "offset": offset,
                "previous": link(max(0, offset - limit)) if offset else None, "total": len(rows), "items": [show(row) for row in rows[offset:offset + limit]]}

    def ids(self, request, most):
        ids = [name for name in (request.arg("ids") or "").split(",") if name]
        if not ids:
            raise refusal(400, "Invalid id")
        if len(ids) > most:
            raise refusal(400, "Too many ids requested")
        return ids

    def uris_of_query(self, request):
        uris = [uri for uri in (request.arg("uris") or "").split(",") if uri]
        if not uris:
            raise refusal(400, "Missing required field: uris")
        if len(uris) > 40:
            raise refusal(400, "Too many URIs")
        for uri in uris:
            if uri.split(":")[0] != "spotify" or len(uri.split(":")) < 3 or uri.split(":")[1] == "local":
                raise refusal(400, "Invalid uri: " + uri)
        return uris

    def playlist(self, request):
        for playlist in self.state["playlists"]:
            if playlist["id"] == request.match[0]:
                return playlist
        raise refusal(404, "Resource not found")

    def may_write(self, request):
        self.want_scope(request, "playlist-modify-public", "playlist-modify-private")
        playlist = self.playlist(request)
        if playlist.get("owner", self.me) != self.me and not playlist.get("collaborative"):
            raise refusal(403, "You cannot add tracks to a playlist you don't own.")
        return playlist

    def snapshot(self, playlist, reading=True):
        history = self.snapshots.setdefault(playlist["id"], [made_id("snapshot", playlist["id"])])
        left = self.lagging.get(playlist["id"], 0)
        if not reading or not left or len(history) < 2:
            return history[-1]
        self.lagging[playlist["id"]] = left - 1
        return history[-2] if left == self.lag else made_id("snapshot", history[-1] + " on its way")

    def changed(self, request, playlist, status=200):
        self.snapshot(playlist, False)
        self.snapshots[playlist["id"]].append(made_id("snapshot", f"{playlist['id']} {next(self.changes)}"))
        self.lagging[playlist["id"]] = self.lag
        request.effect = True
        return Reply(status, {"snapshot_id": self.snapshot(playlist, False)})

    def check_snapshot(self, playlist, body):
        given = body.get("snapshot_id")
        self.snapshot(playlist, False)
        if given is not None and given not in self.snapshots[playlist["id"]]:
            raise refusal(400, "Invalid snapshot ID")

    def new_entries(self, playlist, uris):
        if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
            raise refusal(400, "Error parsing JSON.")
        if len(uris) > 100:
            raise refusal(400, "You can add a maximum of 100 tracks per request.")
        for uri in uris:
            part = uri.split(":")
            if part[0] != "spotify" or len(part) != 3 or part[1] not in ("track", "episode") or (part[1] == "track" and not self.objects.track_of(part[2])):
                raise refusal(400, "Invalid track uri: " + uri)
        return [{"uri": uri, "added_at": self.moment(), "added_by": self.me} for uri in uris]


def start(state, options):
    service = Spotify(state, options)
    import spotify_old_routes
    import spotify_routes

    spotify_routes.add(service)
    spotify_old_routes.add(service)
    return service
