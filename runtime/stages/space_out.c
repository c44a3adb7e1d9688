/* space_out: rows of the same identity at least so far apart.
 *
 * Each place gets the earliest row of the stream that may stand there. With `most` rows of the fullest key left, `fullest`
 * keys that have so many, and a spacing of `reach` places from one row of a key to its next, the rest needs
 * (most - 1) * reach + fullest places, and that many are enough (the bound of the "task scheduler" problem; Bruno, Jones and
 * So 1980 prove that taking the fullest key first reaches it). So the order of the stream decides as long as more places are
 * left, and the fullest key that is free goes next when they are not. */
#include "engine/stage.h"
#include "stages/order.h"

#define NO_ROW UINT32_MAX

typedef struct Heap {
  uint64_t *items; /* least first; the low half is a position */
  size_t count;
} Heap;

typedef struct Spacing {
  size_t count;        /* rows */
  size_t spacing;      /* places from one row of a key to its next that were asked for */
  size_t reach;        /* that can be kept */
  uint32_t *key;       /* by position */
  uint32_t *next;      /* by position: the next of the same key, or NO_ROW */
  uint32_t *left;      /* by position: how many of the key there are from here on */
  uint32_t *head;      /* by key: its first position that has no place yet, or NO_ROW */
  uint32_t *last;      /* by key: the place of its row placed last; NO_ROW = none yet */
  uint32_t *keys_with; /* by number of rows left: how many keys have it */
  uint32_t most;
  uint32_t *placed; /* by place: the position */
  size_t oldest;    /* no key whose last place is before this one waits */
  Heap free;        /* heads of the keys that may go, by position */
  Heap fullest;     /* heads of the keys that are `reach` apart, those with most rows left first, then by position */
  uint64_t too_close;
} Spacing;

/* ---- heaps ---- */

static void heap_push(Heap *heap, uint64_t item) {
  size_t at = heap->count++;
  for (; at > 0 && heap->items[(at - 1) / 2] > item; at = (at - 1) / 2) heap->items[at] = heap->items[(at - 1) / 2];
  heap->items[at] = item;
}

static void heap_pop(Heap *heap) {
  uint64_t moved = heap->items[--heap->count];
  size_t at = 0;
  for (size_t child = 1; child < heap->count; child = 2 * at + 1) {
    if (child + 1 < heap->count && heap->items[child + 1] < heap->items[child]) child++;
    if (heap->items[child] >= moved) break;
    heap->items[at] = heap->items[child];
    at = child;
  }
  heap->items[at] = moved;
}

/* The first that still is its key's head, or NO_ROW; those that were placed meanwhile are thrown away. */
static uint32_t heap_first(Heap *heap, const Spacing *spacing) {
  for (; heap->count > 0; heap_pop(heap)) {
    uint32_t position = (uint32_t)heap->items[0];
    if (spacing->head[spacing->key[position]] == position) return position;
  }
  return NO_ROW;
}

static void push_free(Spacing *spacing, uint32_t position) {
  heap_push(&spacing->free, position);
}

static void push_fullest(Spacing *spacing, uint32_t position) {
  heap_push(&spacing->fullest, (uint64_t)(UINT32_MAX - spacing->left[position]) << 32 | position);
}

/* ---- keys ---- */

static uint32_t *fill(Arena *arena, size_t count, uint32_t value) {
  uint32_t *items = arena_array(arena, count, sizeof *items);
  for (size_t i = 0; i < count; i++) items[i] = value;
  return items;
}

/* Numbers the keys; a row without one has a key of its own. Returns how many there are. */
static uint32_t number_keys(StageCall *call, uint32_t *key) {
  const Batch *input = call->inputs[0];
  IdentitySet *identities = identity_set_new(call);
  uint32_t known = 0;
  for (size_t i = 0; i < input->selected; i++) {
    key[i] = identity_of(identities, input, batch_row(input, i));
    if (key[i] > known) known = key[i];
  }
  for (size_t i = 0; i < input->selected; i++) {
    if (key[i] == 0) key[i] = ++known;
    key[i]--;
  }
  return known;
}

static void link_rows(StageCall *call, Spacing *spacing) {
  Arena *arena = call->run->arena;
  size_t count = spacing->count;
  spacing->key = arena_array(arena, count, sizeof *spacing->key);
  uint32_t keys = number_keys(call, spacing->key);
  spacing->head = fill(arena, keys, NO_ROW);
  spacing->last = fill(arena, keys, NO_ROW);
  spacing->next = arena_array(arena, count, sizeof *spacing->next);
  spacing->left = arena_array(arena, count, sizeof *spacing->left);
  spacing->keys_with = arena_array(arena, count + 1, sizeof *spacing->keys_with);
  for (size_t i = count; i-- > 0;) {
    uint32_t *head = &spacing->head[spacing->key[i]];
    spacing->next[i] = *head;
    spacing->left[i] = *head == NO_ROW ? 1 : spacing->left[*head] + 1;
    *head = (uint32_t)i;
  }
  for (uint32_t key = 0; key < keys; key++) {
    uint32_t rows = spacing->left[spacing->head[key]];
    spacing->keys_with[rows]++;
    if (rows > spacing->most) spacing->most = rows;
  }
}

/* ---- places ---- */

/* Where no order keeps the spacing, the widest that one keeps; at least 2, so that equal neighbours stay few. */
static size_t widest_reach(const Spacing *spacing) {
  size_t widest = (spacing->count - spacing->keys_with[spacing->most]) / (spacing->most - 1);
  if (widest < 2) widest = 2;
  return widest < spacing->spacing ? widest : spacing->spacing;
}

/* The head of the key whose last row is at this place, if it waits since then. */
static uint32_t waiting_at(const Spacing *spacing, size_t place) {
  uint32_t key = spacing->key[spacing->placed[place]];
  return spacing->last[key] == place ? spacing->head[key] : NO_ROW;
}

static uint32_t longest_ago(Spacing *spacing) {
  while (waiting_at(spacing, spacing->oldest) == NO_ROW) spacing->oldest++;
  return waiting_at(spacing, spacing->oldest);
}

static uint32_t choose(Spacing *spacing, size_t place) {
  size_t rest = spacing->count - place, most = spacing->most;
  if (most > 1 && (most - 1) * spacing->reach + spacing->keys_with[most] >= rest) {
    uint32_t fullest = heap_first(&spacing->fullest, spacing);
    if (fullest != NO_ROW && spacing->left[fullest] == most) return fullest;
  }
  uint32_t earliest = heap_first(&spacing->free, spacing);
  return earliest == NO_ROW ? longest_ago(spacing) : earliest;
}

static void put(Spacing *spacing, size_t place, uint32_t position) {
  uint32_t key = spacing->key[position], left = spacing->left[position];
  spacing->too_close += spacing->last[key] != NO_ROW && place - spacing->last[key] < spacing->spacing;
  spacing->placed[place] = position;
  spacing->last[key] = (uint32_t)place;
  spacing->head[key] = spacing->next[position];
  spacing->keys_with[left]--;
  spacing->keys_with[left - 1]++;
  while (spacing->most > 0 && spacing->keys_with[spacing->most] == 0) spacing->most--;
}

static void fill_places(Spacing *spacing) {
  for (size_t i = 0; i < spacing->count; i++) {
    if (spacing->head[spacing->key[i]] != i) continue;
    push_free(spacing, (uint32_t)i);
    push_fullest(spacing, (uint32_t)i);
  }
  for (size_t place = 0; place < spacing->count; place++) {
    uint32_t freed = place >= spacing->spacing ? waiting_at(spacing, place - spacing->spacing) : NO_ROW;
    if (freed != NO_ROW) push_free(spacing, freed);
    uint32_t reached = place >= spacing->reach ? waiting_at(spacing, place - spacing->reach) : NO_ROW;
    if (reached != NO_ROW) push_fullest(spacing, reached);
    put(spacing, place, choose(spacing, place));
  }
}

Status stage_run_SPACE_OUT(StageCall *call, const Batch **out, Error *error) {
  (void)error;
  Arena *arena = call->run->arena;
  Spacing spacing = {.count = call->inputs[0]->selected};
  int64_t gap = call_int(call, "gap", 1);
  spacing.spacing = gap < (int64_t)spacing.count ? (size_t)gap + 1 : spacing.count + 1;
  *out = call->inputs[0];
  if (spacing.count == 0 || spacing.spacing < 2) return STATUS_OK;
  link_rows(call, &spacing);
  if (spacing.most < 2) return STATUS_OK;
  spacing.reach = widest_reach(&spacing);
  /* A key is pushed once at first and once after each of its rows. */
  spacing.free.items = arena_array(arena, 2 * spacing.count, sizeof *spacing.free.items);
  spacing.fullest.items = arena_array(arena, 2 * spacing.count, sizeof *spacing.fullest.items);
  spacing.placed = arena_array(arena, spacing.count, sizeof *spacing.placed);
  fill_places(&spacing);
  call->report->too_close += spacing.too_close;
  *out = order_select(call, spacing.placed, spacing.count);
  return STATUS_OK;
}
