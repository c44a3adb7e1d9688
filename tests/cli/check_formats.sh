# One program, one workflow and one unreadable file in each format. Columns count code points, bytes from 0.
printf 'from library.tracks\n| keep title == "é𝄞" and pays > 3 | sort plays desc | shuffle\n| show\n' >mix.nrd
printf 'from library.tracks\n| keep last_played < 6mo ago\n| keep last_played > 30d ago\n| show\n' >warned.nrd
cat >w.json <<'JSON'
{"id": "w", "tasks": [
  {"id": "likes", "type": "source.liked_tracks", "config": {"a/b~c": 3}},
  {"id": "out", "type": "destination.create_playlist", "config": {"name": 5}, "upstream": ["likes"]}]}
JSON
printf 'from library.tracks | show\n' >'odd:name,50%%.nrd'
printf '| keep "\033[31m\n' >>'odd:name,50%%.nrd'
for format in json jsonl github sarif; do t naradac check --format $format; done
t naradac check --format jsonl mix.nrd nowhere.nrd
t naradac check --format=xml
t naradac check warned.nrd --format github --strict
# No warning, no mistake: an empty document, and nothing else.
printf 'from library.tracks | show\n' >good.nrd
for format in json jsonl github; do t naradac check --format $format good.nrd; done
t sh -c 'i=0; while [ $i -lt 300 ]; do echo "from library.trcks | show"; i=$((i + 1)); done >many.nrd; naradac check --format jsonl many.nrd | tail -1; naradac check --format json many.nrd | tail -1'
t naradac check --help
