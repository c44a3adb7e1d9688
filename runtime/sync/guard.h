/* guard.h: which changes of a list need a person's consent, so that a fault on the way does not empty it. */
#ifndef NARADA_SYNC_GUARD_H
#define NARADA_SYNC_GUARD_H

#include <stdbool.h>
#include <stdint.h>

enum { GUARD_ENTRIES = 10 };

/* A list of `before` entries would lose `removed` of them and then have `after`: consent is needed where nothing would be left of it, and where more than
 * GUARD_ENTRIES and more than half go. */
bool guard_wants_consent(uint64_t before, uint64_t removed, uint64_t after);

#endif
