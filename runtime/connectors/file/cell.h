/* cell.h: one value as a file spells it, and as a row holds it.
 *
 * type         JSON                     CSV (the field's text; see csv.h for texts and lists)
 * text         string                   the text
 * bool         true, false              true, false in any case
 * int          integer                  -12
 * float        number                   0.5
 * percent      number, 0.2 is 20%       0.2
 * time         "2024-03-05T20:00:00Z"   the same without quotes; UTC
 * date         "2024-03-05" "2024-03"   the same without quotes
 * duration     integer, milliseconds    the same; with calendar months the language's literal, "1y6mo"
 * list         array                    items joined by "; "
 * A missing value is no key in JSON and an empty field in CSV. Reading also takes null, and for a duration "3:33",
 * "1:02:33" and "90d". */
#ifndef NARADA_CONNECTORS_FILE_CELL_H
#define NARADA_CONNECTORS_FILE_CELL_H

#include "engine/run.h"

enum { CELL_MAX_ITEMS = 4096 };

typedef enum CellKind {
  CELL_MISSING,
  CELL_PLAIN, /* text of a format without types: what it means is the column's type */
  CELL_STRING,
  CELL_INTEGER,
  CELL_NUMBER,
  CELL_BOOL,
  CELL_LIST,
  CELL_OBJECT, /* fits no column */
} CellKind;

typedef struct Cell {
  CellKind kind;
  Text text; /* PLAIN, STRING */
  int64_t integer;
  double number;
  bool truth;
  const struct Cell *items; /* LIST: item_count of them */
  size_t item_count;
} Cell;

/* The value of `type` (the optional bit does not count) that the cell stands for; texts and lists go into the run's
 * pools. `scratch` is emptied and used. False if the cell is none; a CELL_MISSING is none. */
bool cell_value(Run *run, Type type, const Cell *cell, TextBuilder *scratch, Value *out);
/* What would have been a value of the type: "a date such as 2024-03-05, 2024-03 or 2024". */
const char *cell_expected(Type type);
/* The front of a text, at most `max` bytes and whole characters. */
Text text_cut(Text text, size_t max);
/* The cell as a message shows it: quoted, escaped, cut; arena. */
Text cell_shown(Arena *arena, const Cell *cell);

/* Whether a value can be written at all; an infinity or not-a-number is written as missing. */
bool value_is_writable(Type type, Value value);
/* Appends the value as JSON. `scratch` is emptied and used. */
void value_append_json(TextBuilder *builder, Run *run, Type type, Value value, TextBuilder *scratch);
/* As 2024-03-05T20:00:00Z, with milliseconds if there are any. */
void cell_append_instant(TextBuilder *builder, Instant instant);
/* Appends the text of its CSV field, before quoting. */
void value_append_csv(TextBuilder *builder, Run *run, Type type, Value value, TextBuilder *scratch);

#endif
