# fakes: spotify lastfm
# Every workflow of the library that deals with Spotify, by its name, with --dry-run first: that changes nothing anywhere.
sources() { grep -l 'spotify\.' "$root"/stdlib/*.nrd | xargs -n 1 basename | sort | tr '\n' ' '; }
sources
echo
kept() {
  state spotify . | cksum
  [ ! -f s.db ] || cksum <s.db
  cat "$HOME/credentials/"* | cksum
  find . -name '.*' -prune -o -type f ! -name '*limits' -print | sort
}
try() {
  asked spotify >/dev/null
  kept >before
  t narada "$@" $on --dry-run
  kept >after
  diff before after
  asked spotify | grep -v GET
  rm -f before after
  t narada "$@" $on
}
try sort_by_release_date --playlist Evening
try sort_by_lastfm_user_playcount --playlist Evening --into "Played"
try sort_by_lastfm_global_playcount --playlist Evening --into "Heard"
try discovery_mix --radar Evening --one Played --two Heard --known 000000000000000000two2 --disliked "Bob's Mix" --new_for 40y
try import_latest_spotify_likes --limit 2
try import_spotify_likes
try import_spotify_recent
state spotify '.playlists[] | [.name, (.items | length)]'
