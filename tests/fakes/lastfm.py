"""Stand-in for Last.fm's API 2.0, with its habits: numbers as strings, one item instead of a list of one, the entry that is playing beside the others, verdicts a
scrobble, and refusals in replies of status 200. Without format=json it answers in XML, as older clients ask for.

State:   users     {name: {"scrobbles": [{artist, track, album?, uts}], "loved": [{artist, track, uts}], "playing": {artist, track}?, "private": true?,
                           "counts": {"artist\\ttrack": plays}?  more plays than the scrobbles listed}}
         tracks    [{artist, track, mbid?, duration?, listeners?, playcount?}]   what it knows besides; what anybody scrobbled or loved it knows as well
         corrections {"artist\\ttrack": ["artist", "track"]}
         keys      {api_key: shared_secret}      sessions {session key: user}    tokens {token: "asked" | user name}
Options: cap=N     scrobbles it takes a day, else 2000      errors=200   "not found" comes with status 200       stranger=yes  answers for another user
         many=N     knows the N tracks that the stand-in for Spotify makes up, played by everyone so often as many_plays() says
"""
import hashlib
import json
from xml.sax.saxutils import escape, quoteattr

from fake import Reply, Service

DAY = 86400
STATUS = {4: 403, 6: 404, 7: 404, 8: 500, 9: 403, 10: 403, 11: 503, 13: 403, 14: 403, 15: 403, 16: 503, 17: 403, 26: 403, 29: 429}
WORDS = {2: "Invalid service", 3: "Invalid Method - No method with that name in this package", 4: "Authentication Failed", 9: "Invalid session key - Please re-authenticate",
         10: "Invalid API key - You must be granted a valid key by last.fm", 13: "Invalid method signature supplied", 14: "Unauthorized Token - This token has not been authorized",
         15: "This token has expired", 17: "Login: User required to be logged in"}
PERIODS = {"overall": None, "7day": 7, "1month": 30, "3month": 90, "6month": 180, "12month": 365}
IGNORED = {0: "", 1: "Artist name was filtered", 2: "Track name was filtered", 3: "Timestamp was too old", 4: "Timestamp was too new", 5: "Daily scrobble limit exceeded"}


def many_plays(number):
    """In no order, with ties; one in thirteen never."""
    return 0 if number % 13 == 0 else number * 7919 % 1009


class Refusal(Exception):
    def __init__(self, code, message=None):
        self.code, self.message = code, message or WORDS.get(code, "Something went wrong")


def many(items):
    """A list of one is that one."""
    return items[0] if len(items) == 1 else items


def fold(artist, track):
    return artist.casefold() + "\t" + track.casefold()


def xml(name, value):
    """The reply as it is without format=json: what stands beside a text in JSON are attributes of its element."""
    if isinstance(value, list):
        return "".join(xml(name, item) for item in value)
    if not isinstance(value, dict):
        return f"<{name}>{escape(str(value))}</{name}>"
    attributes, inner = value.get("@attr", {}), {key: item for key, item in value.items() if key not in ("@attr", "#text")}
    if "#text" in value:
        attributes, inner = {**attributes, **inner}, {}
    attributes = "".join(f" {key}={quoteattr(str(text))}" for key, text in attributes.items())
    inner = escape(str(value.get("#text", ""))) + "".join(xml(key, item) for key, item in inner.items())
    return f"<{name}{attributes}>{inner}</{name}>"


class LastFm(Service):
    def __init__(self, state, options):
        super().__init__(state)
        self.options = options
        state.setdefault("users", {"ada": {}})
        state.setdefault("tracks", [])
        state.setdefault("corrections", {})
        state.setdefault("keys", {"fake-key": "fake-secret"})
        state.setdefault("sessions", {"fake-session": "ada"})
        state.setdefault("tokens", {})
        state.setdefault("taken", [])  # when each scrobble of ours was taken, for the daily cap
        for user in state["users"].values():
            user.setdefault("scrobbles", [])
            user.setdefault("loved", [])
        self.route("GET", "/2.0/?")(self.call)
        self.route("POST", "/2.0/?")(self.call)
        self.route("GET", "/api/auth/?")(self.allow)

    # ---- who asks ----

    def allow(self, request):
        """The page that a person opens: here everybody agrees."""
        token = request.arg("token")
        if self.state["tokens"].get(token) != "asked":
            return Reply(403, b"no such token")
        self.state["tokens"][token] = next(iter(self.state["users"]))
        return Reply(200, b"allowed")

    def check_signature(self, request):
        secret = self.state["keys"][request.arg("api_key")]
        params = {key: value for key, value in request.query + request.form if key not in ("format", "callback", "api_sig")}
        text = "".join(key + params[key] for key in sorted(params, key=lambda name: name.encode())) + secret
        if request.arg("api_sig") != hashlib.md5(text.encode()).hexdigest():
            raise Refusal(13)

    def writer(self, request):
        if request.method != "POST":
            raise Refusal(6, "This method requires POST")
        self.check_signature(request)
        name = self.state["sessions"].get(request.arg("sk"))
        if not name:
            raise Refusal(9)
        return self.state["users"][name]

    def user(self, request):
        name = request.arg("user") or request.arg("username")
        for known, user in self.state["users"].items():
            if known.casefold() == (name or "").casefold():
                if user.get("private"):
                    raise Refusal(17)
                return known, user
        raise Refusal(6, "User not found")

    # ---- what it knows ----

    def many(self, artist, track):
        """The number of a made up track, or None."""
        number = track[5:]
        if not track.startswith("Song ") or not number.isdigit() or int(number) >= int(self.options.get("many", 0)):
            return None
        return int(number) if artist == f"Artist {int(number) % 97}" else None

    def known(self, artist, track):
        if self.many(artist, track) is not None:
            return {"artist": artist, "track": track}
        key = fold(artist, track)
        for entry in self.state["tracks"]:
            if fold(entry["artist"], entry["track"]) == key:
                return entry
        for user in self.state["users"].values():
            for entry in user["scrobbles"] + user["loved"]:
                if fold(entry["artist"], entry["track"]) == key:
                    return {"artist": entry["artist"], "track": entry["track"]}
        return None

    def count(self, user, artist, track):
        number = self.many(artist, track)
        if number is not None:
            return many_plays(number)
        key = fold(artist, track)
        listed = sum(fold(s["artist"], s["track"]) == key for s in user["scrobbles"])
        return listed + next((plays for name, plays in user.get("counts", {}).items() if name.casefold() == key), 0)

    def page(self, request, items, most):
        limit = request.number("limit", 50, 1)
        page = request.number("page", 1, 1)
        if limit is None or page is None:
            raise Refusal(6, "Invalid parameters - Your request is missing a required parameter")
        limit = min(limit, most)
        pages = max(1, -(-len(items) // limit))
        return items[(page - 1) * limit:page * limit], {"page": str(page), "perPage": str(limit), "totalPages": str(pages), "total": str(len(items))}

    # ---- calls ----

    def call(self, request):
        method = request.arg("method") or ""
        name = "do_" + method.replace(".", "_")
        plain = request.arg("format") != "json"
        try:
            if request.arg("api_key") not in self.state["keys"]:
                raise Refusal(10)
            if not hasattr(self, name):
                raise Refusal(3)
            body = getattr(self, name)(request)
        except Refusal as refusal:
            status = 200 if self.options.get("errors") == "200" and refusal.code == 6 else STATUS.get(refusal.code, 400)
            if plain:
                return Reply(status, f'<?xml version="1.0" encoding="UTF-8"?><lfm status="failed"><error code="{refusal.code}">{escape(refusal.message)}</error></lfm>'.encode(),
                             {"Content-Type": "text/xml; charset=utf-8"})
            return Reply(status, {"error": refusal.code, "message": refusal.message})
        if plain:
            inner = "".join(xml(key, value) for key, value in body.items())
            return Reply(200, f'<?xml version="1.0" encoding="UTF-8"?><lfm status="ok">{inner}</lfm>'.encode(), {"Content-Type": "text/xml; charset=utf-8"})
        return Reply(200, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"})

    def do_auth_getToken(self, request):
        self.check_signature(request)
        token = f"fake-token-{len(self.state['tokens']) + 1}"
        self.state["tokens"][token] = "asked"
        return {"token": token}

    def do_auth_getSession(self, request):
        self.check_signature(request)
        token = request.arg("token")
        name = self.state["tokens"].get(token)
        if name is None:
            raise Refusal(4)
        if name == "asked":
            raise Refusal(14)
        del self.state["tokens"][token]
        key = f"session-of-{name}"
        self.state["sessions"][key] = name
        return {"session": {"name": name, "key": key, "subscriber": 0}}

    def do_user_getInfo(self, request):
        if not request.arg("user"):  # whose the session is
            self.check_signature(request)
            name = self.state["sessions"].get(request.arg("sk"))
            if not name:
                raise Refusal(9)
            user = self.state["users"][name]
        else:
            name, user = self.user(request)
        return {"user": {"name": name, "realname": "", "url": f"https://www.last.fm/user/{name}", "playcount": str(len(user["scrobbles"])),
                         "registered": {"unixtime": "1262304000", "#text": 1262304000}}}

    def entry(self, item, extended, loved):
        artist = {"name": item["artist"], "mbid": "", "url": ""} if extended else {"mbid": "", "#text": item["artist"]}
        entry = {"artist": artist, "name": item["track"], "mbid": item.get("mbid", ""), "url": "", "streamable": "0", "image": [{"size": "small", "#text": ""}],
                 "album": {"mbid": "", "#text": item.get("album", "")}}
        if extended:
            entry["loved"] = "1" if fold(item["artist"], item["track"]) in loved else "0"
        return entry

    def do_user_getRecentTracks(self, request):
        name, user = self.user(request)
        low, high = request.number("from", 0), request.number("to", 1 << 40)
        items = sorted((s for s in user["scrobbles"] if low <= s["uts"] <= high), key=lambda s: -s["uts"])
        chosen, about = self.page(request, items, 200)
        extended = request.arg("extended") == "1"
        loved = {fold(item["artist"], item["track"]) for item in user["loved"]}
        tracks = [dict(self.entry(item, extended, loved), date={"uts": str(item["uts"]), "#text": "then"}) for item in chosen]
        if user.get("playing"):
            tracks.insert(0, dict(self.entry(user["playing"], extended, loved), **{"@attr": {"nowplaying": "true"}}))
        about["user"] = "stranger" if self.options.get("stranger") else name
        return {"recenttracks": {"track": many(tracks), "@attr": about}}

    def do_user_getLovedTracks(self, request):
        name, user = self.user(request)
        chosen, about = self.page(request, sorted(user["loved"], key=lambda item: -item["uts"]), 1000)
        tracks = [{"name": item["track"], "mbid": item.get("mbid", ""), "url": "", "date": {"uts": str(item["uts"]), "#text": "then"},
                   "artist": {"name": item["artist"], "mbid": "", "url": ""}} for item in chosen]
        return {"lovedtracks": {"track": many(tracks), "@attr": dict(about, user=name)}}

    def do_user_getTopTracks(self, request):
        name, user = self.user(request)
        period = request.arg("period") or "overall"
        if period not in PERIODS:
            raise Refusal(6, "Invalid period")
        since = self.now - PERIODS[period] * DAY if PERIODS[period] else 0
        counts = {}
        for item in user["scrobbles"]:
            if item["uts"] >= since:
                key = fold(item["artist"], item["track"])
                counts.setdefault(key, [0, item["artist"], item["track"]])[0] += 1
        for names, plays in user.get("counts", {}).items() if not since else ():
            artist, track = names.split("\t")
            counts.setdefault(names.casefold(), [0, artist, track])[0] += plays
        ordered = sorted(counts.values(), key=lambda item: (-item[0], item[1], item[2]))
        chosen, about = self.page(request, ordered, 1000)
        first = (int(about["page"]) - 1) * int(about["perPage"])
        tracks = [{"@attr": {"rank": str(first + i + 1)}, "name": track, "mbid": "", "duration": "0", "playcount": str(plays), "url": "",
                   "artist": {"name": artist, "mbid": "", "url": ""}} for i, (plays, artist, track) in enumerate(chosen)]
        return {"toptracks": {"track": many(tracks), "@attr": dict(about, user=name)}}

    def corrected(self, request):
        artist, track = request.arg("artist"), request.arg("track")
        if not artist or not track:
            raise Refusal(6, "Invalid parameters - Your request is missing a required parameter")
        right = next((names for wrong, names in self.state["corrections"].items() if wrong.casefold() == fold(artist, track)), None)
        return right if right else (artist, track)

    def do_track_getInfo(self, request):
        artist, track = self.corrected(request) if request.arg("autocorrect") == "1" else (request.arg("artist") or "", request.arg("track") or "")
        entry = self.known(artist, track)
        if not entry:
            raise Refusal(6, "Track not found")
        info = {"name": entry["track"], "url": "", "duration": str(entry.get("duration", 0)), "streamable": {"#text": "0", "fulltrack": "0"},
                "listeners": str(entry.get("listeners", 2)), "playcount": str(entry.get("playcount", 3)),
                "artist": {"name": entry["artist"], "mbid": "", "url": ""}, "toptags": {"tag": []}}
        if entry.get("mbid"):
            info["mbid"] = entry["mbid"]
        if request.arg("username"):
            _, user = self.user(request)
            plays = self.count(user, entry["artist"], entry["track"])
            if plays:
                info["userplaycount"] = str(plays)
            key = fold(entry["artist"], entry["track"])
            info["userloved"] = "1" if any(fold(i["artist"], i["track"]) == key for i in user["loved"]) else "0"
        return {"track": info}

    def do_track_getCorrection(self, request):
        artist, track = self.corrected(request)
        if (artist, track) == (request.arg("artist"), request.arg("track")):
            return {"corrections": "\n                "}
        return {"corrections": {"correction": {"track": {"name": track, "url": "", "artist": {"name": artist, "url": ""}},
                                               "@attr": {"index": "0", "artistcorrected": "1", "trackcorrected": "1"}}}}

    def do_track_love(self, request):
        user = self.writer(request)
        artist, track = self.corrected(request)
        key = fold(artist, track)
        if not any(fold(item["artist"], item["track"]) == key for item in user["loved"]):
            user["loved"].append({"artist": artist, "track": track, "uts": self.now})
            request.effect = True
        return {}

    def do_track_unlove(self, request):
        user = self.writer(request)
        artist, track = self.corrected(request)
        left = [item for item in user["loved"] if fold(item["artist"], item["track"]) != fold(artist, track)]
        request.effect = len(left) != len(user["loved"])
        user["loved"] = left
        return {}

    def verdict(self, artist, track, uts):
        if not artist or artist.casefold() in ("[unknown]", "unknown artist"):
            return 1
        if not track or track.casefold() == "[unknown]":
            return 2
        if uts < self.now - 14 * DAY:
            return 3
        if uts > self.now + DAY:
            return 4
        self.state["taken"] = [when for when in self.state["taken"] if when > self.now - DAY]
        return 5 if len(self.state["taken"]) >= int(self.options.get("cap", 2000)) else 0

    def do_track_scrobble(self, request):
        user = self.writer(request)
        rows, verdicts = [], []
        numbers = ["[%d]" % i for i in range(50)] if request.arg("artist[0]") is not None else [""]
        if request.arg("artist[50]") is not None:
            raise Refusal(6, "Invalid parameters - Your request is missing a required parameter")
        for number in numbers:
            artist, track, stamp = (request.arg(name + number) for name in ("artist", "track", "timestamp"))
            if artist is None and track is None and stamp is None:
                continue
            if not stamp or not stamp.isdigit() or artist is None or track is None:
                raise Refusal(6, "Invalid parameters - Your request is missing a required parameter")
            code = self.verdict(artist, track, int(stamp))
            album = request.arg("album" + number) or ""
            rows.append({"artist": {"corrected": "0", "#text": artist}, "track": {"corrected": "0", "#text": track}, "album": {"corrected": "0", "#text": album},
                         "albumArtist": {"corrected": "0", "#text": ""}, "timestamp": stamp, "ignoredMessage": {"code": str(code), "#text": IGNORED[code]}})
            verdicts.append(code)
            if code:
                continue
            self.state["taken"].append(self.now)
            if not any(s["uts"] == int(stamp) and fold(s["artist"], s["track"]) == fold(artist, track) for s in user["scrobbles"]):
                user["scrobbles"].append(dict({"artist": artist, "track": track, "uts": int(stamp)}, **({"album": album} if album else {})))
            request.effect = True
        accepted = verdicts.count(0)
        return {"scrobbles": {"scrobble": many(rows), "@attr": {"accepted": accepted, "ignored": len(verdicts) - accepted}}}


def start(state, options):
    return LastFm(state, options)
