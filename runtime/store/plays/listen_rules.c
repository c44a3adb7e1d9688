#include "store/plays/listen_rules.h"

#include <stdlib.h>
#include <string.h>

/* How many neighbours are looked at: nobody has more of one thing within minutes. A file made to be slow has, and is
 * judged by the same number, whatever the order it comes in. */
enum { NEIGHBOURS = 256, CHANNEL_BITS = 64 };

static const struct {
  const char *source;
  int priority, timestamp;
  ListenAnchor anchor;
  int64_t precision_ms;
} channels[] = {
#define CHANNEL(id, source, priority, timestamp, anchor, precision) {source, priority, timestamp, anchor, precision},
#include "store/channels.def"
#undef CHANNEL
};
enum { CHANNELS = sizeof channels / sizeof *channels };

const ListenChannel *listen_channel(Arena *arena, ListenChannel **list, Text source) {
  for (ListenChannel *known = *list; known; known = known->next)
    if (text_equal(known->source, source)) return known;
  size_t row = 0;
  while (row < CHANNELS - 1 && !text_is(source, channels[row].source)) row++;
  ListenChannel *made = arena_alloc(arena, sizeof *made);
  *made = (ListenChannel){.source = text_copy(arena, source),
                          .priority = channels[row].priority,
                          .timestamp = channels[row].timestamp,
                          .anchor = channels[row].anchor,
                          .precision_ms = channels[row].precision_ms,
                          .order = hash_bytes(source.bytes, source.length, 0),
                          .next = *list};
  *list = made;
  return made;
}

const char *listen_role_name(ListenRole role) {
  static const char *const names[LISTEN_ROLES] = {"alone", "head", "duplicate", "fragment", "merged"};
  return names[role];
}

/* ---- observations ---- */

static int compare_numbers(int64_t a, int64_t b) {
  return a < b ? -1 : a > b;
}

static int compare_orders(uint64_t a, uint64_t b) {
  return a < b ? -1 : a > b;
}

int observation_compare(const Observation *a, const Observation *b) {
  int order = compare_numbers(a->played_at, b->played_at);
  if (!order) order = compare_orders(a->thing->order, b->thing->order);
  if (!order) order = compare_numbers(a->ms_played, b->ms_played);
  return order ? order : compare_orders(a->channel->order, b->channel->order);
}

static bool knows_length(const Observation *observation) {
  return observation->ms_played >= 0 && observation->ms_played <= LISTEN_LONGEST_MS;
}

Instant observation_end(const Observation *observation) {
  return observation->played_at + (knows_length(observation) ? observation->ms_played : 0);
}

/* The moment that the channel itself recorded. */
static Instant recorded_at(const Observation *observation) {
  return observation->channel->anchor == ANCHOR_END ? observation_end(observation) : observation->played_at;
}

static bool same_thing(const Observation *a, const Observation *b) {
  const ListenThing *x = a->thing, *y = b->thing;
  return x == y || (x->track && x->track == y->track) || (x->names && x->names == y->names);
}

/* Between two moments of which each may be later by its channel's precision. */
static int64_t distance_between(Instant a, const ListenChannel *of_a, Instant b, const ListenChannel *of_b) {
  if (a + of_a->precision_ms < b) return b - a - of_a->precision_ms;
  if (b + of_b->precision_ms < a) return a - b - of_b->precision_ms;
  return 0;
}

/* Whether the times of two channels can be those of one listen, and how far apart they are. */
static bool is_near(const Observation *a, const Observation *b, int64_t *distance) {
  bool end_a = a->channel->anchor == ANCHOR_END, end_b = b->channel->anchor == ANCHOR_END;
  if (end_a && end_b) {
    *distance = distance_between(recorded_at(a), a->channel, recorded_at(b), b->channel);
    if (*distance <= LISTEN_TOLERANCE_MS) return true;
    if (knows_length(a) && knows_length(b)) return false;
  }
  bool blind = (end_a && !knows_length(a)) || (end_b && !knows_length(b));
  *distance = distance_between(a->played_at, a->channel, b->played_at, b->channel);
  return *distance <= (blind ? LISTEN_BLIND_MS : LISTEN_TOLERANCE_MS);
}

/* ---- the sets that grow into listens ---- */

typedef struct Slot {
  uint32_t parent;      /* union-find */
  bool duplicate;       /* folded into another of its channel */
  unsigned channel;     /* of this cluster, by the order of their names */
  uint64_t channels;    /* of a root: those that are in */
  Instant island;       /* when the first piece began */
  /* Of a root, once the sets stand. */
  uint32_t size, head, identity, length, circumstances; /* length = the observation whose channel gives it */
  int64_t ms_played;
  const ListenThing *named; /* the first that has a service's id */
  bool divergent;
} Slot;

typedef struct Ordered {
  unsigned channel;
  Instant recorded_at;
  int64_t ms_played;
  uint32_t index;
} Ordered;

typedef struct Pair {
  int64_t distance;
  uint32_t a, b;
  bool unequal; /* not known to agree in length */
} Pair;

typedef struct Projecting {
  ListenScratch *scratch;
  const Observation *observations;
  size_t count;
  Slot *slots;
  Pair *pairs;
  size_t pair_count;
} Projecting;

static void *room(Arena *arena, void **block, size_t *size, size_t needed) {
  if (needed > *size) {
    size_t bigger = *size * 2 > needed ? *size * 2 : needed;
    *block = arena_grow(arena, *block, *size, bigger);
    *size = bigger;
  }
  return *block;
}

static uint32_t root_of(Slot *slots, uint32_t at) {
  while (slots[at].parent != at) at = slots[at].parent = slots[slots[at].parent].parent;
  return at;
}

static void join(Slot *slots, uint32_t a, uint32_t b) {
  a = root_of(slots, a);
  b = root_of(slots, b);
  if (a == b) return;
  uint32_t root = a < b ? a : b, other = a < b ? b : a;
  slots[other].parent = root;
  slots[root].channels |= slots[other].channels;
}

/* ---- the channels of a cluster ---- */

static int by_channel(const void *a, const void *b) {
  const ListenChannel *const *x = a, *const *y = b;
  return compare_orders((*x)->order, (*y)->order);
}

/* Numbers them by their names. More than CHANNEL_BITS of them share the last number. */
static void number_channels(Projecting *work) {
  const ListenChannel *found[CHANNEL_BITS * 4];
  size_t count = 0;
  for (size_t i = 0; i < work->count; i++) {
    size_t at = 0;
    while (at < count && found[at] != work->observations[i].channel) at++;
    if (at == count && count < sizeof found / sizeof *found) found[count++] = work->observations[i].channel;
  }
  qsort(found, count, sizeof *found, by_channel);
  for (size_t i = 0; i < work->count; i++) {
    size_t at = 0;
    while (at < count && found[at] != work->observations[i].channel) at++;
    Slot *slot = &work->slots[i];
    *slot = (Slot){.parent = (uint32_t)i, .island = work->observations[i].played_at};
    slot->channel = at < CHANNEL_BITS ? (unsigned)at : CHANNEL_BITS - 1;
    slot->channels = UINT64_C(1) << slot->channel;
  }
}

/* ---- the same record once more ---- */

static int by_record(const void *a, const void *b) {
  const Ordered *x = a, *y = b;
  if (x->channel != y->channel) return x->channel < y->channel ? -1 : 1;
  int order = compare_numbers(x->recorded_at, y->recorded_at);
  if (!order) order = compare_numbers(y->ms_played, x->ms_played);
  return order ? order : compare_numbers(x->index, y->index);
}

static bool repeats_instant(const Projecting *work, const Ordered *earlier, const Ordered *later) {
  bool coarse = work->observations[later->index].channel->precision_ms > LISTEN_JITTER_MS;
  return earlier->recorded_at == later->recorded_at && (!coarse || earlier->ms_played == later->ms_played);
}

static bool repeats_length(const Projecting *work, const Ordered *earlier, const Ordered *later) {
  (void)work;
  int64_t allowed = later->ms_played < LISTEN_JITTER_MS ? later->ms_played : LISTEN_JITTER_MS;
  return later->ms_played >= 0 && earlier->ms_played == later->ms_played &&
         later->recorded_at - earlier->recorded_at <= allowed;
}

typedef bool Repeats(const Projecting *work, const Ordered *earlier, const Ordered *later);

/* Folds each record into the first before it that it repeats. */
static void fold(Projecting *work, const Ordered *order, Repeats *repeats) {
  for (size_t i = 1; i < work->count; i++) {
    const Ordered *later = &order[i];
    if (work->slots[later->index].duplicate) continue;
    size_t kept = SIZE_MAX;
    for (size_t back = 1; back <= i && back <= NEIGHBOURS; back++) {
      const Ordered *earlier = &order[i - back];
      if (earlier->channel != later->channel || later->recorded_at - earlier->recorded_at > LISTEN_JITTER_MS) break;
      if (!work->slots[earlier->index].duplicate && repeats(work, earlier, later) &&
          same_thing(&work->observations[earlier->index], &work->observations[later->index]))
        kept = earlier->index;
    }
    if (kept == SIZE_MAX) continue;
    work->slots[later->index].duplicate = true;
    join(work->slots, (uint32_t)kept, later->index);
  }
}

static void fold_duplicates(Projecting *work) {
  ListenScratch *scratch = work->scratch;
  Ordered *order = room(scratch->arena, &scratch->order, &scratch->order_size, work->count * sizeof *order);
  for (size_t i = 0; i < work->count; i++) {
    const Observation *observation = &work->observations[i];
    order[i] = (Ordered){work->slots[i].channel, recorded_at(observation), observation->ms_played, (uint32_t)i};
  }
  qsort(order, work->count, sizeof *order, by_record);
  fold(work, order, repeats_instant);
  fold(work, order, repeats_length);
}

/* ---- the same listen in several channels ---- */

static int by_distance(const void *a, const void *b) {
  const Pair *x = a, *y = b;
  if (x->unequal != y->unequal) return x->unequal ? 1 : -1;
  int order = compare_numbers(x->distance, y->distance);
  if (!order) order = compare_numbers(x->a, y->a);
  return order ? order : compare_numbers(x->b, y->b);
}

static void add_pair(Projecting *work, uint32_t a, uint32_t b) {
  const Observation *x = &work->observations[a], *y = &work->observations[b];
  int64_t distance = 0;
  if (work->slots[a].channel == work->slots[b].channel || !same_thing(x, y) || !is_near(x, y, &distance)) return;
  ListenScratch *scratch = work->scratch;
  work->pairs = room(scratch->arena, &scratch->pairs, &scratch->pairs_size, (work->pair_count + 1) * sizeof *work->pairs);
  work->pairs[work->pair_count++] =
      (Pair){.distance = distance, .a = a, .b = b, .unequal = x->ms_played < 0 || x->ms_played != y->ms_played};
}

/* The nearest first, and one of each channel in a listen. */
static void merge_channels(Projecting *work) {
  for (uint32_t i = 0; i < work->count; i++) {
    if (work->slots[i].duplicate) continue;
    Instant reach = observation_end(&work->observations[i]) + LISTEN_LINK_MS;
    size_t last = i + (size_t)NEIGHBOURS < work->count ? i + (size_t)NEIGHBOURS : work->count - 1;
    for (uint32_t j = i + 1; j <= last && work->observations[j].played_at <= reach; j++)
      if (!work->slots[j].duplicate) add_pair(work, i, j);
  }
  if (!work->pair_count) return;
  qsort(work->pairs, work->pair_count, sizeof *work->pairs, by_distance);
  for (size_t i = 0; i < work->pair_count; i++) {
    uint32_t a = root_of(work->slots, work->pairs[i].a), b = root_of(work->slots, work->pairs[i].b);
    if (!(work->slots[a].channels & work->slots[b].channels)) join(work->slots, a, b);
  }
}

/* ---- the pieces of one listen ---- */

static bool resumes(const Projecting *work, uint32_t earlier, uint32_t later) {
  const Observation *a = &work->observations[earlier], *b = &work->observations[later];
  int64_t gap = b->played_at - observation_end(a);
  return a->how == END_BROKEN_OFF && b->how != END_UNKNOWN && knows_length(a) && knows_length(b) &&
         gap <= LISTEN_RESUME_MS && gap >= -LISTEN_RESUME_MS &&
         observation_end(b) - work->slots[earlier].island <= LISTEN_SPAN_MS;
}

static void join_fragments(Projecting *work) {
  for (uint32_t later = 1; later < work->count; later++) {
    if (work->slots[later].duplicate) continue;
    for (uint32_t back = 1; back <= later && back <= NEIGHBOURS; back++) {
      uint32_t earlier = later - back;
      if (work->slots[earlier].duplicate || work->slots[earlier].channel != work->slots[later].channel ||
          !same_thing(&work->observations[earlier], &work->observations[later]))
        continue;
      if (resumes(work, earlier, later)) {
        work->slots[later].island = work->slots[earlier].island;
        join(work->slots, earlier, later);
      }
      break;
    }
  }
}

/* ---- what survives ---- */

/* Whether b's channel is to be preferred to a's; in the same channel the earlier stays. */
static bool has_priority(const ListenChannel *a, const ListenChannel *b) {
  return a->priority != b->priority ? b->priority < a->priority : b->order < a->order;
}

static bool has_better_time(const ListenChannel *a, const ListenChannel *b) {
  return a->timestamp != b->timestamp ? b->timestamp < a->timestamp : b->order < a->order;
}

static void survey(Projecting *work, uint32_t at) {
  const Observation *mine = &work->observations[at], *all = work->observations;
  Slot *root = &work->slots[root_of(work->slots, at)];
  if (!mine->thing->names_only) {
    if (!root->named) root->named = mine->thing;
    root->divergent |= root->named->track != mine->thing->track || (!mine->thing->track && root->named != mine->thing);
  }
  root->size++;
  if (work->slots[at].duplicate) return;
  if (root->head == UINT32_MAX || has_better_time(all[root->head].channel, mine->channel)) root->head = at;
  if (root->identity == UINT32_MAX || has_priority(all[root->identity].channel, mine->channel)) root->identity = at;
  if (all[root->identity].channel == mine->channel) root->circumstances = at;
  if (mine->ms_played >= 0 && (root->length == UINT32_MAX || has_priority(all[root->length].channel, mine->channel)))
    root->length = at;
}

static void settle(Projecting *work, ListenPart *parts) {
  for (size_t i = 0; i < work->count; i++) {
    Slot *slot = &work->slots[i];
    slot->head = slot->identity = slot->length = slot->circumstances = UINT32_MAX;
    slot->ms_played = -1;
  }
  for (uint32_t i = 0; i < work->count; i++) survey(work, i);
  for (uint32_t i = 0; i < work->count; i++) {
    Slot *root = &work->slots[root_of(work->slots, i)];
    const Observation *mine = &work->observations[i];
    parts[i].head = root->head;
    parts[i].role = work->slots[i].duplicate ? LISTEN_DUPLICATE : LISTEN_FRAGMENT;
    bool gives_length = !work->slots[i].duplicate && root->length != UINT32_MAX && mine->ms_played >= 0 &&
                        work->observations[root->length].channel == mine->channel;
    if (gives_length) root->ms_played = (root->ms_played < 0 ? 0 : root->ms_played) + mine->ms_played;
    uint64_t bit = UINT64_C(1) << work->slots[i].channel;
    if (!work->slots[i].duplicate && root->channels & bit) {
      root->channels &= ~bit;
      parts[i].role = root->size == 1 ? LISTEN_ALONE : i == root->head ? LISTEN_HEAD : LISTEN_MERGED;
    }
  }
}

void listen_project(ListenScratch *scratch, const Observation *observations, size_t count, ListenPart *parts) {
  Projecting work = {.scratch = scratch, .observations = observations, .count = count};
  if (!count) return;
  work.slots = room(scratch->arena, &scratch->slots, &scratch->slots_size, count * sizeof *work.slots);
  number_channels(&work);
  fold_duplicates(&work);
  merge_channels(&work);
  join_fragments(&work);
  settle(&work, parts);
  for (size_t i = 0; i < count; i++) {
    if (parts[i].role != LISTEN_HEAD && parts[i].role != LISTEN_ALONE) continue;
    const Slot *root = &work.slots[root_of(work.slots, (uint32_t)i)];
    parts[i].identity = root->identity;
    parts[i].circumstances = root->circumstances;
    parts[i].ms_played = root->ms_played;
    parts[i].divergent = root->divergent;
  }
}
