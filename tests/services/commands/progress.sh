# fakes:
# How far an import is, on a terminal and only there.
python3 - >lastfm.json <<'P'
import json
scrobbles = [{"artist": "Artist %d" % (n % 97), "track": "Song %d" % n, "uts": 1700000000 + 200 * n} for n in range(2400)]
print(json.dumps({"users": {"ada": {"scrobbles": scrobbles, "loved": [], "counts": {}}}, "keys": {"fake-key": "fake-secret"}, "sessions": {"fake-session": "ada"}}))
P
python3 "$root/tests/fakes/fake.py" lastfm --state lastfm.json --port-file port &
lastfm=$!
trap 'kill $lastfm' EXIT
while [ ! -s port ]; do sleep 0.05; done
LASTFM=http://127.0.0.1:$(cat port)
printf 'api_key = fake-key\nshared_secret = fake-secret\nsession_key = fake-session\nuser = ada\n' >"$HOME/credentials/lastfm-default"
chmod 600 "$HOME/credentials/lastfm-default"
on="$on --base lastfm.api=$LASTFM/2.0/ --base lastfm.www=$LASTFM --rate lastfm=6/1"
cat >terminal.py <<'P'
import os, pty, re, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
text = b""
while True:
    try:
        some = os.read(fd, 4096)
    except OSError:
        break
    if not some:
        break
    text += some
lines = [line.rstrip() for line in re.split("[\r\n]+", text.decode())]
told = [line for line in lines if re.fullmatch(r"  lastfm\.scrobbles: [\d,]+ of 2,400(, about \d+ s left)?", line)]
print("told" if told else "not told", "and cleared" if "\r" + " " * 10 in text.decode() else "")
print("\n".join(line for line in lines if line and line not in told))
P
python3 terminal.py narada import-lastfm-plays $on
t narada import-lastfm-plays $on --since 2023-11-16
python3 terminal.py narada import-lastfm-plays $on --since 2023-11-01 --quiet
