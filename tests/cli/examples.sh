# Every example runs on the sample history, twice, and says and writes the same.
history="$root/examples/history"
t narada import-spotify-plays "$history" --store s.db --now 2026-11-01T12:00Z
t narada import-spotify-plays "$history" --store s.db --now 2026-11-01T12:00Z
run() {
  program=$1
  shift
  t narada-run "$root/examples/$program.nrd" --store s.db --now 2026-11-01T12:00Z --zone UTC "$@"
}
run like-favourites
run top-tracks
run top-tracks --window 1y --most 3
run artists-of-the-year
run artists-of-the-year --year 2024-03
run months
run never-finished
run forgotten-favourites --out forgotten.m3u
cat forgotten.m3u
run discoveries --out discoveries.jsonl
cat discoveries.jsonl
run discoveries --out discoveries.jsonl
run weekday-mornings --out mornings.csv
cat mornings.csv
run evening --out evening.m3u --most 6
grep EXTINF evening.m3u
run road-trip --out trip.m3u
cksum <trip.m3u
cp trip.m3u first.m3u
run road-trip --out trip.m3u
t cmp first.m3u trip.m3u
for program in "$root"/examples/*.nrd; do
  naradac build "$program" -o p.nrdc || echo "$program does not compile"
  narada-run p.nrdc --help >/dev/null || echo "$program does not load"
done
