/* groups.h: rows that agree in the keys of `per`, `tally` and `take`. */
#ifndef NARADA_STAGES_GROUPS_H
#define NARADA_STAGES_GROUPS_H

#include "engine/stage.h"

/* The group of each row, numbered from 0 by first appearance, and the row where each began. */
typedef struct Groups {
  uint32_t *of; /* by position */
  uint32_t *first;
  size_t count;
} Groups;

/* By the stage's arguments for the parameter `keys`; a missing key is a value of its own. Without keys all rows are one group, even where there is
 * none. */
Groups groups_find(StageCall *call, const char *keys);
size_t groups_key_count(const StageCall *call, const char *keys);

#endif
