#include "store/plays/listen_clusters.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

/* As many as stay in the nearest caches of the processor. */
enum { FLUSH_AT = 512 };

/* The observations of one track, or of one pair of names, that are near enough to each other. */
typedef struct Chain {
  uint32_t last;  /* in the buffer */
  uint32_t epoch; /* of clusters_begin; another is worth nothing */
  Instant end;    /* when the last of them ended */
} Chain;

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
  uint32_t epoch;
  Instant dirty_until;
  uint32_t *tracks;       /* by id, to chains; 0 = none */
  size_t track_size;
  IntMap *names, *things; /* to chains; things only for those without a track */
  VEC(Chain) chains;      /* 0 = none */
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
  clusters->names = int_map_new(arena, 64);
  clusters->things = int_map_new(arena, 64);
  clusters->scratch.arena = arena;
  vec_push(arena, &clusters->chains, (Chain){0});
  clusters_begin(clusters, CLUSTERS_ALL);
  return clusters;
}

void clusters_begin(ListenClusters *clusters, ClusterWish wish) {
  clusters->wish = wish;
  clusters->epoch++;
  clusters->dirty_until = INSTANT_MIN - 1;
  clusters->waiting.count = 0;
  clusters->flush_at = FLUSH_AT;
}

static uint32_t chain_of(ListenClusters *clusters, IntMap *map, int64_t key) {
  bool added = false;
  uint32_t chain = int_map_add(map, key, (uint32_t)clusters->chains.count, &added);
  if (added) vec_push(clusters->arena, &clusters->chains, (Chain){0});
  return chain;
}

static uint32_t chain_of_track(ListenClusters *clusters, int64_t track) {
  size_t at = (size_t)track;
  if (at >= clusters->track_size) {
    size_t size = at + 1024 + clusters->track_size / 2;
    clusters->tracks = arena_grow(clusters->arena, clusters->tracks, clusters->track_size * sizeof *clusters->tracks, size * sizeof *clusters->tracks);
    clusters->track_size = size;
  }
  if (!clusters->tracks[at]) {
    clusters->tracks[at] = (uint32_t)clusters->chains.count;
    vec_push(clusters->arena, &clusters->chains, (Chain){0});
  }
  return clusters->tracks[at];
}

void clusters_prepare(ListenClusters *clusters, ListenThing *thing) {
  thing->chains[0] = thing->track ? chain_of_track(clusters, thing->track) : chain_of(clusters, clusters->things, thing->id);
  thing->chains[1] = 0;
  if (!thing->names) return;
  int64_t names;
  memcpy(&names, &thing->names, sizeof names);
  thing->chains[1] = chain_of(clusters, clusters->names, names);
}

void clusters_prefetch(const ListenClusters *clusters, const ListenThing *thing) {
  for (int i = 0; i < 2; i++) __builtin_prefetch(&clusters->chains.items[thing->chains[i]]);
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

static void link_chain(ListenClusters *clusters, uint32_t number, uint32_t at) {
  Chain *chain = &clusters->chains.items[number];
  Waiting *mine = &clusters->waiting.items[at];
  Instant end = observation_end(&mine->observation);
  if (chain->epoch == clusters->epoch && mine->observation.played_at - chain->end <= LISTEN_LINK_MS) {
    join(clusters->waiting.items, chain->last, at);
    if (end < chain->end) end = chain->end;
  }
  *chain = (Chain){at, clusters->epoch, end};
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

static void move(ListenClusters *clusters, uint32_t *moved, uint32_t from, uint32_t to) {
  Waiting *waiting = clusters->waiting.items;
  const ListenThing *thing = waiting[from].observation.thing;
  for (int i = 0; i < 2; i++) {
    Chain *chain = &clusters->chains.items[thing->chains[i]];
    if (thing->chains[i] && chain->epoch == clusters->epoch && chain->last == from) chain->last = to;
  }
  moved[from] = to;
  waiting[to] = waiting[from];
  waiting[to].parent = moved[waiting[to].parent]; /* a root comes before its members */
}

static void drop_closed(ListenClusters *clusters) {
  Waiting *waiting = clusters->waiting.items;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < clusters->waiting.count; i++) waiting[i].parent = root_of(waiting, i);
  for (uint32_t i = 0; i < clusters->waiting.count; i++) waiting[i].closed = waiting[waiting[i].parent].closed;
  for (uint32_t i = 0; i < clusters->waiting.count; i++) {
    if (!waiting[i].closed) move(clusters, clusters->order.items, i, kept++);
  }
  clusters->waiting.count = kept;
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
  clusters->flush_at = clusters->waiting.count * 2 > FLUSH_AT ? clusters->waiting.count * 2 : FLUSH_AT;
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
  link_chain(clusters, observation->thing->chains[0], at);
  if (observation->thing->chains[1]) link_chain(clusters, observation->thing->chains[1], at);
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
