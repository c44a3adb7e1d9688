printf 'from library.tracks | show\n' >p.nrd
printf 'from file.csv "in.csv" | to library.likes\n' >w.nrd
printf 'title,artist\nA,B\n' >in.csv
t narada-run p.nrd --store none.db
ls
t narada-run w.nrd --store s.db
t narada-run p.nrd --store s.db
echo 'this is no database, only some text that is long enough to be looked at' >text.db
t narada-run p.nrd --store text.db
t narada-run w.nrd --store text.db
: >empty.db
t narada-run p.nrd --store empty.db
mkdir folder
t narada-run p.nrd --store folder
t narada-run w.nrd --store folder
t narada-run w.nrd --store nowhere/deep/s.db
ls -l nowhere/deep/s.db | cut -c1-10
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
cp s.db newer.db
sqlite3 newer.db 'pragma user_version = 999'
newer() { t "$@" | sed 's/reads [0-9]*/reads N/; s/one, [0-9.]*/one, VERSION/'; }
newer narada-run p.nrd --store newer.db
newer narada-run w.nrd --store newer.db
sqlite3 other.db 'create table t(a); insert into t values (1)'
t narada-run p.nrd --store other.db
t narada-run w.nrd --store other.db
