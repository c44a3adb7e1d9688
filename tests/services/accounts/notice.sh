# fakes: spotify
# A run with a login that ends soon says so, once; its token is renewed on the way, before its first call.
sed -i.bak 's/^expires_at = .*/expires_at = 1/' "$HOME/credentials/spotify-default"
echo 'authorized_at = 2023-12-20T12:00:00Z' >>"$HOME/credentials/spotify-default"
rm "$HOME"/credentials/*.bak
echo 'from spotify.likes | take 2 | show' >liked.nrd
t narada-run liked.nrd $on
asked spotify
t narada-run liked.nrd $on --quiet
sed 's/^expires_at = 2.*/expires_at = later/' "$HOME/credentials/spotify-default"
