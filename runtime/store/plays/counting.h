/* counting.h: the counting rule, which says when a listen counts as a play. The only place that knows it. Which rule holds is the user's choice. */
#ifndef NARADA_STORE_COUNTING_H
#define NARADA_STORE_COUNTING_H

#include "store/store.h"

enum { NEEDS_DURATION = 1, NEEDS_CONTEXT = 2 };

typedef struct CountingDef {
  const char *name;
  unsigned needs;
  const char *doc; /* completes "counts: " */
} CountingDef;
const CountingDef *counting_def(CountingRule rule);

typedef struct HeardPlay {
  int64_t ms_played;   /* -1 = not known */
  int64_t duration_ms; /* of the track, -1 = not known */
  bool completed;      /* played to its end, so that ms_played is the track's length where nobody says it */
  bool incognito;
} HeardPlay;
/* What a rule does not need may be anything. */
Counted counting_judge(CountingRule rule, const HeardPlay *play); /* of a rule that has a name */
Counted own_rule_judge(OwnRule rule, const HeardPlay *play);
/* What the rule that holds looks at; store_counting_rule was called. */
unsigned store_counting_needs(const Store *store);

#endif
