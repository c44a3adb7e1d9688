#!/bin/sh
# examples.sh BIN_DIR: what examples/ci and .pre-commit-hooks.yaml give to copy: they parse, and their commands do what they say in a repository of programs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$(cd "$1" && pwd)
. "$here/npm.sh"
npm_tools "$bin" @microsoft/jest-sarif@1.0.0-beta.0 yaml@2.8.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$bin:$PATH" HOME="$work/home" NO_COLOR=1
fail() {
  echo "$*" >&2
  exit 1
}
mkdir -p "$HOME" "$work/programs/sub" "$work/programs/.narada"
cd "$work/programs"
echo 'nothing that is a program' >.narada/x.nrd
printf 'from library.liked\n| take 3\n| to file.m3u "out/likes.m3u"\n' >sub/likes.nrd
cat >sub/likes.expect <<'EXPECT'
tracks
| id  | title   | artist    | liked |
| one | Harbour | Mara Lind | true  |

case "keeps what is liked"
expect to file.m3u "out/likes.m3u"
| title   |
| Harbour |
EXPECT
echo '{"tasks": [{"label": "build"}]}' >sub/tasks.json

# The commands of a definition end with 0 here, and with 1 as soon as one program is wrong.
run() {
  wanted=$1
  status=0
  sh "$work/steps.sh" >"$work/log" 2>&1 || status=$?
  [ $status -eq "$wanted" ] || { cat "$work/steps.sh" "$work/log" >&2; fail "$2: exit $status, not $wanted"; }
}
for kind in github gitlab; do
  [ $kind = github ] || command -v jq >/dev/null 2>&1 || { echo "skipped the job for GitLab: jq is not here"; continue; }
  node "$here/steps.js" "$tools" $kind "$root/examples/ci/$kind.yml" >"$work/steps.sh"
  grep -q naradac "$work/steps.sh" || fail "$kind: has no command"
  run 0 $kind
  echo 'from library.liked | take 3 | to spotify.playlist "x"' >sub/writes.nrd
  run 1 "$kind with a write that is not allowed"
  grep -q N5020 "$work/log" || fail "$kind does not tell the write"
  echo 'from library.trcks | show' >sub/writes.nrd
  run 1 "$kind with a mistake"
  grep -q N2002 "$work/log" "$work/programs"/*.json || fail "$kind does not tell the mistake"
  if [ $kind = gitlab ]; then
    jq -e 'length == 1 and .[0].location.path == "sub/writes.nrd" and .[0].severity == "major" and (.[0].fingerprint | length) > 10' gl-code-quality-report.json >/dev/null ||
      fail "the code quality report is another"
  fi
  rm -f sub/writes.nrd ./*.sarif messages.json gl-code-quality-report.json
done

# The problem matcher finds what the human output says.
echo 'from library.trcks | show' >"sub/a b.nrd"
printf '# seedless\nfrom library.tracks | shuffle | show\n' >sub/warned.nrd
naradac check sub 2>&1 | node "$here/matcher.js" "$root/examples/ci/problem-matcher.json" >"$work/found"
diff - "$work/found" <<'FOUND' || fail "the problem matcher finds something else"
sub/a b.nrd:1:6: error N2002: no source `library.trcks`
sub/warned.nrd:2:23: warning N6002: without a seed this changes from day to day
FOUND
for times in 1 2 3 4 5 6 7 8 9 10; do echo; done | cat - "sub/a b.nrd" >"sub/long.nrd" # a wider gutter
naradac check sub/long.nrd 2>&1 | node "$here/matcher.js" "$root/examples/ci/problem-matcher.json" | grep -q '^sub/long.nrd:11:6: error N2002' || fail "not with line 11"
rm "sub/a b.nrd" sub/long.nrd sub/warned.nrd

# The hooks: each entry takes the files it asks for; the check finds them itself.
node "$here/steps.js" "$tools" hooks "$root/.pre-commit-hooks.yaml" >"$work/hooks"
tab=$(printf '\t')
while IFS="$tab" read -r id entry files pass; do
  names=
  [ "$pass" = false ] || names=$(find . -type f -not -path './.*/*' | grep -E "$files")
  $entry $names >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "hook $id: $entry $names"; }
done <"$work/hooks"
[ "$(cut -f1 "$work/hooks" | tr '\n' ' ')" = "naradac-check naradac-fmt naradac-test " ] || fail "other hooks than the README names"
echo 'from library.trcks | show' >bad.nrd
if $(sed -n "s/^naradac-check$tab\([^$tab]*\).*/\1/p" "$work/hooks") 2>/dev/null; then fail "the hook finds no mistake"; fi

# pre-commit itself, where it is installed.
if command -v pre-commit >/dev/null 2>&1 && command -v git >/dev/null 2>&1; then
  export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org GIT_CONFIG_NOSYSTEM=1 PRE_COMMIT_HOME="$work/pre-commit"
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
  mkdir "$work/hooks-repository"
  cp "$root/.pre-commit-hooks.yaml" "$work/hooks-repository"
  (cd "$work/hooks-repository" && git init -q && git add . && git commit -qm hooks)
  echo .narada >.gitignore
  git init -q && git add .
  pre-commit try-repo "$work/hooks-repository" --all-files >"$work/log" 2>&1 && fail "pre-commit passes a mistake"
  grep -q 'N2002' "$work/log" || { cat "$work/log" >&2; fail "pre-commit does not tell the mistake"; }
  rm bad.nrd && git add .
  pre-commit try-repo "$work/hooks-repository" --all-files >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "pre-commit finds something in good programs"; }
  [ "$(grep -c Passed "$work/log")" = 3 ] || { cat "$work/log" >&2; fail "not every hook ran"; }
else
  echo "skipped pre-commit: it is not installed"
fi
