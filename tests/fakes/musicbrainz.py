"""Stand-in for musicbrainz.org/ws/2 in JSON: recordings by id, by ISRC and by Lucene query.

State:   recordings  [{id, title, length, artist-credit: [{name, joinphrase, artist}], isrcs, releases, first-release-date, disambiguation}]
         merged      {id: the id it was merged into}     unindexed  [ids that the search does not know yet]
Options: rate=off    callers may be as fast as they like; else one a second on average: two at once are let through, three are not
         plain=yes   no null where the description of the service has none
         old=yes     scores as text and ISRCs as objects, as servers gave them once
"""
import re
import time

from fake import Reply, Service

HELP = "For usage, please see: https://musicbrainz.org/development/mmd"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
INCS = {"artists", "artist-credits", "isrcs", "releases", "release-groups", "aliases", "tags", "ratings", "artist-rels", "recording-rels", "work-rels", "url-rels"}
SPECIAL = set('+-&|!(){}[]^"~*?:\\/')


def wrong(status, message):
    return Reply(status, {"error": message, "help": HELP})


def words(text):
    return re.findall(r"\w+", text.casefold())


def holds(words_of, phrase):
    phrase = words(phrase)
    return any(words_of[i:i + len(phrase)] == phrase for i in range(len(words_of) - len(phrase) + 1)) if phrase else False


def credit(recording):
    return "".join(part["name"] + part.get("joinphrase", "") for part in recording.get("artist-credit", []))


class Query:
    """`a:b AND (c:"d e" OR f:(g OR h))`; anything else of Lucene's grammar is refused, so that nobody relies on what is not here."""

    def __init__(self, text):
        self.tokens, self.at = [], 0
        i = 0
        while i < len(text):
            c = text[i]
            if c.isspace():
                i += 1
            elif c in "():":
                self.tokens.append((c, c))
                i += 1
            else:
                quoted, value = c == '"', ""
                i += quoted
                while i < len(text) and (text[i] != '"' if quoted else not text[i].isspace() and text[i] not in "():"):
                    if text[i] == "\\":
                        i += 1
                        if i == len(text):
                            raise ValueError("a backslash ends the query")
                    elif text[i] in SPECIAL and not quoted and text[i] != "-":
                        raise ValueError(f"{text[i]} is not escaped")
                    value += text[i]
                    i += 1
                if quoted and i == len(text):
                    raise ValueError("a quote is not closed")
                i += quoted
                self.tokens.append(("word", value) if quoted or value not in ("AND", "OR") else (value, value))

    def peek(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def take(self, kind):
        if self.peek() != kind:
            raise ValueError(f"{kind} was expected")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def whole(self):
        test = self.any("recording")
        if self.peek():
            raise ValueError("something follows the query")
        return test

    def any(self, field):
        tests = [self.all(field)]
        while self.peek() == "OR":
            self.take("OR")
            tests.append(self.all(field))
        return lambda recording: any(test(recording) for test in tests)

    def all(self, field):
        tests = [self.one(field)]
        while self.peek() == "AND":
            self.take("AND")
            tests.append(self.one(field))
        return lambda recording: all(test(recording) for test in tests)

    def one(self, field):
        if self.peek() == "(":
            self.take("(")
            test = self.any(field)
            self.take(")")
            return test
        value = self.take("word")
        if self.peek() == ":":
            self.take(":")
            return self.one(value)
        return self.test(field, value)

    @staticmethod
    def test(field, value):
        if field == "isrc":
            return lambda recording: value.upper() in recording.get("isrcs", [])
        if field == "rid":
            return lambda recording: value.lower() == recording["id"]
        if field == "recording":
            return lambda recording: holds(words(recording["title"]), value)
        if field in ("artist", "artistname", "creditname"):
            return lambda recording: holds(words(credit(recording)), value)
        raise ValueError(f"there is no field {field}")


def start(state, options):
    return MusicBrainz(state, options)


class MusicBrainz(Service):
    def __init__(self, state, options):
        super().__init__(state)
        state.setdefault("recordings", [])
        state.setdefault("merged", {})
        state.setdefault("unindexed", [])
        self.hurried, self.old = options.get("rate") != "off", options.get("old") == "yes"
        self.plain, self.last, self.tokens = options.get("plain") == "yes", time.monotonic(), 2.0
        self.route("GET", r"/ws/2/isrc/([^/]*)")(self.isrc)
        self.route("GET", r"/ws/2/recording/([^/]+)")(self.recording)
        self.route("GET", r"/ws/2/recording/?")(self.search)

    def unknown(self, request):
        return wrong(404, "Not Found")

    def before(self, request):
        if not re.match(r"[\w.-]+/[\w.-]+", request.headers.get("user-agent", "")) or not re.search(r"\(.*(@|https?://).*\)", request.headers["user-agent"]):
            raise Reply(403, {"error": "Your requests are blocked: the User-Agent must name the application and a way to reach who runs it."})
        now = time.monotonic()
        self.tokens, self.last = min(2.0, self.tokens + now - self.last), now
        if not self.hurried or self.tokens >= 1:
            self.tokens -= 1
        else:
            raise Reply(503, {"error": "Your requests are exceeding the allowable rate limit. Please see http://wiki.musicbrainz.org/XMLWebService for more information."},
                        {"X-RateLimit-Limit": 1200, "X-RateLimit-Remaining": 0, "X-RateLimit-Reset": int(time.time()) + 1})
        if request.arg("fmt", "xml") != "json" and "application/json" not in request.headers.get("accept", ""):
            raise wrong(406, "This stand-in speaks JSON alone")

    def find(self, mbid):
        mbid = self.state["merged"].get(mbid, mbid)
        return next((recording for recording in self.state["recordings"] if recording["id"] == mbid), None)

    def incs(self, request):
        incs = [inc for inc in re.split(r"[ +]", request.arg("inc", "")) if inc]
        for inc in incs:
            if inc not in INCS:
                raise wrong(400, f"{inc} is not a valid inc parameter for the recording resource.")
        return incs

    def shown(self, recording, incs, top):
        out = {"id": recording["id"], "title": recording["title"], "length": recording.get("length"), "disambiguation": recording.get("disambiguation", ""), "video": False}
        if recording.get("first-release-date"):
            out["first-release-date"] = recording["first-release-date"]
        if "artist-credits" in incs or (top and "artists" in incs):
            out["artist-credit"] = [dict(part, joinphrase=part.get("joinphrase", "")) for part in recording.get("artist-credit", [])]
        if "isrcs" in incs:
            out["isrcs"] = recording.get("isrcs", [])
        if "releases" in incs and top:
            out["releases"] = recording.get("releases", [])[:25]
        return out

    def isrc(self, request):
        isrc = request.match[0]
        incs = self.incs(request)
        if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", isrc):
            return wrong(400, "Invalid isrc.")
        found = [recording for recording in self.state["recordings"] if isrc in recording.get("isrcs", [])]
        return Reply(200, {"isrc": isrc, "recordings": [self.shown(recording, incs, False) for recording in found]}) if found else wrong(404, "Not Found")

    def recording(self, request):
        incs = self.incs(request)
        if not re.fullmatch(UUID, request.match[0]):
            return wrong(400, "Invalid mbid.")
        found = self.find(request.match[0])
        return Reply(200, self.shown(found, incs, True)) if found else wrong(404, "Not Found")

    def search(self, request):
        limit, offset = request.number("limit", 25, 1, 100), request.number("offset", 0, 0)
        if limit is None or offset is None:
            return wrong(400, "limit is 1 to 100, offset 0 or more")
        query = request.arg("query")
        if not query:
            return wrong(400, "Must specify a least one parameter out of 'query', 'artist', 'collection', 'release', 'work' for browse requests.")
        try:
            test = Query(query).whole()
        except ValueError as error:
            return wrong(400, f"Cannot parse '{query}': {error}")
        found = [recording for recording in self.state["recordings"] if recording["id"] not in self.state["unindexed"] and test(recording)]
        body = {"created": "2024-06-01T12:00:00.000Z", "count": len(found), "offset": offset, "recordings": [self.hit(recording) for recording in found[offset:offset + limit]]}
        return Reply(200, body)

    def hit(self, recording):
        out = {"id": recording["id"], "score": "100" if self.old else 100, "title": recording["title"], "video": False if self.plain else None}
        for name in ("length", "disambiguation", "first-release-date", "isrcs", "releases"):
            if recording.get(name):
                out[name] = recording[name]
        if self.old and "isrcs" in out:
            out["isrcs"] = [{"id": isrc} for isrc in out["isrcs"]]
        out["artist-credit"] = recording.get("artist-credit", [])
        return out
