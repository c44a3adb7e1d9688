#include "stages/groups.h"

const Batch *const *stage_split_groups(StageCall *call, uint32_t *count) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  Groups groups = groups_find(call, "key");
  const Batch **parts = arena_array(arena, groups.count, sizeof *parts);
  uint32_t *starts = arena_array(arena, groups.count + 1, sizeof *starts);
  uint32_t *rows = arena_array(arena, input->selected, sizeof *rows);
  for (size_t i = 0; i < input->selected; i++) starts[groups.of[i] + 1]++;
  for (size_t group = 0; group < groups.count; group++) starts[group + 1] += starts[group];
  for (size_t i = 0; i < input->selected; i++) rows[starts[groups.of[i]]++] = (uint32_t)batch_row(input, i);
  for (size_t group = 0, start = 0; group < groups.count; start = starts[group++])
    parts[group] = batch_select(arena, input, rows + start, starts[group] - start);
  *count = (uint32_t)groups.count;
  return parts;
}

/* The engine runs what stands between the two ends itself, see execute_groups. */
Status stage_run_PER(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  *out = call->inputs[0];
  return STATUS_OK;
}

Status stage_run_PER_END(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  *out = call->inputs[0];
  return STATUS_OK;
}
