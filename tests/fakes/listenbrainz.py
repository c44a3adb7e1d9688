"""Stand-in for api.listenbrainz.org: listens in both directions, feedback, the lookup of recordings, playlists.

State:   tokens      {token: user}
         listens     {user: [{listened_at, inserted_at, recording_msid, track_metadata}]}
         feedback    {user: [{recording_mbid, recording_msid, score, created}]}
         recordings  [{recording_mbid, recording_name, artist_credit_name, artists: [names], release_name}]: what names can be looked up
         playlists   {mbid: JSPF playlist}
Options: rate=N      calls in ten seconds, 30 without it      page=N  rows a page at most, 1000 without it
"""
import json
import math
import re
import time
import uuid

from fake import Reply, Service

OLDEST, LISTEN_SIZE, LISTENS = 1033430400, 10240, 1000
UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
WINDOW = 10


def wrong(message, status=400):
    return Reply(status, {"code": status, "error": message})


def is_uuid(value):
    return isinstance(value, str) and re.fullmatch(UUID, value) is not None


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def msid_of(metadata):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(str(metadata.get(key, "")) for key in ("artist_name", "track_name", "release_name"))))


def has_nul(value):
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(has_nul(key) or has_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(has_nul(item) for item in value)


def folded(text):
    return re.sub(r"\W+", "", text.casefold())


def start(state, options):
    return ListenBrainz(state, options)


class ListenBrainz(Service):
    def __init__(self, state, options):
        super().__init__(state)
        state.setdefault("tokens", {"00000000-0000-4000-8000-000000000001": "ada"})
        for name in ("listens", "feedback", "playlists"):
            state.setdefault(name, {})
        state.setdefault("recordings", [])
        self.rate, self.page = int(options.get("rate", 30)), int(options.get("page", 1000))
        self.window, self.used = 0.0, 0
        for user, listens in state["listens"].items():
            for listen in listens:
                listen.setdefault("recording_msid", msid_of(listen["track_metadata"]))
                listen.setdefault("inserted_at", listen["listened_at"])
        for method, pattern, function in (
            ("GET", "/1/validate-token", self.validate), ("POST", "/1/submit-listens", self.submit), ("GET", "/1/user/([^/]+)/listens", self.listens),
            ("GET", "/1/user/([^/]+)/listen-count", self.listen_count), ("POST", "/1/feedback/recording-feedback", self.give_feedback),
            ("GET", "/1/feedback/user/([^/]+)/get-feedback", self.get_feedback), ("POST", "/1/metadata/lookup/", self.lookup_many),
            ("GET", "/1/metadata/lookup/", self.lookup_one), ("POST", "/1/metadata/recording/", self.metadata), ("POST", "/1/playlist/create", self.create),
            ("GET", "/1/playlist/([^/]+)", self.playlist), ("POST", "/1/playlist/([^/]+)/item/add(?:/([0-9]+))?", self.add_items),
            ("POST", "/1/playlist/([^/]+)/item/move", self.move_items), ("POST", "/1/playlist/([^/]+)/item/delete", self.delete_items),
            ("GET", "/1/user/([^/]+)/playlists", self.playlists), ("GET", "/1/user/([^/]+)/playlists/createdfor", self.playlists_for),
        ):
            self.route(method, pattern)(function)

    def unknown(self, request):
        return wrong("Not Found", 404)

    def answer(self, request):
        now = time.monotonic()
        if now - self.window >= WINDOW:
            self.window, self.used = now, 0
        self.used += 1
        left = WINDOW - (now - self.window)
        reply = super().answer(request) if self.used <= self.rate else wrong("You have exceeded your rate limit. See the X-RateLimit-* response headers for more information.", 429)
        reply.headers.update({"X-RateLimit-Limit": self.rate, "X-RateLimit-Remaining": max(0, self.rate - self.used), "X-RateLimit-Reset-In": math.ceil(left),
                              "X-RateLimit-Reset": int(time.time() + left)})
        return reply

    # ---- who asks ----

    def user(self, request):
        header = request.headers.get("authorization")
        if not header:
            raise wrong("You need to provide an Authorization header.", 401)
        if not header.startswith("Token ") or request.token not in self.state["tokens"]:
            raise wrong("Invalid authorization token.", 401)
        return self.state["tokens"][request.token]

    def known_user(self, name):
        if name not in self.state["tokens"].values():
            raise wrong(f"Cannot find user: {name}", 404)
        return name

    def validate(self, request):
        if not request.token and not request.arg("token"):
            return wrong("You need to provide an Authorization token.")
        user = self.state["tokens"].get(request.token or request.arg("token"))
        if not user:
            return Reply(200, {"code": 200, "message": "Token invalid.", "valid": False})
        return Reply(200, {"code": 200, "message": "Token valid.", "valid": True, "user_name": user})

    # ---- listens ----

    def mapping_of(self, artist, title):
        for recording in self.state["recordings"]:
            if folded(recording["recording_name"]) == folded(title) and folded(artist) in (folded(recording["artist_credit_name"]), folded(recording.get("artists", [""])[0])):
                return recording
        return None

    def check_info(self, info):
        if not isinstance(info, dict):
            raise wrong("track_metadata.additional_info must be an object.")
        tags = info.get("tags", [])
        if not isinstance(tags, list) or len(tags) > 50 or any(not isinstance(tag, str) or len(tag) > 64 for tag in tags):
            raise wrong("JSON document may not contain more than 50 items in track_metadata.additional_info.tags, of 64 characters each.")
        if "duration" in info and "duration_ms" in info:
            raise wrong("JSON document should not contain both duration and duration_ms.")
        for key, most in (("duration", 24 * 86400), ("duration_ms", 24 * 86400000)):
            if key in info and (not is_whole(info[key]) or not 0 < info[key] <= most):
                raise wrong(f"Value for {key} is invalid, should be a positive integer of at most {most}.")
        for key in ("release_mbid", "recording_mbid", "release_group_mbid", "track_mbid"):
            if info.get(key) and not is_uuid(info[key]):
                raise wrong(f"{key} MBID format invalid.")
        for key in ("artist_mbids", "work_mbids"):
            if not isinstance(info.get(key, []), list) or any(not is_uuid(mbid) for mbid in info.get(key, [])):
                raise wrong(f"{key} MBID format invalid.")

    def check_listen(self, listen, kind):
        if not isinstance(listen, dict):
            raise wrong("payload must be a list of listens")
        allowed = {"track_metadata"} if kind == "playing_now" else {"listened_at", "track_metadata"}
        if kind != "playing_now":
            if "listened_at" not in listen:
                raise wrong("JSON document must contain the key listened_at at the top level.")
            if not is_whole(listen["listened_at"]):
                raise wrong("JSON document must contain an int value for listened_at.")
            if listen["listened_at"] < OLDEST:
                raise wrong("Value for key listened_at is too low. listened_at timestamp should be greater than 1033410600 (2002-10-01 00:00:00 UTC).")
            if listen["listened_at"] > self.now + 3600:
                raise wrong("Value for key listened_at is too high.")
        if set(listen) - allowed:
            raise wrong("JSON document may only contain listened_at and track_metadata top level keys")
        metadata = listen.get("track_metadata")
        if not isinstance(metadata, dict):
            raise wrong("JSON document does not contain required track_metadata.")
        for key in ("track_name", "artist_name"):
            if not isinstance(metadata.get(key), str) or not metadata[key].strip():
                raise wrong(f"JSON document does not contain required track_metadata.{key}.")
        self.check_info(metadata.get("additional_info", {}))
        if has_nul(listen):
            raise wrong("\\u0000 is not allowed in a listen")

    def submit(self, request):
        user = self.user(request)
        try:
            data = json.loads(request.body, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
        except ValueError as error:
            return wrong(f"Cannot parse JSON document: {error}")
        if not isinstance(data, dict) or data.get("listen_type") not in ("single", "playing_now", "import") or not isinstance(data.get("payload"), list):
            return wrong("JSON document requires the keys listen_type, one of single, playing_now and import, and payload")
        kind, payload = data["listen_type"], data["payload"]
        if not payload:
            return Reply(200, {"status": "ok"})
        if kind != "import" and len(payload) > 1:
            return wrong("The list of listens should contain one item for this listen_type")
        if len(payload) > LISTENS:
            return wrong(f"Too many listens. You may submit {LISTENS} listens per request.")
        if len(request.body) > len(payload) * LISTEN_SIZE:
            return wrong(f"JSON document is too large. In aggregate, listens may not be larger than {LISTEN_SIZE} characters.")
        for listen in payload:
            self.check_listen(listen, kind)
        if kind != "playing_now":
            self.keep(user, payload, request)
        return Reply(200, {"status": "ok"})

    def keep(self, user, payload, request):
        listens = self.state["listens"].setdefault(user, [])
        there = {(listen["listened_at"], listen["recording_msid"]) for listen in listens}
        for listen in payload:
            msid = msid_of(listen["track_metadata"])
            if (listen["listened_at"], msid) in there:
                continue
            there.add((listen["listened_at"], msid))
            listens.append({"listened_at": listen["listened_at"], "inserted_at": self.now, "recording_msid": msid, "track_metadata": listen["track_metadata"]})
            request.effect = True

    def shown(self, user, listen):
        metadata = dict(listen["track_metadata"])
        metadata.setdefault("additional_info", {})
        found = self.mapping_of(metadata["artist_name"], metadata["track_name"])
        if found and "mbid_mapping" not in metadata:
            metadata["mbid_mapping"] = {"recording_mbid": found["recording_mbid"], "recording_name": found["recording_name"],
                                        "artists": [{"artist_credit_name": name, "join_phrase": ""} for name in found.get("artists", [])]}
        return {"inserted_at": listen["inserted_at"], "listened_at": listen["listened_at"], "recording_msid": listen["recording_msid"], "track_metadata": metadata,
                "user_name": user}

    def listens(self, request):
        user = self.known_user(request.match[0])
        count, low, high = request.number("count", 25, 0), request.number("min_ts", 0, 0), request.number("max_ts", 1 << 62, 0)
        if count is None or low is None or high is None:
            return wrong("'count', 'min_ts' and 'max_ts' should be non-negative integers")
        if request.arg("min_ts") is not None and request.arg("max_ts") is not None:
            return wrong("You may only specify max_ts or min_ts, not both.")
        all_of_them = sorted(self.state["listens"].get(user, []), key=lambda listen: -listen["listened_at"])
        rows = [listen for listen in all_of_them if low < listen["listened_at"] < high]
        count = min(count, self.page)
        rows = rows[-count:] if request.arg("min_ts") is not None else rows[:count]
        payload = {"count": len(rows), "user_id": user, "listens": [self.shown(user, listen) for listen in rows]}
        payload["latest_listen_ts"] = all_of_them[0]["listened_at"] if all_of_them else 0
        payload["oldest_listen_ts"] = all_of_them[-1]["listened_at"] if all_of_them else 0
        return Reply(200, {"payload": payload})

    def listen_count(self, request):
        return Reply(200, {"payload": {"count": len(self.state["listens"].get(self.known_user(request.match[0]), []))}})

    # ---- feedback ----

    def give_feedback(self, request):
        user, data = self.user(request), request.json
        if not isinstance(data, dict) or "score" not in data or not ({"recording_mbid", "recording_msid"} & set(data)):
            return wrong("JSON document must contain either recording_msid or recording_mbid, and score")
        if set(data) - {"recording_mbid", "recording_msid", "score"}:
            return wrong("JSON document may only contain recording_msid, recording_mbid and score")
        if data["score"] not in (-1, 0, 1) or not is_whole(data["score"]):
            return wrong("score can only have a value of 1, 0 or -1.")
        for key in ("recording_mbid", "recording_msid"):
            if key in data and not is_uuid(data[key]):
                return wrong(f"{key} MBID format invalid.")
        rows = self.state["feedback"].setdefault(user, [])
        same = [row for row in rows if any(data.get(key) and row.get(key) == data[key] for key in ("recording_mbid", "recording_msid"))]
        request.effect = not same or same[0]["score"] != data["score"]
        for row in same:
            rows.remove(row)
        if data["score"]:
            rows.insert(0, {"recording_mbid": data.get("recording_mbid"), "recording_msid": data.get("recording_msid"), "score": data["score"], "created": self.now})
        return Reply(200, {"status": "ok"})

    def get_feedback(self, request):
        user = self.known_user(request.match[0])
        count, offset, score = request.number("count", 25, 0), request.number("offset", 0, 0), request.number("score", None, -1, 1)
        if count is None or offset is None or (request.arg("score") is not None and score not in (1, -1)):
            return wrong("score is 1 or -1; count and offset are not negative")
        rows = [row for row in self.state["feedback"].get(user, []) if score is None or row["score"] == score]
        shown = []
        for row in rows[offset:offset + min(count, self.page)]:
            out = dict(row, user_id=user)
            if request.arg("metadata") == "true":
                known = next((recording for recording in self.state["recordings"] if recording["recording_mbid"] == row.get("recording_mbid")), None)
                out["track_metadata"] = row.get("track_metadata")
                if known:
                    out["track_metadata"] = {"artist_name": known["artist_credit_name"], "track_name": known["recording_name"], "release_name": known.get("release_name"),
                                             "mbid_mapping": {"recording_mbid": known["recording_mbid"], "artists": [{"artist_credit_name": name} for name in known.get("artists", [])]}}
            shown.append(out)
        return Reply(200, {"count": len(shown), "feedback": shown, "offset": offset, "total_count": len(rows)})

    # ---- recordings ----

    def found(self, artist, title):
        known = self.mapping_of(artist, title)
        if not known:
            return {}
        return {"recording_mbid": known["recording_mbid"], "recording_name": known["recording_name"], "artist_credit_name": known["artist_credit_name"],
                "artist_mbids": known.get("artist_mbids", []), "release_name": known.get("release_name"), "release_mbid": known.get("release_mbid")}

    def lookup_one(self, request):
        self.user(request)
        if not request.arg("artist_name") or not request.arg("recording_name"):
            return wrong("artist_name and recording_name are needed")
        return Reply(200, self.found(request.arg("artist_name"), request.arg("recording_name")))

    def lookup_many(self, request):
        self.user(request)
        asked = request.json.get("recordings") if isinstance(request.json, dict) else None
        if not isinstance(asked, list) or not asked:
            return wrong("recordings must be a list of recordings")
        if len(asked) > 50:
            return wrong("At most 50 recordings may be looked up at once.")
        for one in asked:
            if not isinstance(one, dict) or not one.get("artist_name") or not one.get("recording_name"):
                return wrong("artist_name and recording_name are needed of each recording")
            if sum(len(one.get(key) or "") for key in ("artist_name", "recording_name", "release_name")) > 250:
                return wrong("At most 250 characters of names may be looked up.")
        return Reply(200, [dict(self.found(one["artist_name"], one["recording_name"]), index=i) for i, one in enumerate(asked)])

    def metadata(self, request):
        asked = request.json.get("recording_mbids") if isinstance(request.json, dict) else None
        if not isinstance(asked, list) or not asked or len(asked) > 1000 or not all(is_uuid(mbid) for mbid in asked):
            return wrong("recording_mbids must be a list of at most 1000 MBIDs")
        out = {}
        for known in self.state["recordings"]:
            if known["recording_mbid"] in asked:
                out[known["recording_mbid"]] = {"recording": {"name": known["recording_name"]}, "artist": {"name": known["artist_credit_name"], "artists": [{"name": name} for name in known.get("artists", [])]},
                                                "release": {"name": known.get("release_name")}}
        return Reply(200, out)

    # ---- playlists ----

    def tracks_of(self, request):
        playlist = request.json.get("playlist") if isinstance(request.json, dict) else None
        if not isinstance(playlist, dict):
            raise wrong("JSON document requires a playlist")
        tracks = playlist.get("track", [])
        for track in tracks:
            identifier = track.get("identifier")
            identifier = identifier[0] if isinstance(identifier, list) and identifier else identifier
            if not isinstance(identifier, str) or not re.fullmatch("https://musicbrainz.org/recording/" + UUID, identifier):
                raise wrong("JSPF playlist track must contain an identifier element with a recording MBID.")
        return playlist, tracks

    def create(self, request):
        user = self.user(request)
        playlist, tracks = self.tracks_of(request)
        if not playlist.get("title"):
            return wrong("JSPF playlist must contain a title element with the title of the playlist.")
        mbid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"playlist {len(self.state['playlists'])}"))
        public = playlist.get("extension", {}).get("https://musicbrainz.org/doc/jspf#playlist", {}).get("public", True)
        if not isinstance(public, bool):
            return wrong("JSPF playlist.extension.https://musicbrainz.org/doc/jspf#playlist.public field must be a boolean.")
        self.state["playlists"][mbid] = {"title": playlist["title"], "creator": user, "identifier": f"https://listenbrainz.org/playlist/{mbid}",
                                         "extension": {"https://musicbrainz.org/doc/jspf#playlist": {"public": public, "creator": user}}, "track": [self.entry(track, user) for track in tracks]}
        request.effect = True
        return Reply(200, {"status": "ok", "playlist_mbid": mbid})

    def entry(self, track, user):
        identifier = track["identifier"][0] if isinstance(track["identifier"], list) else track["identifier"]
        self.added = getattr(self, "added", 0) + 1
        return {"identifier": [identifier], "extension": {"https://musicbrainz.org/doc/jspf#track": {"added_by": user, "added_at": f"2024-06-01T12:{self.added // 60:02}:{self.added % 60:02}.250000+00:00"}}}

    def page_of(self, request, playlists):
        count, offset = int(request.arg("count") or 25), int(request.arg("offset") or 0)
        shown = [{"playlist": dict(playlist, track=[])} for playlist in playlists[offset : offset + count]]
        return Reply(200, {"count": len(shown), "offset": offset, "playlist_count": len(playlists), "playlists": shown})

    def public(self, playlist):
        return playlist.get("extension", {}).get("https://musicbrainz.org/doc/jspf#playlist", {}).get("public", True)

    def playlists(self, request):
        name = self.known_user(request.match[0])
        asks = self.state["tokens"].get(request.token)
        return self.page_of(request, [playlist for playlist in self.state["playlists"].values() if playlist["creator"] == name and (asks == name or self.public(playlist))])

    def playlists_for(self, request):
        name = self.known_user(request.match[0])
        return self.page_of(request, [playlist for playlist in self.state["playlists"].values() if playlist.get("created_for") == name])

    def editable(self, request):
        user, playlist = self.user(request), self.own(request)
        if playlist["creator"] != user:
            raise wrong("You are not allowed to edit this playlist.", 403)
        for key, value in request.json.items():
            if key != "mbid" and (not is_whole(value) or value < 0):
                raise wrong("instruction values must all be positive integers.")
        return playlist["track"]

    def move_items(self, request):
        tracks, order = self.editable(request), request.json
        if not {"mbid", "from", "to", "count"} <= set(order) or not is_uuid(order["mbid"]):
            return wrong("post data for a move instruction must include the keys 'from', 'to', 'count' and 'mbid'.")
        block = tracks[order["from"] : order["from"] + order["count"]]
        if not block or order["to"] > len(tracks) - len(block):
            return wrong("Failed to move recordings in the playlist. Please try again.", 500)
        del tracks[order["from"] : order["from"] + order["count"]]
        tracks[order["to"] : order["to"]] = block
        request.effect = True
        return Reply(200, {"status": "ok"})

    def delete_items(self, request):
        tracks, order = self.editable(request), request.json
        if not {"index", "count"} <= set(order):
            return wrong("post data for a remove instruction must include the keys 'index' and 'count'.")
        if order["index"] >= len(tracks) or order["count"] < 1:
            return wrong("Failed to deleting recordings from the playlist. Please try again.", 500)
        del tracks[order["index"] : order["index"] + order["count"]]
        request.effect = True
        return Reply(200, {"status": "ok"})

    def own(self, request):
        if not is_uuid(request.match[0]):
            raise wrong("Provided playlist ID is invalid.")
        if request.match[0] not in self.state["playlists"]:
            raise wrong("Cannot find playlist: " + request.match[0], 404)
        return self.state["playlists"][request.match[0]]

    def playlist(self, request):
        playlist = self.own(request)
        if not self.public(playlist) and self.state["tokens"].get(request.token) != playlist["creator"]:
            return wrong("Cannot find playlist: " + request.match[0], 404)
        names = {known["recording_mbid"]: known for known in self.state["recordings"]}
        tracks = []
        for track in playlist["track"]:
            identifier = track["identifier"] if isinstance(track["identifier"], str) else track["identifier"][0]
            known = names.get(identifier[-36:])
            told = {"title": known["recording_name"], "creator": known["artist_credit_name"], "album": known.get("release_name", "")} if known else {}
            tracks.append({**told, **track})
        return Reply(200, {"playlist": dict(playlist, track=tracks)})

    def add_items(self, request):
        user, playlist = self.user(request), self.own(request)
        if playlist["creator"] != user:
            return wrong("You are not allowed to add recordings to this playlist.", 403)
        _, tracks = self.tracks_of(request)
        if len(tracks) > 100:
            return wrong("You may only add 100 recordings per call.")
        at = int(request.match[1]) if request.match[1] else len(playlist["track"])
        playlist["track"][at:at] = [self.entry(track, user) for track in tracks]
        request.effect = True
        return Reply(200, {"status": "ok"})
