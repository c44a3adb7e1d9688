/* distinct.h: dense numbers for values: equal values of one type get equal numbers, 1, 2, 3... by first appearance; 0
 * stands for missing. */
#ifndef NARADA_ENGINE_DISTINCT_H
#define NARADA_ENGINE_DISTINCT_H

#include "engine/run.h"

/* Texts are equal byte for byte, durations by their length (duration_compare), lists item by item, 0.0 equals -0.0. */
typedef struct Distinct Distinct;
Distinct *distinct_new(Run *run, Type type);
uint32_t distinct_id(Distinct *distinct, Value value);
/* How many there are, which is the highest number. */
uint32_t distinct_count(const Distinct *distinct);

/* The same for pairs of numbers, for keys of several columns: pair(pair(a, b), c). */
typedef struct DistinctPairs DistinctPairs;
DistinctPairs *distinct_pairs_new(Run *run);
uint32_t distinct_pair(DistinctPairs *pairs, uint32_t a, uint32_t b);

#endif
