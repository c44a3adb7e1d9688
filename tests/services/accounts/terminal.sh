# On a terminal: nothing secret is shown while it is typed, a wrong answer is asked for again, and Ctrl-C leaves the terminal as it was.
cat >terminal.py <<'PY'
"""terminal.py ANSWERS COMMAND...: runs the command on a terminal of its own, types an answer at each prompt, prints what was to be seen."""
import os, pty, re, select, sys, termios

answers = sys.argv[1].encode().decode("unicode_escape").split("|")
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = b""
while True:
    if not select.select([terminal], [], [], 10)[0]:
        os.kill(pid, 9)
        seen += b"[killed]"
        break
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    seen += some
    if re.search(rb"(: |\?.*: )$", seen) and answers:
        os.write(terminal, answers.pop(0).encode() + b"\n")
echo = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
_, status = os.waitpid(pid, 0)
sys.stdout.write(seen.decode().replace("\r\n", "\n"))
print("[exit %d, %s]" % (os.waitstatus_to_exitcode(status), "the terminal shows what is typed" if echo else "THE TERMINAL IS MUTE"))
PY
on="--loopback --credentials $HOME/credentials --base listenbrainz.api=http://127.0.0.1:1 --base lastfm.api=http://127.0.0.1:1/2.0/ --store s.db"
python3 terminal.py 'n|n|n|n' narada setup $on
python3 terminal.py 'token with blanks|canary-token' narada setup listenbrainz $on | sed 's/in [0-9]* ms/in N ms/'
python3 terminal.py 'short|0123456789abcdef0123456789abcdef|\x03' narada setup lastfm $on
python3 terminal.py 'a|b|c' narada setup spotify $on
python3 terminal.py 'me|\x03' narada setup musicbrainz $on
ls -A "$HOME/credentials"
