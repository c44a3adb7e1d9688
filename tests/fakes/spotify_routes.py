"""The calls of the stand-in for Spotify's Web API; see spotify.py."""
import datetime
import re
import unicodedata

from fake import Reply
from spotify import refusal
from spotify_objects import HERE, made_id


def add(service):
    add_library(service)
    add_playlists(service)
    add_writes(service)
    add_catalogue(service)
    add_player(service)


def add_library(service):
    objects, state = service.objects, service.state

    @service.route("GET", "/v1/me")
    def profile(request):
        user = state["user"]
        out = {**objects.user(user["id"]), "account_id": user["account_id"], "display_name": user["display_name"], "images": []}
        if not objects.reduced:
            out.update(country="GB", product="premium", email="ada@example.org", explicit_content={"filter_enabled": False, "filter_locked": False}, followers={"href": None, "total": 0})
        return Reply(200, out)

    @service.route("GET", "/v1/me/tracks")
    def likes(request):
        service.want_scope(request, "user-library-read")
        return Reply(200, service.page(request, state["likes"], lambda like: {"added_at": like["added_at"], "track": objects.track(like["id"])}))

    def is_saved(uri):
        kind, name = uri.split(":")[1:3]
        if kind == "track":
            return any(like["id"] == name for like in state["likes"])
        return kind == "playlist" and any(playlist["id"] == name for playlist in state["playlists"])

    @service.route("GET", "/v1/me/library/contains")
    def contains(request):
        service.want_scope(request, "user-library-read")
        return Reply(200, [is_saved(uri) for uri in service.uris_of_query(request)])

    @service.route("PUT", "/v1/me/library")
    def save(request):
        service.want_scope(request, "user-library-modify")
        for uri in service.uris_of_query(request):
            kind, name = uri.split(":")[1:3]
            if kind == "track" and not objects.track_of(name):
                raise refusal(400, "Invalid uri: " + uri)
            if kind == "track" and not is_saved(uri):
                state["likes"].insert(0, {"id": name, "added_at": service.moment()})
                request.effect = True
        return Reply(200)

    @service.route("DELETE", "/v1/me/library")
    def unsave(request):
        service.want_scope(request, "user-library-modify")
        names = {uri.split(":")[2] for uri in service.uris_of_query(request)}
        left = [like for like in state["likes"] if like["id"] not in names]
        request.effect = len(left) < len(state["likes"])
        state["likes"][:] = left
        return Reply(200)


def add_playlists(service):
    objects, state = service.objects, service.state

    @service.route("GET", "/v1/me/playlists")
    def mine(request):
        service.want_scope(request, "playlist-read-private")
        return Reply(200, service.page(request, state["playlists"], lambda playlist: objects.playlist(playlist, service.me, service.snapshot(playlist))))

    @service.route("GET", r"/v1/playlists/([^/]+)")
    def playlist(request):
        found = service.playlist(request)
        out = objects.playlist(found, service.me, service.snapshot(found))
        if not objects.reduced:
            out["followers"] = {"href": None, "total": 0}
        for name in ("items", "tracks"):
            if name in out:
                out[name] = service.page(request, found["items"], objects.entry, most=100, default=100, path=f"/playlists/{found['id']}/items")
        return Reply(200, out)

    def entries(request):
        found = service.playlist(request)
        if objects.reduced and found.get("owner", service.me) != service.me and not found.get("collaborative"):
            raise refusal(403, "Forbidden")
        most = 100 if request.path.endswith("/tracks") else 50
        return Reply(200, service.page(request, found["items"], objects.entry, most=most))

    service.route("GET", r"/v1/playlists/([^/]+)/items")(entries)

    @service.route("GET", r"/v1/playlists/([^/]+)/tracks")
    def old_entries(request):
        service.only_full()
        return entries(request)


def add_writes(service):
    objects, state = service.objects, service.state

    def body_of(request):
        if not isinstance(request.json, dict):
            raise refusal(400, "Error parsing JSON.")
        return request.json

    @service.route("POST", "/v1/me/playlists")
    def create(request):
        service.want_scope(request, "playlist-modify-public", "playlist-modify-private")
        body = body_of(request)
        if not body.get("name"):
            raise refusal(400, "Missing required field: name")
        made = {"id": made_id("playlist", f"{body['name']} {next(service.changes)}"), "name": body["name"], "owner": service.me, "public": body.get("public", True),
                "collaborative": body.get("collaborative", False), "description": body.get("description"), "items": []}
        state["playlists"].insert(0, made)
        request.effect = True
        out = objects.playlist(made, service.me, service.snapshot(made))
        for name in ("items", "tracks"):
            if name in out:
                out[name] = service.page(request, [], objects.entry, path=f"/playlists/{made['id']}/items")
        return Reply(201, out)

    @service.route("PUT", r"/v1/playlists/([^/]+)")
    def details(request):
        found, body = service.may_write(request), body_of(request)
        for name in ("name", "public", "collaborative", "description"):
            if name in body:
                found[name] = body[name]
                request.effect = True
        return Reply(200)

    @service.route("POST", r"/v1/playlists/([^/]+)/items")
    def insert(request):
        found, body = service.may_write(request), body_of(request)
        new, at = service.new_entries(found, body.get("uris")), body.get("position", len(found["items"]))
        if not isinstance(at, int) or not 0 <= at <= len(found["items"]):
            raise refusal(400, "Index out of bounds")
        if len(found["items"]) + len(new) > 11000:
            raise refusal(400, "Playlist size limit reached")
        found["items"][at:at] = new
        return service.changed(request, found, 201)

    def move(found, body):
        start, before, length, count = body["range_start"], body.get("insert_before"), body.get("range_length", 1), len(found["items"])
        if not all(isinstance(value, int) for value in (start, before, length)) or length < 1 or start < 0 or start + length > count or not 0 <= before <= count:
            raise refusal(400, "Index out of bounds")
        block = found["items"][start:start + length]
        if start <= before <= start + length:
            return
        del found["items"][start:start + length]
        at = before if before < start else before - length
        found["items"][at:at] = block

    @service.route("PUT", r"/v1/playlists/([^/]+)/items")
    def replace_or_move(request):
        found, body = service.may_write(request), body_of(request)
        service.check_snapshot(found, body)
        if ("uris" in body) == ("range_start" in body):
            raise refusal(400, "Only one of either `uris` or `range_start` is allowed")
        if "uris" in body:
            found["items"] = service.new_entries(found, body["uris"])
        else:
            move(found, body)
        return service.changed(request, found)

    @service.route("DELETE", r"/v1/playlists/([^/]+)/items")
    def remove(request):
        found, body = service.may_write(request), body_of(request)
        service.check_snapshot(found, body)
        items = body.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) and isinstance(item.get("uri"), str) for item in items):
            raise refusal(400, "Missing required field: items")
        uris = {item["uri"] for item in items}
        if len(items) > 100 or any(uri.startswith("spotify:local:") for uri in uris):
            raise refusal(400, "JSON body contains an invalid track uri" if len(items) <= 100 else "You can remove a maximum of 100 tracks per request.")
        found["items"] = [entry for entry in found["items"] if entry["uri"] not in uris]
        return service.changed(request, found)


def add_catalogue(service):
    objects, state = service.objects, service.state

    @service.route("GET", "/v1/tracks")
    def tracks(request):
        service.only_full()
        return Reply(200, {"tracks": [objects.track(name) for name in service.ids(request, 50)]})

    @service.route("GET", r"/v1/tracks/([^/]+)")
    def track(request):
        found = objects.track(request.match[0])
        if not found:
            raise refusal(404, "Resource not found") if len(request.match[0]) == 22 else refusal(400, "Invalid base62 id")
        return Reply(200, found)

    def album_named(key):
        """The first track of the album with this id, and all its tracks."""
        for track in state["tracks"].values():
            if made_id("album", track["artists"][0] + "/" + objects.album_of(track)) == key:
                return track, objects.tracks_of_album(objects.album_of(track), track["artists"][0])
        raise refusal(404, "Resource not found")

    def whole_album(request, key):
        track, names = album_named(key)
        return objects.album(track, service.page(request, names, objects.simple_track, default=50, path=f"/albums/{key}/tracks"))

    @service.route("GET", "/v1/albums")
    def albums(request):
        service.only_full()
        return Reply(200, {"albums": [whole_album(request, key) for key in service.ids(request, 20)]})

    @service.route("GET", r"/v1/albums/([^/]+)")
    def album(request):
        return Reply(200, whole_album(request, request.match[0]))

    @service.route("GET", r"/v1/albums/([^/]+)/tracks")
    def album_tracks(request):
        return Reply(200, service.page(request, album_named(request.match[0])[1], objects.simple_track))

    def artist_named(key):
        for track in state["tracks"].values():
            for artist in track["artists"]:
                if made_id("artist", artist) == key:
                    return artist
        raise refusal(404, "Resource not found")

    @service.route("GET", r"/v1/artists/([^/]+)")
    def artist(request):
        return Reply(200, objects.artist(artist_named(request.match[0])))

    @service.route("GET", r"/v1/artists/([^/]+)/albums")
    def artist_albums(request):
        name = artist_named(request.match[0])
        groups = (request.arg("include_groups") or "album,single,appears_on,compilation").split(",")
        found = [album for album in objects.albums_of_artist(name) if album[1] in groups]

        def show(album):
            track = next(t for t in state["tracks"].values() if objects.album_of(t) == album[0] and t["artists"][0] == name)
            out = objects.simple_album(track)
            if not objects.reduced or service.plain:
                out["album_group"] = album[1]
            return out

        return Reply(200, service.page(request, found, show, most=10 if objects.reduced else 50, default=5))

    @service.route("GET", "/v1/search/?")
    def search(request):
        terms = re.findall(r'(?:(\w+):)?("[^"]*"?|\S+)', (request.arg("q") or "").lower())
        if not terms:
            raise refusal(400, "No search query")
        if request.arg("type") != "track":
            raise refusal(400, "Bad search type field")
        offset = request.number("offset", 0, 0, 1000)
        if offset is None:
            raise refusal(400, "Invalid offset")

        def plain(text):
            return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))

        def fits(track):
            places = {"artist": plain(" ".join(track["artists"])), "track": plain(track["title"]), "album": plain(objects.album_of(track))}
            for field, value in terms:
                value = plain(value.strip('"'))
                if field == "isrc":
                    fine = track.get("isrc", "").lower() == value
                elif field == "year":
                    fine = track.get("released", "2001")[:4] == value
                else:
                    text = places.get(field, " ".join(places.values()))
                    fine = all(word in text for word in value.split())
                if not fine:
                    return False
            return True

        found = [name for name, track in state["tracks"].items() if fits(track)]
        return Reply(200, {"tracks": service.page(request, found, objects.track, most=10 if objects.reduced else 50, default=5 if objects.reduced else 20)})


def add_player(service):
    objects, state = service.objects, service.state

    @service.route("GET", "/v1/me/top/tracks")
    def top(request):
        service.want_scope(request, "user-top-read")
        over = request.arg("time_range", "medium_term")
        if over not in ("short_term", "medium_term", "long_term"):
            raise refusal(400, "Invalid time range")
        return Reply(200, service.page(request, state.get("top", {}).get(over, []), objects.track))

    @service.route("GET", "/v1/me/player/recently-played")
    def recent(request):
        service.want_scope(request, "user-read-recently-played")
        limit, before, after = request.number("limit", 20, 1, 50), request.number("before", None, 0), request.number("after", None, 0)
        if limit is None:
            raise refusal(400, "Invalid limit")
        if request.arg("before") and request.arg("after"):
            raise refusal(400, "Cannot specify both before and after parameters")

        def ms(play):
            return int(datetime.datetime.fromisoformat(play["played_at"].replace("Z", "+00:00")).timestamp() * 1000)

        plays = [play for play in state.get("recent", []) if (before is None or ms(play) < before) and (after is None or ms(play) > after)]
        shown, out = plays[:limit], {"href": f"{HERE}/me/player/recently-played", "limit": limit, "next": None, "cursors": None}
        if shown:
            out["cursors"] = {"after": str(ms(shown[0])), "before": str(ms(shown[-1]))}
        if len(plays) > len(shown):
            out["next"] = f"{HERE}/me/player/recently-played?before={ms(shown[-1])}&limit={limit}"
        out["items"] = [{"track": objects.track(play["id"]), "played_at": play["played_at"], "context": play.get("context")} for play in shown]
        if service.plain:
            out = {name: value for name, value in out.items() if value is not None}
            out["items"] = [{name: value for name, value in item.items() if value is not None} for item in out["items"]]
        return Reply(200, out)
