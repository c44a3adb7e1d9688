/* membership.h: which identities of the first stream occur in the others, for intersect and except. */
#ifndef NARADA_STAGES_MEMBERSHIP_H
#define NARADA_STAGES_MEMBERSHIP_H

#include "engine/stage.h"

typedef struct Membership {
  uint32_t *identities; /* of the first stream's rows, by position; 0 = missing */
  uint32_t *streams;    /* by identity: in how many of the other streams it occurs; [0] is 0 */
} Membership;

Membership membership_find(StageCall *call);

#endif
