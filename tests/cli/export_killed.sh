# An export that is killed at any moment is made anew by the same command. What is not its own is never removed, and what is whole never written over.
export NARADA_STORE=$PWD/s.db
narada-make-history --rows 2500 --seed 7 --artists 90 --out history >/dev/null
narada import history --quiet --now 2026-11-01T12:00Z
printf 'title,artist\nA,B\n' >in.csv
printf 'param name: text\nfrom file.csv "in.csv" | to library.playlist name\n' >p.nrd
for name in Evening "Road trip" "a/b"; do narada-run p.nrd --quiet --name "$name" --now 2026-11-02T12:00Z; done
narada export whole --quiet
(cd whole && find . -type f | LC_ALL=C sort) >names
# at twenty moments; the moments are those of a generator that is seeded
seed=20261123 killed=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  seed=$(((seed * 1103515245 + 12345) % 2147483648))
  narada export out --quiet >.said 2>&1 &
  sleep "0.0$(printf '%02d' $((seed / 65536 % 60)))"
  kill -9 $! 2>/dev/null
  wait $! 2>/dev/null
  [ -s .said ] && cat .said
  if [ -e out/manifest.json ]; then
    rm -rf out
  elif [ -e out ]; then
    killed=$((killed + 1))
    narada import out --quiet --store no.db 2>.refused && echo "what was killed is imported"
    grep -q "is an export that is not whole" .refused || cat .refused
  fi
done
[ "$killed" -ge 1 ] || echo "only $killed of 20 were killed at work"
narada export out --quiet && diff -r whole out && echo "made anew, the same"
(cd out && find . -type f | LC_ALL=C sort) | diff names - && echo "and nothing else is there"
narada import out --quiet --store new.db && narada verify --quiet --store new.db
t narada export out --quiet
# what a killed one left, as it may look
note="An export of Narada is being made here, or was ended before it was whole; the same command makes it anew. Its files so far:"
left() {
  rm -rf left
  mkdir -p left/playlists
  printf '%s\nplays.jsonl\nplaylists/A.jspf\nlistens/2.jsonl\n' "$note" >left/unfinished-export.txt
  echo x | tee left/plays.jsonl left/playlists/A.jspf left/.plays.csv.narada-12-0 >left/playlists/.A.xspf.narada-12-1
  eval "$1"
  echo "# $1"
  find left | LC_ALL=C sort >.before
  t narada export left --quiet
  find left | LC_ALL=C sort | diff .before - >/dev/null && echo "nothing was touched"
}
left : ; diff -r whole left
left 'touch left/.DS_Store left/playlists/.DS_Store'; diff -r -x .DS_Store whole left
left 'echo mine >left/mine.txt'
left 'echo mine >left/playlists/mine.m3u8'
left 'mkdir left/mine'
left 'ln -s ../in.csv left/tracks.jsonl'
left 'mkdir outside; mv left/playlists outside; ln -s ../outside/playlists left/playlists'; ls outside/playlists
left 'mkdir keep; echo mine >keep/x; printf "../keep/x\n../keep\n" >>left/unfinished-export.txt'; cat keep/x
left 'echo mine >left/unfinished-export.txt'
left ': >left/unfinished-export.txt'
left 'rm -r left/*.jsonl left/playlists; printf "An exp" >left/unfinished-export.txt'; diff -r whole left
left 'echo {} >left/manifest.json'
# one that fails leaves what was there before: no folder, or an empty one
mkdir empty
(ulimit -f 100; trap '' XFSZ; t narada export fails --quiet; t narada export empty --quiet) | sed 's/failed: .*/failed: .../'
[ -e fails ] || ls -A empty
