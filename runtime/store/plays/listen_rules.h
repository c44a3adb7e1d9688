/* listen_rules.h: from observations to listens. Pure: knows no database and no clock.
 *
 * One listen can be observed several times: by several services, twice in one export, in pieces because it was paused.
 * The projection finds which observations are one listen. Its result is a function of the set of observations alone,
 * whatever their order, batches or repetition: every choice is settled by what the observations say, and a tie by a
 * hash of the service's own id, never by a number that a store gave out.
 *
 * Two observations can only ever become one if a chain of observations of the same thing leads from one to the other
 * whose gaps are at most LISTEN_LINK_MS. Such a chain is a cluster. What is outside cannot change what is inside, so a
 * cluster can be worked out again on its own. */
#ifndef NARADA_STORE_LISTEN_RULES_H
#define NARADA_STORE_LISTEN_RULES_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

enum {
  LISTEN_TOLERANCE_MS = 30000, /* between two services' times of one listen */
  LISTEN_BLIND_MS = 180000,    /* when one of them knows only when it ended, and not for how long it went */
  LISTEN_JITTER_MS = 3000,     /* between two records of one play in one channel, when they agree in its length */
  LISTEN_RESUME_MS = 30000,    /* the longest pause within a listen */
  LISTEN_SPAN_MS = 3600000,    /* the longest listen made of pieces */
  LISTEN_LONGEST_MS = 6 * 3600000, /* a play that claims to be longer is known by its beginning alone */
  LISTEN_LINK_MS = LISTEN_BLIND_MS + 60000, /* the longest tolerance and the coarsest precision */
};

typedef enum ListenAnchor { ANCHOR_START, ANCHOR_END } ListenAnchor;
typedef struct ListenChannel {
  Text source;
  int priority, timestamp;
  ListenAnchor anchor;
  int64_t precision_ms;
  uint64_t order; /* from `source`; settles ties */
  struct ListenChannel *next;
} ListenChannel;
/* The channel of a source; the same object for the same source. `*list` begins NULL. */
const ListenChannel *listen_channel(Arena *arena, ListenChannel **list, Text source);

/* What was played, as one service calls it. Two things are the same if they agree in track or in names. */
typedef struct ListenThing {
  int64_t id;       /* the store's connector_track_id */
  int64_t track;    /* what it is mapped to; 0 = nothing */
  uint64_t names;   /* hash of folded artist and title; 0 = it has none */
  uint64_t order;   /* hash of the service's name and id; settles ties */
  bool names_only;  /* the service gave no id */
  bool loaded;      /* listen_things.c: the rest is */
} ListenThing;

typedef enum ListenEnd { END_UNKNOWN, END_COMPLETED, END_BROKEN_OFF } ListenEnd;
typedef struct Observation {
  Instant played_at; /* when it began, as far as the channel knows */
  int64_t ms_played; /* -1 = not known */
  const ListenThing *thing;
  const ListenChannel *channel;
  ListenEnd how; /* how it ended */
  bool dirty;    /* its cluster is asked for */
  /* Not looked at: */
  uint32_t context;
  int64_t play;
  bool has_offline_at;
  Instant offline_at;
} Observation;

typedef enum ListenRole {
  LISTEN_ALONE,     /* the observation is the listen */
  LISTEN_HEAD,      /* of a listen with several; it has the best time */
  LISTEN_DUPLICATE, /* the same record once more in its channel */
  LISTEN_FRAGMENT,  /* a further piece in its channel */
  LISTEN_MERGED,    /* the same listen in another channel */
  LISTEN_ROLES
} ListenRole;
const char *listen_role_name(ListenRole role); /* "alone", "head", "duplicate", "fragment", "merged" */

/* Indices count in the cluster. */
typedef struct ListenPart {
  ListenRole role;
  uint32_t head;          /* the listen's; its own for ALONE and HEAD */
  uint32_t identity;      /* of a HEAD: the observation that says what was played, */
  uint32_t circumstances; /* and the one that says how it ended */
  int64_t ms_played;      /* of a HEAD: of the whole listen, -1 = not known */
  bool divergent;         /* of a HEAD: services' ids of different tracks are in it, joined by their names */
} ListenPart;

/* By time, then by what the thing is called, then by length: total over any one set. */
int observation_compare(const Observation *a, const Observation *b);
/* When it ended; played_at when nobody knows. */
Instant observation_end(const Observation *observation);

/* Room that is used again for each cluster. Zeroed at first; `arena` set. */
typedef struct ListenScratch {
  Arena *arena;
  void *slots, *order, *pairs;
  size_t slots_size, order_size, pairs_size;
} ListenScratch;
/* Judges one cluster. `observations` in the order of observation_compare; fills parts[count]. */
void listen_project(ListenScratch *scratch, const Observation *observations, size_t count, ListenPart *parts);

#endif
