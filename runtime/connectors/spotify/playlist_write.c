#include "connectors/spotify/playlist_write.h"

#include <string.h>

#include "connectors/spotify/playlist_journal.h"
#include "sync/guard.h"

enum {
  ROUNDS = 3,      /* plans that are tried one after another where the list is not what the last one was to make of it */
  TRIES = 3,       /* of one call whose end is uncertain */
  LOOKS = 3,       /* until the service shows what was written */
  PAUSE_MS = 1000, /* before the second look; twice as long before each further one */
};

Status playlist_guard(const PlaylistWrite *write, const StepPlan *plan, Error *error) {
  if (write->yes || !guard_wants_consent(plan->before, plan->removed, plan->after)) return STATUS_OK;
  return fail(error, STATUS_REFUSED, "", "playlist \"" TEXT_FORMAT "\" on Spotify: %zu of its %zu %s would be removed; nothing was written. Run again with --yes if that is what you want",
              TEXT_ARG(write->shown), plan->removed, plan->before, plan->before == 1 ? "entry" : "entries");
}

static bool same(EntryList a, EntryList b) {
  return a.count == b.count && (a.count == 0 || memcmp(a.keys, b.keys, a.count * sizeof *a.keys) == 0);
}

/* Looks until the list is `wanted`, or LOOKS times; `*seen` is the last that was seen. */
static Status look_for(const PlaylistWrite *write, EntryList wanted, RemoteList *seen, bool *found, Error *error) {
  int64_t pause = PAUSE_MS;
  for (int look = 0; look < LOOKS; look++, pause *= 2) {
    if (look) services_pause(write->services, BASE_SPOTIFY_API, pause);
    Status status = remote_list_read(write->services, write->names, write->id, seen, error);
    if (status != STATUS_OK) return fail_context(error, "playlist \"" TEXT_FORMAT "\" could not be read back", TEXT_ARG(write->shown));
    *found = same(remote_keys(write->run->arena, seen), wanted);
    if (*found) return STATUS_OK;
  }
  return STATUS_OK;
}

/* ---- one call ---- */

/* The call may have been done or not: the list tells. `*again`: it was not. */
static Status find_out(const PlaylistWrite *write, EntryList from, const StepPlan *plan, size_t step, const Error *reason, bool *again, Error *error) {
  Arena *arena = write->run->arena;
  EntryList before, after;
  RemoteList seen;
  bool done = false;
  if (!steps_apply(arena, from, plan, step, &before) || !steps_apply(arena, from, plan, step + 1, &after))
    return fail(error, STATUS_FAILED, "", "a mistake of ours: a step does not fit the playlist");
  Status status = look_for(write, after, &seen, &done, error);
  if (status != STATUS_OK) return status;
  *again = !done;
  if (done || same(remote_keys(arena, &seen), before)) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" was changed by somebody else while it was written, after this: %s. Run the program again to finish",
              TEXT_ARG(write->shown), reason->message);
}

static bool may_be_done(const HttpReply *reply) {
  if (reply->outcome == HTTP_UNCERTAIN || reply->outcome == HTTP_FAILED) return true;
  return reply->outcome == HTTP_REFUSED && reply->verdict == VERDICT_RETRY;
}

static Status take_step(const PlaylistWrite *write, Http *http, EntryList from, const StepPlan *plan, size_t step, PlaylistWritten *out, Error *error) {
  HttpRequest request = step_request(write->run->arena, write->names, &write->id, &plan->steps.items[step]);
  for (int try = 1;; try++) {
    bool again = false;
    HttpCall *call = http_submit(http, &request);
    Status status = http_wait(http, call, error);
    out->calls++;
    if (status == STATUS_OK) status = http_judge(http_reply(call), error);
    bool perhaps = status != STATUS_OK && may_be_done(http_reply(call));
    Error reason = http_reply(call) ? http_reply(call)->error : (Error){0};
    http_release(http, call);
    if (!perhaps) return status;
    status = find_out(write, from, plan, step, &reason, &again, error);
    if (status != STATUS_OK || !again) return status;
    if (try == TRIES) {
      *error = reason;
      return reason.status;
    }
  }
}

static Status take_steps(const PlaylistWrite *write, EntryList from, const StepPlan *plan, PlaylistWritten *out, Error *error) {
  Http *http;
  Status status = services_http(write->services, &http, error);
  for (size_t i = 0; i < plan->steps.count && status == STATUS_OK; i++) {
    status = take_step(write, http, from, plan, i, out, error);
    http_progress(http, "spotify.playlist", i + 1, plan->steps.count);
  }
  return status;
}

/* ---- what came of it ---- */

static IntMap *set_of(Arena *arena, EntryList a, EntryList b) {
  IntMap *set = int_map_new(arena, a.count + b.count);
  for (size_t i = 0; i < a.count; i++) int_map_set(set, a.keys[i], 1);
  for (size_t i = 0; i < b.count; i++) int_map_set(set, b.keys[i], 1);
  return set;
}

/* Whether the lists differ only where new entries were to come and Spotify shows tracks that nobody named: others that it plays in their place. */
static size_t shown_for_others(Arena *arena, EntryList was, EntryList wanted, EntryList seen) {
  IntMap *known = set_of(arena, was, wanted), *old = set_of(arena, was, (EntryList){0});
  size_t count = 0;
  if (seen.count != wanted.count) return 0;
  for (size_t i = 0; i < seen.count; i++) {
    if (seen.keys[i] == wanted.keys[i]) continue;
    if (int_map_get(known, seen.keys[i], 0) || int_map_get(old, wanted.keys[i], 0)) return 0;
    count++;
  }
  return count;
}

static bool has_foreign(Arena *arena, EntryList was, EntryList wanted, EntryList seen) {
  IntMap *known = set_of(arena, was, wanted);
  for (size_t i = 0; i < seen.count; i++)
    if (!int_map_get(known, seen.keys[i], 0)) return true;
  return false;
}

static Status write_rounds(const PlaylistWrite *write, const RemoteList *is, const WantedList *wanted, const StepPlan *first, PlaylistWritten *out, Error *error) {
  Arena *arena = write->run->arena;
  EntryList was = remote_keys(arena, is), from = was;
  StepPlan plan = *first;
  RemoteList seen;
  for (int round = 0; round < ROUNDS; round++) {
    bool found = false;
    Status status = take_steps(write, from, &plan, out, error);
    if (status == STATUS_OK) status = look_for(write, wanted->list, &seen, &found, error);
    if (status != STATUS_OK || found) return status;
    from = remote_keys(arena, &seen);
    out->replaced = shown_for_others(arena, was, wanted->list, from);
    if (out->replaced) return STATUS_OK;
    if (has_foreign(arena, was, wanted->list, from))
      return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" was changed by somebody else while it was written; what they added is still there. Run the program again to finish",
                  TEXT_ARG(write->shown));
    steps_plan(arena, &seen, wanted, CHANGE_UPDATE, &plan);
    status = playlist_guard(write, &plan, error);
    if (status != STATUS_OK) return status;
  }
  return fail(error, STATUS_FAILED, "", "playlist \"" TEXT_FORMAT "\" did not become what was wanted, though Spotify accepted %zu calls; it has %zu entries now", TEXT_ARG(write->shown),
              out->calls, from.count);
}

Status playlist_write(const PlaylistWrite *write, const RemoteList *is, const WantedList *wanted, const StepPlan *plan, PlaylistWritten *out, Error *error) {
  PlaylistJournal journal;
  *out = (PlaylistWritten){0};
  if (!plan->steps.count) return playlist_journal_settle(write, wanted->list, error);
  Status status = playlist_journal_open(write, remote_keys(write->run->arena, is), wanted->list, &journal, error);
  if (status != STATUS_OK) return status;
  status = write_rounds(write, is, wanted, plan, out, error);
  Error kept;
  Status closed = playlist_journal_close(&journal, status, status == STATUS_OK ? "" : error->message, &kept);
  if (status != STATUS_OK || closed == STATUS_OK) return status;
  *error = kept;
  return closed;
}
