#include "stages/slice.h"

const Batch *slice_rows(StageCall *call, size_t start, size_t count) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  if (count == input->selected) return input;
  if (input->selection) return batch_select(arena, input, input->selection + start, count);
  uint32_t *selection = arena_array(arena, count, sizeof *selection);
  for (size_t i = 0; i < count; i++) selection[i] = (uint32_t)(start + i);
  return batch_select(arena, input, selection, count);
}
