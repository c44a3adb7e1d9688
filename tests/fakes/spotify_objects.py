"""What the stand-in for Spotify's API holds, as the objects of its replies.

A track is {"title", "artists": [names], "album", "ms", "isrc", "released", "popularity", "explicit", "number", "plays_as"}, all optional; `plays_as` is the id of
the track that is given in its place in this market. Ids that are not in the state are made up from themselves, so that a list may name any.
"""
import hashlib
import urllib.parse

HERE = "https://api.spotify.com/v1"
BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def made_id(kind, text):
    """22 characters that a name always gets."""
    number = int.from_bytes(hashlib.sha256(f"{kind} {text}".encode()).digest()[:16], "big")
    out = ""
    for _ in range(22):
        number, digit = divmod(number, 62)
        out += BASE62[digit]
    return out


def external(kind, name):
    return {"spotify": f"https://open.spotify.com/{kind}/{name}"}


def image(name):
    return {"url": f"https://i.scdn.co/image/{name}", "height": 300, "width": 300}


class Objects:
    """`mode` is "A", "B" or "C": the application's regime. In B the reduced objects are given, but for albums where they have to be plain: the OpenAPI has
    all their fields required."""

    def __init__(self, state, mode, plain=False):
        self.state, self.mode, self.plain = state, mode, plain
        for kind in ("tracks", "episodes", "albums"):
            state.setdefault(kind, {})

    @property
    def reduced(self):
        return self.mode == "B"

    def track_of(self, name):
        """What is known of the track, by its id; made up for one that begins with `many`."""
        found = self.state["tracks"].get(name)
        if found is None and name.startswith("many"):
            number = int(name[4:])
            found = {"title": f"Song {number}", "artists": [f"Artist {number % 97}"], "album": f"Album {number // 10}", "ms": 180000 + number % 60000,
                     "isrc": f"QZMNY{number:07d}"}
        return found

    def album_of(self, track):
        return track.get("album") or track["title"]

    def simple_artist(self, name):
        key = made_id("artist", name)
        return {"external_urls": external("artist", key), "href": f"{HERE}/artists/{key}", "id": key, "name": name, "type": "artist", "uri": f"spotify:artist:{key}"}

    def artist(self, name):
        out = self.simple_artist(name)
        out.update(genres=[], images=[image(out["id"])])
        if not self.reduced:
            out.update(popularity=50, followers={"href": None, "total": 1000})
        return out

    def tracks_of_album(self, album, artist):
        found = [(t.get("number", 0), k) for k, t in self.state["tracks"].items() if self.album_of(t) == album and t["artists"][0] == artist]
        return [name for _, name in sorted(found)]

    def albums_of_artist(self, artist):
        """(name, kind, date) of each, newest first."""
        out = {}
        for track in self.state["tracks"].values():
            if artist in track["artists"][:1]:
                album = self.album_of(track)
                kind = self.state["albums"].get(album, {}).get("type", "album")
                out.setdefault(album, (kind, track.get("released", "2001-02-03")))
        return sorted(((name, *rest) for name, rest in out.items()), key=lambda album: album[2], reverse=True)

    def simple_album(self, track):
        name, artist = self.album_of(track), track["artists"][0]
        key = made_id("album", artist + "/" + name)
        released = track.get("released", "2001-02-03")
        out = {"album_type": self.state["albums"].get(name, {}).get("type", "album"), "total_tracks": len(self.tracks_of_album(name, artist)) or 1, "external_urls": external("album", key),
               "href": f"{HERE}/albums/{key}", "id": key, "images": [image(key)], "name": name, "release_date": released,
               "release_date_precision": {4: "year", 7: "month"}.get(len(released), "day"), "type": "album", "uri": f"spotify:album:{key}",
               "artists": [self.simple_artist(artist)], "available_markets": ["GB", "US"]}
        return out

    def album(self, track, first):
        out = self.simple_album(track)
        out.update(tracks=first, copyrights=[], genres=[])
        if not self.reduced or self.plain:
            out.update(external_ids={"upc": "00000000000000"}, label="Label", popularity=40)
        return out

    def simple_track(self, name, track=None):
        """With relinking: the track that is given in the place of `name`."""
        track = track or self.track_of(name)
        shown = track.get("plays_as", name)
        if shown != name:
            track = {**track, **(self.track_of(shown) or {})}
        out = {"artists": [self.simple_artist(artist) for artist in track["artists"]], "disc_number": 1, "duration_ms": track.get("ms", 200000),
               "explicit": track.get("explicit", False), "external_urls": external("track", shown), "href": f"{HERE}/tracks/{shown}", "id": shown, "name": track["title"],
               "preview_url": None, "track_number": track.get("number", 1), "type": "track", "uri": f"spotify:track:{shown}", "is_local": False}
        if not self.reduced:
            out["available_markets"] = ["GB", "US"]
            if shown != name:
                out["linked_from"] = {"external_urls": external("track", name), "href": f"{HERE}/tracks/{name}", "id": name, "type": "track", "uri": f"spotify:track:{name}"}
        if shown != name or "plays_as" in track:
            out["is_playable"] = True
        return out

    def track(self, name):
        track = self.track_of(name)
        if track is None:
            return None
        out = self.simple_track(name, track)
        out["album"] = self.simple_album(track)
        if track.get("isrc"):
            out["external_ids"] = {"isrc": track["isrc"]}
        if not self.reduced:
            out["popularity"] = track.get("popularity", 0)
        return out

    def local(self, uri):
        artist, album, title, seconds = (urllib.parse.unquote_plus(part) for part in uri.split(":", 2)[2].rsplit(":", 1)[0].split(":", 2) + [uri.rsplit(":", 1)[1]])
        return {"album": {"album_type": None, "artists": [], "available_markets": [], "external_urls": {}, "href": None, "id": None, "images": [], "name": album,
                          "release_date": None, "release_date_precision": None, "type": "album", "uri": None},
                "artists": [{"external_urls": {}, "href": None, "id": None, "name": artist, "type": "artist", "uri": None}] if artist else [],
                "available_markets": [], "disc_number": 0, "duration_ms": int(seconds) * 1000, "explicit": False, "external_ids": {}, "external_urls": {}, "href": None,
                "id": None, "is_local": True, "name": title, "popularity": 0, "preview_url": None, "track_number": 0, "type": "track", "uri": uri}

    def episode(self, name):
        episode = self.state["episodes"].get(name, {"title": name})
        show = {"copyrights": [], "description": "", "html_description": "", "explicit": False, "external_urls": {}, "href": f"{HERE}/shows/s", "id": "s", "images": [],
                "is_externally_hosted": False, "languages": ["en"], "media_type": "audio", "name": episode.get("show", "Show"), "type": "show", "uri": "spotify:show:s",
                "total_episodes": 1, "available_markets": ["GB"], "publisher": "P"}
        return {"audio_preview_url": None, "description": "", "html_description": "", "duration_ms": episode.get("ms", 1800000), "explicit": False,
                "external_urls": external("episode", name), "href": f"{HERE}/episodes/{name}", "id": name, "images": [], "is_externally_hosted": False, "is_playable": True,
                "languages": ["en"], "name": episode["title"], "release_date": "2024-01-01", "release_date_precision": "day", "type": "episode", "uri": f"spotify:episode:{name}",
                "show": show}

    def thing(self, uri):
        """The track, episode or local file behind an entry; None for one that is no more."""
        if uri is None:
            return None
        kind, name = uri.split(":", 2)[1:]
        if kind == "local":
            return self.local(uri)
        if kind == "episode":
            return self.episode(name)
        return self.track(name)

    def user(self, name):
        return {"external_urls": external("user", name), "href": f"{HERE}/users/{name}", "id": name, "type": "user", "uri": f"spotify:user:{name}"}

    def entry(self, entry):
        """An entry of a playlist: `item`, and the older name beside it where that is still given."""
        thing = self.thing(entry["uri"])
        if thing is not None and thing["type"] == "track":
            thing.update(track=True, episode=False)
        elif thing is not None:
            thing.update(track=False, episode=True)
        out = {"added_at": entry.get("added_at"), "added_by": self.user(entry["added_by"]) if entry.get("added_by") else None,
               "is_local": bool(entry["uri"] and entry["uri"].startswith("spotify:local:")), "primary_color": None, "item": thing}
        if not self.reduced:
            out["track"] = thing
        return out

    def playlist(self, playlist, user, snapshot):
        key, owner = playlist["id"], playlist.get("owner", user)
        out = {"collaborative": playlist.get("collaborative", False), "description": playlist.get("description") or "", "external_urls": external("playlist", key),
               "href": f"{HERE}/playlists/{key}", "id": key, "images": [], "name": playlist["name"], "owner": {**self.user(owner), "display_name": owner.capitalize()},
               "public": playlist.get("public", True), "snapshot_id": snapshot, "type": "playlist", "uri": f"spotify:playlist:{key}", "primary_color": None}
        seen = owner == user or playlist.get("collaborative") or not self.reduced
        count = {"href": f"{HERE}/playlists/{key}/items", "total": len(playlist["items"])}
        if seen:
            out["items"] = count
        if not self.reduced:
            out["tracks"] = count
        return out
