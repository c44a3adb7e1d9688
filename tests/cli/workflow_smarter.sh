# Programs of SmarterPlaylists: three shapes say the same, which is the program that import writes.
cat >hand.json <<'JSON'
{"name": "Coffee and tea", "main": "first", "components": {
  "coffee": {"_type": "SpotifyPlaylist", "name": "Coffee"},
  "tea": {"_type": "SpotifyPlaylist", "name": "Tea", "uri": "spotify:playlist:2"},
  "alt": {"_type": "Alternate", "source_list": ["coffee", "tea"]},
  "apart": {"_type": "ArtistDeDup", "source": "alt"},
  "first": {"_type": "First", "source": "apart", "sample_size": 20}}}
JSON
cat >first.json <<'JSON'
{"name": "Coffee and tea", "main": "first", "extra": {"runs": 2}, "components": {
  "coffee": {"name": "coffee", "type": "SpotifyPlaylist", "params": {"name": "Coffee"}, "maxInputs": 0, "minInputs": 0, "maxOutputs": 1},
  "tea": {"name": "tea", "type": "SpotifyPlaylist", "params": {"name": "Tea", "uri": "spotify:playlist:2"}, "extra": {"x": 1, "y": 2}},
  "alt": {"name": "alt", "type": "Alternate", "params": {"fail_fast": false}, "maxInputs": 20, "source_list": ["coffee", "tea"]},
  "apart": {"name": "apart", "type": "ArtistDeDup", "params": {}, "source": "alt"},
  "first": {"name": "first", "type": "First", "params": {"sample_size": "20"}, "source": "apart"}}}
JSON
cat >second.json <<'JSON'
{"name": "Coffee and tea", "main": "first", "description": "my description", "components": {
  "first": {"name": "first", "type": "First", "params": {"sample_size": 20}, "sources": {"source": "apart"}},
  "apart": {"name": "apart", "type": "ArtistDeDup", "params": {}, "sources": {"source": "alt"}},
  "alt": {"name": "alt", "type": "Alternate", "params": {"fail_fast": false}, "sources": {"source_list": ["coffee", "tea"]}},
  "tea": {"name": "tea", "type": "SpotifyPlaylist", "params": {"name": "Tea", "uri": "spotify:playlist:2"}, "sources": {}},
  "coffee": {"name": "coffee", "type": "SpotifyPlaylist", "params": {"name": "Coffee"}, "sources": {}}}}
JSON
t naradac import hand.json
t naradac check --strict hand.json first.json second.json
plan() {
  naradac build "$1" -o plan.nrdc 2>/dev/null && naradac disasm plan.nrdc | head -1
}
for shape in hand first second; do
  naradac import $shape.json -o $shape.nrd
  naradac fmt --check $shape.nrd
  [ "$(plan $shape.json)" = "$(plan hand.nrd)" ] && echo "$shape: the same plan"
done
cmp hand.nrd first.nrd && cmp hand.nrd second.nrd && echo "the same program"
# Everything that is kept, and what is not.
for file in smarter_kept smarter_left; do
  cp "$root/tests/errors/workflow/$file.json" .
  t sh -c "naradac import $file.json 2>/dev/null"
  naradac import $file.json -o $file.nrd 2>/dev/null
  naradac fmt --check $file.nrd
  [ "$(plan $file.json)" = "$(plan $file.nrd)" ] && echo "$file: the same plan"
  naradac check $file.nrd 2>&1 | grep '^error'
done
t narada-run hand.json --help
t sh -c 'naradac graph hand.json --format mermaid | head -3'
t sh -c 'naradac explain hand.json | sed -n "/^effects/,/^\$/p"'
t naradac check hand.json --read-only --format jsonl
# Found in a folder it is a program; another file with components is none, and is told as a program of SmarterPlaylists only where it is named.
mkdir found
sed 's/ArtistDeDup/ArtistDedup/' hand.json >found/typo.json
echo '{"components": {"button": {"type": "widget"}}, "name": "design"}' >found/design.json
t naradac check found
t naradac check found/design.json
# A shape within another: an input beside the params, and settings where nobody looks for them.
echo '{"main": "b", "components": {"a": {"type": "MySavedTracks"}, "b": {"type": "First", "source": "a", "sample_size": 3}}}' >mixed.json
t naradac import mixed.json
