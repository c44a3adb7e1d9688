/* repair.h: makes anew what follows from other rows of a store: counts, hashes, listens and totals, indexes, views and triggers. */
#ifndef NARADA_STORE_REPAIR_H
#define NARADA_STORE_REPAIR_H

#include "store/upkeep/verify.h"

/* `what`: bits of VerifyRepair, those of findings that have problems. Rows that nothing else tells stay as they are, and so does a table. What a user added stays
 * too. STATUS_BUSY while somebody else writes; each of the kinds is one transaction. One of which pages are damaged is refused. */
Status store_repair(Arena *arena, const char *path, unsigned what, Instant now, Error *error);

#endif
