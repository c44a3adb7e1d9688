#include "stages/chance.h"

/* Draws the stream of each row in proportion to `shares`, which together are `total`. A stream's share is its weight
 * until it ends; without weights it is the number of its rows that are left, so that every merge is equally likely. */
static void draw_streams(StageCall *call, RowRef *order, size_t rows) {
  Random random = chance_of(call);
  ListItems weights = call_list(call, "weights");
  uint64_t shares[PLAN_MAX_INPUTS], total = 0;
  size_t taken[PLAN_MAX_INPUTS] = {0};
  for (uint32_t i = 0; i < call->input_count; i++) {
    size_t stream_rows = call->inputs[i]->selected;
    shares[i] = weights.count && stream_rows ? (uint64_t)weights.items[i].integer : stream_rows;
    total += shares[i];
  }
  for (size_t next = 0; next < rows; next++) {
    uint64_t drawn = random_below(&random, total);
    uint32_t stream = 0;
    while (drawn >= shares[stream]) drawn -= shares[stream++];
    order[next] = (RowRef){stream, (uint32_t)taken[stream]++};
    bool ended = taken[stream] == call->inputs[stream]->selected;
    uint64_t lost = ended ? shares[stream] : !weights.count;
    shares[stream] -= lost;
    total -= lost;
  }
}

Status stage_run_MIX(StageCall *call, const Batch **out, Error *error) {
  Status status = gather_check(call, error);
  if (status) return status;
  size_t rows = 0;
  for (uint32_t i = 0; i < call->input_count; i++) rows += call->inputs[i]->selected;
  RowRef *order = arena_array(call->run->arena, rows, sizeof *order);
  draw_streams(call, order, rows);
  *out = batch_gather(call, order, rows);
  arena_release(call->run->arena, order, rows * sizeof *order);
  return STATUS_OK;
}
