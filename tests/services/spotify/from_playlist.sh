# fakes: spotify
# A playlist with a file of the person's own, an episode, an entry that is no more and one that is played as another here; by name, link, URI, id.
cat >p.nrd <<'P'
param playlist: text = "Evening"
from spotify.playlist playlist
| to file.jsonl "out.jsonl"
P
t narada-run p.nrd $on
cat out.jsonl
asked spotify
for ref in evening https://open.spotify.com/intl-de/playlist/37i9dQZF1DX0XUsuxWHRQd?si=abc spotify:playlist:37i9dQZF1DX0XUsuxWHRQd spotify:user:ada:playlist:37i9dQZF1DX0XUsuxWHRQd 37i9dQZF1DX0XUsuxWHRQd "Bob's Mix"; do
  t narada-run p.nrd --playlist "$ref" $on
done
asked spotify
# What cannot be meant.
for ref in Evning Twice "" spotify:album:37i9dQZF1DX0XUsuxWHRQd https://open.spotify.com/track/4iV5W9uYEdYUVa79Axb7Rh https://open.spotify.com/playlist/short https://spotify.link/abcd https://example.org/x zzzzzzzzzzzzzzzzzzzzzz; do
  t narada-run p.nrd --playlist "$ref" $on
done
asked spotify
