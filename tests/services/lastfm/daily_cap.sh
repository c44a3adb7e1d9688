# fakes: lastfm
# option lastfm: cap=4
# How many scrobbles a day takes is learnt for that day: what another program used of it is no limit for ever.
scrobbles() {
  echo played_at,title,artist,ms_played >plays.csv
  for minute in 10 14 18 22 26 30 34 38; do echo "2024-06-$1:$minute:00Z,Song $minute,Ada Lind,200000" >>plays.csv; done
}
echo 'from file.csv "plays.csv" rows: plays | to lastfm.scrobbles' >p.nrd
scrobbles 01T10
t narada-run p.nrd $on
echo "# an earlier day on which others had used nearly all"
python3 -c '
import sqlite3
store = sqlite3.connect("s.db")
row = store.execute("SELECT value FROM settings WHERE name = ?", ("lastfm.daily_scrobbles",)).fetchone()
store.execute("UPDATE settings SET value = ? WHERE name = ?", (row[0].replace("4", "1", 1), "lastfm.daily_scrobbles"))
store.commit()'
asked lastfm >/dev/null
t narada-run p.nrd $later --now 2024-06-01T13:00Z
asked lastfm | grep -c POST
clock lastfm 1717419600
t narada-run p.nrd $later --now 2024-06-03T13:00Z
asked lastfm | grep -c POST
clock lastfm 1717592400
t narada-run p.nrd $later --now 2024-06-05T13:00Z
state lastfm '.users.ada.scrobbles | length'
