/* demand_int.h: sets of columns, and what a stage reads. Private to compiler/lower/. */
#ifndef NARADA_COMPILER_DEMAND_INT_H
#define NARADA_COMPILER_DEMAND_INT_H

#include "compiler/check/graph.h"

ColumnRef *column_find(const ColumnSet *columns, const ColumnRef *column);
void column_add(Arena *arena, ColumnSet *columns, const ColumnRef *column);
ColumnRef field_column(FieldId field);
/* The columns that the stage reads from its inputs' rows, those that a destination wants included. */
void node_reads(Arena *arena, const Node *node, ColumnSet *out);

#endif
