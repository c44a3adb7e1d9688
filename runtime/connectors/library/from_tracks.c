#include "base/vec.h"
#include "connectors/library/where_sql.h"

/* Tracks of the store in stream order. */
typedef struct Found {
  Arena *arena;
  VEC(TrackHandle) tracks;
  VEC(Instant) added; /* as long as `tracks` for a playlist, else empty */
  int64_t *positions; /* in the playlist, where some entries were left out; else NULL */
  uint8_t *seen;      /* by track id, for library.played in a window */
  Instant *first;     /* the same, for library.played with a filter */
  size_t highest;
  Instant last;       /* when the last one was played first */
  size_t same;        /* where in `tracks` those begin that were played first at that time */
} Found;

/* The columns that only the source knows: place and date in a playlist. */
static void set_source_columns(const StageCall *call, const Found *found, Batch *batch) {
  for (uint32_t i = 0; i < call->schema->column_count; i++) {
    FieldId field = library_field(call->run, &call->schema->columns[i]);
    bool playlist = found->added.count == found->tracks.count;
    uint8_t *missing = batch_missing(call->run->arena, batch, i);
    Value *values = batch_values(batch, i);
    for (size_t row = 0; row < batch->row_count; row++) {
      missing[row] = !(playlist && (field == FIELD_ADDED || field == FIELD_POSITION));
      if (missing[row]) continue;
      values[row].integer = field == FIELD_ADDED ? found->added.items[row] : found->positions ? found->positions[row] : (int64_t)row + 1;
    }
  }
}

/* Leaves out, before anything is read of them, the tracks that the source's filter drops. A place in a playlist stays what it is. */
static Status leave_out(StageCall *call, Store *store, Found *found, Error *error) {
  LibraryBits tracks = {0};
  WhereSql where = where_sql(call);
  Status status = store ? library_bits_of_tracks(call, store, &where, &tracks, error) : STATUS_OK;
  if (status != STATUS_OK || !tracks.bits) return status;
  bool playlist = found->added.count == found->tracks.count;
  size_t kept = 0;
  found->positions = arena_array(found->arena, found->tracks.count, sizeof *found->positions);
  for (size_t i = 0; i < found->tracks.count; i++) {
    if (!library_has_bit(&tracks, (uint64_t)found->tracks.items[i])) continue;
    found->positions[kept] = (int64_t)i + 1;
    if (playlist) found->added.items[kept] = found->added.items[i];
    found->tracks.items[kept++] = found->tracks.items[i];
  }
  found->tracks.count = kept;
  if (playlist) found->added.count = kept;
  return STATUS_OK;
}

static Status make_batch(StageCall *call, Store *store, Found *found, const Batch **out, Error *error) {
  Status left = leave_out(call, store, found, error);
  if (left != STATUS_OK) return left;
  if (found->tracks.count > BATCH_MAX_ROWS) {
    return fail(error, STATUS_FAILED, "", "more than %d rows; a stream holds at most that many", BATCH_MAX_ROWS);
  }
  Batch *batch = batch_new(call->run->arena, call->schema, found->tracks.count, !found->tracks.count);
  if (found->tracks.count) batch->tracks = found->tracks.items;
  set_source_columns(call, found, batch);
  Status status = library_fill_source(call, store, batch, error);
  if (status == STATUS_OK) *out = library_keep_where(call, batch);
  return status;
}

static bool visit_track(void *context, int64_t id) {
  Found *found = context;
  vec_push(found->arena, &found->tracks, id);
  return true;
}

Status stage_run_FROM_LIBRARY_TRACKS(StageCall *call, const Batch **out, Error *error) {
  Found found = {.arena = call->run->arena};
  Store *store = NULL;
  Status status = run_store(call->run, &store, error);
  if (status == STATUS_OK && store) status = store_each_track_id(store, visit_track, &found, error);
  return status == STATUS_OK ? make_batch(call, store, &found, out, error) : status;
}

/* ---- library.played: by first play, then by track ---- */

/* Tracks that stand by id, by their first plays: the least significant digits first. */
static void sort_by_first(Found *found, const Instant *first) {
  enum { DIGIT = 11, VALUES = 1 << DIGIT };
  size_t count = found->tracks.count;
  int64_t *from = found->tracks.items, *to = arena_array(found->arena, count, sizeof *to);
  Instant least = INSTANT_MAX, most = INSTANT_MIN;
  for (size_t i = 0; i < count; i++) {
    if (first[from[i]] < least) least = first[from[i]];
    if (first[from[i]] > most) most = first[from[i]];
  }
  for (unsigned shift = 0; count && (uint64_t)(most - least) >> shift; shift += DIGIT) {
    size_t places[VALUES + 1] = {0};
    for (size_t i = 0; i < count; i++) places[((uint64_t)(first[from[i]] - least) >> shift) % VALUES + 1]++;
    for (size_t i = 1; i < VALUES; i++) places[i] += places[i - 1];
    for (size_t i = 0; i < count; i++) to[places[((uint64_t)(first[from[i]] - least) >> shift) % VALUES]++] = from[i];
    int64_t *other = from;
    from = to;
    to = other;
  }
  found->tracks.items = from;
  found->tracks.capacity = count;
  arena_release(found->arena, to, count * sizeof *to);
}

/* Whether some stage has a column of this figure of the whole history. */
static bool program_asks(const Run *run, FieldId field) {
  for (uint32_t i = 0; i < run->plan->schema_count; i++) {
    const PlanSchema *schema = &run->plan->schemas[i];
    for (uint32_t c = 0; c < schema->column_count; c++)
      if (schema->columns[c].window.kind == WINDOW_NONE && library_field(run, &schema->columns[c]) == field) return true;
  }
  return false;
}

/* What the program asks for later is read along. */
static Status take_totals(const Run *run, Store *store, Found *found, Error *error) {
  const StoreFigures *figures;
  unsigned wanted = 1u << FIGURE_PLAYS | 1u << FIGURE_FIRST;
  if (program_asks(run, FIELD_LAST_PLAYED)) wanted |= 1u << FIGURE_LAST;
  if (program_asks(run, FIELD_SKIPS)) wanted |= 1u << FIGURE_SKIPS;
  if (program_asks(run, FIELD_LISTENED)) wanted |= 1u << FIGURE_LISTENED;
  Status status = store_figures(store, wanted, &figures, error);
  if (status != STATUS_OK) return status;
  const int64_t *plays = figures->by[FIGURE_PLAYS];
  for (size_t track = 1; track <= figures->highest; track++) found->tracks.capacity += plays[track] != 0;
  found->tracks.items = arena_array(found->arena, found->tracks.capacity, sizeof *found->tracks.items);
  for (size_t track = 1; track <= figures->highest; track++)
    if (plays[track]) found->tracks.items[found->tracks.count++] = (TrackHandle)track;
  sort_by_first(found, figures->by[FIGURE_FIRST]);
  return STATUS_OK;
}

/* The plays come by time: the tracks first played at the same one are put by id. */
static bool visit_played(void *context, const StorePlay *play) {
  Found *found = context;
  if (play->track <= 0 || (size_t)play->track > found->highest) return true;
  if (found->seen[play->track] || play->counted != COUNTED_PLAY) return true;
  found->seen[play->track] = 1;
  if (play->played_at != found->last) found->same = found->tracks.count;
  found->last = play->played_at;
  vec_push(found->arena, &found->tracks, play->track);
  TrackHandle *tracks = found->tracks.items;
  size_t at = found->tracks.count - 1;
  for (; at > found->same && tracks[at - 1] > play->track; at--) tracks[at] = tracks[at - 1];
  tracks[at] = play->track;
  return true;
}

static Status take_plays(Store *store, InstantRange window, Found *found, Error *error) {
  found->highest = (size_t)store_highest_track(store);
  found->seen = arena_array(found->arena, found->highest + 1, sizeof *found->seen);
  return store_each_figure(store, window, visit_played, found, error);
}

static void visit_filtered(void *context, int64_t track, Instant first_played) {
  Found *found = context;
  if (track <= 0 || (size_t)track > found->highest) return;
  found->first[track] = first_played;
  vec_push(found->arena, &found->tracks, track);
}

/* Only those that the source's filter leaves by their totals. */
static Status take_filtered(Store *store, const StoreCondition *condition, Found *found, Error *error) {
  found->highest = (size_t)store_highest_track(store);
  found->first = arena_array(found->arena, found->highest + 1, sizeof *found->first);
  Status status = store_played_where(store, condition, visit_filtered, found, error);
  sort_by_first(found, found->first);
  return status;
}

static Status find_played(StageCall *call, Store *store, Found *found, Error *error) {
  InstantRange window = call_window(call, "within");
  bool whole = window.lo <= INSTANT_MIN && window.hi > INSTANT_MAX, totals = false;
  Status status = whole ? store_has_totals(store, &totals, error) : STATUS_OK;
  if (status != STATUS_OK) return status;
  if (!totals) return take_plays(store, window, found, error);
  StoreCondition condition = where_sql(call).tables[WHERE_TOTALS];
  return condition.sql.length ? take_filtered(store, &condition, found, error) : take_totals(call->run, store, found, error);
}

Status stage_run_FROM_LIBRARY_PLAYED(StageCall *call, const Batch **out, Error *error) {
  Found found = {.arena = call->run->arena};
  Store *store = NULL;
  Status status = run_store(call->run, &store, error);
  if (status == STATUS_OK && store) status = find_played(call, store, &found, error);
  return status == STATUS_OK ? make_batch(call, store, &found, out, error) : status;
}

static bool visit_liked(void *context, int64_t track, Instant liked_at, bool has_liked_at) {
  (void)liked_at;
  (void)has_liked_at;
  return visit_track(context, track);
}

Status stage_run_FROM_LIBRARY_LIKED(StageCall *call, const Batch **out, Error *error) {
  Found found = {.arena = call->run->arena};
  Store *store = NULL;
  Status status = run_store(call->run, &store, error);
  if (status == STATUS_OK && store) status = store_each_like(store, visit_liked, &found, error);
  return status == STATUS_OK ? make_batch(call, store, &found, out, error) : status;
}

static bool visit_entry(void *context, int64_t track, Instant added_at) {
  Found *found = context;
  vec_push(found->arena, &found->tracks, track);
  vec_push(found->arena, &found->added, added_at);
  return true;
}

static Status fail_unknown(Run *run, Store *store, Text name, Error *error) {
  Text *names = NULL;
  size_t count = 0;
  Text shown = text_escaped(run->arena, name);
  Status status = store ? store_playlist_names(store, run->arena, &names, &count, error) : STATUS_OK;
  if (status != STATUS_OK) return status;
  if (!count) {
    return fail(error, STATUS_FAILED, "", "there is no playlist \"" TEXT_FORMAT "\"; the library has no playlists yet",
                TEXT_ARG(shown));
  }
  size_t near = text_nearest(name, names, count);
  if (near == SIZE_MAX) {
    return fail(error, STATUS_FAILED, "", "there is no playlist \"" TEXT_FORMAT "\" in the library (it has %zu)",
                TEXT_ARG(shown), count);
  }
  Text guess = text_escaped(run->arena, names[near]);
  return fail(error, STATUS_FAILED, "",
              "there is no playlist \"" TEXT_FORMAT "\" in the library; did you mean \"" TEXT_FORMAT "\"?",
              TEXT_ARG(shown), TEXT_ARG(guess));
}

Status stage_run_FROM_LIBRARY_PLAYLIST(StageCall *call, const Batch **out, Error *error) {
  Found found = {.arena = call->run->arena};
  Text name = call_text(call, "name");
  Store *store = NULL;
  int64_t playlist = 0;
  Status status = run_store(call->run, &store, error);
  if (status == STATUS_OK && store) status = store_find_playlist(store, name, &playlist, error);
  if (status == STATUS_OK && !playlist) return fail_unknown(call->run, store, name, error);
  if (status == STATUS_OK) status = store_each_playlist_entry(store, playlist, visit_entry, &found, error);
  return status == STATUS_OK ? make_batch(call, store, &found, out, error) : status;
}
