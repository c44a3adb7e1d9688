# A program as a picture, in each format; names that mean something to a format are escaped.
cat >p.nrd <<'P'
let new = from file.csv "new & <\"quoted\"> [x] \{y\} # `z`.csv"
from library.played within: 90d
| keep liked and plays > 3
| per artist {
    sort plays desc
  | take 2
  }
| union new
| to library.playlist "a \"b\" \\ \{c\}"
| show
P
t naradac graph p.nrd
t naradac graph p.nrd --format mermaid
t naradac graph p.nrd --format json
t naradac graph p.nrd --format svg
t naradac graph p.nrd --strict
t naradac graph nowhere.nrd
echo 'from library.tracks | keep pays > 1 | show' >bad.nrd
t naradac graph bad.nrd
naradac graph p.nrd --format json >p.json
sqlite3 :memory: "select count(*) || ' steps' from json_each(readfile('p.json'), '$.nodes')"
