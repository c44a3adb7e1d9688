#!/bin/sh
# Installs what Narada needs to be built, run and tested, as far as it is missing: by apt on Debian and Ubuntu, by Homebrew on macOS.
# Elsewhere it names the packages. `--tests` adds what only the tests need.
set -eu

debian="gcc libc6-dev cmake ninja-build re2c lemon libsqlite3-dev libcjson-dev libcurl4-openssl-dev libexpat1-dev libutf8proc-dev libarchive-dev libsmartcols-dev libssl-dev libxxhash-dev zlib1g-dev tzdata"
debian_tests="libcmocka-dev sqlite3 zip vim python3 curl jq python3-musicbrainzngs python3-pylast"
homebrew="cmake ninja re2c lemon sqlite cjson curl expat utf8proc libarchive util-linux openssl@3 xxhash zlib"
homebrew_tests="cmocka zip"
if [ "${1:-}" = --tests ]; then
  debian="$debian $debian_tests"
  homebrew="$homebrew $homebrew_tests"
fi

if command -v apt-get >/dev/null 2>&1; then
  missing=
  for package in $debian; do
    # An alternative spelling of the same package, such as a newer version's name, counts by what it provides.
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
  done
  [ -n "$missing" ] || exit 0
  root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "Please install as root: apt-get install$missing" >&2
      exit 1
    fi
    root=sudo
  fi
  echo "installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  { $root apt-get update && $root apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
  }
elif command -v brew >/dev/null 2>&1; then
  missing=
  for package in $homebrew; do
    brew list --versions "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  [ -z "$missing" ] || brew install $missing
else
  echo "Narada needs these packages, under the names your system gives them:" >&2
  echo "  a C17 compiler, $homebrew" >&2
  for tool in cmake ninja re2c lemon; do
    command -v "$tool" >/dev/null 2>&1 || { echo "$tool is not here; install it and try again." >&2; exit 1; }
  done
fi
