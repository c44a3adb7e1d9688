#include "stages/order.h"

/* Whether position `a` comes before `b`: the key, then the place in the stream. */
static bool before(const OrderKeys *keys, uint32_t a, uint32_t b) {
  if (keys->ranks[a] != keys->ranks[b]) return keys->ranks[a] < keys->ranks[b];
  return a < b;
}

/* A heap whose root is the position that comes last. */
static void sink(const OrderKeys *keys, uint32_t *heap, size_t count, size_t at) {
  uint32_t moved = heap[at];
  for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && before(keys, heap[child], heap[child + 1])) child++;
    if (!before(keys, moved, heap[child])) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moved;
}

static void rise(const OrderKeys *keys, uint32_t *heap, size_t at) {
  uint32_t moved = heap[at];
  for (; at > 0 && before(keys, heap[(at - 1) / 2], moved); at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
  heap[at] = moved;
}

/* The first `wanted` positions by key, in heap order; missing keys only where too few are there, in stream order at the
 * end. */
static size_t select_first(const OrderKeys *keys, uint32_t *chosen, size_t wanted) {
  size_t count = 0;
  for (size_t i = 0; i < keys->count; i++) {
    uint32_t position = (uint32_t)i;
    if (keys->missing && keys->missing[i]) continue;
    if (count < wanted) {
      chosen[count] = position;
      rise(keys, chosen, count++);
    } else if (keys->ranks[position] <
               keys->ranks[chosen[0]]) { /* an equal key is later in the stream than all that are held */
      chosen[0] = position;
      sink(keys, chosen, count, 0);
    }
  }
  for (size_t end = count; end > 1; end--) {
    uint32_t last = chosen[0];
    chosen[0] = chosen[end - 1];
    sink(keys, chosen, end - 1, 0);
    chosen[end - 1] = last;
  }
  for (size_t i = 0; keys->missing && i < keys->count && count < wanted; i++) {
    if (keys->missing[i]) chosen[count++] = (uint32_t)i;
  }
  return count;
}

Status stage_run_TOP(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t wanted = call_count(call, "count", call->inputs[0]->selected);
  uint32_t *chosen = arena_array(call->run->arena, wanted, sizeof *chosen);
  size_t count = 0;
  if (wanted > 0) {
    OrderKeys keys = order_keys(call, call_arg(call, "by", 0), true);
    count = select_first(&keys, chosen, wanted);
    order_free(call, &keys);
  }
  *out = order_select(call, chosen, count);
  return STATUS_OK;
}
