# Ctrl-C and SIGTERM end a program between two steps, or while it waits: one line says what is written, the exit status is 130 or 143, no file is half, and the run is
# remembered as cancelled.
command -v python3 >/dev/null || skip "python3 is not installed"
export NARADA_STORE=$PWD/s.db
cat >interrupt.py <<'P'
# interrupt.py SIGNAL FIFO COMMAND...   once the command reads the fifo, which gives half a file and stays open
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
def normal():  # a job in the background ignores Ctrl-C
    signal.signal(signal.SIGINT, signal.SIG_DFL)
process = subprocess.Popen(sys.argv[3:], preexec_fn=normal, stdin=subprocess.DEVNULL)
end = time.monotonic() + 30
out = None
while out is None and process.poll() is None and time.monotonic() < end:
    try:
        out = os.open(sys.argv[2], os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        time.sleep(0.001)  # nobody reads it yet
if out is not None:
    os.write(out, b"title,artist\nBlue Hour,Ada Lind\nCopper")
time.sleep(0.05)
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
mkfifo late
printf 'title,artist\nBlue Hour,Ada Lind\n' >in.csv
at='--now 2026-11-01T12:00Z --zone UTC'
cat >one.nrd <<'P'
from file.csv "late" | to library.playlist "P" | to file.csv "out.csv"
P
cat >two.nrd <<'P'
from file.csv "in.csv" | to file.csv "first.csv"
from file.csv "late" | to library.playlist "P" | to file.csv "out.csv"
P
echo before >out.csv
echo before >first.csv
i INT late narada-run one.nrd $at
i TERM late narada-run one.nrd $at
i INT late narada-run one.nrd $at --dry-run
i TERM late narada-run one.nrd $at --json 2>/dev/null | grep '"status"\|"exit"\|"error"'
i INT late narada-run two.nrd $at
cat first.csv out.csv
ls | grep -v -e '^s.db'
narada runs | cut -c1-36
narada runs --json | grep -o '"exit[_a-z]*":[0-9]*'
narada verify --quiet
# Given the whole, the same command does all of it.
rm late
cp in.csv late
narada-run two.nrd $at --yes
cat out.csv
