#include "stages/membership.h"

/* Counts each identity of the stream once: `last` remembers the stream that counted it last. */
static void count_stream(StageCall *call, IdentitySet *identities, uint32_t stream, uint32_t known, uint32_t *streams,
                         uint32_t *last) {
  const Batch *input = call->inputs[stream];
  for (size_t i = 0; i < input->selected; i++) {
    uint32_t identity = identity_of(identities, input, batch_row(input, i));
    if (identity == 0 || identity > known || last[identity] == stream) continue;
    last[identity] = stream;
    streams[identity]++;
  }
}

Membership membership_find(StageCall *call) {
  Arena *arena = call->run->arena;
  const Batch *first = call->inputs[0];
  IdentitySet *identities = identity_set_new(call);
  Membership found = {.identities = arena_array(arena, first->selected, sizeof(uint32_t))};
  uint32_t known = 0; /* identities are numbered by first appearance, so the first stream's are 1 to this */
  for (size_t i = 0; i < first->selected; i++) {
    found.identities[i] = identity_of(identities, first, batch_row(first, i));
    if (found.identities[i] > known) known = found.identities[i];
  }
  found.streams = arena_array(arena, (size_t)known + 1, sizeof(uint32_t));
  uint32_t *last = arena_array(arena, (size_t)known + 1, sizeof *last);
  for (uint32_t stream = 1; stream < call->input_count; stream++)
    count_stream(call, identities, stream, known, found.streams, last);
  arena_release(arena, last, ((size_t)known + 1) * sizeof *last);
  return found;
}
