#include "connectors/spotify/account.h"
#include "connectors/spotify/playlist_write.h"
#include "sync/guard.h"

enum {
  PLAYLIST_MOST = 11000, /* entries that Spotify takes */
  NAMED_MOST = 10,       /* entries that a dry run names of each kind of change */
  MANY_CALLS = 100,
  READINGS = 4,
};

typedef struct Writing {
  StageCall *call;
  PlaylistWrite write;
  bool exists;
  int64_t size; /* as the person's library tells it; -1 = not known */
  RemoteList is;
  WantedRows rows;
  WantedList wanted;
  StepPlan plan;
  PlaylistWritten written;
} Writing;

static PlaylistChangeMode mode_of(const StageCall *call) {
  Text word = call_word(call, "mode");
  return text_is(word, "replace") ? CHANGE_REPLACE : text_is(word, "append") ? CHANGE_APPEND : CHANGE_UPDATE;
}

/* ---- telling ---- */

static const char *plural(size_t count, const char *one, const char *many) {
  return count == 1 ? one : many;
}

static void say_counts(const Writing *writing, bool dry) {
  const StepPlan *plan = &writing->plan;
  Run *run = writing->call->run;
  TextBuilder line = {.arena = run->arena};
  text_append_format(&line, "playlist \"" TEXT_FORMAT "\" on Spotify: ", TEXT_ARG(writing->write.shown));
  if (!writing->exists)
    text_append_format(&line, "%s with %zu %s", dry ? "would be made" : "made", plan->after, plural(plan->after, "entry", "entries"));
  else if (!plan->steps.count)
    text_append_format(&line, "%zu %s, nothing to change", plan->after, plural(plan->after, "entry", "entries"));
  else
    text_append_format(&line, "%s%zu %s, %zu added, %zu removed, %zu %s", dry ? "would have " : "", plan->after, plural(plan->after, "entry", "entries"), plan->added, plan->removed,
                       plan->moves, plural(plan->moves, "move", "moves"));
  if (plan->redated) text_append_format(&line, ", %zu dated anew", plan->redated);
  size_t calls = dry ? plan->steps.count + !writing->exists : writing->written.calls + !writing->exists;
  if (calls) text_append_format(&line, "; %zu %s", calls, plural(calls, "call", "calls"));
  if (dry && !run->options.yes && guard_wants_consent(plan->before, plan->removed, plan->after)) text_append(&line, TEXT_LITERAL("; this needs --yes"));
  run_notice(run, writing->call->node, false, TEXT_FORMAT, TEXT_ARG(text_built(&line)));
}

static void say_rest(const Writing *writing) {
  const StepPlan *plan = &writing->plan;
  Run *run = writing->call->run;
  uint32_t node = writing->call->node;
  const Text *shown = &writing->write.shown;
  if (writing->wanted.stays)
    run_notice(run, node, false, "playlist \"" TEXT_FORMAT "\": %zu %s that no row stands for: episodes, files of your own, what Spotify does not have any more", TEXT_ARG(*shown),
               writing->wanted.stays, plural(writing->wanted.stays, "entry stays", "entries stay"));
  spotify_tell_sought(run, node, arena_format(run->arena, "playlist \"" TEXT_FORMAT "\"", TEXT_ARG(*shown)), writing->rows.sought.items, writing->rows.sought.count);
  if (writing->written.replaced)
    run_notice(run, node, false, "playlist \"" TEXT_FORMAT "\": Spotify shows another release in the place of %zu %s", TEXT_ARG(*shown), writing->written.replaced,
               plural(writing->written.replaced, "track", "tracks"));
  if (plan->steps.count > MANY_CALLS && plan->steps.count > 3 * plan->anew)
    run_notice(run, node, false, "playlist \"" TEXT_FORMAT "\": %zu calls keep when each entry was added; `mode: replace` needs %zu and dates them all anew", TEXT_ARG(*shown),
               plan->steps.count, plan->anew);
}

/* ---- what a dry run names ---- */

typedef struct Naming {
  TextBuilder line;
  size_t count;
} Naming;

static void name_one(Naming *naming, Text title, Text artist) {
  Arena *arena = naming->line.arena;
  if (naming->count++ >= NAMED_MOST) return;
  if (naming->count > 1) text_append(&naming->line, TEXT_LITERAL("; "));
  if (artist.length) text_append_format(&naming->line, TEXT_FORMAT ": ", TEXT_ARG(text_escaped(arena, artist)));
  text_append(&naming->line, title.length ? text_escaped(arena, title) : TEXT_LITERAL("(no title)"));
}

static void say_names(const Writing *writing, Naming *naming, const char *what) {
  if (!naming->count) return;
  if (naming->count > NAMED_MOST) text_append_format(&naming->line, "; and %zu more", naming->count - NAMED_MOST);
  run_notice(writing->call->run, writing->call->node, false, "%s: " TEXT_FORMAT, what, TEXT_ARG(text_built(&naming->line)));
}

static IntMap *count_entries(Arena *arena, const RemoteList *is) {
  IntMap *counts = int_map_new(arena, is->entries.count);
  for (size_t i = 0; i < is->entries.count; i++) int_map_set(counts, is->entries.items[i].key, int_map_get(counts, is->entries.items[i].key, 0) + 1);
  return counts;
}

static void say_added(const Writing *writing) {
  Arena *arena = writing->call->run->arena;
  Naming naming = {.line = {.arena = arena}};
  IntMap *there = count_entries(arena, &writing->is);
  for (size_t i = 0; i < writing->rows.rows.count; i++) {
    const WantedRow *row = &writing->rows.rows.items[i];
    uint32_t left = int_map_get(there, row->key, 0);
    if (left && writing->write.mode != CHANGE_APPEND) int_map_set(there, row->key, left - 1);
    if (left || !row->key) continue;
    if (writing->write.mode == CHANGE_APPEND) int_map_set(there, row->key, 1);
    name_one(&naming, row->title, row->artist);
  }
  say_names(writing, &naming, "  added");
}

static void say_removed(const Writing *writing) {
  Arena *arena = writing->call->run->arena;
  Naming naming = {.line = {.arena = arena}};
  EntryList wanted = writing->wanted.list;
  IntMap *left = int_map_new(arena, wanted.count);
  for (size_t i = 0; i < wanted.count; i++) int_map_set(left, wanted.keys[i], int_map_get(left, wanted.keys[i], 0) + 1);
  for (size_t i = 0; i < writing->is.entries.count; i++) {
    const RemoteEntry *entry = &writing->is.entries.items[i];
    uint32_t count = int_map_get(left, entry->key, 0);
    if (count) int_map_set(left, entry->key, count - 1);
    else name_one(&naming, entry->title, entry->artist);
  }
  say_names(writing, &naming, "  removed");
}

static const RemoteEntry *entry_of(const RemoteList *is, EntryKey key) {
  for (size_t i = 0; i < is->entries.count; i++)
    if (is->entries.items[i].key == key) return &is->entries.items[i];
  return NULL;
}

static void say_moved(const Writing *writing) {
  Arena *arena = writing->call->run->arena;
  Naming naming = {.line = {.arena = arena}};
  EntryList now;
  for (size_t i = 0; i < writing->plan.steps.count; i++) {
    const Step *step = &writing->plan.steps.items[i];
    if (step->kind != STEP_MOVE) continue;
    if (naming.count >= NAMED_MOST || !steps_apply(arena, remote_keys(arena, &writing->is), &writing->plan, i, &now)) {
      naming.count++;
      continue;
    }
    const RemoteEntry *entry = entry_of(&writing->is, now.keys[step->at]);
    name_one(&naming, entry ? entry->title : (Text){"", 0}, entry ? entry->artist : (Text){"", 0});
    if (step->count > 1) text_append_format(&naming.line, " and the %zu behind it", step->count - 1);
    text_append_format(&naming.line, " to %zu", (step->before > step->at ? step->before - step->count : step->before) + 1);
  }
  say_names(writing, &naming, "  moved");
}

/* ---- doing ---- */

static Status find(Writing *writing, Error *error) {
  PlaylistWrite *write = &writing->write;
  SpotifyPlaylist playlist;
  Text given = call_text(writing->call, "playlist");
  Error unknown = {0};
  Status status = spotify_find_playlist(write->services, given, true, &playlist, &writing->exists, &unknown);
  if (status != STATUS_OK) {
    *error = unknown;
    return status;
  }
  write->id = playlist.id;
  writing->size = playlist.size;
  write->shown = text_escaped(writing->call->run->arena, playlist.name.length ? playlist.name : given);
  return STATUS_OK;
}

static bool same_list(const RemoteList *a, const RemoteList *b) {
  if (a->entries.count != b->entries.count) return false;
  for (size_t i = 0; i < a->entries.count; i++)
    if (a->entries.items[i].key != b->entries.items[i].key) return false;
  return true;
}

/* An answer may be whole in itself and still be that of another moment, or none at all: a list of another length than the library tells is believed when it
 * comes the same twice. */
static Status read_list(Writing *writing, Error *error) {
  const PlaylistWrite *write = &writing->write;
  RemoteList before;
  for (int reading = 0; reading < READINGS; reading++) {
    before = writing->is;
    Status status = remote_list_read(write->services, write->names, write->id, &writing->is, error);
    if (status != STATUS_OK) return status;
    if (writing->size < 0 || (int64_t)writing->is.entries.count == writing->size || (reading && same_list(&before, &writing->is))) return STATUS_OK;
  }
  return fail(error, STATUS_FAILED, "", "it comes with another length each time");
}

static Status make_plan(Writing *writing, Error *error) {
  PlaylistWrite *write = &writing->write;
  Arena *arena = writing->call->run->arena;
  Status status = writing->exists ? read_list(writing, error) : STATUS_OK;
  if (status != STATUS_OK) return fail_context(error, "playlist \"" TEXT_FORMAT "\" was not read whole, so nothing is changed in it", TEXT_ARG(write->shown));
  status = wanted_rows(writing->call, write->services, write->names, &writing->is, &writing->rows, error);
  if (status != STATUS_OK) return fail_context(error, "playlist \"" TEXT_FORMAT "\": not all its tracks could be looked for, so nothing is changed in it", TEXT_ARG(write->shown));
  wanted_list(arena, &writing->is, &writing->rows, write->mode, &writing->wanted);
  if (writing->wanted.list.count > PLAYLIST_MOST)
    return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" would have %zu entries; Spotify takes %d. Nothing was written", TEXT_ARG(write->shown), writing->wanted.list.count,
                PLAYLIST_MOST);
  steps_plan(arena, &writing->is, &writing->wanted, write->mode, &writing->plan);
  return STATUS_OK;
}

/* A reply that was lost leaves a playlist behind that must not be made twice: the library is looked at before the second attempt. */
static Status make_playlist(Writing *writing, Error *error) {
  PlaylistWrite *write = &writing->write;
  Arena *arena = writing->call->run->arena;
  Text name = call_text(writing->call, "playlist");
  TextBuilder body = {.arena = arena};
  Http *http;
  Status status = services_http(write->services, &http, error);
  text_append(&body, TEXT_LITERAL("{\"name\":"));
  json_append_string(&body, name);
  text_append(&body, TEXT_LITERAL(",\"public\":false}"));
  for (int try = 0; try < 2 && status == STATUS_OK; try++) {
    JsonDoc doc = {0};
    HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_PLAYLIST_CREATE, .body = text_built(&body)});
    status = http_wait(http, call, error);
    if (status != STATUS_OK) return status;
    bool uncertain = http_reply(call)->outcome == HTTP_UNCERTAIN;
    status = http_judge(http_reply(call), error);
    if (status == STATUS_OK) status = http_json(call, arena, &doc, error);
    if (status == STATUS_OK) write->id = json_get_text(doc.root, "id");
    http_release(http, call);
    if (status == STATUS_OK && !spotify_is_id(write->id)) return fail(error, STATUS_FAILED, "", "Spotify: `spotify.playlist_create` does not say which playlist it made");
    if (!uncertain) return status;
    SpotifyPlaylist found;
    bool is_there = false;
    Error unknown = {0};
    spotify_playlists_forget(write->services);
    status = spotify_find_playlist(write->services, name, true, &found, &is_there, &unknown);
    write->id = found.id;
    if (status != STATUS_OK) *error = unknown;
    if (status != STATUS_OK || is_there) return status;
  }
  return status == STATUS_OK ? fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" could not be made: Spotify did not answer", TEXT_ARG(write->shown)) : status;
}

static Status carry_out(Writing *writing, Error *error) {
  PlaylistWrite *write = &writing->write;
  Status status = playlist_guard(write, &writing->plan, error);
  if (status == STATUS_OK && !writing->exists) {
    status = make_playlist(writing, error);
    spotify_playlists_forget(write->services);
  }
  if (status == STATUS_OK) status = playlist_write(write, &writing->is, &writing->wanted, &writing->plan, &writing->written, error);
  return status;
}

Status stage_run_TO_SPOTIFY_PLAYLIST(StageCall *call, const Batch **out, Error *error) {
  Run *run = call->run;
  Error local;
  Writing writing = {.call = call, .write = {.run = run, .names = remote_names_new(run->arena), .mode = mode_of(call), .yes = run->options.yes}};
  if (!error) error = &local;
  *out = call->inputs[0];
  Status status = run_services(run, &writing.write.services, error);
  if (status == STATUS_OK) status = find(&writing, error);
  if (status == STATUS_OK) status = make_plan(&writing, error);
  if (status == STATUS_OK && !run->options.dry_run) status = carry_out(&writing, error);
  if (status != STATUS_OK) return status;
  say_counts(&writing, run->options.dry_run);
  if (run->options.dry_run) {
    say_added(&writing);
    say_removed(&writing);
    say_moved(&writing);
  }
  say_rest(&writing);
  return STATUS_OK;
}
