/* export_bound.h: the values of keys that keep rows by a column, from what a comparison says. Private to compiler/workflow/. */
#ifndef NARADA_COMPILER_EXPORT_BOUND_H
#define NARADA_COMPILER_EXPORT_BOUND_H

#include "compiler/lint/lint_int.h"
#include "compiler/workflow/workflow_values.h"

/* The value, as JSON, that the key has for the point, where the relation is the key's; the empty text if it has none. */
Text export_bound_value(Arena *arena, const Bound *bound, const Point *point);
/* Whether the key keeps rows by this relation to the point. */
bool export_bound_has(const Bound *bound, Relation relation, const Point *point);

#endif
