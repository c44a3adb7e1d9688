# Ctrl-C and SIGTERM: one line says what is stored and how to go on, the exit status is 130 or 143, nothing is half, and the same command goes on.
command -v python3 >/dev/null || skip "python3 is not installed"
cat >interrupt.py <<'P'
# interrupt.py SIGNAL WHEN COMMAND...   WHEN: a fifo, which is opened, given half a file and left open; or a path that appears.
import os, signal, stat, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
path = sys.argv[2]
def normal():  # a job in the background ignores Ctrl-C
    signal.signal(signal.SIGINT, signal.SIG_DFL)
process = subprocess.Popen(sys.argv[3:], preexec_fn=normal, stdin=subprocess.DEVNULL)
end = time.monotonic() + 30
if os.path.exists(path) and stat.S_ISFIFO(os.stat(path).st_mode):
    out = None
    while not out and process.poll() is None and time.monotonic() < end:
        try:
            out = open(os.open(path, os.O_WRONLY | os.O_NONBLOCK), "wb", buffering=0)
        except OSError:
            time.sleep(0.001)  # nobody reads it yet
    os.set_blocking(out.fileno(), True)
    out.write(open(path + ".half", "rb").read())
else:
    while not os.path.exists(path) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.0001)
process.send_signal(number)
try:
    code = process.wait(20)
except subprocess.TimeoutExpired:
    process.kill()
    code = "it went on"
print("exit", 128 - code if isinstance(code, int) and code < 0 else code)
P
i() {
  echo "\$ $*"
  python3 interrupt.py "$@" 2>&1
}
export NARADA_STORE=$PWD/s.db
narada-make-history --rows 3000 --seed 9 --rows-per-file 3000 --artists 60 --clean --out history >/dev/null
row() { printf '{"listened_at":%d,"track_metadata":{"track_name":"T%d","artist_name":"Ada Lind"}}\n' $((1614592800 + $1 * 600)) "$1"; }
for n in 1 2 3 4 5 6 7 8; do row $n; done >listens.whole
for n in 1 2 3 4; do cat listens.whole listens.whole listens.whole listens.whole; done >four; for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cat four four; done >listens.half
head -c 4000 history/*.json >one.half
# an import whose input does not end
mkfifo one listens
i TERM one narada import-spotify-plays one --now 2026-11-01T12:00Z
narada status --json | grep -o '"plays":[0-9]*'
# one that has stored a file (the half of the next is more than is looked at and a pipe holds), and is told to go on
i INT listens narada import history listens --now 2026-11-01T12:00Z
narada status --json | grep -o '"plays":[0-9]*'
narada verify --quiet
rm listens
cp listens.whole listens
narada import history listens --now 2026-11-01T12:00Z --json | grep -o '"all":{[^}]*}'
narada import history listens --store whole.db --now 2026-11-01T12:00Z --quiet
for store in s whole; do narada status --store $store.db --json | grep -o '"plays":[0-9]*'; done
mkfifo again
head -c 900 listens.half >again.half
i TERM again narada import again --dry-run
# an export leaves nothing, a backup neither
i INT out/unfinished-export.txt narada export out
mkdir empty
i TERM empty/unfinished-export.txt narada export empty
i INT copy.db.new narada backup copy.db
ls -A empty
ls | grep -e out -e copy
narada export out --quiet && narada backup copy.db --quiet && ls | grep -e out -e copy
# the import of an export
head -c 3000 out/plays.jsonl >out/plays.jsonl.half
rm out/plays.jsonl
mkfifo out/plays.jsonl
i INT out/plays.jsonl narada import out --store new.db
[ -e new.db ] || echo "no store was made"
