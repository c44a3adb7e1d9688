/* value.h: cells of a test file as values, and values as cells. Private to runtime/expect. */
#ifndef NARADA_EXPECT_VALUE_H
#define NARADA_EXPECT_VALUE_H

#include "connectors/file/cell.h"
#include "engine/run.h"

/* The cell as the readers of files know cells; false if it is none of this type. Texts are copied to `arena`. */
bool test_cell(Arena *arena, Type type, Text text, Cell *out);
/* The value of a cell that is not empty; false if it is none of this type. */
bool test_value(Run *run, Type type, Text text, Value *out);
/* What would have been one: "a duration such as 3min20s". */
const char *test_value_form(Type type);
/* The cell that reads back as the value: 3min20s, 2024-03-05T20:00Z, yes. In the run's arena. */
Text test_value_text(Run *run, Type type, Value value);
/* Whether a value is what an expected cell says. A number with a fraction is compared to as many decimals as the cell has. */
bool test_value_fits(Run *run, Type type, Value value, Text expected);

#endif
