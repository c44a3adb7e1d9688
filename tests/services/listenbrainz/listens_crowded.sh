# fakes: listenbrainz
# More listens in one second than fit a page: those behind it cannot be reached, and that is told.
# option listenbrainz: page=2
echo 'from listenbrainz.listens | to file.csv "listens.csv"' >listens.nrd
t narada-run $on listens.nrd
cut -d, -f1,2 listens.csv
asked listenbrainz
