/* listen_clusters.h: from a stream of observations to clusters, one pass, in memory that what is open at one time needs. */
#ifndef NARADA_STORE_LISTEN_CLUSTERS_H
#define NARADA_STORE_LISTEN_CLUSTERS_H

#include "store/plays/listen_rules.h"

/* How far before an observation another of its cluster can begin, if no third is between them. */
#define LISTEN_BACK_MS ((int64_t)LISTEN_LONGEST_MS + LISTEN_LINK_MS)

typedef struct ListenClusters ListenClusters;

/* A judged cluster, its observations in their order. Both borrowed. */
typedef Status ClusterVisit(void *context, const Observation *observations, const ListenPart *parts, size_t count, Error *error);

typedef enum ClusterWish {
  CLUSTERS_ALL,   /* of at least two observations */
  CLUSTERS_DIRTY, /* those with a dirty one, of any size */
} ClusterWish;

ListenClusters *clusters_new(Arena *arena, ClusterVisit *visit, void *context);
/* Forgets what is open. */
void clusters_begin(ListenClusters *clusters, ClusterWish wish);
/* In order of played_at; equal times in any order. */
Status clusters_add(ListenClusters *clusters, const Observation *observation, Error *error);
/* The latest beginning that an observation can have which still belongs to a dirty cluster; INSTANT_MIN - 1 if none is open. */
Instant clusters_dirty_until(const ListenClusters *clusters);
/* Judges what is still open. */
Status clusters_finish(ListenClusters *clusters, Error *error);

#endif
