#include <inttypes.h>

#include "connectors/library/library.h"
#include "sync/guard.h"

typedef struct Writing {
  StageCall *call;
  Store *store; /* NULL in a dry run without a store */
  Text name;
  PlaylistMode mode;
  int64_t *tracks;
  size_t count;
  uint64_t unknown; /* rows whose track nothing is known of */
} Writing;

static PlaylistMode mode_of(const StageCall *call) {
  Text word = call_word(call, "mode");
  if (text_is(word, "replace")) return PLAYLIST_REPLACE;
  if (text_is(word, "append")) return PLAYLIST_APPEND;
  return PLAYLIST_UPDATE;
}

static Status collect(Writing *writing, bool add, Error *error) {
  const Batch *input = writing->call->inputs[0];
  RowTracks *rows = row_tracks_new(writing->call->run, writing->store, input, add);
  writing->tracks = arena_array(writing->call->run->arena, input->selected, sizeof *writing->tracks);
  for (size_t i = 0; i < input->selected; i++) {
    int64_t track = 0;
    Status status = row_track(rows, batch_row(input, i), &track, error);
    if (status != STATUS_OK) return status;
    if (track) {
      writing->tracks[writing->count++] = track;
    } else {
      writing->unknown++;
    }
  }
  return STATUS_OK;
}

static bool needs_consent(const PlaylistChange *change) {
  return guard_wants_consent(change->before, change->removed, change->after);
}

static void tell(const Writing *writing, const PlaylistChange *change, bool dry) {
  Run *run = writing->call->run;
  Text name = text_escaped(run->arena, writing->name);
  const char *consent = dry && needs_consent(change) && !run->options.yes ? "; this needs --yes" : "";
  if (change->created) {
    run_notice(run, writing->call->node, false, "playlist \"" TEXT_FORMAT "\": %s with %" PRIu64 " %s%s",
               TEXT_ARG(name), dry ? "would be made" : "made", change->after, change->after == 1 ? "entry" : "entries",
               consent);
  } else {
    run_notice(run, writing->call->node, false,
               "playlist \"" TEXT_FORMAT "\": %s%" PRIu64 " %s, %" PRIu64 " added, %" PRIu64 " removed%s",
               TEXT_ARG(name), dry ? "would have " : "", change->after, change->after == 1 ? "entry" : "entries",
               change->added, change->removed, consent);
  }
  if (writing->unknown) {
    run_notice(run, writing->call->node, true,
               "playlist \"" TEXT_FORMAT "\": %" PRIu64 " %s left out, because nothing identifies their track",
               TEXT_ARG(name), writing->unknown, writing->unknown == 1 ? "row" : "rows");
  }
}

static Status refuse(const Writing *writing, const PlaylistChange *change, Error *error) {
  Text name = text_escaped(writing->call->run->arena, writing->name);
  return fail(error, STATUS_REFUSED, "",
              "playlist \"" TEXT_FORMAT "\": %" PRIu64 " of its %" PRIu64
              " entries would be removed; nothing was written. Run again with --yes if that is what you want",
              TEXT_ARG(name), change->removed, change->before);
}

/* Without a store the playlist is new, whatever the mode; `append` adds each track once. */
static PlaylistChange plan_without_store(const Writing *writing) {
  return (PlaylistChange){.created = true, .after = writing->count, .added = writing->count};
}

static Status dry_run(Writing *writing, Error *error) {
  PlaylistChange change;
  Status status = collect(writing, false, error);
  if (status != STATUS_OK) return status;
  change = plan_without_store(writing);
  if (writing->store) {
    status = store_plan_playlist(writing->store, writing->name, writing->mode, writing->tracks, writing->count, &change,
                                 error);
  }
  if (status == STATUS_OK) tell(writing, &change, true);
  return status;
}

static Status write_entries(Writing *writing, PlaylistChange *change, Error *error) {
  Status status = collect(writing, true, error);
  if (status != STATUS_OK) return status;
  status = store_write_playlist(writing->store, writing->name, writing->mode, writing->tracks, writing->count, change,
                                error);
  if (status == STATUS_OK && needs_consent(change) && !writing->call->run->options.yes)
    return refuse(writing, change, error);
  return status;
}

Status stage_run_TO_LIBRARY_PLAYLIST(StageCall *call, const Batch **out, Error *error) {
  Writing writing = {.call = call, .name = call_text(call, "name"), .mode = mode_of(call)};
  *out = call->inputs[0];
  if (!writing.name.length) return fail(error, STATUS_USAGE, "", "a playlist needs a name; this one is empty");
  Status status = run_store(call->run, &writing.store, error);
  if (status != STATUS_OK) return status;
  if (call->run->options.dry_run) return dry_run(&writing, error);
  PlaylistChange change;
  status = store_begin(writing.store, error);
  if (status != STATUS_OK) return status;
  status = write_entries(&writing, &change, error);
  if (status == STATUS_OK) {
    status = store_commit(writing.store, error);
  } else {
    store_rollback(writing.store);
  }
  if (status == STATUS_OK) tell(&writing, &change, false);
  return status;
}
