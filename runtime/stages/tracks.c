#include "engine/distinct.h"
#include "engine/stage.h"

/* The columns that tracks have, of the plays' rows. */
static Batch *share_columns(StageCall *call, const uint32_t *selection, size_t selected) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  Batch *batch = batch_select(arena, input, selection, selected);
  batch->schema = call->schema;
  batch->columns = arena_array(arena, call->schema->column_count, sizeof *batch->columns);
  uint8_t *all_missing = NULL;
  for (uint32_t i = 0; i < call->schema->column_count; i++) {
    const PlanColumn *column = &call->schema->columns[i];
    size_t found = batch_column(input, column->name, column->window);
    if (found != SIZE_MAX) {
      batch->columns[i] = input->columns[found];
      continue;
    }
    if (!all_missing) {
      all_missing = arena_array(arena, input->row_count, 1);
      for (size_t row = 0; row < input->row_count; row++) all_missing[row] = 1;
    }
    batch->columns[i] = (Column){column->type, arena_array(arena, input->row_count, sizeof(Value)), all_missing};
  }
  return batch;
}

/* Each track at its first play in the stream. Plays of no track (podcast episodes) have none to give. */
Status stage_run_TRACKS(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  const Batch *input = call->inputs[0];
  Distinct *tracks = distinct_new(call->run, TYPE_OF(INT));
  uint32_t *selection = arena_array(call->run->arena, input->selected, sizeof *selection);
  uint32_t seen = 0;
  size_t kept = 0, without = 0;
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    TrackHandle track = input->tracks ? input->tracks[row] : 0;
    uint32_t number = track ? distinct_id(tracks, (Value){.integer = track}) : 0;
    without += track == 0;
    if (number <= seen) continue;
    seen = number;
    selection[kept++] = (uint32_t)row;
  }
  if (without)
    run_notice(call->run, call->node, false, "%zu play%s of no known track left out", without, without == 1 ? "" : "s");
  *out = share_columns(call, selection, kept);
  return STATUS_OK;
}
