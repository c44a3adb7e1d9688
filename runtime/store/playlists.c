#include <string.h>

#include "base/map.h"
#include "store/playlist_keys.h"
#include "store/store_int.h"

typedef struct Entry {
  int64_t id, track;
  Text key;
  uint32_t next; /* the next entry of the same track, NONE at the end */
  bool taken;    /* stays in the playlist */
} Entry;
#define NONE UINT32_MAX

/* From what is there to what shall be there. */
typedef struct Change {
  int64_t playlist; /* 0 = to be made */
  Entry *entries;   /* that are there, in order */
  size_t entry_count;
  const int64_t *tracks; /* that shall be there, in order */
  size_t track_count;
  uint32_t *kept; /* for each of the tracks the entry that stays for it, or NONE */
} Change;

/* ---- finding ---- */

static Status first_id(Store *store, sqlite3_stmt *find, int64_t *out, Error *error) {
  bool row = false;
  Status status = store_step(store, find, &row, "looking for a playlist", error);
  if (status != STATUS_OK) return status;
  *out = row ? sqlite3_column_int64(find, 0) : 0;
  store_done(find);
  return STATUS_OK;
}

static int64_t decimal(Text text) {
  int64_t number = 0;
  if (!text.length || text.length > 18) return 0;
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return 0;
    number = number * 10 + (text.bytes[i] - '0');
  }
  return number;
}

Status store_find_playlist(Store *store, Text name, int64_t *out, Error *error) {
  *out = 0;
  sqlite3_stmt *find = store_use(store, SQL_PLAYLIST_BY_NAME, error);
  if (!find) return STATUS_FAILED;
  bind_text(find, 1, name);
  Status status = first_id(store, find, out, error);
  if (status != STATUS_OK || *out || !decimal(name)) return status;
  find = store_use(store, SQL_PLAYLIST_BY_ID, error);
  if (!find) return STATUS_FAILED;
  sqlite3_bind_int64(find, 1, decimal(name));
  return first_id(store, find, out, error);
}

Status store_each_playlist_entry(Store *store, int64_t playlist,
                                 bool (*visit)(void *context, int64_t track, Instant added_at), void *context,
                                 Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_ENTRY_EACH, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, playlist);
  bool row = false;
  Status status = store_step(store, each, &row, "reading a playlist", error);
  while (status == STATUS_OK && row && visit(context, sqlite3_column_int64(each, 1), sqlite3_column_int64(each, 3))) {
    status = store_step(store, each, &row, "reading a playlist", error);
  }
  store_done(each);
  return status;
}

Status store_each_playlist(Store *store, bool (*visit)(void *context, const StorePlaylist *playlist), void *context,
                           Error *error) {
  sqlite3_stmt *each = store_use(store, SQL_PLAYLIST_EACH, error);
  if (!each) return STATUS_FAILED;
  bool row = false, more = true;
  Status status = STATUS_OK;
  while (more && !(status = store_step(store, each, &row, "reading the playlists", error)) && row) {
    const StorePlaylist playlist = {.id = sqlite3_column_int64(each, 0),
                                    .name = column_text(each, 1),
                                    .description = column_text(each, 2),
                                    .size = sqlite3_column_int64(each, 3),
                                    .updated_at = sqlite3_column_int64(each, 4)};
    more = visit(context, &playlist);
  }
  if (status == STATUS_OK) store_done(each);
  return status;
}

Status store_playlist_names(Store *store, Arena *arena, Text **out, size_t *count, Error *error) {
  VEC(Text) names = {0};
  sqlite3_stmt *each = store_use(store, SQL_PLAYLIST_NAMES, error);
  if (!each) return STATUS_FAILED;
  bool row = false;
  Status status = store_step(store, each, &row, "reading the playlists", error);
  while (status == STATUS_OK && row) {
    vec_push(arena, &names, text_copy(arena, column_text(each, 0)));
    status = store_step(store, each, &row, "reading the playlists", error);
  }
  store_done(each);
  *out = names.items;
  *count = names.count;
  return status;
}

/* ---- what changes ---- */

static Status load_entries(Store *store, Change *change, Error *error) {
  VEC(Entry) entries = {0};
  sqlite3_stmt *each = store_use(store, SQL_ENTRY_EACH, error);
  if (!each) return STATUS_FAILED;
  sqlite3_bind_int64(each, 1, change->playlist);
  bool row = false;
  Status status = store_step(store, each, &row, "reading a playlist", error);
  while (status == STATUS_OK && row) {
    vec_push(store->arena, &entries,
             (Entry){.id = sqlite3_column_int64(each, 0),
                     .track = sqlite3_column_int64(each, 1),
                     .key = text_copy(store->arena, column_text(each, 2)),
                     .next = NONE});
    status = store_step(store, each, &row, "reading a playlist", error);
  }
  store_done(each);
  change->entries = entries.items;
  change->entry_count = entries.count;
  return status;
}

/* The first entry of each track; further ones follow by `next`. */
static IntMap *index_entries(Store *store, Change *change) {
  IntMap *first = int_map_new(store->arena, change->entry_count);
  for (size_t i = change->entry_count; i-- > 0;) {
    Entry *entry = &change->entries[i];
    entry->next = int_map_get(first, entry->track, NONE);
    int_map_set(first, entry->track, (uint32_t)i);
  }
  return first;
}

/* An entry stays if its track is wanted: the first entry of a track for its first place, and so on. */
static void match_entries(Store *store, Change *change) {
  IntMap *first = index_entries(store, change);
  change->kept = arena_array(store->arena, change->track_count, sizeof *change->kept);
  for (size_t i = 0; i < change->track_count; i++) {
    uint32_t entry = int_map_get(first, change->tracks[i], NONE);
    change->kept[i] = entry;
    if (entry == NONE) continue;
    change->entries[entry].taken = true;
    int_map_set(first, change->tracks[i], change->entries[entry].next);
  }
}

/* APPEND wants what is there, then each new track once. */
static void append_wanted(Store *store, Change *change) {
  int64_t *tracks = arena_array(store->arena, change->entry_count + change->track_count, sizeof *tracks);
  IntMap *there = int_map_new(store->arena, change->entry_count + change->track_count);
  size_t count = 0;
  for (size_t i = 0; i < change->entry_count; i++) {
    int_map_set(there, change->entries[i].track, 1);
    tracks[count++] = change->entries[i].track;
  }
  for (size_t i = 0; i < change->track_count; i++) {
    bool added = false;
    int_map_add(there, change->tracks[i], 1, &added);
    if (added) tracks[count++] = change->tracks[i];
  }
  change->tracks = tracks;
  change->track_count = count;
}

static Status plan(Store *store, Text name, PlaylistMode mode, const int64_t *tracks, size_t count, Change *change,
                   PlaylistChange *out, Error *error) {
  *change = (Change){.tracks = tracks, .track_count = count};
  Status status = store_find_playlist(store, name, &change->playlist, error);
  if (status == STATUS_OK && change->playlist) status = load_entries(store, change, error);
  if (status != STATUS_OK) return status;
  if (mode == PLAYLIST_APPEND) append_wanted(store, change);
  match_entries(store, change);
  *out = (PlaylistChange){.created = !change->playlist, .before = change->entry_count, .after = change->track_count};
  for (size_t i = 0; i < change->track_count; i++) out->added += change->kept[i] == NONE;
  out->removed = out->before + out->added - out->after;
  return STATUS_OK;
}

Status store_plan_playlist(Store *store, Text name, PlaylistMode mode, const int64_t *tracks, size_t count,
                           PlaylistChange *out, Error *error) {
  Change change;
  return plan(store, name, mode, tracks, count, &change, out, error);
}

/* ---- keys ---- */

/* Marks the longest run of kept entries that are in order already: they keep their keys, so that a move changes one
 * key. (Longest increasing subsequence by patience sorting; Fredman 1975.) */
static void mark_settled(Store *store, const Change *change, bool *settled) {
  uint32_t *tops =
      arena_array(store->arena, change->track_count, sizeof *tops); /* place with the least last entry, by length */
  uint32_t *before =
      arena_array(store->arena, change->track_count, sizeof *before); /* the place before it in its run */
  size_t length = 0;
  for (uint32_t i = 0; i < change->track_count; i++) {
    if (change->kept[i] == NONE) continue;
    size_t low = 0, high = length;
    while (low < high) {
      size_t half = (low + high) / 2;
      if (change->kept[tops[half]] < change->kept[i]) {
        low = half + 1;
      } else {
        high = half;
      }
    }
    before[i] = low ? tops[low - 1] : NONE;
    tops[low] = i;
    if (low == length) length++;
  }
  for (uint32_t i = length ? tops[length - 1] : NONE; i != NONE; i = before[i]) settled[i] = true;
}

/* The key of each place; places whose entry is settled keep theirs while there is room. */
static Text *make_keys(Store *store, const Change *change) {
  Text *keys = arena_array(store->arena, change->track_count, sizeof *keys);
  bool *settled = arena_array(store->arena, change->track_count, sizeof *settled);
  mark_settled(store, change, settled);
  for (size_t i = 0; i < change->track_count; i++)
    if (settled[i]) keys[i] = change->entries[change->kept[i]].key;
  playlist_keys_assign(store->arena, keys, settled, change->track_count);
  return keys;
}

/* ---- writing ---- */

static Status make_playlist(Store *store, Text name, int64_t *out, Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_PLAYLIST_ADD, error);
  if (!add) return STATUS_FAILED;
  bind_text(add, 1, name);
  sqlite3_bind_int64(add, 2, store->now);
  Status status = store_run(store, add, "storing a playlist", error);
  *out = sqlite3_last_insert_rowid(store->db);
  return status;
}

static Status add_entry(Store *store, int64_t playlist, int64_t track, Text key, Error *error) {
  sqlite3_stmt *add = store_use(store, SQL_ENTRY_ADD, error);
  if (!add) return STATUS_FAILED;
  sqlite3_bind_int64(add, 1, playlist);
  sqlite3_bind_int64(add, 2, track);
  bind_text(add, 3, key);
  sqlite3_bind_int64(add, 4, store->now);
  return store_run(store, add, "storing a playlist", error);
}

static Status move_entry(Store *store, int64_t entry, Text key, Error *error) {
  sqlite3_stmt *move = store_use(store, SQL_ENTRY_MOVE, error);
  if (!move) return STATUS_FAILED;
  sqlite3_bind_int64(move, 1, entry);
  bind_text(move, 2, key);
  sqlite3_bind_int64(move, 3, store->now);
  return store_run(store, move, "storing a playlist", error);
}

static Status delete_entry(Store *store, int64_t entry, Error *error) {
  sqlite3_stmt *remove = store_use(store, SQL_ENTRY_DELETE, error);
  if (!remove) return STATUS_FAILED;
  sqlite3_bind_int64(remove, 1, entry);
  sqlite3_bind_int64(remove, 2, store->now);
  return store_run(store, remove, "storing a playlist", error);
}

static Status count_entries(Store *store, const Change *change, Error *error) {
  sqlite3_stmt *count = store_use(store, SQL_PLAYLIST_COUNT, error);
  if (!count) return STATUS_FAILED;
  sqlite3_bind_int64(count, 1, change->playlist);
  sqlite3_bind_int64(count, 2, (int64_t)change->track_count);
  sqlite3_bind_int64(count, 3, store->now);
  return store_run(store, count, "storing a playlist", error);
}

/* A playlist that is as it shall be is not touched, so its updated_at tells of changes only. */
static Status apply(Store *store, Text name, bool created, Change *change, Error *error) {
  Status status = created ? make_playlist(store, name, &change->playlist, error) : STATUS_OK;
  Text *keys = make_keys(store, change);
  bool changed = created;
  for (size_t i = 0; i < change->entry_count && status == STATUS_OK; i++) {
    if (change->entries[i].taken) continue;
    status = delete_entry(store, change->entries[i].id, error);
    changed = true;
  }
  for (size_t i = 0; i < change->track_count && status == STATUS_OK; i++) {
    const Entry *entry = change->kept[i] == NONE ? NULL : &change->entries[change->kept[i]];
    if (entry && text_equal(entry->key, keys[i])) continue;
    status = entry ? move_entry(store, entry->id, keys[i], error)
                   : add_entry(store, change->playlist, change->tracks[i], keys[i], error);
    changed = true;
  }
  return status == STATUS_OK && changed ? count_entries(store, change, error) : status;
}

Status store_write_playlist(Store *store, Text name, PlaylistMode mode, const int64_t *tracks, size_t count,
                            PlaylistChange *out, Error *error) {
  if (store->mode != STORE_WRITE) return fail(error, STATUS_FAILED, "", "%s: is open for reading only", store->path);
  if (!name.length) return fail(error, STATUS_USAGE, "", "a playlist needs a name");
  bool began = false;
  Status status = store_enter(store, &began, error);
  if (status != STATUS_OK) return status;
  Change change;
  status = plan(store, name, mode, tracks, count, &change, out, error);
  if (status == STATUS_OK && mode == PLAYLIST_REPLACE) {
    for (size_t i = 0; i < change.track_count; i++) change.kept[i] = NONE;
    for (size_t i = 0; i < change.entry_count; i++) change.entries[i].taken = false;
  }
  if (status == STATUS_OK) status = apply(store, name, out->created, &change, error);
  return store_leave(store, began, status, error);
}

static Status date_entry(Store *store, int64_t entry, Instant added, Error *error) {
  sqlite3_stmt *date = store_use(store, SQL_ENTRY_DATE, error);
  if (!date) return STATUS_FAILED;
  sqlite3_bind_int64(date, 1, entry);
  sqlite3_bind_int64(date, 2, added);
  return store_run(store, date, "storing a playlist", error);
}

Status store_date_entries(Store *store, Text name, const int64_t *tracks, const Instant *added, size_t count, Error *error) {
  Change change = {.tracks = tracks, .track_count = count};
  Status status = store_find_playlist(store, name, &change.playlist, error);
  if (status != STATUS_OK || !change.playlist) return status;
  if ((status = load_entries(store, &change, error)) != STATUS_OK) return status;
  match_entries(store, &change);
  for (size_t i = 0; i < count && status == STATUS_OK; i++)
    if (added[i] != INSTANT_MIN && change.kept[i] != NONE) status = date_entry(store, change.entries[change.kept[i]].id, added[i], error);
  return status;
}
