/* optimise.h: the same rows with less work. Between check and demand: what is read and fetched follows from the graph that comes out. */
#ifndef NARADA_COMPILER_OPTIMISE_H
#define NARADA_COMPILER_OPTIMISE_H

#include "compiler/check/graph.h"

/* Changes the graph, never its rows:
 *   equal streams become one node (not across a write to what they read, and never unseeded chance);
 *   a filter goes before `sort`, `reverse`, `add` of columns it does not read, into each stream of a `concat`, and before a filter that needs a slower provider;
 *   a condition whose parts need different providers becomes a filter for each;
 *   `sort | take N` keeps the first N rows only while sorting;
 *   a filter on what a source of the store knows itself is given to the source.
 * Only nodes that lead to a destination are touched. */
void optimise_graph(Graph *graph);

/* ---- optimise_same.c ---- */
/* One node for equal ones. */
void merge_equal_nodes(Graph *graph);
bool typed_same(const Typed *a, const Typed *b);

/* ---- optimise_filter.c ---- */
void move_filters(Graph *graph);
/* Hands filters to the sources of the store. */
void push_filters_down(Graph *graph);

/* How many used nodes read each node; counts into `users` of the node. */
void count_users(Graph *graph);

#endif
