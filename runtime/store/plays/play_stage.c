#include "store/plays/play_stage.h"

#include "store/plays/listens.h"
#include "store/plays/play_refs.h"
#include "store/row_feed.h"
#include "store/worker.h"

#include <stdlib.h>
#include <string.h>

enum { STAGE_SLOTS = 4 * PLAYS_AT_ONCE, ROOMS = 20, MOVES = 4 };
/* Unless there are half as many new tracks they wait for more: SQLite keeps a copy of each page that a statement is about to change. */
enum { REFS_WORTH = 2 };

/* A history that is imported again comes in the order of the store, so a stretch of its plays that is read at once answers
 * thousands of look-ups. It is read when WINDOW_ASKED look-ups in a row missed it; each time that was in vain, twice as many. */
enum { WINDOW_PLAYS = 4096, WINDOW_ASKED = 16, WINDOW_WORTH = 256 };
#define WINDOW_BEFORE INT64_C(3600000) /* rows of a history come by their end, plays by their begin */

typedef struct WindowPlay {
  int64_t played_at, connector_track, ms_played, id;
} WindowPlay;

typedef struct Window {
  WindowPlay plays[WINDOW_PLAYS];
  size_t count;
  int64_t from, before; /* holds all plays of the store in [from, before) */
  unsigned misses, patience;
  uint64_t hits; /* since it was read */
} Window;

/* Those that were handed over are kept until their room is needed. */
typedef struct Room {
  StagedPlay plays[PLAYS_AT_ONCE];
  size_t count;
  int64_t highest_before; /* the latest played_at there was before them */
  StoreTicket stored;     /* of the job that stores them */
} Room;

struct PlayStage {
  RowFeed feed;
  Window window;
  Room rooms[ROOMS];
  Room *filling;
  uint16_t slots[STAGE_SLOTS]; /* hash of the key to 1 + its index; 0 = free */
  size_t most; /* plays that wait */
  /* Of the job at work: */
  const Room *storing;
  unsigned next; /* the one to be stored next */
  bool highest_known;
  int64_t highest; /* the latest played_at in the store itself */
};

/* ---- the virtual table: its rows are the plays of the room that is being stored ---- */

static size_t stage_rows(const void *rows) {
  return ((const PlayStage *)rows)->storing->count;
}

static size_t place_of(size_t at, size_t count) {
  size_t early = count - count / PLAY_LATE;
  return at < early ? at + at / (PLAY_LATE - 1) : (at - early) * PLAY_LATE + PLAY_LATE - 1;
}

static void stage_cell(const void *rows, size_t row, int column, sqlite3_context *out) {
  const Room *room = ((const PlayStage *)rows)->storing;
  const StagedPlay *play = &room->plays[place_of(row, room->count)];
  switch (column) {
    case 0: sqlite3_result_int64(out, play->played_at); break;
    case 1: sqlite3_result_int64(out, play->connector_track); break;
    case 2: sqlite3_result_int64(out, play->ms_played); break;
    case 3: sqlite3_result_int64(out, play->id); break;
    case 4: sqlite3_result_int64(out, play->context); break;
    default:
      if (play->has_offline_delta) sqlite3_result_int64(out, play->offline_delta);
  }
}

static size_t stage_most = PLAYS_AT_ONCE;

void play_stage_test_most(size_t most) {
  stage_most = most;
}

Status play_stage_open(Store *store, Error *error) {
  PlayStage *stage = arena_alloc(store->arena, sizeof *stage);
  stage->window.patience = WINDOW_ASKED;
  stage->filling = stage->rooms;
  stage->storing = stage->rooms;
  stage->most = stage_most;
  stage->feed = (RowFeed){"played_at, connector_track_id, ms_played, id, context_id, offline_delta_ms", PLAYS_AT_ONCE, stage, stage_rows, stage_cell};
  store->stage = stage;
  return row_feed_open(store, "staged_plays", &stage->feed, error);
}

/* ---- finding and adding ---- */

static bool same_key(const StagedPlay *play, int64_t played_at, int64_t connector_track, int64_t ms_played) {
  return play->played_at == played_at && play->connector_track == connector_track && play->ms_played == ms_played;
}

/* The slot of the key: its own, or the free one where it belongs. */
static uint16_t *slot_of(PlayStage *stage, int64_t played_at, int64_t connector_track, int64_t ms_played) {
  uint64_t hash = ((uint64_t)played_at + (uint64_t)ms_played * 31) * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)connector_track * UINT64_C(0xC2B2AE3D27D4EB4F);
  size_t at = (hash ^ hash >> 32) % STAGE_SLOTS;
  while (stage->slots[at] && !same_key(&stage->filling->plays[stage->slots[at] - 1], played_at, connector_track, ms_played)) at = (at + 1) % STAGE_SLOTS;
  return &stage->slots[at];
}

static Status know_highest(Store *store, Error *error) {
  PlayStage *stage = store->stage;
  if (stage->highest_known) return STATUS_OK;
  sqlite3_stmt *find = store_use(store, SQL_PLAY_HIGHEST, error);
  if (!find) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, find, &row, "reading the plays", error);
  if (status != STATUS_OK) return status;
  stage->highest = row ? sqlite3_column_int64(find, 0) : INT64_MIN;
  stage->highest_known = true;
  store_done(find);
  return STATUS_OK;
}

static int compare_key(const WindowPlay *play, int64_t played_at, int64_t connector_track, int64_t ms_played) {
  if (play->played_at != played_at) return play->played_at < played_at ? -1 : 1;
  if (play->connector_track != connector_track) return play->connector_track < connector_track ? -1 : 1;
  return play->ms_played < ms_played ? -1 : play->ms_played > ms_played;
}

static int64_t window_find(const Window *window, int64_t played_at, int64_t connector_track, int64_t ms_played) {
  size_t low = 0, high = window->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = compare_key(&window->plays[middle], played_at, connector_track, ms_played);
    if (order == 0) return window->plays[middle].id;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return 0;
}

static int by_key(const void *a, const void *b) {
  const StagedPlay *x = a, *y = b;
  if (x->played_at != y->played_at) return x->played_at < y->played_at ? -1 : 1;
  if (x->connector_track != y->connector_track) return x->connector_track < y->connector_track ? -1 : 1;
  return x->ms_played < y->ms_played ? -1 : x->ms_played > y->ms_played;
}

/* Looks among those that were handed over; `*known` if it would be found there. */
static int64_t rooms_find(const PlayStage *stage, const StagedPlay *key, bool *known) {
  *known = false;
  size_t filling = (size_t)(stage->filling - stage->rooms);
  for (size_t back = 1; back < ROOMS && !*known; back++) {
    const Room *room = &stage->rooms[(filling + ROOMS - back) % ROOMS];
    if (!room->count) break;
    const StagedPlay *found = bsearch(key, room->plays, room->count, sizeof *key, by_key);
    if (found) return found->id;
    *known = key->played_at > room->highest_before;
  }
  return 0;
}

static void window_forget(Window *window) {
  window->count = 0;
  window->from = window->before = 0;
}

static Status window_read(Store *store, int64_t from, Error *error) {
  Window *window = &store->stage->window;
  if (window->hits < WINDOW_WORTH && window->patience < UINT32_MAX / 2)
    window->patience *= 2;
  else
    window->patience = WINDOW_ASKED;
  window_forget(window);
  window->misses = 0;
  window->hits = 0;
  sqlite3_stmt *each = store_use(store, SQL_PLAY_STRETCH, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, from);
  sqlite3_bind_int(each, 2, WINDOW_PLAYS);
  bool row = false;
  Status status = store_step(store, each, &row, "reading plays", error);
  while (status == STATUS_OK && row) {
    window->plays[window->count++] = (WindowPlay){sqlite3_column_int64(each, 0), sqlite3_column_int64(each, 1), sqlite3_column_int64(each, 2), sqlite3_column_int64(each, 3)};
    status = store_step(store, each, &row, "reading plays", error);
  }
  store_done(each);
  window->from = from;
  window->before = window->count < WINDOW_PLAYS ? INT64_MAX : window->plays[window->count - 1].played_at; /* the last moment may be cut */
  return status;
}

Status play_stage_find(Store *store, int64_t played_at, int64_t connector_track, int64_t ms_played, int64_t *out, Error *error) {
  *out = 0;
  PlayStage *stage = store->stage;
  uint16_t slot = *slot_of(stage, played_at, connector_track, ms_played);
  if (slot) {
    *out = stage->filling->plays[slot - 1].id;
    return STATUS_OK;
  }
  Status status = know_highest(store, error);
  if (status != STATUS_OK || played_at > stage->highest) return status;
  bool known = false;
  *out = rooms_find(stage, &(StagedPlay){.played_at = played_at, .connector_track = connector_track, .ms_played = ms_played}, &known);
  if (*out || known) return STATUS_OK;
  Window *window = &stage->window;
  if (!(played_at >= window->from && played_at < window->before) && ++window->misses >= window->patience) {
    status = window_read(store, played_at - WINDOW_BEFORE, error);
    if (status != STATUS_OK) return status;
  }
  if (played_at >= window->from && played_at < window->before) {
    window->hits++;
    *out = window_find(window, played_at, connector_track, ms_played);
    return STATUS_OK;
  }
  sqlite3_stmt *find = store_use(store, SQL_PLAY_FIND, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, played_at);
  sqlite3_bind_int64(find, 2, connector_track);
  sqlite3_bind_int64(find, 3, ms_played);
  bool row = false;
  status = store_step(store, find, &row, "reading a play", error);
  if (status != STATUS_OK) return status;
  if (row) *out = sqlite3_column_int64(find, 0);
  store_done(find);
  return STATUS_OK;
}

static void begin_room(PlayStage *stage, Room *room) {
  stage->filling = room;
  room->count = 0;
  memset(stage->slots, 0, sizeof stage->slots);
  window_forget(&stage->window);
}

void play_stage_clear(Store *store) {
  PlayStage *stage = store->stage;
  if (!stage) return;
  for (int i = 0; i < ROOMS; i++) {
    stage->rooms[i].count = 0;
    stage->rooms[i].stored = 0;
  }
  begin_room(stage, stage->rooms);
  stage->next = 0;
  stage->highest_known = false;
}

/* A history comes almost in order: what is late mostly belongs a place or two further ahead. */
void staged_plays_order(StagedPlay *plays, size_t count) {
  size_t moves = 0;
  for (size_t i = 1; i < count; i++) {
    if (by_key(&plays[i - 1], &plays[i]) < 0) continue;
    StagedPlay late = plays[i];
    size_t at = i;
    for (; at && by_key(&plays[at - 1], &late) > 0; at--) plays[at] = plays[at - 1];
    plays[at] = late;
    moves += i - at;
    if (moves <= MOVES * count) continue;
    qsort(plays, count, sizeof *plays, by_key);
    return;
  }
}

/* ---- into the store ---- */

static Status store_plays(Store *store, Error *error) {
  PlayStage *stage = store->stage;
  stage->storing = &stage->rooms[stage->next];
  stage->next = (stage->next + 1) % ROOMS;
  sqlite3_stmt *add = store_use(store, SQL_PLAYS_ADD, error);
  if (!add) return STATUS_FAILED;
  Status status = store_run(store, add, "storing plays", error);
  if (status != STATUS_OK) return status;
  size_t count = stage->storing->count, stored = (size_t)sqlite3_changes(store->db);
  if (stored == count) return STATUS_OK;
  return fail(error, STATUS_FAILED, "N9001", "a mistake of ours: of %zu new plays %zu could be stored; nothing of this transaction is kept", count, stored);
}

/* Goes on with the next room once it is stored. */
static Status leave_room(Store *store, Error *error) {
  PlayStage *stage = store->stage;
  size_t next = (size_t)(stage->filling - stage->rooms + 1) % ROOMS;
  Status status = store_wait(store, stage->rooms[next].stored, error);
  if (status == STATUS_OK) begin_room(stage, &stage->rooms[next]);
  return status;
}

/* `beside`: while they are stored, what is to be derived from them is. */
static Status flush(Store *store, bool beside, Error *error) {
  PlayStage *stage = store->stage;
  Room *room = stage->filling;
  Status status = know_highest(store, error);
  if (status == STATUS_OK) status = play_refs_hand_over(store, stage->most / REFS_WORTH, error);
  if (status == STATUS_OK && !beside) status = store_join(store, error);
  if (status != STATUS_OK) return status;
  int64_t before = stage->highest;
  staged_plays_order(room->plays, room->count);
  if (room->plays[room->count - 1].played_at > before) stage->highest = room->plays[room->count - 1].played_at;
  room->stored = 0;
  room->highest_before = before;
  status = beside ? store_work(store, store_plays, &room->stored, error) : store_plays(store, error);
  if (status == STATUS_OK) status = listens_add(store, room->plays, room->count, before, error);
  return status == STATUS_OK ? leave_room(store, error) : status;
}

Status play_stage_flush(Store *store, Error *error) {
  return store->stage && store->stage->filling->count ? flush(store, false, error) : STATUS_OK;
}

Status play_stage_hand_over(Store *store, Error *error) {
  return store->stage && store->stage->filling->count ? flush(store, true, error) : STATUS_OK;
}

Status play_stage_add(Store *store, const StagedPlay *play, Error *error) {
  PlayStage *stage = store->stage;
  if (stage->filling->count == stage->most) {
    Status status = flush(store, true, error);
    if (status != STATUS_OK) return status;
  }
  Room *room = stage->filling;
  room->plays[room->count++] = *play;
  *slot_of(stage, play->played_at, play->connector_track, play->ms_played) = (uint16_t)room->count;
  return STATUS_OK;
}
