#include <string.h>

#include "store/plays/counting.h"
#include "store/plays/listens.h"
#include "store/sweep.h"

typedef struct RecentPlay {
  Instant played_at;
  int64_t ms_played;
  int32_t track;
  Counted counted;
} RecentPlay;

/* From a connector's track to the track of its best mapping, loaded piece by piece. */
struct PlayMap {
  uint64_t rollbacks;
  uint64_t mappings; /* as store->mappings_version was */
  int32_t *tracks; /* by id of the connector's track: a track, 0 = not loaded, UNMAPPED, or NO_TRACK + PlayKind, both below 0 */
  size_t size;
  int64_t highest;     /* of the connector's tracks, as `knows_own` and `loaded` have it */
  int64_t looked_up;   /* one by one */
  int64_t mapped_most; /* no more of track_mapping_rows */
  bool knows_own;      /* what is its own track is in `tracks` */
  bool loaded;         /* all there are */
  PlayContext **contexts; /* by play_contexts.id; NULL = not loaded */
  size_t context_size;
  /* What store_each_figure() read last, for the next one of the same range: `library.played within: W | top 50 by: plays(W)` asks twice. */
  VEC(RecentPlay) recent;
  InstantRange recent_range;
  bool recent_whole;      /* `recent` holds all of it */
  int64_t recent_version; /* store->next_play then: no play was added since */
  uint64_t recent_listens; /* store->listens_version then */
};
enum { RECENT_PLAYS = 1 << 18, PLAYS_JUDGED = 1 << 8 };

enum { NO_TRACK = -3, UNMAPPED = -4 };
#define FIRST_PARTED INT64_C(4294967296) /* id in track_mapping_rows, see migration 6 */
/* Finding one mapping costs as much as reading LOOKED_UP of them in a row. So each is looked up as it is needed: a few before what is its own track is read, and of
 * the others until reading them all would have cost no more. A window that plays little stays cheap. */
enum { LOOKED_UP = 6, FEW = 32 };

static PlayMap *play_map(Store *store) {
  if (!store->play_map) store->play_map = arena_alloc(store->arena, sizeof *store->play_map);
  PlayMap *map = store->play_map;
  if (map->rollbacks != store->rollbacks || map->mappings != store->mappings_version) {
    map->rollbacks = store->rollbacks;
    map->mappings = store->mappings_version;
    map->recent_whole = false;
    map->loaded = map->knows_own = false;
    map->looked_up = 0;
    if (map->size) memset(map->tracks, 0, map->size * sizeof *map->tracks);
    if (map->context_size) memset(map->contexts, 0, map->context_size * sizeof *map->contexts);
  }
  return map;
}

static Status highest_of(Store *store, StatementId id, int64_t *out, Error *error) {
  sqlite3_stmt *statement = store_use(store, id, error);
  if (!statement) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, statement, &row, "reading plays", error);
  *out = row ? sqlite3_column_int64(statement, 0) : 0;
  if (status == STATUS_OK) store_done(statement);
  return status;
}

/* Room for `id`. The first call makes room for every connector's track there is. */
static Status make_room(Store *store, PlayMap *map, int64_t id, Error *error) {
  if ((size_t)id < map->size) return STATUS_OK;
  int64_t highest = 0;
  Status status = highest_of(store, SQL_CONNECTOR_HIGHEST, &highest, error);
  if (status != STATUS_OK) return status;
  if (highest < id) highest = id;
  size_t size = (size_t)highest + 1 + map->size / 2;
  map->tracks = arena_grow(store->arena, map->tracks, map->size * sizeof *map->tracks, size * sizeof *map->tracks);
  map->size = size;
  return STATUS_OK;
}

/* How many rows track_mapping_rows can have at most: those of tracks made by names begin with 1, those that were parted with FIRST_PARTED. */
static Status bound_mappings(Store *store, PlayMap *map, Error *error) {
  int64_t last = 0;
  Status status = highest_of(store, SQL_MAPPING_LAST, &last, error);
  if (status == STATUS_OK) status = highest_of(store, SQL_MAPPING_HIGHEST, &map->mapped_most, error);
  if (last >= FIRST_PARTED) map->mapped_most += last - FIRST_PARTED + 1;
  return status;
}

/* The tracks that are their own: nearly all, so the store is asked for the others. Beyond `highest` there may be new ones later. */
static Status load_own(Store *store, PlayMap *map, Error *error) {
  int64_t highest = 0;
  Status status = highest_of(store, SQL_CONNECTOR_HIGHEST, &highest, error);
  if (status == STATUS_OK) status = bound_mappings(store, map, error);
  sqlite3_stmt *others = status == STATUS_OK ? store_use(store, SQL_MAPPING_OTHERS, error) : NULL;
  if (!others) return STATUS_FAILED;
  if (highest >= (int64_t)map->size) highest = (int64_t)map->size - 1;
  map->highest = highest;
  int64_t next = 1;
  Sweep *sweep = sweep_begin(store, others);
  while (status == STATUS_OK && next <= highest) {
    const Cell *other = sweep_row(sweep, "reading plays", &status, error);
    int64_t end = other && other->number <= highest ? other->number : highest + 1;
    for (; status == STATUS_OK && next < end; next++) map->tracks[next] = (int32_t)next;
    next = end + 1;
  }
  sweep_end(sweep);
  map->knows_own = status == STATUS_OK;
  return status;
}

/* Of those that are not their own. */
static Status load_mappings(Store *store, PlayMap *map, Error *error) {
  Status status = STATUS_OK;
  sqlite3_stmt *each = store_use(store, SQL_MAPPING_RANGE, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, 1);
  sqlite3_bind_int64(each, 2, (int64_t)map->size);
  Sweep *sweep = sweep_begin(store, each);
  for (const Cell *row; (row = sweep_row(sweep, "reading plays", &status, error));) {
    int64_t at = row[0].number; /* the best mapping comes first */
    bool wanted = (size_t)at < map->size && map->tracks[at] == 0 && row[2].number == 0;
    if (wanted) map->tracks[at] = (int32_t)row[1].number;
  }
  sweep_end(sweep);
  for (int64_t id = 1; status == STATUS_OK && id <= map->highest; id++)
    if (map->tracks[id] == 0) map->tracks[id] = UNMAPPED;
  map->loaded = status == STATUS_OK;
  return status;
}

static Status look_up_mapping(Store *store, PlayMap *map, int64_t id, Error *error) {
  sqlite3_stmt *best = store_use(store, SQL_MAPPING_BEST, error);
  if (!best) return STATUS_FAILED;
  sqlite3_bind_int64(best, 1, id);
  bool row = false;
  Status status = store_step(store, best, &row, "reading plays", error);
  if (status != STATUS_OK) return status;
  if (row) map->tracks[id] = sqlite3_column_int(best, 0);
  store_done(best);
  return STATUS_OK;
}

/* Only tracks have mappings, so the kind is asked for where there is none. */
static Status look_up_kind(Store *store, PlayMap *map, int64_t id, Error *error) {
  sqlite3_stmt *find = store_use(store, SQL_CONNECTOR_KIND, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, id);
  bool row = false;
  Status status = store_step(store, find, &row, "reading plays", error);
  if (status != STATUS_OK) return status;
  Text kind = row ? column_text(find, 0) : (Text){"", 0};
  map->tracks[id] = NO_TRACK + (text_is(kind, "episode")   ? PLAY_EPISODE
                                : text_is(kind, "chapter") ? PLAY_CHAPTER
                                                           : PLAY_TRACK);
  store_done(find);
  return STATUS_OK;
}

/* What map->tracks says of `id`, loaded if need be. What has no track may stay UNMAPPED if nobody asks of which kind it is. */
static Status resolve(Store *store, PlayMap *map, int64_t id, bool kind_too, int64_t *out, Error *error) {
  Status status = make_room(store, map, id, error);
  if (status == STATUS_OK && map->tracks[id] == 0 && !map->knows_own && map->looked_up >= FEW) status = load_own(store, map, error);
  if (status == STATUS_OK && map->tracks[id] == 0 && map->knows_own && !map->loaded && map->looked_up * LOOKED_UP >= map->mapped_most)
    status = load_mappings(store, map, error);
  if (status == STATUS_OK && map->tracks[id] == 0) {
    map->looked_up++;
    status = look_up_mapping(store, map, id, error);
    if (status == STATUS_OK && map->tracks[id] == 0) map->tracks[id] = UNMAPPED;
  }
  if (status == STATUS_OK && kind_too && map->tracks[id] == UNMAPPED) status = look_up_kind(store, map, id, error);
  *out = status == STATUS_OK ? map->tracks[id] : 0;
  return status;
}

typedef bool PlayVisit(void *context, const StorePlay *play);

typedef struct Reading {
  Store *store;
  PlayMap *map;
  Sweep *plays;         /* gives the rows of SQL_PLAY_EACH or SQL_PLAY_EACH_FIGURE */
  ListenCursor listens; /* the same range; at its end for observations as they are */
  bool whole;           /* `plays` has all columns */
  bool figures;         /* tracks only, judged by the counting rule */
  bool filtered;        /* `plays` may leave out rows by what the observation says, not the listen */
  bool everything;
  Instant until; /* `plays` may go on after it */
  PlayVisit *visit;
  void *context;
  bool stopped;
} Reading;

/* Hands out a play of a connector's track, if its kind is asked for. */
static Status hand_out(Reading *reading, int64_t connector_track, StorePlay *play, Error *error) {
  PlayMap *map = reading->map;
  int64_t mapped = 0;
  Status status = STATUS_OK;
  if (connector_track > 0 && (size_t)connector_track < map->size) mapped = map->tracks[connector_track];
  if (mapped == 0 || (!reading->figures && mapped == UNMAPPED))
    status = resolve(reading->store, map, connector_track, !reading->figures, &mapped, error);
  if (status != STATUS_OK) return status;
  bool wanted = mapped > 0 || (!reading->figures && (reading->everything || mapped == NO_TRACK + PLAY_TRACK));
  if (!wanted) return STATUS_OK;
  play->track = mapped > 0 ? mapped : 0;
  play->kind = mapped > 0 ? PLAY_TRACK : (PlayKind)(mapped - NO_TRACK);
  if (reading->figures) status = store_judge_play(reading->store, play, error);
  if (status == STATUS_OK) reading->stopped = !reading->visit(reading->context, play);
  return status;
}

static Status hand_out_head(Reading *reading, const ListenRow *row, Error *error) {
  StorePlay play = {.id = row->listen,
                    .played_at = row->played_at,
                    .ms_played = row->listen_ms_played,
                    .context = (uint32_t)row->listen_context,
                    .has_offline_at = row->has_offline_at,
                    .offline_at = row->offline_at};
  return hand_out(reading, row->listen_track, &play, error);
}

static Status hand_out_row(Reading *reading, const Cell *row, Error *error) {
  StorePlay play = {.played_at = row[0].number, .ms_played = row[2].number};
  if (reading->whole) {
    play.id = row[3].number;
    play.context = (uint32_t)row[4].number;
    play.has_offline_at = !row[5].text;
    play.offline_at = play.has_offline_at ? play.played_at + row[5].number : 0;
  }
  return hand_out(reading, row[1].number, &play, error);
}

/* Passes the rows of listens before this key, and the one that has it: `*passed` tells whether there was one. */
static Status pass_listens(Reading *reading, int64_t played_at, int64_t connector_track, int64_t ms_played, bool *passed, Error *error) {
  ListenCursor *listens = &reading->listens;
  *passed = false;
  while (listens->each && !reading->stopped && !*passed) {
    int order = listen_row_compare(&listens->row, played_at, connector_track, ms_played);
    if (order > 0) break;
    *passed = order == 0;
    Status status = STATUS_OK;
    if (listens->row.role == LISTEN_HEAD && (*passed || reading->filtered)) status = hand_out_head(reading, &listens->row, error);
    if (status == STATUS_OK) status = listen_cursor_next(reading->store, listens, error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

static Status visit_rows(Reading *reading, Error *error) {
  for (;;) {
    Status status = STATUS_OK;
    bool passed = false;
    const Cell *row = sweep_row(reading->plays, "reading plays", &status, error);
    if (status != STATUS_OK) return status;
    if (!row || row[0].number >= reading->until) return pass_listens(reading, INT64_MAX, 0, 0, &passed, error);
    if (reading->listens.each) status = pass_listens(reading, row[0].number, row[1].number, row[2].number, &passed, error);
    if (status == STATUS_OK && !passed && !reading->stopped) status = hand_out_row(reading, row, error);
    if (status != STATUS_OK || reading->stopped) return status;
  }
}

/* The rows of `plays` in the range, the listens woven in. */
static Status visit_plays(Reading *reading, InstantRange range, bool observed, Error *error) {
  reading->map = play_map(reading->store);
  Status status = observed ? STATUS_OK : listen_cursor_open(reading->store, range, &reading->listens, error);
  if (status == STATUS_OK) status = visit_rows(reading, error);
  listen_cursor_close(&reading->listens);
  return status;
}

static Status each_play(Store *store, StatementId id, InstantRange range, unsigned which, PlayVisit *visit,
                        void *context, Error *error) {
  if (range.lo >= range.hi) return STATUS_OK;
  Status status = play_writers_flush(store, error); /* plays of this connection that are still on their way */
  sqlite3_stmt *each = status == STATUS_OK ? store_use(store, id, error) : NULL;
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, range.lo);
  Sweep *sweep = sweep_begin(store, each);
  Reading reading = {.store = store, .plays = sweep, .whole = id == SQL_PLAY_EACH, .until = range.hi, .visit = visit, .context = context};
  reading.figures = which & PLAYS_JUDGED;
  reading.everything = which & PLAYS_OF_EVERY_KIND;
  status = visit_plays(&reading, range, which & PLAYS_AS_OBSERVED, error);
  sweep_end(sweep);
  return status;
}

Status store_each_play_where(Store *store, InstantRange range, unsigned which, const StoreCondition *condition, PlayVisit *visit,
                             void *context, Error *error) {
  if (range.lo >= range.hi) return STATUS_OK;
  Status status = play_writers_flush(store, error);
  sqlite3_stmt *each = NULL;
  if (status == STATUS_OK)
    status = store_prepare_where(store,
                                 "SELECT played_at, connector_track_id, ms_played, id, context_id, offline_delta_ms FROM plays"
                                 " WHERE played_at >= ?1 AND played_at < ?2 AND (",
                                 condition, ") ORDER BY played_at, connector_track_id, ms_played", &each, error);
  if (status != STATUS_OK) return status;
  sqlite3_bind_int64(each, 1, range.lo);
  sqlite3_bind_int64(each, 2, range.hi);
  Sweep *sweep = sweep_begin(store, each);
  Reading reading = {.store = store, .plays = sweep, .whole = true, .filtered = true, .until = range.hi, .visit = visit, .context = context};
  reading.everything = which & PLAYS_OF_EVERY_KIND;
  status = visit_plays(&reading, range, which & PLAYS_AS_OBSERVED, error);
  sweep_end(sweep);
  sqlite3_finalize(each);
  return status;
}

Status store_each_play(Store *store, InstantRange range, unsigned which, PlayVisit *visit, void *context, Error *error) {
  return each_play(store, SQL_PLAY_EACH, range, which, visit, context, error);
}

typedef struct Remembering {
  Arena *arena;
  PlayMap *map;
  PlayVisit *visit;
  void *context;
  bool stopped;
} Remembering;

static bool visit_and_remember(void *context, const StorePlay *play) {
  Remembering *remembering = context;
  PlayMap *map = remembering->map;
  if (map->recent.count < RECENT_PLAYS)
    vec_push(remembering->arena, &map->recent, (RecentPlay){play->played_at, play->ms_played, (int32_t)play->track, play->counted});
  else
    remembering->stopped = true;
  bool more = remembering->visit(remembering->context, play);
  if (!more) remembering->stopped = true;
  return more;
}

Status store_each_figure(Store *store, InstantRange range, PlayVisit *visit, void *context, Error *error) {
  PlayMap *map = play_map(store);
  if (map->recent_whole && map->recent_range.lo == range.lo && map->recent_range.hi == range.hi && map->recent_version == store->next_play && map->recent_listens == store->listens_version) {
    for (size_t i = 0; i < map->recent.count; i++) {
      const RecentPlay *recent = &map->recent.items[i];
      StorePlay play = {.track = recent->track, .kind = PLAY_TRACK, .played_at = recent->played_at, .ms_played = recent->ms_played, .counted = recent->counted};
      if (!visit(context, &play)) break;
    }
    return STATUS_OK;
  }
  Remembering remembering = {.arena = store->arena, .map = map, .visit = visit, .context = context};
  map->recent_whole = false;
  map->recent.count = 0;
  CountingRule rule = COUNTING_SPOTIFY;
  Status status = store_counting_rule(store, &rule, error);
  StatementId id = status == STATUS_OK && store_counting_needs(store) & NEEDS_CONTEXT ? SQL_PLAY_EACH : SQL_PLAY_EACH_FIGURE;
  if (status == STATUS_OK) status = each_play(store, id, range, PLAYS_JUDGED, visit_and_remember, &remembering, error);
  map->recent_range = range;
  map->recent_version = store->next_play;
  map->recent_listens = store->listens_version;
  map->recent_whole = status == STATUS_OK && !remembering.stopped;
  return status;
}

/* ---- contexts ---- */

static Tristate tristate(int value) {
  return value == 1 ? TRISTATE_TRUE : value == 0 ? TRISTATE_FALSE : TRISTATE_MISSING;
}

static Status load_context(Store *store, uint32_t id, PlayContext *out, Error *error) {
  sqlite3_stmt *read = store_use(store, SQL_CONTEXT_READ, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, id);
  bool row = false;
  Status status = store_step(store, read, &row, "reading a play's context", error);
  if (status != STATUS_OK) return status;
  *out = (PlayContext){.shuffle = TRISTATE_MISSING,
                       .skipped = TRISTATE_MISSING,
                       .offline = TRISTATE_MISSING,
                       .incognito = TRISTATE_MISSING};
  if (row) {
    Text *texts[] = {&out->service, &out->source, &out->platform, &out->country, &out->reason_start, &out->reason_end};
    Tristate *flags[] = {&out->shuffle, &out->skipped, &out->offline, &out->incognito};
    for (int i = 0; i < 6; i++) *texts[i] = text_copy(store->arena, column_text(read, i));
    for (int i = 0; i < 4; i++) *flags[i] = tristate(sqlite3_column_int(read, 6 + i));
  }
  store_done(read);
  return STATUS_OK;
}

Status store_play_context(Store *store, uint32_t id, const PlayContext **out, Error *error) {
  PlayMap *map = play_map(store);
  if (id >= map->context_size) {
    size_t size = (size_t)id + 64 + map->context_size;
    map->contexts = arena_grow(store->arena, map->contexts, map->context_size * sizeof *map->contexts,
                               size * sizeof *map->contexts);
    map->context_size = size;
  }
  if (!map->contexts[id]) {
    PlayContext *context = arena_alloc(store->arena, sizeof *context);
    Status status = load_context(store, id, context, error);
    if (status != STATUS_OK) return status;
    map->contexts[id] = context;
  }
  *out = map->contexts[id];
  return STATUS_OK;
}
