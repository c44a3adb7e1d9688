#!/bin/sh
# The command `narada import-spotify-plays`, as a person uses it. usage: import.sh BIN
set -eu
bin=$1
work=$(mktemp -d /tmp/narada-import-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0

# expect STATUS COMMAND...: runs it, keeps its output in out and err.
expect() {
  wanted=$1
  shift
  got=0
  "$@" >out 2>err || got=$?
  if [ "$got" -ne "$wanted" ]; then
    echo "exit $got instead of $wanted: $*"
    cat out err
    failures=$((failures + 1))
  fi
}

# says FILE TEXT
says() {
  if ! grep -qF -- "$2" "$1"; then
    echo "$1 does not say: $2"
    cat "$1"
    failures=$((failures + 1))
  fi
}

# is WHAT GOT WANTED
is() {
  if [ "$2" != "$3" ]; then
    echo "$1 is $2, not $3"
    failures=$((failures + 1))
  fi
}

import() {
  "$bin/narada" import-spotify-plays "$@"
}

# ---- usage ----
expect 0 "$bin/narada" --help
says out "import-spotify-plays"
expect 0 "$bin/narada" help import-spotify-plays
says out "usage: narada import-spotify-plays PATH"
expect 0 "$bin/narada" import-spotify-plays --help
expect 0 "$bin/narada" --version
says out "narada "
expect 2 "$bin/narada"
expect 2 "$bin/narada" import-spotfy-plays
says err "did you mean \`import-spotify-plays\`?"
expect 2 "$bin/narada" --hlep
expect 2 import
says err "import what?"
expect 2 import history --stoer x
says err "did you mean \`--store\`?"
expect 2 import history --now yesterday
says err "--now"
expect 1 import nowhere.zip --store s.db
says err "nowhere.zip cannot be opened: No such file"
[ ! -e s.db ] || { echo "a store was made for nothing"; failures=$((failures + 1)); }

# ---- a history, in three forms ----
"$bin/narada-make-history" --rows 4000 --seed 3 --rows-per-file 1500 --artists 300 --out history
"$bin/narada-make-history" --rows 4000 --seed 3 --rows-per-file 1500 --artists 300 --minified --out minified
"$bin/narada-make-history" --rows 4000 --seed 3 --rows-per-file 1500 --artists 300 --zip --out zipped
expect 3 import history --store s.db --report report.jsonl --now 2026-01-02T03:04:05Z
says out "4000 rows"
says out "names no track, episode or audiobook"
rejected=$(grep -c '"event":"rejected"' report.jsonl)
duplicates=$(grep -c '"event":"duplicate"' report.jsonl)
expect 3 import history --store second.db --json
is "rows" "$(sed 's/.*"all":{"rows":\([0-9]*\).*/\1/' out)" 4000
stored=$(sed 's/.*"all":{"rows":[0-9]*,"stored":\([0-9]*\).*/\1/' out)
is "stored, recognised and rejected" "$((stored + duplicates + rejected))" 4000
[ "$duplicates" -gt 0 ] && [ "$rejected" -gt 0 ] && [ "$stored" -gt 3900 ] || { echo "the history is too tame"; failures=$((failures + 1)); }
grep -q '"play":[1-9]' report.jsonl || { echo "a duplicate names no twin"; failures=$((failures + 1)); }

# The same again, minified and zipped: nothing new.
for again in history minified zipped/my_spotify_data.zip; do
  expect 3 import "$again" --store s.db --json
  is "newly stored from $again" "$(sed 's/.*"all":{"rows":[0-9]*,"stored":\([0-9]*\).*/\1/' out)" 0
  is "rejected of $again" "$(sed 's/.*"all":{"rows":[0-9]*,"stored":[0-9]*,"duplicates":[0-9]*,"rejected":\([0-9]*\).*/\1/' out)" "$rejected"
done
# Single files, last first, give what the folder gave.
last_first=$(ls history/*.json | sort -r)
expect 3 import $last_first --store third.db --json
is "stored in another order" "$(sed 's/.*"all":{"rows":[0-9]*,"stored":\([0-9]*\).*/\1/' out)" "$stored"

# ---- files that did not change are not read again ----
unchanged() {
  sed 's/.*"unchanged_files":\([0-9]*\).*/\1/' out
}
"$bin/narada-make-history" --rows 3000 --seed 8 --rows-per-file 1000 --artists 300 --out kept
"$bin/narada-make-history" --rows 3000 --seed 8 --rows-per-file 1000 --artists 300 --zip --out kept-zip
sleep 0.3 # what changed a moment before it was read may change again without a trace
expect 3 import kept --store kept.db --json
is "unchanged at first" "$(unchanged)" 0
first=$(sed 's/.*"all":{"rows":\([0-9]*\).*"rejected":\([0-9]*\)},"kinds.*/\1 \2/' out)
expect 3 import kept --store kept.db --json
is "unchanged" "$(unchanged)" 3
is "rows and rejections of unchanged files" "$(sed 's/.*"all":{"rows":\([0-9]*\).*"rejected":\([0-9]*\)},"kinds.*/\1 \2/' out)" "$first"
expect 3 import ./kept/../kept --store kept.db
says out "3 of the files were imported before and did not change; they were not read again."
touch "$(ls kept/*.json | head -n 1)"
sleep 0.3
expect 3 import kept --store kept.db --json
is "unchanged, one touched" "$(unchanged)" 2
sleep 0.3
changed=$(ls kept/*.json | tail -n 1)
cp -p "$changed" stamp
sed 's/"ms_played": [1-9]/"ms_played": 7/' "$changed" >edited
cat edited >"$changed" # as long as before
touch -r stamp "$changed"
sleep 0.3
expect 3 import kept --store kept.db --json
is "unchanged, one edited in place" "$(unchanged)" 2
grep -q '"all":{"rows":3000,"stored":[1-9]' out || { echo "the edited rows are not stored"; failures=$((failures + 1)); }
expect 3 import kept --store kept.db --json
is "unchanged after that" "$(unchanged)" 3
expect 3 import kept --store kept.db --json --report kept.jsonl
is "unchanged, with a report of each row" "$(unchanged)" 0
expect 3 import kept-zip/my_spotify_data.zip --store kept.db --json
is "unchanged zips at first" "$(unchanged)" 0
expect 3 import kept-zip/../kept-zip/my_spotify_data.zip --store kept.db --json
is "unchanged zips" "$(unchanged)" 1
head -c 50000 "$changed" >cut.json
sleep 0.3
expect 3 import cut.json --store kept.db
expect 3 import cut.json --store kept.db --json
is "unchanged, of broken files" "$(unchanged)" 0

# ---- what is never stored ----
"$bin/narada-make-history" --rows 2000 --seed 4 --old-keys --artists 300 --out old
expect 3 import old --store s.db --report private.jsonl
grep -q "192\.0\.2\." old/*.json && grep -q InventedAgent old/*.json && grep -q invented-listener old/*.json || { echo "nothing to hide in old"; failures=$((failures + 1)); }
for secret in '192\.0\.2\.' InventedAgent invented-listener; do
  if cat s.db s.db-wal private.jsonl report.jsonl out 2>/dev/null | grep -aq "$secret"; then
    echo "$secret was kept"
    failures=$((failures + 1))
  fi
done

# ---- broken files ----
mkdir broken
head -c 100000 "$(ls history/*.json | head -n 1)" >broken/Streaming_History_Audio_1.json
cp "$(ls history/*.json | tail -n 1)" broken/Streaming_History_Audio_2.json
: >broken/Streaming_History_Audio_3.json
echo '{"tracks":[]}' >broken/endsong_9.json
expect 3 import broken --store b.db
says out "rows after line"
says out "the file is empty"
says out "this is one object, as YourLibrary.json"
says out "4 files"
good_rows=$(grep -c '"ts"' broken/Streaming_History_Audio_2.json)
[ "$good_rows" -gt 500 ] || { echo "too few rows after the broken file"; failures=$((failures + 1)); }
printf '[{"ts":"2024-01-01T10:00:00Z","ms_played":1,"master_metadata_track_name":"Kites"}]' >good.json
expect 0 import --quiet good.json --store c.db
is "what --quiet says" "$(cat out err)" ""
expect 0 import good.json good.json --store c.db
says out "0 new tracks."

printf '[{"endTime":"2024-01-01 10:00","artistName":"V","trackName":"P","msPlayed":1}]' >account.json
expect 3 import account.json --store b.db
says out "this is account data (endTime, msPlayed), not the extended streaming history"

# A title that would act on the terminal does not.
printf '[{"ts":"2024-01-01T10:00:00Z","ms_played":1,"spotify_track_uri":"x\\u001b[2Jy\\u202e"}]' >escape.json
expect 3 import escape.json --store b.db
if grep -q "$(printf '\033')" out; then
  echo "an escape reached the terminal"
  failures=$((failures + 1))
fi

# ---- the store ----
mkdir closed
chmod 0500 closed
if [ "$(id -u)" -ne 0 ]; then
  expect 1 import history --store closed/s.db
fi
expect 1 import history --store history
expect 2 import escape.json --store b.db --report escape.json
says err "is one of the files to import"
grep -q spotify_track_uri escape.json || { echo "the report took the place of what was read"; failures=$((failures + 1)); }

# A full disk: what was committed stays, and the next run goes on from there.
"$bin/narada-make-history" --rows 30000 --seed 5 --rows-per-file 2000 --artists 3000 --out large
(
  trap '' XFSZ
  ulimit -f 4096 # blocks of 512 bytes: 2 MiB
  got=0
  "$bin/narada" import-spotify-plays large --store full.db >out 2>err || got=$?
  echo "$got" >status
)
is "the status of a full disk" "$(cat status)" 1
says err "files with"
expect 3 import large --store full.db --json
expect 3 import large --store whole.db --json
expect 3 import large --store full.db --json
is "newly stored after all" "$(sed 's/.*"all":{"rows":[0-9]*,"stored":\([0-9]*\).*/\1/' out)" 0

[ "$failures" -eq 0 ] || exit 1
echo "all as it should be"
