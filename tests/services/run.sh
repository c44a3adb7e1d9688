#!/bin/sh
# Runs command lines against stand-ins for the web services and compares all they print with what is written beside them.
#   run.sh BIN_DIR CASE.sh...     with BLESS=1 the expectations are rewritten (review the difference)
# A case is tests/services/SERVICE/NAME.sh; its first line says which stand-ins it needs:   # fakes: spotify lastfm
# They begin with the state in tests/services/SERVICE/SERVICE.json, or in NAME.SERVICE.json where that is there. The case runs in an empty folder with
#   $SPOTIFY $LASTFM ...   the address of each
# With the line `# tls` the stand-ins speak TLS as well, on the same port, with the certificate in $CERTIFICATE; skipped where openssl is absent.
#   $on    the options that lead Narada there, with a store s.db, at 2024-06-01T12:00Z in UTC;  $later the same without the time
#   t COMMAND ...          prints the command, its output and `exit N` if N is not 0; $on is shown as such
#   fault SERVICE JSON     makes a fault, see tests/fakes/fake.py            asked SERVICE   what was asked since last time, a line a request
#   state SERVICE FILTER   what the stand-in holds, by jq                    skip WHY
# SPOTIFY_FAKE: further options of the stand-in for Spotify; SPOTIFY_VIA: the address of what stands between it and Narada, see prism.sh.
set -u
bin=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
for needed in python3 curl jq; do
  command -v $needed >/dev/null || { echo "skipped: there is no $needed"; exit 77; }
done
work=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null; chmod -R u+w "$work"; rm -rf "$work"' EXIT
export PATH="$bin:$PATH" TZ=UTC LC_ALL=C NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1 bin root work
unset NARADA_STORE NARADA_CREDENTIALS XDG_DATA_HOME XDG_RUNTIME_DIR
# Of the logins below. No command shows one, and no store, cassette or core of any case holds one.
secrets='fake-token|fake-refresh|fake-secret|fake-session|00000000-0000-4000-8000-000000000001'
export secrets
cat >"$work/prelude" <<'PRELUDE'
t() {
  shown=$*
  shown=$(printf '%s' "$*" | awk -v on="$on" -v later="$later" '{
    at = index($0, on); if (at) $0 = substr($0, 1, at - 1) "[on]" substr($0, at + length(on))
    at = index($0, later); if (at) $0 = substr($0, 1, at - 1) "[later]" substr($0, at + length(later)); print }')
  printf '$ %s\n' "$shown"
  "$@" </dev/null >.output 2>&1
  status=$?
  cat .output
  ! grep -qaE "$secrets" .output || echo "A SECRET IS SHOWN"
  rm -f .output
  [ $status -eq 0 ] || echo "exit $status"
}
address() { eval "printf %s \"\$$(printf %s "$1" | tr a-z A-Z)\""; }
fault() { curl -s -X POST -d "$2" "$(address "$1")/_fake/fault"; }
clock() { curl -s -X POST -d "{\"now\":$2}" "$(address "$1")/_fake/clock"; }
state() { curl -s "$(address "$1")/_fake/state" | jq -c "$2"; }
asked() {
  curl -s "$(address "$1")/_fake/log" | jq -r '.[] | "  \(.method) \(.path)\(if .query == {} then "" else "?" + ([.query | to_entries[] | "\(.key)=\(.value)"] | join("&")) end) \(if .json then (.json | tojson) elif .form then (.form | tojson) else "" end) -> \(.status)\(if .effect then " done" else "" end)"'
  curl -s -X POST "$(address "$1")/_fake/reset"
}
skip() {
  echo "SKIP $*"
  exit 77
}
PRELUDE

certify() {
  CERTIFICATE=$work/certificate.pem
  export CERTIFICATE
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$work/key.pem" -out "$CERTIFICATE" 2>/dev/null || { echo "skipped: there is no openssl that makes a certificate"; exit 77; }
  cat "$CERTIFICATE" "$work/key.pem" >"$work/tls.pem"
}

# start SERVICE CASE: sets its address
start() {
  state=$here/$1/$1.json
  [ ! -f "${2%.sh}.$1.json" ] || state=${2%.sh}.$1.json
  rm -f "$work/port"
  tls=
  if grep -q '^# tls$' "$2"; then
    tls="--tls $work/tls.pem"
    [ -s "$work/tls.pem" ] || certify
  fi
  # shellcheck disable=SC2046
  python3 "$root/tests/fakes/fake.py" "$1" --port-file "$work/port" $tls $([ ! -f "$state" ] || echo --state "$state") $(sed -n "s/^# option $1: //p" "$2" | tr ' ' '\n' | sed 's/^/--option /') $(eval "printf %s \"\${$(printf %s "$1" | tr a-z A-Z)_FAKE:-}\"") &
  pids="$pids $!"
  tries=0
  while [ ! -s "$work/port" ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { echo "the stand-in for $1 does not start"; exit 1; }
    sleep 0.05
  done
  eval "$(printf %s "$1" | tr a-z A-Z)=http://127.0.0.1:$(cat "$work/port")"
}

passed=0
failed=0
skipped=0
for case in "$@"; do
  case=$here/${case#"$here/"}
  name=$(basename "$case" .sh)
  folder=$work/$name
  mkdir -p "$folder" "$folder.home/credentials"
  chmod 700 "$folder.home/credentials"
  on="--store s.db --loopback --credentials $folder.home/credentials --zone UTC"
  SPOTIFY= LASTFM= MUSICBRAINZ= LISTENBRAINZ= ACCOUNTS=
  for service in $(sed -n '1s/^# fakes: //p' "$case"); do
    start "$service" "$case"
    case $service in
      spotify) on="$on --base spotify.api=${SPOTIFY_VIA:-$SPOTIFY/v1} --base spotify.accounts=$SPOTIFY" ;;
      accounts) on="$on --base spotify.api=$ACCOUNTS/v1 --base spotify.accounts=$ACCOUNTS" ;;
      lastfm) on="$on --base lastfm.api=$LASTFM/2.0/ --base lastfm.www=$LASTFM" ;;
      musicbrainz) on="$on --base musicbrainz.api=$MUSICBRAINZ/ws/2" ;;
      listenbrainz) on="$on --base listenbrainz.api=$LISTENBRAINZ" ;;
    esac
    # Logins that the stand-ins know.
    case $service in
      spotify) printf 'client_id = fake-client\naccess_token = fake-token\nrefresh_token = fake-refresh\nexpires_at = 4102444800\nuser_id = ada\n' ;;
      lastfm) printf 'api_key = fake-key\nshared_secret = fake-secret\nsession_key = fake-session\nuser = ada\n' ;;
      musicbrainz) printf 'contact = ada@example.org\n' ;;
      listenbrainz) printf 'token = 00000000-0000-4000-8000-000000000001\nuser = ada\n' ;;
    esac >"$folder.home/credentials/$service-default"
    chmod 600 "$folder.home/credentials/$service-default"
    [ "$service ${SPOTIFY_REGIME:-}" != "spotify B" ] || printf 'batch_reads = no 2099-01-01T00:00:00Z\nwide_search = no 2099-01-01T00:00:00Z\n' >"$folder.home/credentials/spotify-app%20fake-client"
  done
  later=$on
  on="$on --now 2024-06-01T12:00Z"
  export HOME="$folder.home" on later SPOTIFY LASTFM MUSICBRAINZ LISTENBRAINZ ACCOUNTS
  chmod 600 "$folder.home/credentials/"* 2>/dev/null
  (cd "$folder" && cat "$work/prelude" "$case" | sh) >"$work/$name.got" 2>&1
  status=$?
  kill $pids 2>/dev/null
  pids=
  kept=$(find "$folder" -type f \( -name '*.db*' -o -name 'core*' -o -path '*cassette*' -o -path '*record*' \) -exec grep -laE "$secrets" {} +)
  [ -z "$kept" ] || echo "A SECRET IS KEPT in $kept" >>"$work/$name.got"
  sed -i.bak "s|http://127.0.0.1:[0-9]*|http://HERE|g; s/[0-9a-f]\{64\}/PLAN-ID/g; s|$work|WORK|g; s|$root|ROOT|g" "$work/$name.got"
  if [ $status -eq 77 ]; then
    skipped=$((skipped + 1))
    echo "skipped $name: $(tail -n 1 "$work/$name.got" | sed 's/^SKIP //')"
  elif [ "${BLESS:-}" = 1 ]; then
    cp "$work/$name.got" "${case%.sh}.expected"
  elif diff -u "${case%.sh}.expected" "$work/$name.got"; then
    passed=$((passed + 1))
  else
    echo "FAILED $name"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
