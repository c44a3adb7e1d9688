#include "base/map.h"
#include "base/vec.h"
#include "connectors/library/library.h"

/* What a track's list of artists gives. */
typedef struct Artists {
  bool has_artist, has_list;
  Value artist, list;
} Artists;

/* The facts of tracks, each track read once. */
typedef struct Facts {
  Run *run;
  Store *store;
  const FieldId *fields;
  size_t count;
  Value **columns;    /* of the batch, one for each field: to be filled where they are missing */
  uint8_t **unfilled; /* 1 = missing */
  size_t highest;
  bool wants_list;
  TextPool *spellings; /* lists of artists as they are stored; NULL until many tracks are read */
  VEC(Artists) artists; /* by TextId in `spellings`: a library has far fewer artists than tracks */
  uint32_t *rows; /* by track id: its first row + 1, 0 = none */
  uint32_t *next; /* by row: the same track's next row + 1; NULL = no track has two */
  IntMap *slots;    /* by track id: where its facts are */
  Value *values;    /* `count` for each slot */
  uint8_t *missing; /* the same */
  size_t used, capacity;
} Facts;

static bool set_text(const Facts *facts, Text text, Value *out) {
  out->integer = text_intern(facts->run->texts, text);
  return text.length != 0;
}

static Artists make_artists(const Facts *facts, const Text *names, uint32_t count) {
  Artists artists = {.has_list = count != 0};
  artists.has_artist = count && set_text(facts, names[0], &artists.artist);
  if (!facts->wants_list) return artists;
  Value *items = arena_array(facts->run->arena, count, sizeof *items);
  for (uint32_t i = 0; i < count; i++) set_text(facts, names[i], &items[i]);
  artists.list = list_add(facts->run->lists, items, count);
  return artists;
}

/* Of a list that many tracks may have. */
static Artists shared_artists(Facts *facts, Text json) {
  TextId id = text_intern(facts->spellings, json);
  if (id == facts->artists.count) {
    const Text *names;
    uint32_t count;
    store_artists(facts->store, json, &names, &count);
    Artists artists = make_artists(facts, names, count);
    vec_push(facts->run->arena, &facts->artists, artists);
  }
  return facts->artists.items[id];
}

static Artists artists_of(Facts *facts, const StoreTrack *track) {
  return facts->spellings ? shared_artists(facts, track->artists_json) : make_artists(facts, track->artists, track->artist_count);
}

static bool set_artist(Facts *facts, const StoreTrack *track, Value *out) {
  Artists artists = artists_of(facts, track);
  *out = artists.artist;
  return artists.has_artist;
}

static bool set_artists(Facts *facts, const StoreTrack *track, Value *out) {
  Artists artists = artists_of(facts, track);
  *out = artists.list;
  return artists.has_list;
}

static bool set_released(const StoreTrack *track, Value *out) {
  Date date;
  if (!track->release_date.length || date_parse(track->release_date, &date, NULL) != STATUS_OK) return false;
  if (date.precision > DATE_DAY) return false;
  out->integer = date_pack(date);
  return true;
}

/* Which of the track's facts set_fact() looks at. */
static unsigned needed_fact(FieldId field) {
  switch (field) {
    case FIELD_TITLE:
      return TRACK_TITLE;
    case FIELD_ARTIST:
    case FIELD_ARTISTS:
      return TRACK_ARTISTS;
    case FIELD_ALBUM:
      return TRACK_ALBUM;
    case FIELD_DURATION:
      return TRACK_DURATION;
    case FIELD_RELEASED:
      return TRACK_RELEASED;
    case FIELD_ISRC:
      return TRACK_ISRC;
    case FIELD_MBID:
    case FIELD_MUSICBRAINZ_ID:
      return TRACK_MBID;
    case FIELD_SPOTIFY_ID:
      return TRACK_SPOTIFY_ID;
    case FIELD_EXPLICIT:
      return TRACK_EXPLICIT;
    default:
      return 0;
  }
}

/* False when the track does not know it. */
static bool set_fact(Facts *facts, const StoreTrack *track, FieldId field, Value *out) {
  switch (field) {
    case FIELD_TITLE:
      return set_text(facts, track->title, out);
    case FIELD_ARTIST:
      return set_artist(facts, track, out);
    case FIELD_ARTISTS:
      return set_artists(facts, track, out);
    case FIELD_ALBUM:
      return set_text(facts, track->album, out);
    case FIELD_DURATION:
      out->integer = duration_pack((Duration){.ms = track->duration_ms});
      return track->duration_ms >= 0;
    case FIELD_RELEASED:
      return set_released(track, out);
    case FIELD_ISRC:
      return set_text(facts, track->isrc, out);
    case FIELD_MBID:
    case FIELD_MUSICBRAINZ_ID:
      return set_text(facts, track->mbid, out);
    case FIELD_SPOTIFY_ID:
      return set_text(facts, track->spotify_id, out);
    case FIELD_EXPLICIT:
      out->integer = track->explicit_content == TRISTATE_TRUE;
      return track->explicit_content != TRISTATE_MISSING;
    default:
      return false;
  }
}

static bool row_wants(const Facts *facts, const Batch *batch, size_t row) {
  TrackHandle handle = batch->tracks[row];
  bool wanted = false;
  for (size_t i = 0; i < facts->count; i++) wanted |= facts->unfilled[i][row] != 0;
  return wanted && handle > 0 && (size_t)handle <= facts->highest;
}

/* ---- many at once ---- */

/* Passing over a track costs a fraction of looking one up. */
enum { SCAN_SHARE = 6 };

/* The rows of each track whose facts are wanted; returns how many tracks. */
static size_t find_rows(Facts *facts, const Batch *batch) {
  Arena *arena = facts->run->arena;
  size_t tracks = 0;
  facts->rows = arena_array(arena, facts->highest + 1, sizeof *facts->rows);
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    if (!row_wants(facts, batch, row)) continue;
    uint32_t *first = &facts->rows[batch->tracks[row]];
    tracks += !*first;
    if (*first && !facts->next) facts->next = arena_array(arena, batch->row_count, sizeof *facts->next);
    if (*first) facts->next[row] = *first;
    *first = (uint32_t)row + 1;
  }
  return tracks;
}

static bool visit_fact(void *context, const StoreTrack *track) {
  Facts *facts = context;
  if ((size_t)track->id > facts->highest) return false;
  uint32_t first = facts->rows[track->id];
  for (size_t i = 0; first && i < facts->count; i++) {
    Value value;
    if (!set_fact(facts, track, facts->fields[i], &value)) continue;
    for (uint32_t row = first; row; row = facts->next ? facts->next[row - 1] : 0) {
      if (!facts->unfilled[i][row - 1]) continue;
      facts->columns[i][row - 1] = value;
      facts->unfilled[i][row - 1] = 0;
    }
  }
  return true;
}

/* Reads all tracks in a row where the rows have so many of them that this is quicker: `*done`. */
static Status fill_many(Facts *facts, const Batch *batch, bool *done, Error *error) {
  Arena *arena = facts->run->arena;
  Status status = STATUS_OK;
  if (batch->selected < facts->highest / SCAN_SHARE) return STATUS_OK;
  size_t tracks = find_rows(facts, batch);
  *done = tracks && tracks >= facts->highest / SCAN_SHARE;
  if (*done) {
    unsigned needed = 0;
    for (size_t i = 0; i < facts->count; i++) needed |= needed_fact(facts->fields[i]);
    facts->spellings = text_pool_new(arena);
    vec_push(arena, &facts->artists, ((Artists){0})); /* of the empty text, which every pool has */
    status = store_each_track(facts->store, needed, visit_fact, facts, error);
    arena_release(arena, facts->artists.items, facts->artists.capacity * sizeof *facts->artists.items);
  }
  if (facts->next) arena_release(arena, facts->next, batch->row_count * sizeof *facts->next);
  arena_release(arena, facts->rows, (facts->highest + 1) * sizeof *facts->rows);
  return status;
}

/* ---- one after another ---- */

static void make_slots(Facts *facts, size_t capacity) {
  Arena *arena = facts->run->arena;
  size_t old_size = facts->capacity * facts->count, new_size = capacity * facts->count;
  facts->values = arena_grow(arena, facts->values, old_size * sizeof *facts->values, new_size * sizeof *facts->values);
  facts->missing = arena_grow(arena, facts->missing, old_size, new_size);
  facts->capacity = capacity;
}

static uint32_t new_slot(Facts *facts) {
  if (facts->used == facts->capacity) make_slots(facts, facts->capacity ? facts->capacity * 2 : 64);
  if (!facts->used) facts->used = 1; /* slot 0 means: not read */
  return (uint32_t)facts->used++;
}

/* `track` NULL: there is none. */
static uint32_t keep_facts(Facts *facts, const StoreTrack *track) {
  uint32_t slot = new_slot(facts);
  for (size_t i = 0; i < facts->count; i++) {
    size_t at = slot * facts->count + i;
    facts->missing[at] = !(track && set_fact(facts, track, facts->fields[i], &facts->values[at]));
  }
  return slot;
}

static Status read_facts(Facts *facts, int64_t id, uint32_t *slot, Error *error) {
  StoreTrack track;
  bool found = false;
  Status status = store_track(facts->store, id, &track, &found, error);
  if (status == STATUS_OK) *slot = keep_facts(facts, found ? &track : NULL);
  return status;
}

static Status fill_row(Facts *facts, const Batch *batch, size_t row, Error *error) {
  TrackHandle handle = batch->tracks[row];
  if (!row_wants(facts, batch, row)) return STATUS_OK;
  uint32_t slot = int_map_get(facts->slots, handle, 0);
  if (!slot) {
    Status status = read_facts(facts, handle, &slot, error);
    if (status != STATUS_OK) return status;
    int_map_add(facts->slots, handle, slot, NULL);
  }
  for (size_t i = 0; i < facts->count; i++) {
    size_t at = slot * facts->count + i;
    if (!facts->unfilled[i][row] || facts->missing[at]) continue;
    facts->columns[i][row] = facts->values[at];
    facts->unfilled[i][row] = 0;
  }
  return STATUS_OK;
}

static Status fill_each(Facts *facts, const Batch *batch, Error *error) {
  Arena *arena = facts->run->arena;
  Status status = STATUS_OK;
  facts->slots = int_map_new(arena, 0);
  for (size_t i = 0; i < batch->selected && status == STATUS_OK; i++) status = fill_row(facts, batch, batch_row(batch, i), error);
  arena_release(arena, facts->values, facts->capacity * facts->count * sizeof *facts->values);
  arena_release(arena, facts->missing, facts->capacity * facts->count);
  return status;
}

static Status fill_facts(Run *run, Store *store, Batch *batch, const size_t *fill, const FieldId *fields, size_t count,
                         Error *error) {
  if (!store || !count || !batch->tracks) return STATUS_OK;
  Facts facts = {.run = run, .store = store, .fields = fields, .count = count};
  facts.highest = (size_t)store_highest_track(store);
  facts.columns = arena_array(run->arena, count, sizeof *facts.columns);
  facts.unfilled = arena_array(run->arena, count, sizeof *facts.unfilled);
  for (size_t i = 0; i < count; i++) {
    facts.columns[i] = batch_values(batch, fill[i]);
    facts.unfilled[i] = batch_missing(run->arena, batch, fill[i]);
    facts.wants_list |= fields[i] == FIELD_ARTISTS;
  }
  bool done = false;
  Status status = fill_many(&facts, batch, &done, error);
  return done || status != STATUS_OK ? status : fill_each(&facts, batch, error);
}

Status library_fill(Run *run, Store *store, Batch *batch, const size_t *fill, size_t count, Error *error) {
  size_t *facts = arena_array(run->arena, count, sizeof *facts);
  FieldId *fields = arena_array(run->arena, count, sizeof *fields);
  MetricColumn *metrics = arena_array(run->arena, count, sizeof *metrics);
  MetricColumn *marks = arena_array(run->arena, count, sizeof *marks);
  size_t fact_count = 0, metric_count = 0, mark_count = 0;
  for (size_t i = 0; i < count; i++) {
    const PlanColumn *column = &batch->schema->columns[fill[i]];
    FieldId field = library_field(run, column);
    if (field == FIELD_COUNT) continue;
    Provider provider = field_def(field)->provider;
    if (provider == PROVIDER_TRACK) {
      fields[fact_count] = field;
      facts[fact_count++] = fill[i];
    } else if (provider == PROVIDER_LIBRARY) {
      MetricColumn *own = library_is_mark(field) ? &marks[mark_count++] : &metrics[metric_count++];
      *own = (MetricColumn){field, run_window(run, column->window), batch_values(batch, fill[i]),
                            batch_missing(run->arena, batch, fill[i]), type_is_optional(field_def(field)->type)};
    }
  }
  Status status = fill_facts(run, store, batch, facts, fields, fact_count, error);
  if (status == STATUS_OK && mark_count) status = library_marks(run, store, batch, marks, mark_count, error);
  return status == STATUS_OK && metric_count ? library_metrics(run, store, batch, metrics, metric_count, error)
                                             : status;
}

Status library_fill_source(StageCall *call, Store *store, Batch *batch, Error *error) {
  size_t *fill = arena_array(call->run->arena, batch->schema->column_count, sizeof *fill);
  size_t count = 0;
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    FieldId field = library_field(call->run, &batch->schema->columns[i]);
    if (field == FIELD_COUNT || field_def(field)->provider == PROVIDER_SOURCE) continue;
    fill[count++] = i;
  }
  return library_fill(call->run, store, batch, fill, count, error);
}
