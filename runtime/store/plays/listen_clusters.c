#include "store/plays/listen_clusters.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* As many as stay in the nearest caches of the processor. */
enum { FLUSH_AT = 512 };

/* The observations of one track, or of one pair of names, that are near enough to each other. */
typedef struct Chain {
  uint64_t key;  /* the track, the thing or the hash of its names */
  uint32_t tag;  /* which of them, and the epoch; a slot of another epoch is free */
  uint32_t last; /* in the buffer */
  Instant end;   /* when the last of them ended */
} Chain;
enum { OF_TRACK, OF_THING, OF_NAMES, CHAIN_KINDS = 4 };
/* An observation has two at most, and half of the slots stay free. */
enum { SLOTS_EACH = 4 };

typedef struct Waiting {
  Observation observation;
  uint32_t parent; /* union-find; a root comes before its members */
  /* Of a root: */
  uint32_t size, place;
  Instant end; /* of the latest */
  bool dirty;  /* has one that is */
  bool closed, judged;
} Waiting;

struct ListenClusters {
  Arena *arena;
  ClusterVisit *visit;
  void *context;
  ClusterWish wish;
  Instant dirty_until;
  Chain *slots; /* of what waits: a chain whose observations are all closed links nothing any more */
  size_t slot_count; /* a power of two */
  uint32_t epoch;
  VEC(Chain) carried;
  VEC(Waiting) waiting;
  size_t flush_at;
  VEC(uint32_t) order; /* as long as `waiting` */
  VEC(Observation) cluster;
  VEC(ListenPart) parts;
  ListenScratch scratch;
};

ListenClusters *clusters_new(Arena *arena, ClusterVisit *visit, void *context) {
  ListenClusters *clusters = arena_alloc(arena, sizeof *clusters);
  clusters->arena = arena;
  clusters->visit = visit;
  clusters->context = context;
  clusters->scratch.arena = arena;
  clusters_begin(clusters, CLUSTERS_ALL);
  return clusters;
}

/* Frees all slots, and sees to it that there are enough until the next time. */
static void clear_chains(ListenClusters *clusters) {
  size_t count = SLOTS_EACH * FLUSH_AT;
  while (count < SLOTS_EACH * clusters->flush_at) count *= 2;
  clusters->epoch++;
  if (count <= clusters->slot_count) return;
  arena_release(clusters->arena, clusters->slots, clusters->slot_count * sizeof *clusters->slots);
  clusters->slots = arena_table(clusters->arena, count, sizeof *clusters->slots);
  clusters->slot_count = count;
}

void clusters_begin(ListenClusters *clusters, ClusterWish wish) {
  clusters->wish = wish;
  clusters->dirty_until = INSTANT_MIN - 1;
  clusters->waiting.count = 0;
  clusters->flush_at = FLUSH_AT;
  clear_chains(clusters);
}

/* The slot of a chain, or the free one where it belongs. */
static Chain *slot_of(const ListenClusters *clusters, uint64_t key, uint32_t tag) {
  uint64_t mixed = (key + tag % CHAIN_KINDS) * UINT64_C(0x9E3779B97F4A7C15); /* 2^64 by the golden ratio: Knuth, TAOCP 3, 6.4 */
  for (size_t at = (size_t)(mixed >> 32) & (clusters->slot_count - 1);; at = (at + 1) & (clusters->slot_count - 1)) {
    Chain *slot = &clusters->slots[at];
    if ((slot->tag == tag && slot->key == key) || slot->tag / CHAIN_KINDS != clusters->epoch) return slot;
  }
}

typedef struct ChainName {
  uint64_t key;
  uint32_t tag;
} ChainName;

/* The chains that a thing is in: that of its track, or its own, and that of its names if it has any. Returns how many. */
static int chains_of(const ListenClusters *clusters, const ListenThing *thing, ChainName out[2]) {
  uint32_t tag = clusters->epoch * CHAIN_KINDS;
  out[0] = thing->track ? (ChainName){(uint64_t)thing->track, tag + OF_TRACK} : (ChainName){(uint64_t)thing->id, tag + OF_THING};
  out[1] = (ChainName){thing->names, tag + OF_NAMES};
  return thing->names ? 2 : 1;
}

/* ---- joining ---- */

static uint32_t root_of(Waiting *waiting, uint32_t at) {
  while (waiting[at].parent != at) at = waiting[at].parent = waiting[waiting[at].parent].parent;
  return at;
}

static void join(Waiting *waiting, uint32_t a, uint32_t b) {
  a = root_of(waiting, a);
  b = root_of(waiting, b);
  if (a == b) return;
  uint32_t root = a < b ? a : b, other = a < b ? b : a;
  waiting[other].parent = root;
  waiting[root].size += waiting[other].size;
  waiting[root].dirty |= waiting[other].dirty;
  if (waiting[other].end > waiting[root].end) waiting[root].end = waiting[other].end;
}

static void link_chain(ListenClusters *clusters, ChainName name, uint32_t at) {
  Chain *chain = slot_of(clusters, name.key, name.tag);
  Waiting *mine = &clusters->waiting.items[at];
  Instant end = observation_end(&mine->observation);
  if (chain->tag == name.tag && mine->observation.played_at - chain->end <= LISTEN_LINK_MS) {
    join(clusters->waiting.items, chain->last, at);
    if (end < chain->end) end = chain->end;
  }
  *chain = (Chain){name.key, name.tag, at, end};
}

/* ---- judging what nothing more can join ---- */

static bool is_closed(const Waiting *root, Instant horizon) {
  return horizon - root->end > LISTEN_LINK_MS;
}

static bool is_wanted(const ListenClusters *clusters, const Waiting *root) {
  return clusters->wish == CLUSTERS_ALL ? root->size > 1 : root->dirty;
}

/* Puts the members of the clusters to be judged into `order`, one cluster after the other. */
static void gather(ListenClusters *clusters, Instant horizon) {
  Waiting *waiting = clusters->waiting.items;
  uint32_t total = 0, count = (uint32_t)clusters->waiting.count;
  for (uint32_t i = 0; i < count; i++) {
    if (waiting[i].parent != i) continue;
    waiting[i].closed = is_closed(&waiting[i], horizon);
    waiting[i].judged = waiting[i].closed && is_wanted(clusters, &waiting[i]);
    waiting[i].place = total;
    if (waiting[i].judged) total += waiting[i].size;
  }
  clusters->order.count = 0;
  vec_reserve(clusters->arena, &clusters->order, count);
  for (uint32_t i = 0; i < count; i++) {
    Waiting *root = &waiting[root_of(waiting, i)];
    if (root->judged) clusters->order.items[root->place++] = i;
  }
}

static int by_observation(const void *a, const void *b) {
  return observation_compare(a, b);
}

/* Equal times came in the order of the store's numbers. */
static void put_in_order(Observation *observations, size_t count) {
  for (size_t i = 1; i < count; i++) {
    if (observations[i - 1].played_at != observations[i].played_at) continue;
    qsort(observations, count, sizeof *observations, by_observation);
    return;
  }
}

static Status judge(ListenClusters *clusters, const uint32_t *members, size_t count, Error *error) {
  static const ListenPart alone = {.role = LISTEN_ALONE};
  if (count == 1) return clusters->visit(clusters->context, &clusters->waiting.items[members[0]].observation, &alone, 1, error);
  clusters->cluster.count = 0;
  vec_reserve(clusters->arena, &clusters->cluster, count);
  clusters->parts.count = 0;
  vec_reserve(clusters->arena, &clusters->parts, count);
  for (size_t i = 0; i < count; i++) clusters->cluster.items[i] = clusters->waiting.items[members[i]].observation;
  put_in_order(clusters->cluster.items, count);
  listen_project(&clusters->scratch, clusters->cluster.items, count, clusters->parts.items);
  return clusters->visit(clusters->context, clusters->cluster.items, clusters->parts.items, count, error);
}

/* The chains that an observation is the last of. */
static void carry(ListenClusters *clusters, uint32_t from, uint32_t to) {
  ChainName names[2];
  int count = chains_of(clusters, clusters->waiting.items[from].observation.thing, names);
  for (int i = 0; i < count; i++) {
    const Chain *chain = slot_of(clusters, names[i].key, names[i].tag);
    if (chain->tag == names[i].tag && chain->last == from)
      vec_push(clusters->arena, &clusters->carried, (Chain){chain->key, chain->tag % CHAIN_KINDS, to, chain->end});
  }
}

static void move(ListenClusters *clusters, uint32_t *moved, uint32_t from, uint32_t to) {
  Waiting *waiting = clusters->waiting.items;
  carry(clusters, from, to);
  moved[from] = to;
  waiting[to] = waiting[from];
  waiting[to].parent = moved[waiting[to].parent]; /* a root comes before its members */
}

static void drop_closed(ListenClusters *clusters) {
  Waiting *waiting = clusters->waiting.items;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < clusters->waiting.count; i++) waiting[i].parent = root_of(waiting, i);
  for (uint32_t i = 0; i < clusters->waiting.count; i++) waiting[i].closed = waiting[waiting[i].parent].closed;
  clusters->carried.count = 0;
  for (uint32_t i = 0; i < clusters->waiting.count; i++) {
    if (!waiting[i].closed) move(clusters, clusters->order.items, i, kept++);
  }
  clusters->waiting.count = kept;
  clusters->flush_at = kept * 2 > FLUSH_AT ? kept * 2 : FLUSH_AT;
  clear_chains(clusters);
  for (size_t i = 0; i < clusters->carried.count; i++) {
    Chain chain = clusters->carried.items[i];
    chain.tag += clusters->epoch * CHAIN_KINDS;
    *slot_of(clusters, chain.key, chain.tag) = chain;
  }
}

static Status flush(ListenClusters *clusters, Instant horizon, Error *error) {
  gather(clusters, horizon);
  size_t at = 0;
  for (uint32_t i = 0; i < clusters->waiting.count; i++) {
    const Waiting *root = &clusters->waiting.items[i];
    if (root->parent != i || !root->judged) continue;
    Status status = judge(clusters, &clusters->order.items[at], root->size, error);
    if (status != STATUS_OK) return status;
    at += root->size;
  }
  drop_closed(clusters);
  return STATUS_OK;
}

/* ---- the stream ---- */

Status clusters_add(ListenClusters *clusters, const Observation *observation, Error *error) {
  if (clusters->waiting.count >= clusters->flush_at) {
    Status status = flush(clusters, observation->played_at, error);
    if (status != STATUS_OK) return status;
  }
  uint32_t at = (uint32_t)clusters->waiting.count;
  vec_push(clusters->arena, &clusters->waiting,
           (Waiting){.observation = *observation, .parent = at, .size = 1, .end = observation_end(observation), .dirty = observation->dirty});
  ChainName names[2];
  int count = chains_of(clusters, observation->thing, names);
  for (int i = 0; i < count; i++) link_chain(clusters, names[i], at);
  const Waiting *root = &clusters->waiting.items[root_of(clusters->waiting.items, at)];
  if (root->dirty && root->end + LISTEN_LINK_MS > clusters->dirty_until) clusters->dirty_until = root->end + LISTEN_LINK_MS;
  return STATUS_OK;
}

Instant clusters_dirty_until(const ListenClusters *clusters) {
  return clusters->dirty_until;
}

Status clusters_finish(ListenClusters *clusters, Error *error) {
  return flush(clusters, INT64_MAX / 2, error);
}
