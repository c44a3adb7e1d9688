# Nothing that a title, a name of a file, a store or a program holds can act on the terminal: no control character, and none that turns the text around it.
command -v python3 >/dev/null || skip "python3 is not installed"
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
export NARADA_STORE=$PWD/s.db
cat >on_terminal.py <<'P'
import os, pty, sys
pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536), lambda fd: b"")
P
cat >acts.py <<'P'
import re
acts = re.compile(b"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
for part in open("out", "rb").read().split(b"=== ")[1:]:
    command, text = part.split(b"\n", 1)
    if b"on_terminal" in command: text = re.sub(rb"\x1b\[[0-9;]*m|\r", b"", text)  # our colours, and a line of progress that is written over
    found = acts.search(text)
    if found: print(command.decode(), "acts:", text[max(0, found.start() - 60):found.end() + 20])
    elif not text.strip(): print(command.decode(), "says nothing")
    try: text.decode()
    except UnicodeDecodeError as wrong: print(command.decode(), "is no UTF-8:", wrong)
P
n=0
c() {
  n=$((n + 1))
  printf '\n=== %s\n' "$(echo "$n: $*" | LC_ALL=C tr -cd ' -~')" >>out
  "$@" </dev/null >>out 2>&1
}
terminal() { c python3 on_terminal.py "$@"; }
evil=$(printf 'd\033[31mX\302\233\342\200\256')
mkdir "$evil"
printf '{"listened_at":1614592800,"track_metadata":{"track_name":"=1\\u001b[31m","artist_name":"@x\\n#EXTM3U"}}\n{"listened_at":1614592900,"track_metadata":{"track_name":"\302\233","artist_name":"\342\200\256abc"}}\n' >"$evil/l$evil.jsonl"
printf '{"bad json\033' >"$evil/b$evil.json"
printf '[{"ts":"\033x","master_metadata_track_name":"\033y"}]' >"$evil/x$evil.json"
printf 'title,artist,duration\n"\033a",,"\033zz"\n' >"$evil/c$evil.csv"
printf '#EXTM3U\n#PLAYLIST:a\033b\n#EXTINF:1,\033x - \302\233y\nfoo\n' >"$evil/m$evil.m3u"
cp "$evil/c$evil.csv" t.csv
printf 'from file.csv "t.csv" | to library.playlist "\\u{1b}]0;x\\u{7}\\u{202e}" | to library.likes | to library.tags "t" | show\n# \033[31m \342\200\256 \302\233\n' >"p$evil.nrd"
printf 'from library.playlist "\\u{1b}[31mno\\u{202e}" | keep title == "\\u{9b}" | show\n' >q.nrd
printf 'from library.tracks | show\nfrom library.plays | show\nfrom library.playlists | show\nfrom library.liked | tally artist n: count() | show\n' >all.nrd
c narada import "$evil" --dry-run
terminal narada import "$evil"
c narada import "$evil" --json
c narada import "$evil/c$evil.csv" "$evil/b$evil.json"
c narada-run "p$evil.nrd" --verbose
c narada-run "p$evil.nrd" --json
c narada-run q.nrd
c narada-run all.nrd
terminal narada-run all.nrd
sqlite3 s.db "update runs set message = char(27) || '[2J' || char(155), process = char(27, 13), seed = char(27); update run_nodes set stage = 'a' || char(27, 155, 8238)"
sqlite3 s.db "insert into playlist_tracks(playlist_id, track_id, sort_key, created_at, updated_at) values (1, 1, char(27, 8238), 1, 1)"
for command in status 'status --json' verify 'verify --json' runs 'runs 1' 'runs 1 --json' 'purge --dry-run' 'purge --import 9' 'wf list' "backup $evil.db" "export $evil-out" "export $evil" "restore $evil.db" "restore $evil" "status --store $evil" "$evil" "status --$evil" "runs $evil" \
  "plays rule $evil" "wf show $evil" "setup $evil" "purge --older $evil" "verify --store $evil.no"; do
  c narada $command
done
terminal narada runs 1 --program
terminal narada verify
mkdir backups && cp "$evil.db" "backups/$evil.db"
terminal narada verify
printf 'from library.playd \033[31m | keep "\302\233" \342\200\256   | show\n' >"e$evil.nrd"
c naradac check "e$evil.nrd"
for format in github json jsonl sarif; do c naradac check "e$evil.nrd" --format $format; done
printf 'from library.played   | take 1 | show # \033[31m \342\200\256 \302\233\n' >"f$evil.nrd"
terminal naradac fmt --diff "f$evil.nrd"
for command in explain graph 'graph --format mermaid' 'graph --format json' show; do c naradac $command q.nrd; done
naradac build q.nrd -o q.nrdc
c naradac disasm q.nrdc
c narada-run q.nrdc
printf 'now 2026-06-01T12:00Z\n\ntracks\n| id | title | artist |\n| \033a | \302\233b | \342\200\256c |\n\ncase "x\033[31m"\nexpect to library.playlist "F\033"\n| title |\n| \033z |\n' >q.expect
c naradac test q.expect
printf '{"name":"a\\u001b[31m\\u202e","comment":"c\\u009b\\u202e\\n","all":[{"is":{"ti\\u001btle":"\\u001b"}},{"contains":{"title":"\\u001bq\\u202e\\u009b"}}],"sort":"x\\u001b","limit":3}' >n.nsp
c naradac import n.nsp
naradac import n.nsp 2>/dev/null
printf '{"id":"w\\u001b[31m","name":"\\u202ename\\u009b","description":"d\\u001b\\r\\nx","tasks":[{"id":"s\\u001b1","type":"source.play\\u001blist","config":{"playlist_name":"x\\u001b[2J","k\\u202ey":1},"upstream":["no\\u001b"]}]}' >w.json
c naradac import w.json
printf 'process \033[31m\302\233\n' >s.db.lock
command -v flock >/dev/null && c flock s.db.lock narada status
python3 acts.py
echo "$n commands"
