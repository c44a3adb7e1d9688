#include "connectors/spotify/wanted_list.h"

#include "connectors/library/library.h"

/* ---- rows ---- */

/* Files of the person's own by folded title and artist; each stands for one row. */
typedef struct LocalFiles {
  Arena *arena;
  TextPool *names;
  IntMap *first;        /* name to the index of the first of `keys` */
  VEC(EntryKey) keys;
  VEC(uint32_t) next;   /* of the same name; UINT32_MAX = no more */
} LocalFiles;

static int64_t name_of(LocalFiles *files, Text title, Text artist) {
  Text folded = text_fold(files->arena, title), by = text_fold(files->arena, artist);
  return text_intern(files->names, text_of(arena_format(files->arena, TEXT_FORMAT "\n" TEXT_FORMAT, TEXT_ARG(folded), TEXT_ARG(by))));
}

static LocalFiles *local_files(Arena *arena, const RemoteList *is) {
  LocalFiles *files = arena_alloc(arena, sizeof *files);
  *files = (LocalFiles){.arena = arena, .names = text_pool_new(arena), .first = int_map_new(arena, 16)};
  for (size_t i = is->entries.count; i-- > 0;) {
    const RemoteEntry *entry = &is->entries.items[i];
    if (entry->thing != SPOTIFY_LOCAL) continue;
    int64_t name = name_of(files, entry->title, entry->artist);
    vec_push(arena, &files->next, int_map_get(files->first, name, UINT32_MAX));
    int_map_set(files->first, name, (uint32_t)files->keys.count);
    vec_push(arena, &files->keys, entry->key);
  }
  return files;
}

static EntryKey take_file(LocalFiles *files, Text title, Text artist) {
  if (!files->keys.count || !title.length) return 0;
  int64_t name = name_of(files, title, artist);
  uint32_t at = int_map_get(files->first, name, UINT32_MAX);
  if (at == UINT32_MAX) return 0;
  int_map_set(files->first, name, files->next.items[at]);
  return files->keys.items[at];
}

Status wanted_rows(StageCall *call, RemoteNames *names, const RemoteList *is, WantedRows *out, Error *error) {
  Run *run = call->run;
  const Batch *input = call->inputs[0];
  LocalFiles *files = local_files(run->arena, is);
  size_t ids = library_column(run, input, FIELD_SPOTIFY_ID), titles = library_column(run, input, FIELD_TITLE), artists = library_column(run, input, FIELD_ARTIST);
  *out = (WantedRows){0};
  for (size_t i = 0; i < input->selected; i++) {
    size_t at = batch_row(input, i);
    TrackClues clues = {0};
    Status status = input->tracks && input->tracks[at] ? track_clues(run->tracks, input->tracks[at], &clues, error) : STATUS_OK;
    if (status != STATUS_OK) return status;
    Text id = library_text(run, input, ids, at), title = library_text(run, input, titles, at), artist = library_text(run, input, artists, at);
    if (!id.length) id = clues.spotify_id;
    WantedRow row = {.title = title.length ? title : clues.title, .artist = artist.length ? artist : clues.artist};
    if (spotify_is_id(id)) row.key = remote_track_key(names, id);
    else row.key = take_file(files, row.title, row.artist);
    out->unknown += !row.key;
    vec_push(run->arena, &out->rows, row);
  }
  return STATUS_OK;
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
