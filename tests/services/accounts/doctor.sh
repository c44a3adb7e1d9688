# fakes: accounts
# What narada doctor and narada status tell of logins: whole, without permissions, near their end, refused, unreadable, and without a network.
on="--loopback --credentials $HOME/credentials --base spotify.api=$ACCOUNTS/v1 --base spotify.accounts=$ACCOUNTS --store s.db"
all="user-library-read user-library-modify playlist-read-private playlist-modify-public playlist-modify-private user-read-recently-played user-top-read ugc-image-upload user-read-private"
rm "$HOME/credentials/accounts-default"
login() {
  printf '%s\n' "client_id = fake-client" "access_token = $1" "refresh_token = $2" "expires_at = 4102444800" "user_id = ada" "$3" "$4" >"$HOME/credentials/spotify-default"
  chmod 600 "$HOME/credentials/spotify-default"
}
days_ago() { python3 -c 'import datetime, sys; print((datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=int(sys.argv[1]))).strftime("%Y-%m-%dT%H:%M:%SZ"))' "$1"; }
d() { t "$@" | sed 's/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]/DAY/g; s/in [0-9]* days/in N days/; s/, [0-9.]* kB, schema [0-9]*/, SIZE/; s|s.db[^:,]*|s.db|'; }

d narada doctor $on
login fake-token fake-refresh "scopes = $all" ""
d narada doctor $on
asked accounts
d narada doctor $on --offline
asked accounts
echo "== near its end, without a permission"
login fake-token fake-refresh "scopes = user-top-read ${all%ugc*}" "authorized_at = $(days_ago 160)"
d narada doctor $on
narada import "$root/examples/history" --store s.db --now 2026-11-01T12:00Z >/dev/null
d narada status --store s.db --credentials "$HOME/credentials" | grep -A 1 services
narada status --store s.db --credentials "$HOME/credentials" --json | jq -c '.services[] | del(.login_ends)'
echo "== refused"
login old-token revoked "scopes = $all" ""
d narada doctor $on | grep -A 1 Spotify
d narada doctor $on | grep -A 1 Spotify
sed -i 's/^refused_at = .*/refused_at = 2024-01-01T00:00:00Z/' "$HOME/credentials/spotify-default"
fault accounts '{"match": "POST /api/token", "do": "status", "status": 200, "body": {"access_token": "fake-token", "token_type": "Bearer"}}'
d narada doctor $on | grep -A 1 "as ada"
grep refused "$HOME/credentials/spotify-default"
asked accounts
echo "== readable by others"
chmod 644 "$HOME/credentials/spotify-default"
d narada doctor $on --offline
d narada status --store s.db --credentials "$HOME/credentials" | grep -A 1 services
chmod 755 "$HOME/credentials"
narada doctor $on --offline --json | jq -c '.findings[] | select(.kind == "problem")'
chmod 700 "$HOME/credentials"
echo "== no network"
login fake-token fake-refresh "scopes = $all" ""
d narada doctor --credentials "$HOME/credentials" --store s.db --loopback --base spotify.api=http://127.0.0.1:1/v1
d narada doctor extra
