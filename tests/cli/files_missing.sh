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
run xspf nowhere.xspf
run xspf empty.csv
run xspf object.json
printf '<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>\n' >feed.xspf
run xspf feed.xspf
printf '<playlist xmlns="http://xspf.org/ns/0/">\n<trackList>\n<track><title>A</track></trackList></playlist>\n' >tags.xspf
run xspf tags.xspf
printf '<!DOCTYPE p [<!ENTITY a "b">]>\n<playlist xmlns="http://xspf.org/ns/0/"/>\n' >entity.xspf
run xspf entity.xspf
run jspf empty.csv
run jspf cut.json
run jspf object.json
