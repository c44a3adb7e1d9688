# An export becomes the same store again, whatever is in it; one that is damaged or not whole is refused.
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
export NARADA_STORE=$PWD/s.db
m() { t "$@" | sed -e 's/[0-9,]* rows of [0-9]* tables/N rows of N tables/' -e 's/"rows":[0-9]*/"rows":N/' -e 's/"\(tables\|schema\)":[0-9]*/"\1":N/g' -e 's/reads [0-9]*)/reads N)/'; }
q() { sqlite3 "$NARADA_STORE" "PRAGMA foreign_keys=ON; $1"; }
# Everything a store can hold: plays of several sources, likes, playlists with deleted entries, marks, a rule, runs, what services were asked and told, merges.
narada-make-history --rows 1500 --seed 5 --rows-per-file 700 --artists 60 --out history >/dev/null
sleep 0.2 # else the files are too young to be remembered
narada import history "$root/tests/import" --quiet --now 2026-11-01T12:00Z >/dev/null 2>&1
printf 'title,artist\nA,B\n=cmd(),#EXTM3U\n../x,C\n' >in.csv
cat >make.nrd <<'P'
param n: int = 3
from file.csv "in.csv" | take n | to library.playlist "P" | to library.tags "mine" | to library.rating 5
from library.played | top 5 by: plays | to library.likes
P
narada-run make.nrd --quiet --now 2026-11-02T12:00Z
narada-run make.nrd --quiet --now 2026-11-03T12:00Z --n 1 --yes
narada plays rule lastfm >/dev/null
q "update track_mappings set track_id = 2, match_method = 'user' where id = 3;
insert into track_metrics(track_id, connector_name, metric_type, value, collected_at, created_at, updated_at) values (1, 'lastfm', 'play_count', 0.1, 1, 1, 1);
insert into response_cache(connector_name, request_key, http_status, body, fetched_at, created_at, updated_at) values ('x', 'a', 200, x'00ff61', 1, 1, 1), ('x', 'b', 200, zeroblob(300000), 1, 1, 1);
insert into outbox(connector_name, account, operation, request_key, request, state, created_at, updated_at) values ('x', 'me', 'like', 'k', '{}', 'pending', 1, 1);
insert into resolution_events(connector_track_id, track_id, event, occurred_at, created_at, updated_at) values (3, 2, 'confirmed', 1, 1, 1);
insert into sync_checkpoints(user_id, service, entity_type, cursor, created_at, updated_at) values ('me', 'x', 'plays', char(27) || '[2J', 1, 1);
insert into playlist_mappings(playlist_id, connector_name, connector_playlist_id, created_at, updated_at) values (1, 'x', 'y', 1, 1)"
narada status --quiet >/dev/null 2>&1 # derives what the merge made stale
narada plays rebuild >/dev/null
narada export out --quiet
grep -o '"file":"[^"]*","rows":0' out/manifest.json
m narada import out --store copy.db
narada export again --store copy.db --quiet
diff -r out again && echo "the same files"
t narada verify --store copy.db --quiet
narada-run make.nrd --store copy.db --quiet --now 2026-11-04T12:00Z && narada export third --store copy.db --quiet && cmp -s out/runs.jsonl third/runs.jsonl || echo "the copy goes on by itself"
# only into an empty store, and only by itself
t narada import out --store copy.db
t narada import out history --store new.db
mkdir around && cp -R out around/
t narada import around --store new.db
t narada import out --report r.jsonl --store new.db
m narada import out/manifest.json --store json.db --json
# damaged, not whole, of another schema
bad() {
  rm -rf bad
  cp -R out bad
  eval "$1"
  echo "# $1"
  m narada import bad --store new.db
}
bad 'sed "1d" out/plays.jsonl >bad/plays.jsonl'
bad 'sed "1s/\"id\":1,/\"id\":9,/" out/tracks.jsonl >bad/tracks.jsonl'
bad 'rm bad/settings.jsonl'
bad 'rm bad/manifest.json'
bad 'head -c 400 out/manifest.json >bad/manifest.json'
bad 'echo >bad/manifest.json'
bad 'sed "s/\"schema\":[0-9]*/\"schema\":9999/" out/manifest.json >bad/manifest.json'
bad 'sed "s/\"narada_export\":1/\"narada_export\":2/" out/manifest.json >bad/manifest.json'
bad 'sed "s|tracks.jsonl|../out/tracks.jsonl|" out/manifest.json >bad/manifest.json'
bad 'sed "/settings.jsonl/d" out/manifest.json >bad/manifest.json'
# plays.csv, where it came from: all of it is known, but for the listen that two services saw, which is told as one
narada import out/plays.csv --json --dry-run | grep -o '"tracks":{[^}]*}'
# a table of the user's own
q 'create table mine(a); insert into mine values (1); create table "../up"(a); create table "a/b"" c"(a, b); insert into "a/b"" c" values (1, 2)'
narada export mine --quiet
ls mine | grep -e mine -e up -e 'b_'
grep '"table":' mine/manifest.json | cut -d, -f1-3
t narada import mine --store mine.db | tail -n 3
ls | grep up
