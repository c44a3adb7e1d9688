#include <math.h>
#include <string.h>

#include "stages/chance.h"
#include "stages/order.h"

/* Every order equally likely: Fisher-Yates, from the end (Durstenfeld 1964). */
static void shuffle_evenly(Random *random, uint32_t *positions, size_t count) {
  for (size_t i = count; i > 1; i--) {
    size_t other = (size_t)random_below(random, i);
    uint32_t swap = positions[i - 1];
    positions[i - 1] = positions[other];
    positions[other] = swap;
  }
}

static double weight_of(BaseType base, VmResult result) {
  if (result.missing) return 0;
  return base == BASE_INT ? (double)result.value.integer : result.value.number;
}

/* Rows drawn one after another, each with a probability in proportion to its weight. Efraimidis and Spirakis (2006) sort
 * by u^(1/w) from the largest, u uniform: the same as by -log(u)/w from the smallest, which is an exponential number
 * divided by the weight. */
static void shuffle_by_weight(StageCall *call, Random *random, uint32_t *positions, size_t count) {
  Arena *arena = call->run->arena;
  Expression weight = vm_bind(call->run, call_arg(call, "weight", 0)->index, call->inputs[0]);
  BaseType base = type_base(weight.code->result);
  OrderKeys keys = {.count = count, .ranks = arena_array(arena, count, sizeof *keys.ranks)};
  keys.missing = arena_array(arena, count, 1);
  for (size_t i = 0; i < count; i++) {
    double drawn = random_exponential(random); /* by every row, so that no weight changes what another row draws */
    double of_row = weight_of(base, vm_evaluate(&weight, batch_row(call->inputs[0], i)));
    keys.missing[i] = !(of_row > 0);
    double key = keys.missing[i] ? 0 : drawn / of_row;
    memcpy(&keys.ranks[i], &key, sizeof key); /* numbers that are not negative order like their bits */
  }
  order_sort(call, &keys, positions, count);
  order_free(call, &keys);
}

/* Sorts by the point that lies `strength` of the way from each row's place to its place in the full shuffle; equal points
 * keep the order of the stream. In whole numbers, so that the order is the same on every machine. */
static void move_part_of_the_way(StageCall *call, double strength, uint32_t *positions, size_t count) {
  enum { WHOLE_WAY = 1 << 30 };
  uint64_t part = (uint64_t)llround(strength * WHOLE_WAY);
  OrderKeys keys = {.count = count, .ranks = arena_array(call->run->arena, count, sizeof *keys.ranks)};
  for (size_t place = 0; place < count; place++) {
    uint32_t from = positions[place];
    keys.ranks[from] = (WHOLE_WAY - part) * from + part * place;
  }
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)i;
  order_sort(call, &keys, positions, count);
  order_free(call, &keys);
}

Status stage_run_SHUFFLE(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  size_t count = call->inputs[0]->selected;
  uint32_t *positions = arena_array(call->run->arena, count, sizeof *positions);
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)i;
  Random random = chance_of(call);
  double strength = call_share(call, "strength", 1);
  if (call_given(call, "weight")) {
    shuffle_by_weight(call, &random, positions, count);
  } else {
    shuffle_evenly(&random, positions, count);
  }
  if (strength < 1) move_part_of_the_way(call, strength, positions, count);
  *out = order_select(call, positions, count);
  return STATUS_OK;
}
