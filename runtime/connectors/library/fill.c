#include "connectors/library/library.h"

/* The facts of tracks, each track read once. */
typedef struct Facts {
  Run *run;
  Store *store;
  const FieldId *fields;
  size_t count;
  Value **columns;    /* of the batch, one for each field: to be filled where they are missing */
  uint8_t **unfilled; /* 1 = missing */
  size_t highest;
  uint32_t *slots;  /* by track id: where its facts are, 0 = not read */
  Value *values;    /* `count` for each slot */
  uint8_t *missing; /* the same */
  size_t used, capacity;
} Facts;

static bool set_text(const Facts *facts, Text text, Value *out) {
  out->integer = text_intern(facts->run->texts, text);
  return text.length != 0;
}

static bool set_artists(const Facts *facts, const StoreTrack *track, Value *out) {
  Value *items = arena_array(facts->run->arena, track->artist_count, sizeof *items);
  for (uint32_t i = 0; i < track->artist_count; i++) set_text(facts, track->artists[i], &items[i]);
  *out = list_add(facts->run->lists, items, track->artist_count);
  return track->artist_count != 0;
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
static bool set_fact(const Facts *facts, const StoreTrack *track, FieldId field, Value *out) {
  switch (field) {
    case FIELD_TITLE:
      return set_text(facts, track->title, out);
    case FIELD_ARTIST:
      return track->artist_count && set_text(facts, track->artists[0], out);
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

static bool row_wants(const Facts *facts, const Batch *batch, size_t row) {
  TrackHandle handle = batch->tracks[row];
  bool wanted = false;
  for (size_t i = 0; i < facts->count; i++) wanted |= facts->unfilled[i][row] != 0;
  return wanted && handle > 0 && (size_t)handle <= facts->highest;
}

/* ---- many at once ---- */

/* Passing over a track costs a fraction of looking one up. */
enum { SCAN_SHARE = 6 };
static const uint32_t WANTED = UINT32_MAX;

static bool visit_fact(void *context, const StoreTrack *track) {
  Facts *facts = context;
  if ((size_t)track->id > facts->highest) return false;
  if (facts->slots[track->id] == WANTED) facts->slots[track->id] = keep_facts(facts, track);
  return true;
}

static Status read_many(Facts *facts, const Batch *batch, Error *error) {
  size_t wanted = 0;
  if (batch->selected < facts->highest / SCAN_SHARE) return STATUS_OK;
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    if (!row_wants(facts, batch, row)) continue;
    uint32_t *slot = &facts->slots[batch->tracks[row]];
    wanted += *slot != WANTED;
    *slot = WANTED;
  }
  unsigned needed = 0;
  Status status = STATUS_OK;
  for (size_t i = 0; i < facts->count; i++) needed |= needed_fact(facts->fields[i]);
  if (wanted && wanted >= facts->highest / SCAN_SHARE) {
    make_slots(facts, wanted + 1);
    status = store_each_track(facts->store, needed, visit_fact, facts, error);
  }
  for (size_t i = 0; i < batch->selected && wanted; i++) { /* what is not there is asked for, and not found */
    TrackHandle handle = batch->tracks[batch_row(batch, i)];
    if (handle > 0 && (size_t)handle <= facts->highest && facts->slots[handle] == WANTED) facts->slots[handle] = 0;
  }
  return status;
}

static Status fill_row(Facts *facts, const Batch *batch, size_t row, Error *error) {
  TrackHandle handle = batch->tracks[row];
  if (!row_wants(facts, batch, row)) return STATUS_OK;
  uint32_t slot = facts->slots[handle];
  if (!slot) {
    Status status = read_facts(facts, handle, &slot, error);
    if (status != STATUS_OK) return status;
    facts->slots[handle] = slot;
  }
  for (size_t i = 0; i < facts->count; i++) {
    size_t at = slot * facts->count + i;
    if (!facts->unfilled[i][row] || facts->missing[at]) continue;
    facts->columns[i][row] = facts->values[at];
    facts->unfilled[i][row] = 0;
  }
  return STATUS_OK;
}

static Status fill_facts(Run *run, Store *store, Batch *batch, const size_t *fill, const FieldId *fields, size_t count,
                         Error *error) {
  if (!store || !count || !batch->tracks) return STATUS_OK;
  Facts facts = {.run = run, .store = store, .fields = fields, .count = count};
  facts.highest = (size_t)store_highest_track(store);
  facts.slots = arena_array(run->arena, facts.highest + 1, sizeof *facts.slots);
  facts.columns = arena_array(run->arena, count, sizeof *facts.columns);
  facts.unfilled = arena_array(run->arena, count, sizeof *facts.unfilled);
  for (size_t i = 0; i < count; i++) {
    facts.columns[i] = batch_values(batch, fill[i]);
    facts.unfilled[i] = batch_missing(run->arena, batch, fill[i]);
  }
  Status status = read_many(&facts, batch, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < batch->selected; i++) {
    status = fill_row(&facts, batch, batch_row(batch, i), error);
    if (status != STATUS_OK) return status;
  }
  arena_release(run->arena, facts.slots, (facts.highest + 1) * sizeof *facts.slots);
  arena_release(run->arena, facts.values, facts.capacity * count * sizeof *facts.values);
  arena_release(run->arena, facts.missing, facts.capacity * count);
  return STATUS_OK;
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
