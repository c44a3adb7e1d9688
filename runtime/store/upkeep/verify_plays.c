#include "store/upkeep/verify_plays.h"

#include <inttypes.h>
#include <stdlib.h>

#include "store/sweep.h"

/* Ids that are there, from `first` to `last`; in order. */
typedef struct IdRange {
  int64_t first, last;
} IdRange;

typedef struct IdSet {
  VEC(IdRange) ranges;
  size_t found; /* where the last look-up ended */
} IdSet;

/* The plays from `first` to the next stretch are of one import. */
typedef struct Stretch {
  int64_t first, batch, plays, highest;
} Stretch;

/* A bit for each number of a play, in pieces that are made when one of theirs comes. */
enum { PIECE_BITS = 1 << 20, PIECE_WORDS = PIECE_BITS / 64 };
#define HIGHEST_NUMBER (INT64_C(1) << 40)
typedef VEC(uint64_t *) Numbers;

/* What a connector knows without there being a track. */
typedef struct Homeless {
  int64_t id;
  bool played;
} Homeless;

typedef struct Reading {
  Store *store;
  VerifyFinding *findings; /* [PLAY_CHECKS] */
  IdSet connector_tracks, contexts;
  VEC(Homeless) homeless;
  VEC(Stretch) stretches;
  size_t stretch; /* that the play before was of */
  Numbers numbers;
} Reading;

static const char doing[] = "checking the plays";

static Status prepare(Store *store, const char *sql, sqlite3_stmt **out, Error *error) {
  *out = NULL;
  return sqlite3_prepare_v2(store->db, sql, -1, out, NULL) == SQLITE_OK ? STATUS_OK : store_fail(store, error, doing);
}

/* ---- what plays refer to ---- */

static void add_id(Store *store, IdSet *set, int64_t id) {
  IdRange *last = set->ranges.count ? &set->ranges.items[set->ranges.count - 1] : NULL;
  if (last && id == last->last + 1) last->last = id;
  else vec_push(store->arena, &set->ranges, (IdRange){id, id});
}

static bool has_id(IdSet *set, int64_t id) {
  const IdRange *ranges = set->ranges.items;
  size_t low = 0, high = set->ranges.count;
  if (set->found < high && id >= ranges[set->found].first && id <= ranges[set->found].last) return true;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (ranges[middle].last < id) low = middle + 1;
    else high = middle;
  }
  set->found = low;
  return low < set->ranges.count && id >= ranges[low].first;
}

static Status read_ids(Store *store, const char *sql, IdSet *out, Error *error) {
  sqlite3_stmt *each = NULL;
  bool row = false;
  Status status = prepare(store, sql, &each, error);
  while (status == STATUS_OK && (status = store_step(store, each, &row, doing, error)) == STATUS_OK && row) add_id(store, out, sqlite3_column_int64(each, 0));
  sqlite3_finalize(each);
  return status;
}

static Status read_homeless(Reading *reading, Error *error) {
  static const char sql[] =
      "SELECT i.id FROM connector_track_ids i LEFT JOIN connector_track_facts f ON f.id = i.id"
      " WHERE coalesce(f.kind, 'track') = 'track' AND NOT (i.maps_itself = 1 AND EXISTS (SELECT 1 FROM tracks t WHERE t.id = i.id))"
      " AND NOT EXISTS (SELECT 1 FROM track_mapping_rows m WHERE m.connector_track_id = i.id AND m.is_deleted = 0) ORDER BY i.id";
  Store *store = reading->store;
  sqlite3_stmt *each = NULL;
  bool row = false;
  Status status = prepare(store, sql, &each, error);
  while (status == STATUS_OK && (status = store_step(store, each, &row, doing, error)) == STATUS_OK && row)
    vec_push(store->arena, &reading->homeless, (Homeless){.id = sqlite3_column_int64(each, 0)});
  sqlite3_finalize(each);
  return status;
}

static Status read_stretches(Reading *reading, Error *error) {
  Store *store = reading->store;
  sqlite3_stmt *each = NULL;
  bool row = false;
  Status status = prepare(store, "SELECT first_play_id, batch_id FROM play_batches ORDER BY first_play_id", &each, error);
  while (status == STATUS_OK && (status = store_step(store, each, &row, doing, error)) == STATUS_OK && row)
    vec_push(store->arena, &reading->stretches, (Stretch){.first = sqlite3_column_int64(each, 0), .batch = sqlite3_column_int64(each, 1)});
  sqlite3_finalize(each);
  return status;
}

/* ---- each play ---- */

static void check_reference(Reading *reading, int64_t play, IdSet *set, int64_t id, const char *table) {
  if (!has_id(set, id)) verify_problem(reading->store, &reading->findings[PLAYS_REFER], "play %" PRId64 " refers to a row of %s that is not there", play, table);
}

static bool is_of_stretch(const Reading *reading, size_t at, int64_t play) {
  const Stretch *stretches = reading->stretches.items;
  size_t count = reading->stretches.count;
  return at < count && play >= stretches[at].first && (at + 1 == count || play < stretches[at + 1].first);
}

static void count_play(Reading *reading, int64_t play) {
  if (!is_of_stretch(reading, reading->stretch, play)) {
    size_t low = 0, high = reading->stretches.count;
    while (low < high) {
      size_t middle = low + (high - low) / 2;
      if (reading->stretches.items[middle].first <= play) low = middle + 1;
      else high = middle;
    }
    if (low == 0) {
      verify_problem(reading->store, &reading->findings[PLAYS_OF_IMPORTS], "play %" PRId64 " is of no import", play);
      return;
    }
    reading->stretch = low - 1;
  }
  Stretch *stretch = &reading->stretches.items[reading->stretch];
  stretch->plays++;
  if (play > stretch->highest) stretch->highest = play;
}

static void note_number(Reading *reading, int64_t play) {
  VerifyFinding *finding = &reading->findings[PLAYS_NUMBERED];
  if (play < 1 || play > HIGHEST_NUMBER) {
    verify_problem(reading->store, finding, "%" PRId64 " is the number of no play", play);
    return;
  }
  size_t piece = (size_t)play / PIECE_BITS, bit = (size_t)play % PIECE_BITS;
  while (reading->numbers.count <= piece) vec_push(reading->store->arena, &reading->numbers, NULL);
  uint64_t **words = &reading->numbers.items[piece];
  if (!*words) *words = arena_array(reading->store->arena, PIECE_WORDS, sizeof **words);
  if ((*words)[bit / 64] >> bit % 64 & 1) verify_problem(reading->store, finding, "two plays have the number %" PRId64, play);
  (*words)[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void check_time(Reading *reading, int64_t play, int64_t played_at, int64_t ms_played) {
  if (played_at < INSTANT_MIN || played_at > INSTANT_MAX || ms_played < -1)
    verify_problem(reading->store, &reading->findings[PLAYS_IN_TIME], "play %" PRId64 " is at %" PRId64 " and lasts %" PRId64, play, played_at, ms_played);
}

static void note_homeless(Reading *reading, int64_t connector_track) {
  size_t low = 0, high = reading->homeless.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (reading->homeless.items[middle].id < connector_track) low = middle + 1;
    else high = middle;
  }
  if (low < reading->homeless.count && reading->homeless.items[low].id == connector_track) reading->homeless.items[low].played = true;
}

static Status read_plays(Reading *reading, Error *error) {
  Store *store = reading->store;
  sqlite3_stmt *each = store_use(store, SQL_PLAY_EACH, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, INT64_MIN);
  Status status = STATUS_OK;
  Sweep *sweep = sweep_begin(store, each);
  for (const Cell *row; (row = sweep_row(sweep, doing, &status, error));) {
    int64_t played_at = row[0].number, connector_track = row[1].number, ms_played = row[2].number, play = row[3].number;
    check_reference(reading, play, &reading->connector_tracks, connector_track, "connector_track_ids");
    check_reference(reading, play, &reading->contexts, row[4].number, "play_contexts");
    count_play(reading, play);
    note_number(reading, play);
    check_time(reading, play, played_at, ms_played);
    note_homeless(reading, connector_track);
  }
  sweep_end(sweep);
  return status;
}

/* ---- what they come to ---- */

static int by_batch(const void *a, const void *b) {
  const Stretch *x = a, *y = b;
  return x->batch < y->batch ? -1 : x->batch > y->batch;
}

static Status compare_imports(Reading *reading, Error *error) {
  Store *store = reading->store;
  Stretch *stretch = reading->stretches.items, *end = stretch + reading->stretches.count;
  sqlite3_stmt *each = NULL;
  bool row = false;
  Status status = prepare(store, "SELECT id, stored, last_play_id FROM import_batches ORDER BY id", &each, error);
  if (stretch) qsort(stretch, reading->stretches.count, sizeof *stretch, by_batch);
  while (status == STATUS_OK && (status = store_step(store, each, &row, doing, error)) == STATUS_OK && row) {
    int64_t batch = sqlite3_column_int64(each, 0), stored = sqlite3_column_int64(each, 1), last = sqlite3_column_int64(each, 2), plays = 0, highest = 0;
    while (stretch < end && stretch->batch < batch) stretch++; /* of an import that is not there, which is a reference to nothing */
    for (; stretch < end && stretch->batch == batch; stretch++) {
      plays += stretch->plays;
      if (stretch->highest > highest) highest = stretch->highest;
    }
    /* The next import would give its plays numbers that are taken. */
    if (highest > last) verify_problem(store, &reading->findings[PLAYS_NUMBERED], "the last play of import %" PRId64 " is %" PRId64 ", and there is %" PRId64, batch, last, highest);
    if (plays != stored)
      verify_problem(store, &reading->findings[PLAYS_OF_IMPORTS], "import %" PRId64 " stored %" PRId64 " plays, and %" PRId64 " are there", batch, stored, plays);
  }
  sqlite3_finalize(each);
  return status;
}

static Status tell_homeless(Reading *reading, int64_t id, Error *error) {
  Store *store = reading->store;
  sqlite3_stmt *read = NULL;
  bool row = false;
  Status status = prepare(store, "SELECT connector_name, coalesce(connector_track_id, id) FROM connector_tracks WHERE id = ?1", &read, error);
  if (status != STATUS_OK) return status;
  sqlite3_bind_int64(read, 1, id);
  status = store_step(store, read, &row, doing, error);
  if (status == STATUS_OK && row)
    verify_problem(store, &reading->findings[PLAYS_HAVE_TRACKS], "plays of " TEXT_FORMAT " " TEXT_FORMAT " have no track", TEXT_ARG(column_text(read, 0)), TEXT_ARG(column_text(read, 1)));
  sqlite3_finalize(read);
  return status;
}

Status verify_plays(Store *store, VerifyFinding *out, Error *error) {
  Reading reading = {.store = store, .findings = out};
  Status status = read_ids(store, "SELECT id FROM connector_track_ids ORDER BY id", &reading.connector_tracks, error);
  if (status == STATUS_OK) status = read_ids(store, "SELECT id FROM play_contexts ORDER BY id", &reading.contexts, error);
  if (status == STATUS_OK) status = read_homeless(&reading, error);
  if (status == STATUS_OK) status = read_stretches(&reading, error);
  if (status == STATUS_OK) status = read_plays(&reading, error);
  if (status == STATUS_OK) status = compare_imports(&reading, error);
  for (size_t i = 0; i < reading.homeless.count && status == STATUS_OK; i++)
    if (reading.homeless.items[i].played) status = tell_homeless(&reading, reading.homeless.items[i].id, error);
  return status;
}
