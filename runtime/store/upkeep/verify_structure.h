/* verify_structure.h: what SQLite itself says of the file, asked beside the other checks. Private to runtime/store.
 *
 * SQLite looks at every cell of every page, which takes a third of the time of all checks and needs nothing of theirs: it has a thread and a
 * connection of its own. */
#ifndef NARADA_STORE_VERIFY_STRUCTURE_H
#define NARADA_STORE_VERIFY_STRUCTURE_H

#include "store/upkeep/verify.h"

typedef struct StructureCheck StructureCheck;

/* Begins. Where there can be no thread, structure_check_end() does it all. What memory runs out of in between, the arena of the store ends it. */
StructureCheck *structure_check_begin(Store *store);
/* Waits for it and adds what is wrong to `out`. */
Status structure_check_end(StructureCheck *check, VerifyFinding *out, Error *error);

#endif
