/* listens_int.h: between listens.c, listen_pass.c, listen_writing.c and listen_rebuild.c. */
#ifndef NARADA_STORE_LISTENS_INT_H
#define NARADA_STORE_LISTENS_INT_H

#include "store/plays/listens.h"
#include "store/plays/totals.h"

typedef VEC(ListenRow) ListenRows;

struct Listens {
  Store *store;
  ListenClusters *clusters;
  ListenKnown *known;
  VEC(InstantRange) dirty; /* both ends belong to it */
  VEC(int64_t) things;     /* changed */
  int64_t first_new;       /* id of the first play that is not in any listen yet; 0 = all are */
  const StagedPlay *staged; /* new plays, in order of time, that are in the store or on their way; NULL = none */
  size_t staged_count;
  Instant staged_after; /* what came before them ended here */
  VEC(StagedPlay) recent; /* all plays of the store from `recent_from` on, in order; only while new ones go on from them */
  Instant recent_from;
  ListenRows unwritten, handed_over; /* rows for play_listens */
  /* The pass at hand: */
  Instant from;      /* what began earlier was not read */
  Instant from_next; /* where a cluster was cut off: begin there and read again; INSTANT_MAX = none was */
  Instant done_from; /* the pass before began there, and did what was not cut off; INSTANT_MAX = there was none */
  bool all;          /* everything is judged */
  bool fresh;        /* the table is empty */
  bool dry;          /* only count */
  bool recheck;      /* also what is alone may have been part of something */
  ListenCounts counts;
  uint64_t matched; /* rows that are there under the same key */
};

Listens *listens_of(Store *store);

/* ---- listen_pass.c ---- */
/* How much further back than it must a stretch begins, so that it hardly ever has to begin again. */
enum { LISTEN_MARGIN_MS = 600000 };
/* Judges the clusters that touch [dirty->lo, dirty->hi]. */
Status listens_judge_range(Listens *listens, const InstantRange *dirty, Error *error);
/* Judges all of them. */
Status listens_judge_all(Listens *listens, Error *error);

/* ---- listen_writing.c ---- */
/* What a cluster gives goes into play_listens, where rows wait for a while, and into the totals. A ClusterVisit. */
Status listens_write_cluster(void *context, const Observation *observations, const ListenPart *parts, size_t count, Error *error);
Status listens_write_rows(Listens *listens, Error *error);

#endif
