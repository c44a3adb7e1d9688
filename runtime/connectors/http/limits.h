/* limits.h: how often and until when a service may not be called, kept in one small file that all processes share.
 *
 * Each limit is a token bucket in its virtual-scheduling form (ITU-T I.371, GCRA): one instant, at which the bucket would be full again. A call takes a
 * slot by moving it on. The file is locked (flock) only for the reading and writing of it, never while waiting; a process that dies loses its slot and
 * nothing else. When the clock is set back, all instants in the file move back with it, so that nobody waits for a time that was never meant. */
#ifndef NARADA_HTTP_LIMITS_H
#define NARADA_HTTP_LIMITS_H

#include "base/clock.h"
#include "connectors/http/service.h"

typedef struct Limits Limits;

/* `path` NULL: for this process alone. The file is made at need, readable by its owner alone; one that is damaged begins anew. `tags`, one for each service
 * or NULL, keep the calls to different addresses of the same service apart; borrowed. Arena. */
Status limits_open(Arena *arena, const char *path, const char *const tags[SERVICE_COUNT], Limits **out, Error *error);

/* Another rate than the table's: `calls` in `period_ms`, as many at once. For a limit that counts calls. */
void limits_set_rate(Limits *limits, LimitId limit, int calls, int period_ms);

/* Takes the next slot of `limit` and of its parents: the call may be made at `*at`, which is `now` or later. Where a limit is closed, or the slot is more than
 * `longest` ms away, none is taken, and `*at` is when to ask again. */
Status limits_take(Limits *limits, LimitId limit, Instant now, int64_t longest_ms, Instant *at, bool *taken, Error *error);
/* No call of `limit` before `until`; an earlier time than the one known changes nothing. */
Status limits_close(Limits *limits, LimitId limit, Instant until, Instant now, Error *error);
/* Until when `limit` or a parent is closed, `now` if neither is. Takes no slot. */
Status limits_closed_until(Limits *limits, LimitId limit, Instant now, Instant *until, Error *error);
/* The outermost parent: the limit that counts the calls. */
LimitId limits_root(LimitId limit);

#endif
