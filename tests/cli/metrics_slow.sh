# The figures of windows beside SQL that counts each listen by itself: random histories, several windows and rules.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
now=2024-06-15T12:00:00Z
moment() { sqlite3 :memory: "SELECT unixepoch('$1') * 1000"; }
# Each track with its figures: by SQL, of the listens from ... to ... that count from ... ms on; and by a program, of the window ...
slow() {
  sqlite3 -readonly s.db "SELECT t.spotify_id, sum(k), sum(NOT k), sum(iif(k, coalesce(l.ms_played, 0), 0)), min(iif(k, l.played_at, NULL)), max(iif(k, l.played_at, NULL))
    FROM (SELECT *, ms_played IS NULL OR ms_played >= $3 AS k FROM listens WHERE kind = 'track' AND played_at >= $1 AND played_at < $2) l
    JOIN tracks t ON t.id = l.track_id GROUP BY l.track_id ORDER BY 1"
}
quick() {
  echo "from library.tracks | add p: plays($1), s: skips($1), l: listened($1), f: first_played($1), a: last_played($1) | to file.csv \"out.csv\"" >p.nrd
  narada-run p.nrd --now "$now" --zone UTC --quiet --store s.db || return
  sqlite3 :memory: '.import --csv out.csv o' "SELECT \"spotify.id\", p, s, l, unixepoch(f) * 1000 + substr(f || '.000', instr(f || '.', '.') + 1, 3),
    unixepoch(a) * 1000 + substr(a || '.000', instr(a || '.', '.') + 1, 3) FROM o WHERE p + s > 0 ORDER BY 1"
}
compare() {
  slow "$2" "$3" "$4" >slow.txt
  quick "$1" >quick.txt
  if cmp -s slow.txt quick.txt && [ -s slow.txt ]; then echo "$1: the same"; else echo "$1: $(diff slow.txt quick.txt | head -n 4)"; fi
}
for seed in 1 2 3; do
  rm -rf h s.db*
  narada-make-history --rows 1500 --seed $seed --out h --from 2023-06 --to 2024-06 --artists 12 >/dev/null
  narada import-spotify-plays h --store s.db --quiet --now "$now" || [ $? -eq 3 ] || exit 1
  for rule in spotify 65s all; do
    narada plays rule $rule --store s.db >/dev/null
    case $rule in spotify) least=30000 ;; 65s) least=65000 ;; *) least=0 ;; esac
    echo "== history $seed, rule $rule"
    compare 90d "$(moment '2024-03-17 12:00')" "$(moment '2024-06-15 12:00')" $least
    compare 1000h "$(moment '2024-05-04 20:00')" "$(moment '2024-06-15 12:00')" $least
    compare @2023 "$(moment '2023-01-01')" "$(moment '2024-01-01')" $least
    compare @2024-02 "$(moment '2024-02-01')" "$(moment '2024-03-01')" $least
  done
done
