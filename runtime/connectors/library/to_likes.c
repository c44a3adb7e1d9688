#include <inttypes.h>

#include "base/map.h"
#include "connectors/library/library.h"

typedef struct Liking {
  StageCall *call;
  Store *store;    /* NULL in a dry run without a store */
  IntMap *liked;   /* in a dry run: tracks that are liked already, or would be */
  Text service;
  size_t liked_at; /* column */
  uint64_t added, known, unknown;
} Liking;

static bool visit_like(void *context, int64_t track, Instant liked_at, bool has_liked_at) {
  (void)liked_at;
  (void)has_liked_at;
  int_map_add(context, track, 1, NULL);
  return true;
}

static Instant time_of(const Liking *liking, size_t row) {
  const Batch *input = liking->call->inputs[0];
  if (liking->liked_at == SIZE_MAX || column_is_missing(&input->columns[liking->liked_at], row)) {
    return liking->call->run->options.now;
  }
  return input->columns[liking->liked_at].values[row].integer;
}

static Status like_row(Liking *liking, RowTracks *rows, size_t row, Error *error) {
  int64_t track = 0;
  bool added = false;
  Status status = row_track(rows, row, &track, error);
  if (status != STATUS_OK) return status;
  if (!track) {
    liking->unknown++;
    return STATUS_OK;
  }
  if (liking->liked) {
    int_map_add(liking->liked, track, 1, &added);
  } else {
    status = store_like(liking->store, track, liking->service, time_of(liking, row), &added, error);
  }
  liking->added += added;
  liking->known += !added;
  return status;
}

static Status like_rows(Liking *liking, bool add, Error *error) {
  const Batch *input = liking->call->inputs[0];
  RowTracks *rows = row_tracks_new(liking->call->run, liking->store, input, add);
  Status status = STATUS_OK;
  for (size_t i = 0; i < input->selected && status == STATUS_OK; i++) {
    status = like_row(liking, rows, batch_row(input, i), error);
  }
  return status;
}

static void tell(const Liking *liking, bool dry) {
  Run *run = liking->call->run;
  run_notice(run, liking->call->node, false, "likes: %" PRIu64 " %s, %" PRIu64 " already there", liking->added,
             dry ? "would be added" : "added", liking->known);
  if (liking->unknown) {
    run_notice(run, liking->call->node, true, "likes: %" PRIu64 " %s left out, because nothing identifies their track",
               liking->unknown, liking->unknown == 1 ? "row" : "rows");
  }
}

static Status dry_run(Liking *liking, Error *error) {
  Status status = STATUS_OK;
  liking->liked = int_map_new(liking->call->run->arena, 64);
  if (liking->store) status = store_each_like(liking->store, visit_like, liking->liked, error);
  if (status == STATUS_OK) status = like_rows(liking, false, error);
  if (status == STATUS_OK) tell(liking, true);
  return status;
}

Status stage_run_TO_LIBRARY_LIKES(StageCall *call, const Batch **out, Error *error) {
  Liking liking = {.call = call, .service = call_word(call, "service"), .liked_at = library_column(call->run, call->inputs[0], FIELD_LIKED_AT)};
  if (!liking.service.length) liking.service = TEXT_LITERAL("library");
  *out = call->inputs[0];
  Status status = run_store(call->run, &liking.store, error);
  if (status != STATUS_OK) return status;
  if (call->run->options.dry_run) return dry_run(&liking, error);
  status = store_begin(liking.store, error);
  if (status != STATUS_OK) return status;
  status = like_rows(&liking, true, error);
  if (status == STATUS_OK) {
    status = store_commit(liking.store, error);
  } else {
    store_rollback(liking.store);
  }
  if (status == STATUS_OK) tell(&liking, false);
  return status;
}
