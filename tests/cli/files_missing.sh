mkdir folder
: >empty.csv
printf 'title,artist\n"open,x\n' >open.csv
printf 'title,artist\nA,\377\n' >latin.csv
printf 'title,artist\nA,B\000C\n' >nul.csv
run() {
  printf 'from file.%s "%s" | take 5 | to file.jsonl "out.jsonl"\n' "$1" "$2" >p.nrd
  t narada-run p.nrd
}
run csv nowhere.csv
run csv folder
run csv empty.csv
run csv open.csv
run csv latin.csv
run csv nul.csv
run json empty.csv
run jsonl empty.csv
run m3u empty.csv
run m3u folder
printf '[{"title":"A"},{"title":' >cut.json
run json cut.json
printf '{"title":"A"}' >object.json
run json object.json
printf '[{"title":%s}]' "$(printf '%01000000d' 7)" >digits.json
run json digits.json
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "[" }' >deep.json
run json deep.json
printf '{"title":"A"}\n{"title":}\n' >bad.jsonl
run jsonl bad.jsonl
printf '[{"title":"A"}] x' >tail.json
run json tail.json
