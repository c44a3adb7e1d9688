/* id_hash.h: tracks are found by a hash of their Spotify id (migrations/, schema 10). Private to runtime/store. */
#ifndef NARADA_STORE_ID_HASH_H
#define NARADA_STORE_ID_HASH_H

#include "store/store_int.h"

/* Makes id_hash(TEXT) known to a new connection: 31 bits, NULL of NULL. */
Status id_hash_define(Store *store, Error *error);
/* Fills in the hashes of tracks that came without one: from an older schema, or from another program. Begins a transaction where there are any. */
Status id_hash_fill(Store *store, Error *error);

#endif
