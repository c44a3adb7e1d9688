/* to listenbrainz.playlist. The list is read, the calls that change it are planned and made; a call of which it is not known whether it was done is followed by
 * reading the list again and planning anew. At the end the list is read and must be what was wanted. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/vec.h"
#include "connectors/listenbrainz/playlist_edit.h"
#include "connectors/listenbrainz/playlists.h"
#include "connectors/listenbrainz/recording_lookup.h"
#include "connectors/listenbrainz/row_facts.h"
#include "store/outbox.h"
#include "sync/guard.h"

enum { ROUNDS = 4 };
static const char operation[] = "playlist";

typedef struct Writing {
  StageCall *call;
  Services *services;
  Http *http;
  Text mbid, name, shown;
  bool exists, append, anew;
  PlaylistKeys keys;
  EntryKeys was, wanted;
  size_t unknown, calls;
  Store *outbox;
  int64_t entry;
} Writing;

static EntryList list_of(const EntryKeys *keys) {
  return (EntryList){keys->items, keys->count};
}

static bool same(EntryList a, EntryList b) {
  return a.count == b.count && (!a.count || memcmp(a.keys, b.keys, a.count * sizeof *a.keys) == 0);
}

/* ---- the list as it is ---- */

static Status read_tracks(Writing *writing, const JsonNode *tracks, EntryKeys *out, Error *error) {
  IntMap *counts = int_map_new(writing->keys.arena, tracks->count);
  *out = (EntryKeys){0};
  for (uint32_t i = 0; i < tracks->count; i++) {
    TrackMetadata metadata;
    Instant added;
    if (!listenbrainz_playlist_track(&tracks->items[i], &metadata, &added))
      return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" on ListenBrainz: entry %u names no recording, so nothing is changed in it", TEXT_ARG(writing->shown), i + 1);
    playlist_keys_add(&writing->keys, counts, out, metadata.mbid);
  }
  return STATUS_OK;
}

static Status read_list(Writing *writing, EntryKeys *out, Error *error) {
  HttpCall *call = listenbrainz_fetch_playlist(writing->http, &writing->mbid);
  JsonDoc doc;
  const JsonNode *tracks;
  Status status = http_wait(writing->http, call, error);
  if (status == STATUS_OK) status = listenbrainz_playlist_tracks(call, writing->keys.arena, &doc, &tracks, error);
  if (status == STATUS_OK) status = read_tracks(writing, tracks, out, error);
  http_release(writing->http, call);
  return status == STATUS_OK ? status : fail_context(error, "playlist \"" TEXT_FORMAT "\" was not read", TEXT_ARG(writing->shown));
}

/* ---- the list as wanted ---- */

typedef VEC(RecordingLookup) Lookups;

/* One for each row; what has its id is answered already. */
static Status read_rows(Writing *writing, Lookups *out, Error *error) {
  Run *run = writing->call->run;
  const Batch *input = writing->call->inputs[0];
  RowReader reader = row_reader(run, input);
  for (size_t i = 0; i < input->selected; i++) {
    RowFacts facts;
    Status status = row_facts(&reader, run->arena, batch_row(input, i), &facts, error);
    if (status != STATUS_OK) return status;
    RecordingLookup lookup = {.title = facts.title, .artist = facts.artist, .album = facts.album, .answer = facts.mbid[0] ? LOOKUP_FOUND : LOOKUP_OPEN};
    memcpy(lookup.mbid, facts.mbid, sizeof lookup.mbid);
    vec_push(run->arena, out, lookup);
  }
  return listenbrainz_lookup(writing->services, run, out->items, out->count, error);
}

static Status make_wanted(Writing *writing, Error *error) {
  Arena *arena = writing->keys.arena;
  Lookups rows = {0};
  Status status = read_rows(writing, &rows, error);
  if (status != STATUS_OK) return status;
  IntMap *counts = int_map_new(arena, rows.count + writing->was.count);
  for (size_t i = 0; i < writing->was.count && writing->append; i++) {
    char mbid[MBID_LENGTH + 1] = {0};
    memcpy(mbid, playlist_key_mbid(&writing->keys, writing->was.items[i]).bytes, MBID_LENGTH);
    playlist_keys_add(&writing->keys, counts, &writing->wanted, mbid);
  }
  for (size_t i = 0; i < rows.count; i++) {
    const RecordingLookup *row = &rows.items[i];
    writing->unknown += row->answer != LOOKUP_FOUND;
    if (row->answer != LOOKUP_FOUND || (writing->append && int_map_get(counts, text_intern(writing->keys.names, text_of(row->mbid)), 0))) continue;
    playlist_keys_add(&writing->keys, counts, &writing->wanted, row->mbid);
  }
  return STATUS_OK;
}

/* ---- the outbox: what was there is on disk before the first call ---- */

static Text recordings_json(const Writing *writing, const EntryKeys *list) {
  TextBuilder json = {.arena = writing->keys.arena};
  text_append(&json, TEXT_LITERAL("{\"recordings\":["));
  for (size_t i = 0; i < list->count; i++) {
    if (i) text_append_char(&json, ',');
    json_append_string(&json, playlist_key_mbid(&writing->keys, list->items[i]));
  }
  text_append(&json, TEXT_LITERAL("]}"));
  return text_built(&json);
}

static bool give_up_older(void *context, const OutboxEntry *entry) {
  const Writing *writing = context;
  if (!text_equal(entry->target, writing->mbid)) return true;
  return outbox_end(writing->outbox, entry->id, OUTBOX_CANCELLED, TEXT_LITERAL(""), TEXT_LITERAL("written anew before it was finished"), NULL) == STATUS_OK;
}

static Status journal(Writing *writing, Error *error) {
  Arena *arena = writing->keys.arena;
  Text account = text_of(services_account(writing->services, SERVICE_LISTENBRAINZ)), connector = text_of(service_def(SERVICE_LISTENBRAINZ)->name);
  OutboxState state;
  Status status = services_outbox(writing->services, writing->call->run, &writing->outbox, error);
  if (status == STATUS_OK) status = outbox_each_open(writing->outbox, connector, account, text_of(operation), give_up_older, writing, error);
  if (status != STATUS_OK) return status;
  OutboxWish wish = {.connector = connector, .account = account, .operation = text_of(operation), .target = writing->mbid, .again = true,
                     .key = text_of(arena_format(arena, "playlist " TEXT_FORMAT " %" PRId64, TEXT_ARG(writing->mbid), http_now(writing->http))),
                     .request = recordings_json(writing, &writing->wanted), .before_image = recordings_json(writing, &writing->was)};
  status = outbox_queue(writing->outbox, &wish, &writing->entry, &state, error);
  return status == STATUS_OK ? outbox_begin(writing->outbox, &writing->entry, 1, error) : status;
}

static Status settle(const Writing *writing, Error *error) {
  Text account = text_of(services_account(writing->services, SERVICE_LISTENBRAINZ)), connector = text_of(service_def(SERVICE_LISTENBRAINZ)->name);
  OutboxWish has = {.connector = connector, .account = account, .operation = text_of(operation), .target = writing->mbid, .request = recordings_json(writing, &writing->wanted)};
  return services_settle(writing->services, writing->call->run, &has, error);
}

static Status end_journal(const Writing *writing, Status ended, const char *message, Error *error) {
  OutboxState state = ended == STATUS_OK ? OUTBOX_SENT : ended == STATUS_BUSY || ended == STATUS_INTERRUPTED ? OUTBOX_PENDING : OUTBOX_FAILED;
  Status status = outbox_end(writing->outbox, writing->entry, state, TEXT_LITERAL(""), text_of(message), error);
  return status == STATUS_OK && ended == STATUS_OK ? outbox_verified(writing->outbox, writing->entry, error) : status;
}

/* ---- writing ---- */

static Status guard(const Writing *writing, const PlaylistPlan *plan, size_t before, Error *error) {
  if (writing->call->run->options.yes || !guard_wants_consent(before, plan->removed, before + plan->added - plan->removed)) return STATUS_OK;
  return fail(error, STATUS_REFUSED, "", "playlist \"" TEXT_FORMAT "\" on ListenBrainz: %zu of its %zu %s would be removed; nothing was written. Run again with --yes if that is what you want",
              TEXT_ARG(writing->shown), plan->removed, before, before == 1 ? "entry" : "entries");
}

/* `*unsure`: it may have been done. */
static Status take_step(Writing *writing, const PlaylistStep *step, bool *unsure, Error *error) {
  Text path[2] = {writing->mbid};
  HttpRequest request = playlist_step_request(&writing->keys, path, step);
  HttpCall *call = http_submit(writing->http, &request);
  Status status = http_wait(writing->http, call, error);
  writing->calls++;
  if (status == STATUS_OK) status = http_judge(http_reply(call), error);
  const HttpReply *reply = http_reply(call);
  *unsure = status != STATUS_OK && reply && (reply->outcome == HTTP_UNCERTAIN || reply->outcome == HTTP_FAILED || (reply->outcome == HTTP_REFUSED && reply->verdict == VERDICT_RETRY));
  http_release(writing->http, call);
  return status;
}

static Status take_steps(Writing *writing, const PlaylistPlan *plan, Error *reason, Error *error) {
  for (size_t i = 0; i < plan->steps.count; i++) {
    bool unsure = false;
    Error failure = {0};
    Status status = take_step(writing, &plan->steps.items[i], &unsure, &failure);
    http_progress(writing->http, "listenbrainz.playlist", i + 1, plan->steps.count);
    if (status == STATUS_OK) continue;
    *(unsure ? reason : error) = failure;
    return unsure ? STATUS_OK : status;
  }
  return STATUS_OK;
}

static bool has_foreign(const Writing *writing, const EntryKeys *seen) {
  IntMap *known = int_map_new(writing->keys.arena, writing->was.count + writing->wanted.count);
  for (size_t i = 0; i < writing->was.count; i++) int_map_set(known, writing->was.items[i], 1);
  for (size_t i = 0; i < writing->wanted.count; i++) int_map_set(known, writing->wanted.items[i], 1);
  for (size_t i = 0; i < seen->count; i++)
    if (!int_map_get(known, seen->items[i], 0)) return true;
  return false;
}

static Status write_rounds(Writing *writing, const PlaylistPlan *first, Error *error) {
  Arena *arena = writing->keys.arena;
  PlaylistPlan plan = *first;
  Error reason = {0};
  for (int round = 0; round < ROUNDS; round++) {
    EntryKeys seen;
    Status status = take_steps(writing, &plan, &reason, error);
    if (status == STATUS_OK) status = read_list(writing, &seen, error);
    if (status != STATUS_OK || same(list_of(&seen), list_of(&writing->wanted))) return status;
    if (has_foreign(writing, &seen))
      return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" on ListenBrainz was changed by somebody else while it was written; what they added is still there. Run the program again to finish",
                  TEXT_ARG(writing->shown));
    playlist_plan(arena, list_of(&seen), list_of(&writing->wanted), false, &plan);
    status = guard(writing, &plan, seen.count, error);
    if (status != STATUS_OK) return status;
  }
  if (reason.status != STATUS_OK) {
    *error = reason;
    return reason.status;
  }
  return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" on ListenBrainz did not become what was wanted, though %zu calls were taken", TEXT_ARG(writing->shown), writing->calls);
}

/* A reply that was lost leaves a playlist behind that must not be made twice. */
static Status make_playlist(Writing *writing, Error *error) {
  Arena *arena = writing->keys.arena;
  TextBuilder body = {.arena = arena};
  text_append(&body, TEXT_LITERAL("{\"playlist\":{\"title\":"));
  json_append_string(&body, writing->name);
  text_append(&body, TEXT_LITERAL(",\"extension\":{\"https://musicbrainz.org/doc/jspf#playlist\":{\"public\":false}}}}"));
  for (int try = 0; try < 2; try++) {
    JsonDoc doc = {0};
    char mbid[MBID_LENGTH + 1];
    HttpCall *call = http_submit(writing->http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_PLAYLIST_CREATE, .body = text_built(&body)});
    Status status = http_wait(writing->http, call, error);
    if (status != STATUS_OK) return status;
    writing->calls++;
    bool uncertain = http_reply(call)->outcome == HTTP_UNCERTAIN;
    status = http_judge(http_reply(call), error);
    if (status == STATUS_OK) status = http_json(call, arena, &doc, error);
    if (status == STATUS_OK && !mbid_read(json_get_text(doc.root, "playlist_mbid"), mbid))
      status = fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.playlist_create` does not say which playlist it made");
    if (status == STATUS_OK) writing->mbid = text_copy(arena, text_of(mbid));
    http_release(writing->http, call);
    if (!uncertain) return status;
    ListenbrainzPlaylist found;
    bool is_there = false;
    status = listenbrainz_find_playlist(writing->services, writing->http, writing->name, true, &found, &is_there, error);
    writing->mbid = found.mbid;
    if (status != STATUS_OK || is_there) return status;
  }
  return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" could not be made: ListenBrainz did not answer", TEXT_ARG(writing->shown));
}

static Status carry_out(Writing *writing, const PlaylistPlan *plan, Error *error) {
  Status status = guard(writing, plan, writing->was.count, error);
  if (status == STATUS_OK && !writing->exists) status = make_playlist(writing, error);
  if (status != STATUS_OK) return status;
  if (!plan->steps.count) return settle(writing, error);
  status = journal(writing, error);
  if (status != STATUS_OK) return status;
  status = write_rounds(writing, plan, error);
  Error kept;
  Status closed = end_journal(writing, status, status == STATUS_OK ? "" : error->message, &kept);
  if (status != STATUS_OK || closed == STATUS_OK) return status;
  *error = kept;
  return closed;
}

static void tell(const Writing *writing, const PlaylistPlan *plan) {
  Run *run = writing->call->run;
  uint32_t node = writing->call->node;
  bool dry = run->options.dry_run;
  size_t count = writing->wanted.count, calls = dry ? plan->steps.count + !writing->exists : writing->calls;
  TextBuilder line = {.arena = run->arena};
  text_append_format(&line, "playlist \"" TEXT_FORMAT "\" on ListenBrainz: ", TEXT_ARG(writing->shown));
  if (!writing->exists) text_append_format(&line, "%s with %zu %s", dry ? "would be made" : "made", count, count == 1 ? "entry" : "entries");
  else if (!plan->steps.count) text_append_format(&line, "%zu %s, nothing to change", count, count == 1 ? "entry" : "entries");
  else text_append_format(&line, "%s%zu %s, %zu added, %zu removed, %zu %s", dry ? "would have " : "", count, count == 1 ? "entry" : "entries", plan->added, plan->removed, plan->moves,
                          plan->moves == 1 ? "move" : "moves");
  if (writing->anew && writing->was.count && count > plan->added) text_append_format(&line, ", %zu dated anew", count - plan->added);
  if (calls) text_append_format(&line, "; %zu %s", calls, calls == 1 ? "call" : "calls");
  if (dry && !run->options.yes && guard_wants_consent(writing->was.count, plan->removed, count)) text_append(&line, TEXT_LITERAL("; this needs --yes"));
  run_notice(run, node, false, TEXT_FORMAT, TEXT_ARG(text_built(&line)));
  if (writing->unknown)
    run_notice(run, node, true, "playlist \"" TEXT_FORMAT "\": %zu %s left out, because ListenBrainz finds no recording for %s", TEXT_ARG(writing->shown), writing->unknown,
               writing->unknown == 1 ? "row" : "rows", writing->unknown == 1 ? "it" : "them");
}

static Status find(Writing *writing, Error *error) {
  ListenbrainzPlaylist playlist;
  Secret token;
  writing->name = call_text(writing->call, "playlist");
  Status status = services_want(writing->services, SERVICE_LISTENBRAINZ, "token", &token, error);
  if (status == STATUS_OK) status = listenbrainz_find_playlist(writing->services, writing->http, writing->name, true, &playlist, &writing->exists, error);
  if (status != STATUS_OK) return status;
  writing->mbid = playlist.mbid;
  writing->shown = text_escaped(writing->keys.arena, writing->name);
  return writing->exists ? read_list(writing, &writing->was, error) : STATUS_OK;
}

Status stage_run_TO_LISTENBRAINZ_PLAYLIST(StageCall *call, const Batch **out, Error *error) {
  Run *run = call->run;
  Error local;
  PlaylistPlan plan;
  Text mode = call_word(call, "mode");
  Writing writing = {.call = call, .keys = playlist_keys_new(run->arena), .append = text_is(mode, "append"), .anew = text_is(mode, "replace")};
  if (!error) error = &local;
  *out = call->inputs[0];
  Status status = run_services(run, &writing.services, error);
  if (status == STATUS_OK) status = services_http(writing.services, &writing.http, error);
  if (status == STATUS_OK) status = find(&writing, error);
  if (status == STATUS_OK) status = make_wanted(&writing, error);
  if (status != STATUS_OK) return status;
  playlist_plan(run->arena, list_of(&writing.was), list_of(&writing.wanted), writing.anew, &plan);
  if (!run->options.dry_run) status = carry_out(&writing, &plan, error);
  if (status == STATUS_OK) tell(&writing, &plan);
  return status;
}
