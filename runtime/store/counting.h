/* counting.h: the counting rule, which says when a stored play counts as one. The only place that knows it. */
#ifndef NARADA_STORE_COUNTING_H
#define NARADA_STORE_COUNTING_H

#include <stdbool.h>
#include <stdint.h>

/* Spotify and its yearly review count a stream from 30 seconds on. */
enum { COUNTED_MS = 30000 };

/* `ms_played` -1 = not known: a scrobble says only that the track was played, and that counts. */
static inline bool play_counts(int64_t ms_played) {
  return ms_played < 0 || ms_played >= COUNTED_MS;
}

#endif
