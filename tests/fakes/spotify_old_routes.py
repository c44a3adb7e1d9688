"""What calls were named before 2026, as clients from before still write them; an application in development mode is refused them."""
from spotify import refusal


def add(service):
    """After the routes of today, which do the work."""
    today = {(method, pattern.pattern): handler for method, pattern, handler in service.routes}

    def again(method, pattern, name, convert=lambda request: None):
        handler = today[method, name]

        @service.route(method, pattern)
        def old(request):
            service.only_full()
            convert(request)
            return handler(request)

    def rename(request):
        if isinstance(request.json, dict) and "tracks" in request.json:
            request.json["items"] = request.json.pop("tracks")

    for method in ("POST", "PUT", "DELETE"):
        again(method, r"/v1/playlists/([^/]+)/tracks", r"/v1/playlists/([^/]+)/items", rename)
    again("POST", r"/v1/users/[^/]+/playlists", "/v1/me/playlists")

    def to_uris(request):
        ids = request.json if isinstance(request.json, list) else request.json.get("ids") if isinstance(request.json, dict) else (request.arg("ids") or "").split(",")
        if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids) or len(ids) > 50:
            raise refusal(400, "Invalid ids")
        request.query = [("uris", ",".join(f"spotify:track:{name}" for name in ids))]

    for method in ("PUT", "DELETE"):
        again(method, "/v1/me/tracks", "/v1/me/library", to_uris)
    again("GET", "/v1/me/tracks/contains", "/v1/me/library/contains", to_uris)
