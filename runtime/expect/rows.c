#include "expect/rows.h"

#include "engine/columns.h"
#include "expect/value.h"
#include "store/store.h"

/* ---- what is known of a track besides the columns of a stream ---- */

static Text artists_cell(Arena *arena, const StoreTrack *track) {
  TextBuilder text = {.arena = arena};
  for (uint32_t i = 0; i < track->artist_count; i++) {
    if (i) text_append(&text, TEXT_LITERAL(", "));
    text_append(&text, cell_quoted(arena, track->artists[i], true));
  }
  return text_built(&text);
}

static Text store_cell(Arena *arena, const StoreTrack *track, FieldId field) {
  Text text = {"", 0};
  switch (field) {
    case FIELD_TITLE:
      text = track->title;
      break;
    case FIELD_ARTIST:
      if (track->artist_count) text = track->artists[0];
      break;
    case FIELD_ARTISTS:
      return artists_cell(arena, track);
    case FIELD_ALBUM:
      text = track->album;
      break;
    case FIELD_ISRC:
      text = track->isrc;
      break;
    case FIELD_MBID:
    case FIELD_MUSICBRAINZ_ID:
      text = track->mbid;
      break;
    case FIELD_SPOTIFY_ID:
      text = track->spotify_id;
      break;
    case FIELD_RELEASED:
      return text_copy(arena, track->release_date);
    case FIELD_DURATION:
      return track->duration_ms < 0 ? text : text_of(arena_format(arena, "%lld", (long long)track->duration_ms));
    default:
      if (field == FIELD_EXPLICIT && track->explicit_content != TRISTATE_MISSING) return track->explicit_content == TRISTATE_TRUE ? TEXT_LITERAL("yes") : TEXT_LITERAL("no");
      return text;
  }
  return text.length ? text_copy(arena, cell_quoted(arena, text, false)) : text;
}

/* A fact of the track, as a cell; empty when it is not known. */
static Status track_cell(TestWorld *world, TrackHandle handle, FieldId field, Text *out, Error *error) {
  Arena *arena = world->run->arena;
  *out = (Text){"", 0};
  if (handle > 0) {
    StoreTrack track;
    bool found;
    Status status = store_track(world->run->store, handle, &track, &found, error);
    if (status == STATUS_OK && found) *out = store_cell(arena, &track, field);
    return status;
  }
  const KnownTrack *known = NULL;
  Status status = handle ? test_world_track(world, handle, &known, error) : STATUS_OK;
  if (known) *out = suite_cell(world->test, arena, known->given, known->row, (int)field);
  return status;
}

static bool is_fact(FieldId field) {
  return field != FIELD_COUNT && field_def(field)->provider == PROVIDER_TRACK;
}

/* ---- rows ---- */

static void make_rows(Arena *arena, ActualRows *out, uint32_t columns, size_t rows) {
  *out = (ActualRows){.column_count = columns, .row_count = (uint32_t)rows};
  out->types = arena_array(arena, columns, sizeof *out->types);
  out->values = arena_array(arena, columns * rows, sizeof *out->values);
  out->missing = arena_array(arena, columns * rows, sizeof *out->missing);
}

static Status set_fact(TestWorld *world, ActualRows *out, size_t at, FieldId field, TrackHandle handle, Error *error) {
  Text cell;
  Status status = track_cell(world, handle, field, &cell, error);
  out->missing[at] = !cell.length || !test_value(world->run, type_required(field_def(field)->type), cell, &out->values[at]);
  return status;
}

static size_t find_column(TestWorld *world, const Batch *batch, Text name) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++)
    if (text_equal(run_column_name(world->run, &batch->schema->columns[i]), name)) return i;
  return SIZE_MAX;
}

Status rows_of_batch(TestWorld *world, const Batch *batch, const TestTable *table, ActualRows *out, uint32_t *unknown, Error *error) {
  *unknown = PLAN_NONE;
  make_rows(world->run->arena, out, table->column_count, batch->selected);
  for (uint32_t i = 0; i < table->column_count; i++) {
    Text name = table->names[i].text;
    size_t column = find_column(world, batch, name);
    FieldId field = field_find(name);
    bool fact = column == SIZE_MAX && batch->tracks && is_fact(field);
    if (column == SIZE_MAX && !fact) {
      *unknown = i;
      return STATUS_OK;
    }
    out->types[i] = type_required(fact ? field_def(field)->type : batch->columns[column].type);
    for (size_t position = 0; position < batch->selected; position++) {
      size_t row = batch_row(batch, position), at = position * table->column_count + i;
      if (fact) {
        Status status = set_fact(world, out, at, field, batch->tracks[row], error);
        if (status != STATUS_OK) return status;
      } else {
        out->missing[at] = column_is_missing(&batch->columns[column], row);
        out->values[at] = batch->columns[column].values[row];
      }
    }
  }
  return STATUS_OK;
}

typedef struct Entries {
  Arena *arena;
  VEC(int64_t) tracks;
  VEC(Instant) added;
} Entries;

static bool visit_entry(void *context, int64_t track, Instant added_at) {
  Entries *entries = context;
  vec_push(entries->arena, &entries->tracks, track);
  vec_push(entries->arena, &entries->added, added_at);
  return true;
}

Status rows_of_playlist(TestWorld *world, Text name, const TestTable *table, ActualRows *out, uint32_t *unknown, bool *found, Error *error) {
  Entries entries = {.arena = world->run->arena};
  int64_t playlist = 0;
  *unknown = PLAN_NONE;
  *found = false;
  if (!world->run->store) return STATUS_OK; /* the run stopped before there was one */
  Status status = store_find_playlist(world->run->store, name, &playlist, error);
  *found = playlist != 0;
  if (status == STATUS_OK && playlist) status = store_each_playlist_entry(world->run->store, playlist, visit_entry, &entries, error);
  make_rows(entries.arena, out, table->column_count, entries.tracks.count);
  for (uint32_t i = 0; i < table->column_count && status == STATUS_OK; i++) {
    FieldId field = field_find(table->names[i].text);
    if (!is_fact(field) && field != FIELD_ADDED && field != FIELD_POSITION) {
      *unknown = i;
      return STATUS_OK;
    }
    out->types[i] = type_required(field_def(field)->type);
    for (size_t row = 0; row < entries.tracks.count && status == STATUS_OK; row++) {
      size_t at = row * table->column_count + i;
      if (is_fact(field))
        status = set_fact(world, out, at, field, entries.tracks.items[row], error);
      else
        out->values[at].integer = field == FIELD_ADDED ? entries.added.items[row] : (int64_t)row + 1;
    }
  }
  return status;
}

static bool says_something(const Batch *batch, const Column *column) {
  size_t position = 0;
  while (position < batch->selected && column_is_missing(column, batch_row(batch, position))) position++;
  return position < batch->selected || batch->selected == 0;
}

TestTable rows_all_columns(TestWorld *world, const Batch *batch) {
  const Batch *ordered = batch_in_order(world->run, batch);
  const PlanSchema *schema = ordered->schema;
  TestTable table = {.names = arena_array(world->run->arena, schema->column_count, sizeof *table.names)};
  for (uint32_t i = 0; i < schema->column_count; i++) {
    Text name = run_column_name(world->run, &schema->columns[i]);
    bool redundant = schema->kind != ROWS_ANY && text_is(name, "artists"); /* says little that `artist` does not */
    if (!redundant && says_something(batch, &ordered->columns[i])) table.names[table.column_count++].text = name;
  }
  return table;
}

Text rows_column_names(TestWorld *world, const Batch *batch) {
  TextBuilder names = {.arena = world->run->arena};
  for (uint32_t i = 0; i < batch->schema->column_count; i++)
    text_append_format(&names, "%s" TEXT_FORMAT, i ? " " : "", TEXT_ARG(run_column_name(world->run, &batch->schema->columns[i])));
  return text_built(&names);
}
