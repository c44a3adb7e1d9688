/* response_cache.h: what services answered, kept between runs. Written by STORE_WRITE and STORE_LOG. */
#ifndef NARADA_STORE_RESPONSE_CACHE_H
#define NARADA_STORE_RESPONSE_CACHE_H

#include "store/store.h"

typedef struct CachedReply {
  Text body;
  Instant fetched_at;
} CachedReply;
/* Also one that has expired: how old it may be is the reader's business. The body is the arena's. */
Status store_cached_reply(Store *store, Arena *arena, Text connector, Text key, CachedReply *out, bool *found, Error *error);
/* In the place of an older one. `expires_at` INSTANT_MAX = never; what has expired may be purged. */
Status store_cache_reply(Store *store, Text connector, Text key, Text body, Instant fetched_at, Instant expires_at, Error *error);

#endif
