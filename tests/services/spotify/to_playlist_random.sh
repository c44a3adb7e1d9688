# fakes: spotify
# option spotify: many=10000
# Random lists with repetitions become exactly what is wanted; what stays keeps its date. NARADA_ROUNDS=50 NARADA_ENTRIES=10000 NARADA_SEED=8: more of them.
cat >rounds.py <<'P'
import json, os, random, subprocess, sys, urllib.request

base, options = os.environ["SPOTIFY"], os.environ["on"].split() + ["--rate", "spotify=100000/1", "--yes"]
draw = random.Random(int(os.environ.get("NARADA_SEED", "7")))
items = "/v1/playlists/manymanymanymanymanyma/items"

def call(method, path, body=None):
    request = urllib.request.Request(base + path, None if body is None else json.dumps(body).encode(), {"Authorization": "Bearer fake-token", "Content-Type": "application/json"}, method=method)
    return urllib.request.urlopen(request).read()

def uris(numbers):
    return ["spotify:track:many%018d" % number for number in numbers]

def entries():
    return json.loads(call("GET", "/_fake/state"))["playlists"][-1]["items"]

def bring(numbers, old):
    call("POST", "/_fake/clock", {"now": 1577836800})
    if old:
        call("PUT", items, {"uris": uris(numbers[:100])})
        for at in range(100, len(numbers), 100):
            call("POST", items, {"uris": uris(numbers[at:at + 100])})
    call("POST", "/_fake/clock", {"now": 1717243200})
    call("POST", "/_fake/reset")

def want(numbers, mode="update"):
    with open("rows.csv", "w") as rows:
        rows.write("title,spotify.id\n" + "".join("t,many%018d\n" % number for number in numbers))
    with open("p.nrd", "w") as program:
        program.write('from file.csv "rows.csv" | to spotify.playlist "Many" mode: %s\n' % mode)
    return subprocess.run(["narada-run", "p.nrd", *options], capture_output=True, text=True)

def check(was, wanted, mode, ran):
    now = entries()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [entry["uri"] for entry in now] == uris(wanted), (was, wanted, ran.stdout)
    writes = [entry for entry in json.loads(call("GET", "/_fake/log")) if entry["method"] != "GET"]
    old = sum(entry["added_at"] < "2021" for entry in now)
    kept = sum(min(was.count(n), wanted.count(n)) for n in set(wanted) if was.count(n) <= wanted.count(n)) if mode == "update" else 0
    assert old == kept, (was, wanted, old, kept)
    return len(writes)

calls = 0
for number in range(int(os.environ.get("NARADA_ROUNDS", "5"))):
    size, keys = draw.choice([0, 1, 3, 8, 40, 150]), draw.choice([2, 10, 60, 1000])
    was = [draw.randrange(keys) for _ in range(size)]
    way = draw.randrange(4)
    if way == 0:
        wanted = [draw.randrange(keys) for _ in range(draw.choice([0, 1, 5, 30, 120]))]
    elif way == 1:
        wanted = draw.sample(was, len(was))
    else:
        wanted = [n for n in was if draw.random() < 0.9]
        for _ in range(draw.randrange(4)):
            wanted.insert(draw.randint(0, len(wanted)), draw.randrange(keys))
        turn = draw.randint(0, len(wanted))
        wanted = wanted[turn:] + wanted[:turn]
    mode = draw.choice(["update", "update", "replace"])
    bring(was, True)
    calls += check(was, wanted, mode, want(wanted, mode))
print("random lists: exact")
# A long list, of which a few entries are other ones and some stand elsewhere.
size = int(os.environ.get("NARADA_ENTRIES", "1000"))
was = list(range(size))
bring(was, True)
wanted = was[size // 2:] + was[:size // 2]
del wanted[17]
wanted.insert(3, wanted.pop(size * 7 // 9))
print("a long list:", check(was, wanted, "update", want(wanted)), "calls")
P
python3 rounds.py
