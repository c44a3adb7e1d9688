printf 'from file.csv "in.csv" | to library.likes\n' >w.nrd
printf 'title,artist\nA,B\n' >in.csv
t narada-run w.nrd --quiet
ls "$HOME/.local/share/narada" | grep -v -e -wal -e -shm
export XDG_DATA_HOME=$PWD/data
t narada-run w.nrd --quiet
ls data/narada | grep -v -e -wal -e -shm
export NARADA_STORE=$PWD/env.db
t narada-run w.nrd --quiet
t narada-run w.nrd --quiet --store option.db
ls *.db
