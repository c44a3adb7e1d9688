printf 'title,artist,duration\nA,B,1000\nC,D,\n' >in.csv
printf '# a program\nfrom file.csv "in.csv"\n| keep duration < 5s\n| show\n' >p.nrd
t narada-run p.nrd --json --now 2026-11-01T12:00Z --seed 5
t narada-run p.nrd --verbose
t narada-run p.nrd --quiet
