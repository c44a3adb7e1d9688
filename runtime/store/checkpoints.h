/* checkpoints.h: up to where a list of a service has been read. */
#ifndef NARADA_STORE_CHECKPOINTS_H
#define NARADA_STORE_CHECKPOINTS_H

#include "store/store.h"

typedef struct Checkpoint {
  Instant last; /* everything up to here is in the store */
  Text cursor;  /* the service's own place, "" = none; borrowed until the next call */
} Checkpoint;
/* `user` is the account, "" = the default one; `entity`: "plays", "likes". */
Status store_checkpoint(Store *store, Text user, Text service, Text entity, Checkpoint *out, bool *found, Error *error);
Status store_set_checkpoint(Store *store, Text user, Text service, Text entity, const Checkpoint *checkpoint, Error *error);

#endif
