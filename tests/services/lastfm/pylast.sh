# fakes: lastfm
# tls
# A client of Last.fm that nobody here wrote, pylast as Debian ships it, on the same stand-in and the same account: it understands the stand-in, the stand-in
# understands it, and each sees what the other did.
for python in python3 /usr/bin/python3; do
  $python -c 'import pylast' 2>/dev/null && break
  python=
done
[ -n "$python" ] || skip "there is no python3-pylast"
cat >client.py <<'P'
import os
import sys
import urllib.request

import pylast

PLAIN = os.environ["LASTFM"]


def network(session="fake-session", secret="fake-secret", key="fake-key"):
    made = pylast.LastFMNetwork(api_key=key, api_secret=secret, session_key=session, username="ada")
    made.ws_server = (PLAIN.partition("//")[2], "/2.0/")
    return made


def names(entries):
    return sorted(f"{entry.track} {entry.timestamp}" for entry in entries)


def read():
    ada = network().get_user("ada")
    print("now", ada.get_now_playing(), "of", ada.get_playcount(), "since", ada.get_unixtime_registered())
    print("recent", [(str(entry.track), entry.album, entry.timestamp) for entry in ada.get_recent_tracks(limit=None)])
    print("recent from to", names(ada.get_recent_tracks(limit=None, time_from=1717120000, time_to=1717200000)))
    print("one", names(ada.get_recent_tracks(limit=1)))
    print("loved", names(ada.get_loved_tracks(limit=None)))
    print("top", [(str(top.item), top.weight) for top in ada.get_top_tracks()])


def track():
    for artist, title in (("Ada Lind", "Copper Sky"), ("Bo Rask", "North"), ("Bo Rask", "Unheard")):
        track = pylast.Track(artist, title, network(), "ada")
        print(track, track.get_userplaycount(), bool(track.get_userloved()), track.get_playcount(), track.get_listener_count(), track.get_duration())
    print("corrected", pylast.Track("Adda Lind", "Blue Hour", network()).get_correction(), pylast.Track("Bo Rask", "North", network()).get_correction())


def login():
    lastfm = network(session="")
    keys = pylast.SessionKeyGenerator(lastfm)
    page = keys.get_web_auth_url()
    refused(lambda: keys.get_web_auth_session_key(page))
    urllib.request.urlopen(page.replace(lastfm.homepage, PLAIN)).read()
    session = keys.get_web_auth_session_key(page)
    network(session).get_track("Ada Lind", "Copper Sky").love()
    refused(lambda: keys.get_web_auth_session_key(page))


def write():
    lastfm = network()
    lastfm.get_track("Sigur Rós & Co", "Jóga = 1 + \"x\"").love()
    lastfm.get_track("Bo Rask", "North").unlove()
    lastfm.scrobble("Bo Rask", "By Itself", 1717200001, album="A & B", duration=200)
    lastfm.scrobble_many([{"artist": "Björk", "title": f"Of many {i}", "timestamp": 1717210000 + 300 * i, "album_artist": "Björk"} for i in range(52)])


def refused(call):
    try:
        call()
        print("not refused")
    except pylast.WSError as error:
        print("refused", error.get_id(), error)


def refusals():
    refused(lambda: network(secret="guessed").get_track("Ada Lind", "Copper Sky").love())
    refused(lambda: network(session="guessed").get_track("Ada Lind", "Copper Sky").love())
    refused(lambda: network(key="guessed").get_user("ada").get_playcount())
    refused(lambda: network().get_user("nobody").get_playcount())
    refused(lambda: pylast.Track("Nobody", "Nothing", network()).get_playcount())
    refused(lambda: network().get_artist("Nobody").get_bio_content())


def again():
    ada = network().get_user("ada")
    print([(str(entry.track), entry.album, entry.timestamp) for entry in ada.get_recent_tracks(limit=2)])
    print("loved", names(ada.get_loved_tracks(limit=None)))
    track()


for name in sys.argv[1:]:
    globals()[name]()
P
client() {
  echo "$ client.py $*"
  SSL_CERT_FILE=$CERTIFICATE $python client.py "$@" 2>&1
}
client read track login refusals write
echo 'from lastfm.loved | show' >loved.nrd
echo 'from lastfm.scrobbles | sort played_at desc | take 3 | show' >recent.nrd
echo 'from lastfm.scrobbles | keep title == "By Itself" or title == "Of many 51" | enrich lastfm | show' >some.nrd
t narada-run loved.nrd $on
t narada-run recent.nrd $on
t narada-run some.nrd $on
# What Narada loves and scrobbles is there for pylast.
printf 'played_at,title,artist,album\n2024-06-01T11:30:00Z,Sjö & Land,Björk,"Say ""so"""\n2024-06-01T11:40:00Z,North,Bo Rask,\n' >plays.csv
echo 'from file.csv "plays.csv" rows: plays | to lastfm.scrobbles' >scrobble.nrd
echo 'from file.csv "plays.csv" rows: plays | tracks | to lastfm.loved' >love.nrd
t narada-run scrobble.nrd $on
t narada-run love.nrd $on
client again
