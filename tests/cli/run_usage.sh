printf 'param n: int   ## how many\nparam within: duration = 90d\nfrom library.played within: within | take n | show\n' >p.nrd
t narada-run
t narada-run --help
t narada-run nowhere.nrd
t narada-run p.nrd extra.nrd
t narada-run p.nrd
t narada-run p.nrd --n
t narada-run p.nrd --n three
t narada-run p.nrd --n -3
t narada-run p.nrd --n 99999999999999999999
t narada-run p.nrd --n 3 --withn 5d
t narada-run p.nrd --n 3 --within 5
t narada-run p.nrd --n 3 --within 5m
t narada-run p.nrd --n 3 --dry-rnu
t narada-run p.nrd --n 3 --n 4
t narada-run p.nrd --n 3 --now yesterday
t narada-run p.nrd --n 3 --now 2024-02-31
t narada-run p.nrd --n 3 --zone Mars/Base
t narada-run p.nrd --n 3 --seed x
t narada-run p.nrd --help
t narada-run p.nrd --n 3 --store s.db
t narada-run p.nrd --n=3 --store=s.db --quiet
