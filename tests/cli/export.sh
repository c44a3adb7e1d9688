# All tables leave the store, each row once, with checksums; nothing that is there is written over.
export NARADA_STORE=$PWD/s.db
t narada export out
narada import-spotify-plays "$root/examples/history" --quiet --now 2026-11-01T12:00Z
t narada export
t narada export out two
t narada export out --quiet
t narada export out
t narada export no/such
count() { sed -n "s/.*\"file\":\"$1.jsonl\",\"rows\":\([0-9]*\),.*/\1/p" out/manifest.json; }
[ "$(count plays)" -gt 100 ] && [ "$(count plays)" = "$(wc -l <out/plays.jsonl | tr -d ' ')" ] && echo "plays: as many lines as the manifest says"
narada status --json | grep -o '"plays":[0-9]*' | grep -c ":$(count plays)\$"
head -c 60 out/tracks.jsonl | cut -d, -f1
if command -v sha256sum >/dev/null; then
  sed -n 's/.*"file":"\([^"]*\)".*"sha256":"\([0-9a-f]*\)".*/\2  \1/p' out/manifest.json >sums
  (cd out && sha256sum -c --quiet ../sums) && echo "checksums hold"
  echo '{}' >>out/plays.jsonl
  (cd out && sha256sum -c --quiet ../sums >/dev/null 2>&1) || echo "a changed file is found"
fi
