# fakes: musicbrainz
# Another client of MusicBrainz, written by others, gets along with the stand-in.
for python in python3 /usr/bin/python3; do
  $python -c 'import musicbrainzngs' 2>/dev/null && break
  python=
done
[ -n "$python" ] || skip "there is no python3-musicbrainzngs"
cat >client.py <<'PY'
import logging, os, warnings
import musicbrainzngs as brainz

warnings.simplefilter("ignore")
logging.disable()
brainz.set_useragent("another", "1.0", "ada@example.org")
brainz.set_hostname(os.environ["MUSICBRAINZ"].split("//")[1], use_https=False)
brainz.set_format("json")


def show(recordings):
    for recording in recordings:
        print(recording["id"][-2:], recording["title"], recording.get("first-release-date"), recording.get("isrcs"), brainz_credit(recording))


def brainz_credit(recording):
    return "".join(part["name"] + part.get("joinphrase", "") for part in recording.get("artist-credit", []))


show(brainz.get_recordings_by_isrc("GBABC2400002", includes=["artists", "isrcs"])["recordings"])
show([brainz.get_recording_by_id("aaaaaaaa-0000-4000-8000-00000000000f", includes=["artists", "releases"])])
found = brainz.search_recordings(isrc="USSUB0200002", limit=1, offset=1)
print(found["count"], found["offset"])
show(found["recordings"])
show(brainz.search_recordings('recording:"Low Water" AND artist:"The Lanterns"')["recordings"])
try:
    brainz.get_recordings_by_isrc("QQQQQ0000001")
except brainz.ResponseError as error:
    print(error)
PY
t "$python" client.py
asked musicbrainz
