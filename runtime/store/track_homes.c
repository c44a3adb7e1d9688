#include "store/track_homes.h"

#include <stdlib.h>
#include <string.h>

#include "store/plays/listens.h"
#include "store/plays/totals.h"

/* Beyond so many new tracks it is cheaper to look whether there is any track without a Spotify id than to look up the names of each. */
enum { MANY_TRACKS = 4096 };

/* Where each track is identified nobody gives up his place. */
void track_homes_note(Store *store, int64_t track, bool identified) {
  if (identified && store->all_identified) return;
  if (!identified) store->all_identified = false;
  vec_push(store->arena, &store->homeless, track);
}

void track_homes_forget(Store *store) {
  store->homeless.count = 0;
  store->all_identified = false;
}

/* ---- a group of tracks with the same names ---- */

typedef struct Member {
  int64_t id;
  Text title, artist, spotify_id;
  bool several_artists;
  bool grouped;
} Member;
typedef VEC(Member) Members;

static Status read_members(Store *store, Arena *arena, int64_t hash, Members *out, Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_HOME_MEMBERS, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, hash);
  bool row = false;
  Status status = store_step(store, each, &row, "looking for tracks", error);
  while (status == STATUS_OK && row) {
    const Text *artists = NULL;
    uint32_t count = 0;
    store_artists(store, column_text(each, 2), &artists, &count);
    vec_push(arena, out,
             (Member){.id = sqlite3_column_int64(each, 0),
                      .title = text_copy(arena, column_text(each, 1)),
                      .artist = count ? text_copy(arena, artists[0]) : (Text){"", 0},
                      .spotify_id = text_copy(arena, column_text(each, 3)),
                      .several_artists = count > 1});
    status = store_step(store, each, &row, "looking for tracks", error);
  }
  store_done(each);
  return status;
}

static Status same_names(Store *store, const Member *a, const Member *b, bool *out, Error *error) {
  Status status = names_equal(store, a->title, b->title, out, error);
  return status == STATUS_OK && *out ? names_equal(store, a->artist, b->artist, out, error) : status;
}

/* Less is better: a Spotify id before none, then the least of them, then the track that was there first. */
static bool is_better_home(const Member *a, const Member *b) {
  if ((a->spotify_id.length != 0) != (b->spotify_id.length != 0)) return a->spotify_id.length != 0;
  int order = text_compare(a->spotify_id, b->spotify_id);
  return order ? order < 0 : a->id < b->id;
}

/* ---- moving ---- */

static Status run_move(Store *store, StatementId id, int64_t from, int64_t to, Error *error) {
  sqlite3_stmt *move = store_use(store, id, error);
  if (!move) return STATUS_FAILED;
  int parameters = sqlite3_bind_parameter_count(move);
  sqlite3_bind_int64(move, 1, from);
  if (parameters > 1) sqlite3_bind_int64(move, 2, to);
  if (parameters > 2) sqlite3_bind_int64(move, 3, store->now);
  return store_run(store, move, "joining tracks", error);
}

static Status run_moves(Store *store, const StatementId *moves, size_t count, int64_t from, int64_t to, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < count && status == STATUS_OK; i++) status = run_move(store, moves[i], from, to, error);
  return status;
}

/* The listens of what connectors call the track are judged anew. */
static Status note_things(Store *store, StatementId which, int64_t track, bool *any, Error *error) {
  sqlite3_stmt *each = store_use(store, which, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, track);
  bool row = false;
  Status status = store_step(store, each, &row, "joining tracks", error);
  while (status == STATUS_OK && row) {
    listens_note_thing(store, sqlite3_column_int64(each, 0));
    *any = true;
    status = store_step(store, each, &row, "joining tracks", error);
  }
  store_done(each);
  return status;
}

static Status give_up(Store *store, int64_t from, int64_t to, bool *changed, Error *error) {
  static const StatementId mappings[] = {SQL_HOME_MAP_ITSELF, SQL_HOME_EVENT, SQL_HOME_NOT_ITSELF};
  static const StatementId moves[] = {
      SQL_HOME_MAPPINGS,     SQL_HOME_LIKES_JOIN,    SQL_HOME_LIKES,   SQL_HOME_LIKES_LEFT, SQL_HOME_RATINGS_JOIN, SQL_HOME_RATINGS, SQL_HOME_RATINGS_LEFT,
      SQL_HOME_TAGS_JOIN,    SQL_HOME_TAGS,          SQL_HOME_TAGS_LEFT, SQL_HOME_METRICS,  SQL_HOME_ENTRIES,      SQL_HOME_EVENTS,  SQL_HOME_FACTS,
      SQL_HOME_GIVE_UP,
  };
  Status status = run_moves(store, mappings, sizeof mappings / sizeof *mappings, from, to, error);
  if (status == STATUS_OK) status = note_things(store, SQL_HOME_THINGS, from, changed, error);
  if (status == STATUS_OK) status = run_moves(store, moves, sizeof moves / sizeof *moves, from, to, error);
  return status;
}

/* What was found by its names, when another track was the only one that had them. */
static Status move_found_by_names(Store *store, int64_t from, int64_t to, bool *changed, Error *error) {
  bool any = false;
  Status status = note_things(store, SQL_HOME_THINGS_BY_NAMES, from, &any, error);
  if (status != STATUS_OK || !any) return status;
  *changed = true;
  return run_move(store, SQL_HOME_MAPPINGS_BY_NAMES, from, to, error);
}

/* ---- how it is spelled ---- */

/* "names:ARTIST\x1fALBUM\x1fTITLE" */
static bool split_names(Text id, Text *artist, Text *album, Text *title) {
  size_t start = sizeof "names:" - 1;
  if (id.length < start || memcmp(id.bytes, "names:", start) != 0) return false;
  const char *end = id.bytes + id.length, *at = id.bytes + start;
  const char *first = memchr(at, '\x1f', (size_t)(end - at));
  const char *second = first ? memchr(first + 1, '\x1f', (size_t)(end - first - 1)) : NULL;
  if (!second) return false;
  *artist = (Text){at, (size_t)(first - at)};
  *album = (Text){first + 1, (size_t)(second - first - 1)};
  *title = (Text){second + 1, (size_t)(end - second - 1)};
  return true;
}

/* A track that only names are known of is called what the first of its sources, in the order of their names, calls it. */
static Status spell(Store *store, Arena *arena, const Member *home, Error *error) {
  if (home->several_artists) return STATUS_OK;
  sqlite3_stmt *each = store_use(store, SQL_HOME_SPELLINGS, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, home->id);
  Text title = {"", 0}, artist = {"", 0}, album = {"", 0};
  bool row = false;
  Status status = store_step(store, each, &row, "naming a track", error);
  while (status == STATUS_OK && row && !album.length) {
    Text names[3];
    Member member;
    bool fits = split_names(column_text(each, 0), &names[0], &names[1], &names[2]);
    member = (Member){.title = fits ? names[2] : (Text){"", 0}, .artist = fits ? names[0] : (Text){"", 0}};
    if (fits) status = same_names(store, home, &member, &fits, error);
    if (status == STATUS_OK && fits && !title.length) {
      title = text_copy(arena, names[2]);
      artist = text_copy(arena, names[0]);
    }
    if (status == STATUS_OK && fits && names[1].length) album = text_copy(arena, names[1]);
    if (status == STATUS_OK) status = store_step(store, each, &row, "naming a track", error);
  }
  store_done(each);
  sqlite3_stmt *name = status == STATUS_OK && title.length ? store_use(store, SQL_HOME_SPELL, error) : NULL;
  if (!name) return status == STATUS_OK && title.length ? STATUS_FAILED : status;
  TextBuilder json = {.arena = arena};
  sqlite3_bind_int64(name, 1, home->id);
  bind_text(name, 2, title);
  bind_text(name, 3, names_json(&json, &artist, artist.length ? 1 : 0));
  bind_text_or_null(name, 4, album);
  sqlite3_bind_int64(name, 5, store->now);
  return store_run(store, name, "naming a track", error);
}

/* ---- settling ---- */

static Status settle_group(Store *store, Arena *arena, Members *members, size_t first, bool *changed, Error *error) {
  Member *home = &members->items[first];
  VEC(Member *) group = {0};
  Status status = STATUS_OK;
  for (size_t i = first; i < members->count && status == STATUS_OK; i++) {
    Member *member = &members->items[i];
    bool same = i == first;
    if (!same && !member->grouped) status = same_names(store, &members->items[first], member, &same, error);
    if (member->grouped || !same) continue;
    member->grouped = true;
    vec_push(arena, &group, member);
    if (is_better_home(member, home)) home = member;
  }
  for (size_t i = 0; i < group.count && status == STATUS_OK; i++) {
    const Member *member = group.items[i];
    if (member == home) continue;
    status = member->spotify_id.length ? move_found_by_names(store, member->id, home->id, changed, error) : give_up(store, member->id, home->id, changed, error);
  }
  return status == STATUS_OK && !home->spotify_id.length ? spell(store, arena, home, error) : status;
}

static Status settle_names(Store *store, Arena *arena, int64_t hash, bool *changed, Error *error) {
  Members members = {0};
  Status status = read_members(store, arena, hash, &members, error);
  if (members.count == 1 && members.items[0].spotify_id.length) return status;
  for (size_t i = 0; i < members.count && status == STATUS_OK; i++)
    if (!members.items[i].grouped && members.items[i].artist.length && members.items[i].title.length) status = settle_group(store, arena, &members, i, changed, error);
  return status;
}

typedef struct Settling {
  Store *store;
  Arena *arena;
  bool changed;
} Settling;

static int by_number(const void *a, const void *b) {
  const int64_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

static Status read_hashes(Store *store, int64_t *numbers, size_t count, Error *error) {
  for (size_t i = 0; i < count; i++) {
    sqlite3_stmt *read = store_use(store, SQL_HOME_NAMES, error);
    if (!read) return STATUS_FAILED;
    sqlite3_bind_int64(read, 1, numbers[i]);
    bool row = false;
    Status status = store_step(store, read, &row, "looking for tracks", error);
    if (status != STATUS_OK) return status;
    numbers[i] = row ? sqlite3_column_int64(read, 0) : 0;
    store_done(read);
  }
  return STATUS_OK;
}

static Status settle_all(void *context, Error *error) {
  Settling *settling = context;
  Store *store = settling->store;
  int64_t *numbers = store->homeless.items;
  size_t count = store->homeless.count;
  if (count > MANY_TRACKS) {
    int64_t any = 0;
    Status status = store_number(store, "SELECT 1 FROM tracks WHERE spotify_id IS NULL AND is_deleted = 0 LIMIT 1", &any, error);
    store->all_identified = status == STATUS_OK && !any;
    if (status != STATUS_OK || !any) return status;
  }
  Status status = read_hashes(store, numbers, count, error);
  if (status != STATUS_OK) return status;
  qsort(numbers, count, sizeof *numbers, by_number);
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    if (numbers[i] == 0 || (i && numbers[i] == numbers[i - 1])) continue;
    status = settle_names(store, settling->arena, numbers[i], &settling->changed, error);
  }
  return status;
}

static Status settle_in_scratch(void *context, Error *error) {
  Settling *settling = context;
  return arena_protect(settling->arena, settle_all, settling, error);
}

Status track_homes_settle(Store *store, Error *error) {
  if (!store->homeless.count) return STATUS_OK;
  Settling settling = {.store = store, .arena = arena_new(0)};
  if (!settling.arena) return fail(error, STATUS_FAILED, "", "memory is out");
  Status status = arena_protect(store->arena, settle_in_scratch, &settling, error); /* whichever of the two runs out */
  arena_free(settling.arena);
  store->homeless.count = 0;
  if (status != STATUS_OK || !settling.changed) return status;
  store->mappings_version++;
  store->listens_version++;
  totals_stale(store);
  status = listens_refresh(store, error);
  return status == STATUS_OK ? listens_set_current(store, error) : status;
}
