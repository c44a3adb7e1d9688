# The language server completes names of playlists from the store, which it only reads: no store, a broken one and one that is being written give none.
say() {
  printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1"
}
# complete PROGRAM CHARACTER: the playlists that are offered there in a program of one line
complete() {
  found=$({
    say '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{"general":{"positionEncodings":["utf-8"]}}}}'
    say '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///p.nrd","version":1,"text":"'"$1"'"}}}'
    say '{"jsonrpc":"2.0","id":2,"method":"textDocument/completion","params":{"textDocument":{"uri":"file:///p.nrd"},"position":{"line":0,"character":'"$2"'}}}'
    say '{"jsonrpc":"2.0","id":3,"method":"shutdown"}'
    say '{"jsonrpc":"2.0","method":"exit"}'
  } | naradac lsp | sed 's/{"label"/\
{"label"/g' | grep -a '"kind":12,' | sed 's/},*\]*}*Content-Length.*/}/; s/},$/}/')
  echo "${found:-none}"
}
printf 'title,artist\nA,B\n' >in.csv
cat >make.nrd <<'NRD'
from file.csv "in.csv" | to library.playlist "Road trip"
from file.csv "in.csv" | to library.playlist "Été \"one\" \{2\}"
from file.csv "in.csv" | to library.playlist "Evening"
NRD
export NARADA_STORE="$PWD/my store?.db"
complete 'from library.playlist \"Ro' 25
narada-run make.nrd --yes --quiet
rm -f "$NARADA_STORE.lock"
mkdir ../seen
ls >../seen/before
echo "== in a text without its end, in one with it, before one, and after a destination"
complete 'from library.playlist \"Ro' 25
complete 'from library.playlist \"Ro xyz\" | show' 25
complete 'from library.playlist ' 22
complete 'from library.liked | to library.playlist \"' 42
echo "== not of a service, not of a file, not of an option, not behind a hole, not behind the text"
complete 'from spotify.playlist \"Ro' 25
complete 'from file.csv \"Ro' 17
complete 'from library.liked | to library.playlist \"A\" mode: \"Ro' 54
complete 'from library.playlist \"{now} Ro' 31
complete 'from library.playlist \"Ro\" ' 27
echo "== nothing was made or changed"
ls >../seen/after
diff ../seen/before ../seen/after && echo same
echo "== what is no store has none"
echo nonsense >"$NARADA_STORE"
complete 'from library.playlist \"Ro' 25
rm -f "$NARADA_STORE"
mkdir "$NARADA_STORE"
complete 'from library.playlist \"Ro' 25
rmdir "$NARADA_STORE"
mkfifo "$NARADA_STORE"
complete 'from library.playlist \"Ro' 25
