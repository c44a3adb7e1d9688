# fakes: lastfm
# How old a value may be: an hour, unless `max_age:` says otherwise.
printf 'title,artist\nNorth,Bo Rask\nUnheard,Bo Rask\n' >a.csv
for age in '' ' max_age: 10min' ' max_age: 2d'; do
  echo "from file.csv \"a.csv\" | enrich lastfm$age | add heard: lastfm.plays | to library.playlist \"P\"" >"p$(echo "$age" | tr -dc a-z0-9).nrd"
done
calls() { asked lastfm | grep -c getInfo; }
narada-run p.nrd $on -q
calls
echo "half an hour later"
narada-run p.nrd $later --now 2024-06-01T12:30Z -q
calls
narada-run pmaxage10min.nrd $later --now 2024-06-01T12:30Z -q
calls
echo "a day later"
narada-run pmaxage2d.nrd $later --now 2024-06-02T12:00Z -q
calls
narada-run p.nrd $later --now 2024-06-02T12:00Z -q
calls
