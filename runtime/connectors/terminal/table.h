/* table.h: a table of texts on a terminal, by libsmartcols.
 *
 * What is printed depends on nothing but the arguments: widths are those of UTF-8 whatever the user's locale, and
 * neither the terminal nor the environment is asked. */
#ifndef NARADA_CONNECTORS_TERMINAL_TABLE_H
#define NARADA_CONNECTORS_TERMINAL_TABLE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

typedef struct TableColumn {
  Text name;
  bool right;  /* aligned */
  bool shrink; /* may be cut to make the table fit */
} TableColumn;

typedef struct Table {
  TableColumn *columns;
  size_t column_count;
  Text *cells; /* row by row, column_count each; NUL-terminated, and printable as they are (text_escaped) */
  size_t row_count;
} Table;

/* Cuts cells of shrinking columns, with an ellipsis, until a row takes at most `width` terminal columns or nothing can
 * be cut any more. 0 = as wide as it gets. */
void table_fit(Arena *arena, Table *table, int width);

/* Prints the names and the rows. */
Status table_print(Arena *arena, const Table *table, FILE *out, Error *error);

/* The front of `text`, at most `width` (1 or more) terminal columns, with an ellipsis if it was cut; `text` itself or
 * arena. */
Text table_cut(Arena *arena, Text text, size_t width);

#endif
