#include "base/map.h"
#include "stages/membership.h"

/* ---- by any of the artists ---- */

typedef struct Artists {
  Run *run;
  const Column *all, *first; /* of one stream; NULL where it lacks them */
} Artists;

static const Column *column_of(const Batch *batch, const Run *run, FieldId field) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const PlanColumn *column = &batch->schema->columns[i];
    if (column->window.kind == WINDOW_NONE && text_is(plan_string(run->plan, column->name), field_def(field)->name)) return &batch->columns[i];
  }
  return NULL;
}

static Artists artists_of(Run *run, const Batch *batch) {
  return (Artists){run, column_of(batch, run, FIELD_ARTISTS), column_of(batch, run, FIELD_ARTIST)};
}

/* The row's artists: all where they are known, else the first. */
static ListItems names_at(const Artists *artists, size_t row) {
  if (artists->all && !column_is_missing(artists->all, row)) {
    ListItems names = list_items(artists->run->lists, artists->all->values[row]);
    if (names.count) return names;
  }
  if (artists->first && !column_is_missing(artists->first, row)) return (ListItems){&artists->first->values[row], 1};
  return (ListItems){NULL, 0};
}

static Status except_artists(StageCall *call, const Batch **out) {
  Run *run = call->run;
  IntMap *others = int_map_new(run->arena, 64);
  const Batch *first = call->inputs[0];
  bool added;
  for (uint32_t stream = 1; stream < call->input_count; stream++) {
    Artists artists = artists_of(run, call->inputs[stream]);
    for (size_t i = 0; i < call->inputs[stream]->selected; i++) {
      ListItems names = names_at(&artists, batch_row(call->inputs[stream], i));
      for (uint32_t n = 0; n < names.count; n++) int_map_add(others, run_fold(run, (TextId)names.items[n].integer), 1, &added);
    }
  }
  Artists artists = artists_of(run, first);
  uint32_t *selection = arena_array(run->arena, first->selected, sizeof *selection);
  size_t kept = 0;
  for (size_t i = 0; i < first->selected; i++) {
    ListItems names = names_at(&artists, batch_row(first, i));
    bool shared = false;
    for (uint32_t n = 0; n < names.count && !shared; n++) shared = int_map_get(others, run_fold(run, (TextId)names.items[n].integer), 0) != 0;
    if (!shared) selection[kept++] = (uint32_t)batch_row(first, i);
  }
  *out = batch_select(run->arena, first, selection, kept);
  return STATUS_OK;
}

/* ---- by one identity ---- */

Status stage_run_EXCEPT(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  if (text_is(call_word(call, "by"), "artists")) return except_artists(call, out);
  const Batch *first = call->inputs[0];
  Membership found = membership_find(call);
  uint32_t *selection = arena_array(call->run->arena, first->selected, sizeof *selection);
  size_t kept = 0;
  for (size_t i = 0; i < first->selected; i++) {
    if (found.streams[found.identities[i]] == 0) selection[kept++] = (uint32_t)batch_row(first, i);
  }
  *out = batch_select(call->run->arena, first, selection, kept);
  return STATUS_OK;
}
