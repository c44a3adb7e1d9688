#include "engine/stage.h"

static size_t first_by_identity(StageCall *call, uint32_t *selection) {
  const Batch *input = call->inputs[0];
  IdentitySet *identities = identity_set_new(call);
  uint32_t seen = 0; /* identities are numbered by first appearance: a number beyond this one is new */
  size_t kept = 0;
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    uint32_t identity = identity_of(identities, input, row);
    if (identity && identity <= seen) continue;
    if (identity) seen = identity;
    selection[kept++] = (uint32_t)row;
  }
  return kept;
}

/* The least handle and how many handles the span from it to the greatest holds. */
static uint64_t handle_span(const Batch *input, TrackHandle *least) {
  TrackHandle low = INT64_MAX, high = INT64_MIN;
  for (size_t i = 0; i < input->selected; i++) {
    TrackHandle track = input->tracks[batch_row(input, i)];
    if (track < low) low = track;
    if (track > high) high = track;
  }
  *least = low;
  return input->selected ? (uint64_t)high - (uint64_t)low + 1 : 1; /* 0 when it is all 2^64 */
}

/* Handles lie close together, so one bit for each fits the processor's cache where numbers do not. */
static size_t first_by_track(StageCall *call, uint32_t *selection, TrackHandle least, uint64_t span) {
  const Batch *input = call->inputs[0];
  size_t words = (size_t)(span / 64 + 1), kept = 0;
  uint64_t *seen = arena_array(call->run->arena, words, sizeof *seen);
  for (size_t i = 0; i < input->selected; i++) {
    size_t row = batch_row(input, i);
    TrackHandle track = input->tracks[row];
    uint64_t at = (uint64_t)track - (uint64_t)least;
    bool known = seen[at / 64] >> (at % 64) & 1;
    seen[at / 64] |= (uint64_t)(track != 0) << (at % 64);
    selection[kept] = (uint32_t)row;
    kept += !known;
  }
  arena_release(call->run->arena, seen, words * sizeof *seen);
  return kept;
}

Status stage_run_UNIQUE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  enum { BITS_A_ROW = 64, BITS_AT_LEAST = 1 << 16 };
  const Batch *input = call->inputs[0];
  uint32_t *selection = arena_array(call->run->arena, input->selected, sizeof *selection);
  TrackHandle least;
  bool by_track = input->tracks && identity_is_track(call);
  uint64_t span = by_track ? handle_span(input, &least) : 0;
  bool dense = span != 0 && span <= (uint64_t)input->selected * BITS_A_ROW + BITS_AT_LEAST;
  size_t kept = dense ? first_by_track(call, selection, least, span) : first_by_identity(call, selection);
  *out = batch_select(call->run->arena, input, selection, kept);
  return STATUS_OK;
}
