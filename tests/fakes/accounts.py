"""Stand-in for accounts.spotify.com: /authorize and /api/token, by RFC 6749 and RFC 7636, with refresh tokens that are used once.

A stand-in for the API adds it to itself with `add(service, options)` and asks `user_of(service, request)` who calls. On its own it also answers GET /v1/me,
/v1/search and /v1/tracks, which is what a login is checked with.

State:   clients  {id: {"redirects": [...]}}     codes  {code: ...}     tokens  {access token: {user, client, scope, until}}
         refresh  {refresh token: {user, client, scope, made, used}}
Options: regime=development|full   what the API of the application may do        deny=yes     the person does not agree
         life=SECONDS              of an access token                           rotate=no    renewing gives no new refresh token
         prefix=TEXT               begins everything secret                     refused=TEXT every call to the API is refused with this message (403)
"""
import base64
import calendar
import hashlib
import re
import time
import urllib.parse

from fake import Reply, Service

SCOPES = "user-library-read user-library-modify playlist-read-private playlist-modify-public playlist-modify-private user-read-recently-played user-top-read ugc-image-upload user-read-private"
CODE_LIFE = 600
MONTHS = 6


def add(service, options):
    state = service.state
    state.setdefault("clients", {client: {"redirects": ["http://127.0.0.1/callback"]} for client in ("fake-client", "0123456789abcdef0123456789abcdef")})
    state.setdefault("tokens", {"fake-token": {"user": "ada", "client": "fake-client", "scope": SCOPES, "until": None}})
    state.setdefault("refresh", {"fake-refresh": {"user": "ada", "client": "fake-client", "scope": SCOPES, "made": service.now, "used": False}})
    state.setdefault("codes", {})
    service.accounts = Accounts(service, options)
    service.route("GET", "/authorize")(service.accounts.authorize)
    service.route("POST", "/api/token")(service.accounts.token)


def user_of(service, request):
    """The name of who calls; raises the refusals of the API."""
    token = service.state["tokens"].get(request.token)
    if not request.token:
        raise Reply(401, {"error": {"status": 401, "message": "No token provided"}})
    if not token:
        raise Reply(401, {"error": {"status": 401, "message": "Invalid access token"}})
    if token["until"] is not None and service.now >= token["until"]:
        raise Reply(401, {"error": {"status": 401, "message": "The access token expired"}})
    return token["user"]


def scope_of(service, request):
    return service.state["tokens"][request.token]["scope"].split()


def same_redirect(registered, asked):
    """A loopback address that was registered without a port stands for any port."""
    return registered == asked or (registered.startswith("http://127.0.0.1/") and re.sub(r"^http://127\.0\.0\.1:\d+/", "http://127.0.0.1/", asked) == registered)


def months_later(seconds, months):
    then = time.gmtime(seconds)
    month = then.tm_mon - 1 + months
    year, month = then.tm_year + month // 12, month % 12 + 1
    day = min(then.tm_mday, calendar.monthrange(year, month)[1])
    return calendar.timegm((year, month, day, then.tm_hour, then.tm_min, then.tm_sec))


class Accounts:
    def __init__(self, service, options):
        self.service, self.options, self.made = service, options, 0

    def secret(self, kind):
        self.made += 1
        return f"{self.options.get('prefix', 'fake')}-{kind}-{self.made}"

    def authorize(self, request):
        ask, state = request.arg, self.service.state
        client = state["clients"].get(ask("client_id"))
        redirect = ask("redirect_uri", "")
        # What is wrong with these two is shown, never sent on (RFC 6749, 4.1.2.1).
        if not client:
            return Reply(400, b"INVALID_CLIENT: Invalid client")
        if not any(same_redirect(registered, redirect) for registered in client["redirects"]):
            return Reply(400, b"INVALID_CLIENT: Insecure redirect URI" if "localhost" in redirect else b"INVALID_CLIENT: Invalid redirect URI")
        back = {"state": ask("state")} if ask("state") else {}
        if ask("response_type") != "code":
            back["error"] = "unsupported_response_type"
        elif ask("code_challenge_method") != "S256" or not re.fullmatch(r"[A-Za-z0-9_-]{43}", ask("code_challenge", "")):
            back["error"] = "invalid_request"
        elif not set(ask("scope", "").split()) <= set(SCOPES.split()):
            back["error"] = "invalid_scope"
        elif self.options.get("deny") == "yes":
            back["error"] = "access_denied"
        else:
            code = back["code"] = self.secret("code")
            state["codes"][code] = {
                "client": ask("client_id"), "redirect": redirect, "scope": ask("scope", ""), "challenge": ask("code_challenge"),
                "until": self.service.now + CODE_LIFE,
            }
            request.effect = True
        return Reply(303, b"", {"Location": redirect + "?" + urllib.parse.urlencode(back)})

    def refuse(self, error, description):
        return Reply(400, {"error": error, "error_description": description})

    def token(self, request):
        if not request.form:
            return self.refuse("invalid_request", "a form is wanted")
        if request.arg("client_id") not in self.service.state["clients"]:
            return self.refuse("invalid_client", "Invalid client")
        grant = request.arg("grant_type")
        if grant == "authorization_code":
            return self.of_code(request)
        if grant == "refresh_token":
            return self.of_refresh(request)
        return self.refuse("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")

    def of_code(self, request):
        code = self.service.state["codes"].pop(request.arg("code"), None)
        verifier = request.arg("code_verifier", "")
        if not code or code["client"] != request.arg("client_id") or self.service.now >= code["until"]:
            return self.refuse("invalid_grant", "Invalid authorization code")
        if code["redirect"] != request.arg("redirect_uri"):
            return self.refuse("invalid_grant", "Invalid redirect URI")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier) or digest != code["challenge"]:
            return self.refuse("invalid_grant", "code_verifier was incorrect")
        return self.give(request, {"user": "ada", "client": code["client"], "scope": code["scope"], "made": self.service.now}, True)

    def of_refresh(self, request):
        known = self.service.state["refresh"]
        token = known.get(request.arg("refresh_token"))
        if not token or token["client"] != request.arg("client_id"):
            return self.refuse("invalid_grant", "Invalid refresh token")
        if token["used"]:
            # Somebody else has it: none of this login is good any more (RFC 9700, 4.14.2).
            for other in known.values():
                if other["made"] == token["made"] and other["client"] == token["client"]:
                    other["used"] = True
            return self.refuse("invalid_grant", "Refresh token revoked")
        if self.service.now >= months_later(token["made"], MONTHS):
            return self.refuse("invalid_grant", "Refresh token expired")
        rotate = self.options.get("rotate") != "no"
        token["used"] = rotate
        return self.give(request, token, rotate)

    def give(self, request, login, refresh):
        life = int(self.options.get("life", 3600))
        access = self.secret("access")
        self.service.state["tokens"][access] = {"user": login["user"], "client": login["client"], "scope": login["scope"], "until": self.service.now + life}
        body = {"access_token": access, "token_type": "Bearer", "scope": login["scope"], "expires_in": life}
        if refresh:
            body["refresh_token"] = self.secret("refresh")
            self.service.state["refresh"][body["refresh_token"]] = {**login, "used": False}
        request.effect = True
        return Reply(200, body)


def start(state, options):
    service = Service(state)
    add(service, options)
    full = options.get("regime") == "full"

    def who(request):
        user = user_of(service, request)
        if "refused" in options:
            raise Reply(403, {"error": {"status": 403, "message": options["refused"].replace("_", " ")}})
        return user

    @service.route("GET", "/v1/me")
    def me(request):
        user = who(request)
        body = {"account_id": "acc-" + user, "display_name": user.title(), "id": user, "type": "user", "uri": "spotify:user:" + user}
        if full and "user-read-private" in scope_of(service, request):
            body.update(country="DE", product="premium")
        return Reply(200, body)

    @service.route("GET", "/v1/search")
    def search(request):
        who(request)
        limit = request.number("limit", 5, 1, 50 if full else 10)
        if limit is None:
            return Reply(400, {"error": {"status": 400, "message": "Invalid limit"}})
        return Reply(200, {"tracks": {"href": "", "items": [], "limit": limit, "offset": 0, "total": 0, "next": None, "previous": None}})

    @service.route("GET", "/v1/tracks")
    def tracks(request):
        who(request)
        if not full:
            return Reply(403, {"error": {"status": 403, "message": "Forbidden"}})
        return Reply(200, {"tracks": [None for _ in (request.arg("ids") or "").split(",")]})

    return service
