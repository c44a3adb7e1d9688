# fakes: lastfm listenbrainz musicbrainz
# Last.fm with and without the shared secret, a token of ListenBrainz, a contact for MusicBrainz; what is wrong stores nothing; narada doctor tries them all.
on="--loopback --credentials $HOME/credentials --base lastfm.api=$LASTFM/2.0/ --base lastfm.www=$LASTFM --base listenbrainz.api=$LISTENBRAINZ --base musicbrainz.api=$MUSICBRAINZ/ws/2 --store s.db"
key=0123456789abcdef0123456789abcdef
secret=fedcba9876543210fedcba9876543210
rm "$HOME"/credentials/*
setup() {
  printf '$ narada setup %s [on]\n' "$1"
  narada setup $1 $on >out 2>&1 <answers || echo "exit $?"
  grep -v '^ \|^$' out | tail -n "${2:-1}"
}
give() { printf '%s\n' "$@" >answers; }
kept() { [ ! -f "$HOME/credentials/$1-default" ] && echo "  nothing is stored" || sed 's/^/  /' "$HOME/credentials/$1-default"; }

give $key ""  ada
setup lastfm 2
kept lastfm
echo "== with the secret: the page is opened while Narada waits"
give "" $secret
printf '$ narada setup lastfm [on]\n'
narada setup lastfm $on >out 2>&1 <answers &
pid=$!
for i in $(seq 200); do grep -q "$LASTFM/api/auth" out 2>/dev/null && break; sleep 0.05; done
sleep 0.2
curl -s "$(grep -o "$LASTFM/api/auth[^ ]*" out)"
echo
wait $pid || echo "exit $?"
tail -n 2 out
kept lastfm
asked lastfm | sed 's/api_sig=[0-9a-f]*/api_sig=SIGNED/'
echo "== wrong"
mv "$HOME/credentials/lastfm-default" kept
give $secret ""  ada
setup lastfm
give $key "" nobody
setup lastfm
give $secret $key
setup lastfm
give $key $key
setup lastfm
give ""
setup listenbrainz
give 00000000-0000-4000-8000-00000000000f
setup listenbrainz
kept listenbrainz
give "me at example"
setup musicbrainz
kept musicbrainz
kept lastfm
mv kept "$HOME/credentials/lastfm-default"
echo "== right"
give 00000000-0000-4000-8000-000000000001
setup listenbrainz 2
kept listenbrainz
give me@example.org
setup musicbrainz 2
kept musicbrainz
curl -s "$MUSICBRAINZ/_fake/log" | jq -r '.[].ua' | sed 's/narada.[0-9.]*/narada VERSION/' | sort -u
t narada setup $on
t narada doctor $on
echo "== revoked"
sed -i.bak 's/^session_key = .*/session_key = of-before/' "$HOME/credentials/lastfm-default"
sed -i.bak 's/^token = .*/token = of-before/' "$HOME/credentials/listenbrainz-default"
rm "$HOME"/credentials/*.bak
t narada doctor $on
echo "== a value that a command gives stays with its command"
printf 'api_key ! echo %s\n' $key >"$HOME/credentials/lastfm-default"
chmod 600 "$HOME/credentials/lastfm-default"
give "" "" ada
setup lastfm 2
kept lastfm
