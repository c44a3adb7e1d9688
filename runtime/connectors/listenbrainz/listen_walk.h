/* listen_walk.h: a user's listens from the newest to the oldest, each once.
 *
 * ListenBrainz gives the listens before a second. Several may share one, and a page may end among them: so the next page is asked for from that second on, and
 * what was there already is left out. */
#ifndef NARADA_LISTENBRAINZ_LISTEN_WALK_H
#define NARADA_LISTENBRAINZ_LISTEN_WALK_H

#include "base/vec.h"
#include "connectors/http/pager.h"

typedef struct ListenSeen {
  int64_t second;
  uint64_t print;
} ListenSeen;

typedef struct ListenWalk {
  int64_t from; /* the first second wanted, since 1970 */
  /* `metadata` may have any form, and lives until the function returns. */
  Status (*visit)(void *context, int64_t second, const JsonNode *metadata, Error *error);
  void *context;

  uint64_t visited;
  uint64_t unusable; /* without a time */
  bool crowded;      /* a second fills a page, so that it may have listens that cannot be read */
  size_t page;       /* rows that a page has at most */
  Pager *pager;

  Arena *arena; /* from here on the walk's own */
  int64_t oldest, place;
  size_t fresh, rows, largest;
  bool over;
  VEC(ListenSeen) seen;
} ListenWalk;

/* Begins; `walk` has `from`, `visit` and `context` set and must live until the pager has ended. */
void listen_walk_start(ListenWalk *walk, Http *http, Arena *arena, Text user);

#endif
