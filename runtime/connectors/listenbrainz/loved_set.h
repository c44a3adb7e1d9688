/* loved_set.h: what a user loves on ListenBrainz, read whole, for finding tracks in it. */
#ifndef NARADA_LISTENBRAINZ_LOVED_SET_H
#define NARADA_LISTENBRAINZ_LOVED_SET_H

#include "base/map.h"
#include "base/text.h"
#include "connectors/http/pager.h"

typedef struct LovedSet {
  Pager *pager;
  Arena *arena;
  TextPool *mbids, *names;
} LovedSet;

/* Begins to read; pages_result(set->pager) tells how it ended. `set` must live until then. */
void loved_set_start(LovedSet *set, Http *http, Arena *arena, Text user);
/* In its one spelling; "" is in no set. */
bool loved_set_has_mbid(const LovedSet *set, Text mbid);
/* Without regard to case. */
bool loved_set_has_names(const LovedSet *set, Arena *arena, Text artist, Text title);

#endif
