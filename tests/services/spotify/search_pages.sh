# fakes: spotify
# beyond the contract: the OpenAPI knows ten rows of a search and no more
# Fifty rows a call where the application was seen to get them, else ten; and ten again when that was taken from it.
echo 'from spotify.search "björk" limit: 20 | to file.jsonl "out.jsonl"' >p.nrd
t narada-run p.nrd $on
asked spotify
printf 'wide_search = yes 2099-01-01T00:00:00Z\n' >"$HOME/credentials/spotify-app%20fake-client"
chmod 600 "$HOME/credentials/spotify-app%20fake-client"
t narada-run p.nrd $on
asked spotify
fault spotify '{"match":"GET /v1/search","do":"status","status":400,"body":{"error":{"status":400,"message":"Invalid limit"}}}'
t narada-run p.nrd $on
asked spotify
t narada-run p.nrd $on
asked spotify
