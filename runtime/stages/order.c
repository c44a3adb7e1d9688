#include "stages/order.h"

#include <string.h>

const Batch *order_select(StageCall *call, uint32_t *positions, size_t count) {
  const Batch *input = call->inputs[0];
  if (input->selection) {
    for (size_t i = 0; i < count; i++) positions[i] = input->selection[positions[i]];
  }
  return batch_select(call->run->arena, input, positions, count);
}

/* ---- ranks of texts ---- */

/* The first eight bytes decide most comparisons without a look at the text. */
typedef struct TextKey {
  uint64_t prefix;
  TextId id;
} TextKey;

static TextKey text_key(const TextPool *pool, TextId id) {
  Text text = text_at(pool, id);
  TextKey key = {.id = id};
  for (size_t i = 0; i < 8; i++) key.prefix = key.prefix << 8 | (i < text.length ? (unsigned char)text.bytes[i] : 0);
  return key;
}

static bool text_before(const TextPool *pool, const TextKey *a, const TextKey *b) {
  if (a->prefix != b->prefix) return a->prefix < b->prefix;
  return text_compare(text_at(pool, a->id), text_at(pool, b->id)) < 0;
}

/* Bottom-up merge sort; the texts are distinct. */
static TextKey *sort_texts(const TextPool *pool, TextKey *from, TextKey *to, size_t count) {
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      size_t middle = start + width < count ? start + width : count;
      size_t end = middle + width < count ? middle + width : count;
      size_t left = start, right = middle;
      for (size_t i = start; i < end; i++) {
        bool take_right = left == middle || (right < end && text_before(pool, &from[right], &from[left]));
        to[i] = take_right ? from[right++] : from[left++];
      }
    }
    TextKey *swap = from;
    from = to;
    to = swap;
  }
  return from;
}

/* Replaces text ids by their place among the texts that occur. */
static void rank_texts(StageCall *call, OrderKeys *keys) {
  Arena *arena = call->run->arena;
  const TextPool *pool = call->run->texts;
  size_t known = text_pool_count(pool);
  uint32_t *ranks = arena_array(arena, known, sizeof *ranks); /* by text id; first 1 = occurs */
  size_t distinct = 0;
  for (size_t i = 0; i < keys->count; i++) {
    if (keys->missing && keys->missing[i]) continue;
    distinct += !ranks[keys->ranks[i]];
    ranks[keys->ranks[i]] = 1;
  }
  TextKey *texts = arena_array(arena, distinct, sizeof *texts), *spare = arena_array(arena, distinct, sizeof *texts);
  size_t next = 0;
  for (size_t id = 0; id < known; id++) {
    if (ranks[id]) texts[next++] = text_key(pool, (TextId)id);
  }
  TextKey *sorted = sort_texts(pool, texts, spare, distinct);
  for (size_t i = 0; i < distinct; i++) ranks[sorted[i].id] = (uint32_t)i;
  for (size_t i = 0; i < keys->count; i++) {
    if (!(keys->missing && keys->missing[i])) keys->ranks[i] = ranks[keys->ranks[i]];
  }
  arena_release(arena, texts, distinct * sizeof *texts);
  arena_release(arena, spare, distinct * sizeof *texts);
  arena_release(arena, ranks, known * sizeof *ranks);
}

/* ---- keys ---- */

#define SIGN_BIT (UINT64_C(1) << 63)

/* IEEE 754 doubles order like their bits once the negative ones are turned round. */
static uint64_t rank_number(double number) {
  uint64_t bits;
  if (number == 0) number = 0; /* both zeros are equal */
  memcpy(&bits, &number, sizeof bits);
  return bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
}

static uint64_t rank_value(BaseType base, Value value) {
  switch (base) {
    case BASE_FLOAT:
    case BASE_PERCENT:
      return rank_number(value.number);
    case BASE_DURATION:
      return (uint64_t)duration_total_ms(value.integer) ^ SIGN_BIT;
    case BASE_TEXT:
    case BASE_PATH:
    case BASE_PLAYLIST:
      return (uint64_t)value.integer; /* the id, until rank_texts */
    default:
      return (uint64_t)value.integer ^ SIGN_BIT;
  }
}

static void mark_missing(StageCall *call, OrderKeys *keys, size_t at) {
  if (!keys->missing) keys->missing = arena_array(call->run->arena, keys->count, 1);
  keys->missing[at] = 1;
}

/* Most keys are a column, which needs no evaluation. */
static void read_column(StageCall *call, OrderKeys *keys, BaseType base, const Column *column) {
  const Batch *input = call->inputs[0];
  for (size_t i = 0; i < keys->count; i++) {
    size_t row = batch_row(input, i);
    if (column_is_missing(column, row)) {
      mark_missing(call, keys, i);
    } else {
      keys->ranks[i] = rank_value(base, column->values[row]);
    }
  }
}

static void read_expression(StageCall *call, OrderKeys *keys, BaseType base, const Expression *expression) {
  const Batch *input = call->inputs[0];
  for (size_t i = 0; i < keys->count; i++) {
    VmResult result = vm_evaluate(expression, batch_row(input, i));
    if (result.missing) {
      mark_missing(call, keys, i);
    } else {
      keys->ranks[i] = rank_value(base, result.value);
    }
  }
}

OrderKeys order_keys(StageCall *call, const PlanArg *key, bool descending) {
  Expression expression = vm_bind(call->run, key->index, call->inputs[0]);
  BaseType base = type_base(expression.code->result);
  OrderKeys keys = {.count = call->inputs[0]->selected};
  keys.ranks = arena_array(call->run->arena, keys.count, sizeof *keys.ranks);
  Column column;
  if (vm_is_column(&expression, &column)) {
    read_column(call, &keys, base, &column);
  } else {
    read_expression(call, &keys, base, &expression);
  }
  if (base == BASE_TEXT || base == BASE_PATH || base == BASE_PLAYLIST) rank_texts(call, &keys);
  if (descending) {
    for (size_t i = 0; i < keys.count; i++) keys.ranks[i] = ~keys.ranks[i];
  }
  return keys;
}

void order_free(StageCall *call, OrderKeys *keys) {
  arena_release(call->run->arena, keys->ranks, keys->count * sizeof *keys->ranks);
  if (keys->missing) arena_release(call->run->arena, keys->missing, keys->count);
}

/* ---- sorting ---- */

enum { DIGIT_BITS = 11, DIGIT_VALUES = 1 << DIGIT_BITS };

/* Moves missing keys behind the others, both in their order; returns how many are not missing. */
static size_t part_missing(StageCall *call, const OrderKeys *keys, uint32_t *positions, size_t count) {
  if (!keys->missing) return count;
  uint32_t *last = arena_array(call->run->arena, count, sizeof *last);
  size_t present = 0, absent = 0;
  for (size_t i = 0; i < count; i++) {
    if (keys->missing[positions[i]]) {
      last[absent++] = positions[i];
    } else {
      positions[present++] = positions[i];
    }
  }
  memcpy(positions + present, last, absent * sizeof *last);
  arena_release(call->run->arena, last, count * sizeof *last);
  return present;
}

/* One pass of a least-significant-digit radix sort over what ITEM holds; stable. */
#define RADIX_PASS(Item, key_of)                                                                    \
  do {                                                                                              \
    size_t starts[DIGIT_VALUES] = {0};                                                              \
    for (size_t i = 0; i < count; i++) starts[((key_of(from[i])) >> shift) & (DIGIT_VALUES - 1)]++; \
    for (size_t digit = 0, sum = 0; digit < DIGIT_VALUES; digit++) {                                \
      size_t here = starts[digit];                                                                  \
      starts[digit] = sum;                                                                          \
      sum += here;                                                                                  \
    }                                                                                               \
    for (size_t i = 0; i < count; i++) {                                                            \
      Item item = from[i];                                                                          \
      to[starts[((key_of(item)) >> shift) & (DIGIT_VALUES - 1)]++] = item;                          \
    }                                                                                               \
    Item *swap = from;                                                                              \
    from = to;                                                                                      \
    to = swap;                                                                                      \
  } while (0)

/* Keys within 32 bits of the least share a word with their position:  63 ... 32 key | 31 ... 0 position. The ranks are
 * the second buffer: fresh memory costs more than a pass over it. */
static void sort_narrow(StageCall *call, OrderKeys *keys, uint64_t least, unsigned bits, uint32_t *positions,
                        size_t count) {
  Arena *arena = call->run->arena;
  uint64_t *fresh = arena_array(arena, count, sizeof *fresh), *from = fresh, *to = keys->ranks;
  for (size_t i = 0; i < count; i++) from[i] = (keys->ranks[positions[i]] - least) << 32 | positions[i];
#define NARROW_KEY(item) ((item) >> 32)
  for (unsigned shift = 0; shift < bits; shift += DIGIT_BITS) RADIX_PASS(uint64_t, NARROW_KEY);
#undef NARROW_KEY
  for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)from[i];
  arena_release(arena, fresh, count * sizeof *fresh);
}

typedef struct WideItem {
  uint64_t key;
  uint32_t position;
} WideItem;

static void sort_wide(StageCall *call, const OrderKeys *keys, uint64_t least, unsigned bits, uint32_t *positions,
                      size_t count) {
  Arena *arena = call->run->arena;
  WideItem *from = arena_array(arena, count, sizeof *from), *to = arena_array(arena, count, sizeof *to);
  for (size_t i = 0; i < count; i++) from[i] = (WideItem){keys->ranks[positions[i]] - least, positions[i]};
#define WIDE_KEY(item) ((item).key)
  for (unsigned shift = 0; shift < bits; shift += DIGIT_BITS) RADIX_PASS(WideItem, WIDE_KEY);
#undef WIDE_KEY
  for (size_t i = 0; i < count; i++) positions[i] = from[i].position;
  arena_release(arena, from, count * sizeof *from);
  arena_release(arena, to, count * sizeof *to);
}

/* For streams so short that clearing the digits' counters would cost more. */
static void sort_few(const OrderKeys *keys, uint32_t *positions, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint32_t position = positions[i];
    size_t at = i;
    for (; at > 0 && keys->ranks[positions[at - 1]] > keys->ranks[position]; at--) positions[at] = positions[at - 1];
    positions[at] = position;
  }
}

void order_sort(StageCall *call, OrderKeys *keys, uint32_t *positions, size_t count) {
  enum { FEW = 64 };
  count = part_missing(call, keys, positions, count);
  if (count <= FEW) {
    sort_few(keys, positions, count);
    return;
  }
  uint64_t least = UINT64_MAX, most = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t rank = keys->ranks[positions[i]];
    if (rank < least) least = rank;
    if (rank > most) most = rank;
  }
  unsigned bits = 0;
  for (uint64_t spread = most - least; spread; spread >>= 1) bits++;
  if (bits == 0) return;
  if (bits <= 32) {
    sort_narrow(call, keys, least, bits, positions, count);
  } else {
    sort_wide(call, keys, least, bits, positions, count);
  }
}

/* ---- the first rows only ---- */

/* The `limit`-th least of the ranks (limit >= 1), digit by digit from the highest: those that agree with it so far are
 * counted by their next digit. Linear whatever the ranks are. */
static uint64_t select_rank(const uint64_t *ranks, size_t count, size_t limit) {
  uint64_t found = 0, known = 0;
  for (int shift = 55; shift >= 0; shift -= DIGIT_BITS) {
    size_t counts[DIGIT_VALUES] = {0}, digit = 0;
    for (size_t i = 0; i < count; i++)
      if ((ranks[i] & known) == found) counts[ranks[i] >> shift & (DIGIT_VALUES - 1)]++;
    while (limit > counts[digit]) limit -= counts[digit++];
    found |= (uint64_t)digit << shift;
    known |= (uint64_t)(DIGIT_VALUES - 1) << shift;
  }
  return found;
}

size_t order_candidates(StageCall *call, const OrderKeys *keys, uint32_t *positions, size_t count, size_t limit) {
  if (limit == 0) return 0;
  uint64_t *ranks = arena_array(call->run->arena, count, sizeof *ranks);
  size_t present = 0, kept = 0;
  for (size_t i = 0; i < count; i++)
    if (!keys->missing || !keys->missing[positions[i]]) ranks[present++] = keys->ranks[positions[i]];
  bool enough = limit <= present;
  uint64_t last = enough ? select_rank(ranks, present, limit) : UINT64_MAX;
  for (size_t i = 0; i < count; i++) {
    bool missing = keys->missing && keys->missing[positions[i]];
    if (missing ? !enough : keys->ranks[positions[i]] <= last) positions[kept++] = positions[i];
  }
  arena_release(call->run->arena, ranks, count * sizeof *ranks);
  return kept;
}
