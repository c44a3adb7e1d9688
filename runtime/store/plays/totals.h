/* totals.h: the figures of each track over the whole history, kept up with its listens. Private to runtime/store.
 *
 * What an import changes is summed up in memory and goes into track_totals before a commit. A large import waits with it for its last commit, or until
 * it has changed very many tracks; until then the table says of itself that it is not current, and readers count the plays instead. */
#ifndef NARADA_STORE_TOTALS_H
#define NARADA_STORE_TOTALS_H

#include "store/plays/listens.h"

/* A listen that a track has gained or lost. */
typedef struct TotalsListen {
  int64_t track; /* 0 = of no track */
  Instant played_at;
  int64_t ms_played;
  uint32_t context;
} TotalsListen;
Status totals_gain(Store *store, const TotalsListen *listen, Error *error);
/* Fetches what a listen of the track will need into the processor's caches. */
void totals_prefetch(const Store *store, int64_t track);
Status totals_lose(Store *store, const TotalsListen *listen, Error *error);
/* A listen is another than it was. */
Status totals_turn(Store *store, const TotalsListen *was, const TotalsListen *is, Error *error);
/* All that was gained or lost since the last call lies in this range. */
void totals_range(Store *store, InstantRange range);
/* What was summed up means nothing any more: they are made anew at the next commit. */
void totals_stale(Store *store);
/* Looks at what the table says of itself, so that a commit beside need not. */
Status totals_import(Store *store, Error *error);
/* Before a commit beside; false if it must not be one. What is left to do the job that commits does with totals_store(). */
bool totals_hand_over(Store *store);
Status totals_store(Store *store, Error *error);
/* Before a commit. */
Status totals_commit(Store *store, Error *error);
void totals_forget(Store *store); /* after a rollback */
/* From how many changed tracks an import waits, and with how many it waits no longer; 0 is the program's own. For tests. */
void totals_test_waiting(size_t above, size_t most);
Status totals_open(Store *store, Error *error);
Status totals_rebuild(Store *store, Error *error);
/* Counts them anew and tells each track whose stored figures are others. Where they are not current nothing is stored that could be wrong. */
Status totals_check(Store *store, void (*tell)(void *context, int64_t track), void *context, Error *error);

#endif
