# fakes: lastfm
# What each of Last.fm's error codes becomes: asked again, a refusal, or a login; whatever the HTTP status, which is 200 now and then.
echo 'from lastfm.top | take 1 | to file.csv "top.csv"' >p.nrd
for code in 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 20 21 22 23 24 25 26 27 29 99; do
  status=400
  [ $((code % 2)) -eq 0 ] || status=200
  [ $code -ne 29 ] || status=429
  fault lastfm "{\"match\": \"GET /2.0\", \"do\": \"status\", \"status\": $status, \"headers\": {\"Retry-After\": \"0\"}, \"body\": {\"error\": $code, \"message\": \"as Last.fm says it\"}}"
  rm -f s.db* "$HOME"/.local/share/narada/* 2>/dev/null
  narada-run p.nrd $on --quiet >out 2>&1
  echo "$code: exit $?, $(asked lastfm | wc -l) calls: $(sed 's/^narada-run: line 1: from lastfm.top: //' out)"
  curl -s -X POST "$LASTFM/_fake/reset"
done
