/* verify_plays.h: what is checked of the plays, in one reading of them. Private to runtime/store. */
#ifndef NARADA_STORE_VERIFY_PLAYS_H
#define NARADA_STORE_VERIFY_PLAYS_H

#include "store/upkeep/verify.h"

typedef enum PlayCheck {
#define PLAY_CHECK(id, what) id,
#include "store/upkeep/verify_checks.def"
  PLAY_CHECKS
} PlayCheck;

/* Adds what is wrong to out[PLAY_CHECKS]. Memory: a few bytes for each import and each gap in the ids of what plays refer to, a bit for a play. */
Status verify_plays(Store *store, VerifyFinding *out, Error *error);

#endif
