#include "connectors/spotify/wanted_list.h"

#include "connectors/library/library.h"

/* ---- rows ---- */

/* What the list holds, by folded title and artist. Of several of a name each stands for one row; a track stands for all further ones too. */
typedef struct Named {
  Arena *arena;
  TextPool *names;
  IntMap *first; /* name to the index of the first of `keys` */
  IntMap *last;  /* name to the key of the track that was taken last */
  VEC(EntryKey) keys;
  VEC(bool) is_track;
  VEC(uint32_t) next; /* of the same name; UINT32_MAX = no more */
} Named;

static int64_t name_of(Named *named, Text title, Text artist) {
  Text folded = text_fold(named->arena, title), by = text_fold(named->arena, artist);
  return text_intern(named->names, text_of(arena_format(named->arena, TEXT_FORMAT "\n" TEXT_FORMAT, TEXT_ARG(folded), TEXT_ARG(by))));
}

static Named *named_entries(Arena *arena, const RemoteList *is) {
  Named *named = arena_alloc(arena, sizeof *named);
  *named = (Named){.arena = arena, .names = text_pool_new(arena), .first = int_map_new(arena, 16), .last = int_map_new(arena, 16)};
  for (size_t i = is->entries.count; i-- > 0;) {
    const RemoteEntry *entry = &is->entries.items[i];
    if ((entry->thing != SPOTIFY_LOCAL && entry->thing != SPOTIFY_TRACK) || !entry->title.length || !entry->artist.length) continue;
    int64_t name = name_of(named, entry->title, entry->artist);
    vec_push(arena, &named->next, int_map_get(named->first, name, UINT32_MAX));
    int_map_set(named->first, name, (uint32_t)named->keys.count);
    vec_push(arena, &named->keys, entry->key);
    vec_push(arena, &named->is_track, entry->thing == SPOTIFY_TRACK);
  }
  return named;
}

static EntryKey take_named(Named *named, Text title, Text artist) {
  if (!named->keys.count || !title.length) return 0;
  int64_t name = name_of(named, title, artist);
  uint32_t at = int_map_get(named->first, name, UINT32_MAX);
  if (at == UINT32_MAX) return int_map_get(named->last, name, 0);
  int_map_set(named->first, name, named->next.items[at]);
  if (named->is_track.items[at]) int_map_set(named->last, name, named->keys.items[at]);
  return named->keys.items[at];
}

/* What is known of a row: its own columns come before what its track says. */
static Status row_clues(StageCall *call, const size_t columns[FIELD_COUNT], size_t at, TrackClues *out, Error *error) {
  Run *run = call->run;
  const Batch *input = call->inputs[0];
  *out = (TrackClues){0};
  Status status = input->tracks && input->tracks[at] ? track_clues(run->tracks, input->tracks[at], out, error) : STATUS_OK;
  const struct {
    FieldId field;
    Text *text;
  } texts[] = {{FIELD_SPOTIFY_ID, &out->spotify_id}, {FIELD_TITLE, &out->title}, {FIELD_ARTIST, &out->artist}, {FIELD_ISRC, &out->isrc}, {FIELD_ALBUM, &out->album}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts && status == STATUS_OK; i++) {
    Text own = library_text(run, input, columns[texts[i].field], at);
    if (own.length) *texts[i].text = own;
  }
  return status;
}

Status wanted_rows(StageCall *call, Services *services, RemoteNames *names, const RemoteList *is, WantedRows *out, Error *error) {
  Run *run = call->run;
  const Batch *input = call->inputs[0];
  Named *named = named_entries(run->arena, is);
  size_t columns[FIELD_COUNT];
  VEC(size_t) places = {0}; /* of the rows that are sought */
  for (int i = 0; i < FIELD_COUNT; i++) columns[i] = library_column(run, input, (FieldId)i);
  *out = (WantedRows){0};
  for (size_t i = 0; i < input->selected; i++) {
    TrackClues clues;
    Status status = row_clues(call, columns, batch_row(input, i), &clues, error);
    if (status != STATUS_OK) return status;
    WantedRow row = {.title = clues.title, .artist = clues.artist};
    row.key = spotify_is_id(clues.spotify_id) ? remote_track_key(names, clues.spotify_id) : take_named(named, row.title, row.artist);
    if (!row.key) {
      vec_push(run->arena, &places, out->rows.count);
      vec_push(run->arena, &out->sought, ((SpotifyWanted){.clues = clues}));
    }
    vec_push(run->arena, &out->rows, row);
  }
  Status status = spotify_find_tracks(run, services, out->sought.items, out->sought.count, error);
  for (size_t i = 0; i < out->sought.count && status == STATUS_OK; i++)
    if (out->sought.items[i].outcome == SOUGHT_FOUND) out->rows.items[places.items[i]].key = remote_track_key(names, out->sought.items[i].id);
  return status;
}

/* ---- the list ---- */

typedef VEC(EntryKey) Keys;

static void add(Arena *arena, Keys *keys, EntryKey key) {
  vec_push(arena, keys, key);
}

static void append(Arena *arena, const RemoteList *is, const WantedRows *rows, Keys *out) {
  IntMap *there = int_map_new(arena, is->entries.count + rows->rows.count);
  for (size_t i = 0; i < is->entries.count; i++) {
    int_map_set(there, is->entries.items[i].key, 1);
    add(arena, out, is->entries.items[i].key);
  }
  for (size_t i = 0; i < rows->rows.count; i++) {
    bool is_new = false;
    EntryKey key = rows->rows.items[i].key;
    if (key) int_map_add(there, key, 1, &is_new);
    if (is_new) add(arena, out, key);
  }
}

/* Of each entry that is there: the index of the row that means it, by occurrence, or SIZE_MAX. */
static size_t *rows_of_entries(Arena *arena, const RemoteList *is, const WantedRows *rows) {
  size_t *row_of = arena_array(arena, is->entries.count, sizeof *row_of), count = rows->rows.count;
  uint32_t *next = arena_array(arena, count, sizeof *next); /* row of the same key */
  IntMap *first = int_map_new(arena, count);
  for (size_t i = count; i-- > 0;) {
    EntryKey key = rows->rows.items[i].key;
    next[i] = key ? int_map_get(first, key, UINT32_MAX) : UINT32_MAX;
    if (key) int_map_set(first, key, (uint32_t)i);
  }
  for (size_t i = 0; i < is->entries.count; i++) {
    EntryKey key = is->entries.items[i].key;
    uint32_t row = int_map_get(first, key, UINT32_MAX);
    row_of[i] = row == UINT32_MAX ? SIZE_MAX : row;
    if (row != UINT32_MAX) int_map_set(first, key, next[row]);
  }
  return row_of;
}

static void around_rows(Arena *arena, const RemoteList *is, const WantedRows *rows, bool to_end, WantedList *out, Keys *keys) {
  size_t *row_of = rows_of_entries(arena, is, rows), anchor = to_end ? rows->rows.count : 0, count = rows->rows.count + 1;
  Keys *behind = arena_array(arena, count, sizeof *behind); /* [0] = before all rows, [i + 1] = behind row i */
  for (size_t i = 0; i < is->entries.count; i++) {
    const RemoteEntry *entry = &is->entries.items[i];
    if (row_of[i] != SIZE_MAX) {
      if (!to_end) anchor = row_of[i] + 1;
      continue;
    }
    if (entry->thing == SPOTIFY_TRACK) continue;
    add(arena, &behind[anchor], entry->key);
    out->stays++;
  }
  for (size_t at = 0; at < count; at++) {
    if (at && rows->rows.items[at - 1].key) add(arena, keys, rows->rows.items[at - 1].key);
    for (size_t i = 0; i < behind[at].count; i++) add(arena, keys, behind[at].items[i]);
  }
}

void wanted_list(Arena *arena, const RemoteList *is, const WantedRows *rows, PlaylistChangeMode mode, WantedList *out) {
  Keys keys = {0};
  *out = (WantedList){0};
  if (mode == CHANGE_APPEND) append(arena, is, rows, &keys);
  else around_rows(arena, is, rows, mode == CHANGE_REPLACE, out, &keys);
  out->list = (EntryList){keys.items, keys.count};
}
