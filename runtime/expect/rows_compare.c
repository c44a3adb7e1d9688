#include <string.h>

#include "expect/rows.h"
#include "expect/value.h"

/* Beyond this many pairs rows that differ are shown one side after the other. */
enum { MAX_PAIRS = 1000000 };

static Text expected_cell(const TestTable *table, uint32_t row, uint32_t column) {
  return table->cells[(size_t)row * table->column_count + column].text;
}

size_t rows_wrong_cell(Run *run, const TestTable *table, const ActualRows *actual) {
  Value value;
  for (size_t at = 0; at < (size_t)table->row_count * table->column_count; at++) {
    Text cell = table->cells[at].text;
    if (cell.length && !test_value(run, actual->types[at % table->column_count], cell, &value)) return at;
  }
  return SIZE_MAX;
}

/* ---- the longest common subsequence ---- */

/* Two sides of things that are equal or not. */
typedef struct Sides {
  bool (*equal)(const struct Sides *sides, uint32_t expected, uint32_t actual);
  uint32_t expected_count, actual_count;
  Arena *arena;
  const void *context;
} Sides;

static void push(RowDiff *diff, Arena *arena, uint32_t expected, uint32_t actual) {
  vec_push(arena, &diff->lines, (DiffLine){expected, actual});
}

/* Between the common beginning and end. lengths[i][j] is the longest common part of what begins at i and j. */
static void compare_middle(const Sides *sides, uint32_t first, uint32_t expected_end, uint32_t actual_end, RowDiff *out) {
  uint32_t rows = expected_end - first, columns = actual_end - first;
  uint32_t i = 0, j = 0;
  if ((uint64_t)rows * columns <= MAX_PAIRS && rows && columns) {
    uint8_t *equal = arena_array(sides->arena, (size_t)rows * columns, 1);
    uint32_t *lengths = arena_array(sides->arena, ((size_t)rows + 1) * (columns + 1), sizeof *lengths);
    for (uint32_t a = rows; a-- > 0;) {
      for (uint32_t b = columns; b-- > 0;) {
        size_t at = (size_t)a * (columns + 1) + b, below = at + columns + 1;
        equal[(size_t)a * columns + b] = sides->equal(sides, first + a, first + b);
        lengths[at] = equal[(size_t)a * columns + b] ? lengths[below + 1] + 1 : lengths[below] > lengths[at + 1] ? lengths[below] : lengths[at + 1];
      }
    }
    while (i < rows && j < columns) {
      size_t at = (size_t)i * (columns + 1) + j;
      if (equal[(size_t)i * columns + j]) {
        push(out, sides->arena, first + i, first + j);
        i++, j++;
      } else if (lengths[at + columns + 1] >= lengths[at + 1]) {
        push(out, sides->arena, first + i++, UINT32_MAX);
      } else {
        push(out, sides->arena, UINT32_MAX, first + j++);
      }
    }
  }
  while (i < rows) push(out, sides->arena, first + i++, UINT32_MAX);
  while (j < columns) push(out, sides->arena, UINT32_MAX, first + j++);
}

static void compare_sides(const Sides *sides, RowDiff *out) {
  *out = (RowDiff){0};
  uint32_t first = 0, expected_end = sides->expected_count, actual_end = sides->actual_count;
  while (first < expected_end && first < actual_end && sides->equal(sides, first, first)) {
    push(out, sides->arena, first, first);
    first++;
  }
  while (expected_end > first && actual_end > first && sides->equal(sides, expected_end - 1, actual_end - 1)) expected_end--, actual_end--;
  out->same = expected_end == first && actual_end == first;
  compare_middle(sides, first, expected_end, actual_end, out);
  for (uint32_t i = 0; expected_end + i < sides->expected_count; i++) push(out, sides->arena, expected_end + i, actual_end + i);
}

/* ---- rows ---- */

typedef struct RowSides {
  Run *run;
  const TestTable *table;
  const ActualRows *actual;
} RowSides;

static bool rows_equal(const Sides *sides, uint32_t expected, uint32_t actual) {
  const RowSides *rows = sides->context;
  for (uint32_t i = 0; i < rows->table->column_count; i++) {
    Text cell = expected_cell(rows->table, expected, i);
    size_t at = (size_t)actual * rows->actual->column_count + i;
    if (rows->actual->missing[at] != !cell.length) return false;
    if (cell.length && !test_value_fits(rows->run, rows->actual->types[i], rows->actual->values[at], cell)) return false;
  }
  return true;
}

void rows_compare(Run *run, const TestTable *table, const ActualRows *actual, RowDiff *out) {
  RowSides rows = {run, table, actual};
  Sides sides = {rows_equal, table->row_count, actual->row_count, run->arena, &rows};
  compare_sides(&sides, out);
}

static Text actual_cell(Run *run, const ActualRows *actual, uint32_t row, uint32_t column) {
  size_t at = (size_t)row * actual->column_count + column;
  return actual->missing[at] ? (Text){"", 0} : test_value_text(run, actual->types[column], actual->values[at]);
}

static bool *right_columns(Arena *arena, const ActualRows *actual) {
  bool *right = arena_array(arena, actual->column_count, sizeof *right);
  for (uint32_t i = 0; i < actual->column_count; i++) {
    BaseType base = type_base(actual->types[i]);
    right[i] = type_form(actual->types[i]) == FORM_ONE && (base == BASE_INT || base == BASE_FLOAT || base == BASE_PERCENT);
  }
  return right;
}

/* The lines of the diff that `with_expected` or every one, as a table; `count` is how many rows it has. */
static Text format_lines(Run *run, const TestTable *table, const ActualRows *actual, const RowDiff *diff, bool all, bool ruled) {
  Arena *arena = run->arena;
  uint32_t columns = table->column_count, count = 0;
  Text *names = arena_array(arena, columns, sizeof *names), *cells = arena_array(arena, diff->lines.count * columns, sizeof *cells);
  for (uint32_t i = 0; i < columns; i++) names[i] = table->names[i].text;
  for (size_t at = 0; at < diff->lines.count; at++) {
    DiffLine line = diff->lines.items[at];
    if (!all && line.actual == UINT32_MAX) continue;
    for (uint32_t i = 0; i < columns; i++)
      cells[(size_t)count * columns + i] = line.expected != UINT32_MAX ? expected_cell(table, line.expected, i) : actual_cell(run, actual, line.actual, i);
    count++;
  }
  return table_format(arena, names, columns, cells, count, right_columns(arena, actual), ruled);
}

Text rows_show(Run *run, const TestTable *table, const ActualRows *actual, const RowDiff *diff) {
  Text text = format_lines(run, table, actual, diff, true, false);
  TextBuilder out = {.arena = run->arena};
  for (size_t at = 0, line = 0; at < text.length; line++) {
    const char *end = memchr(text.bytes + at, '\n', text.length - at);
    size_t length = end ? (size_t)(end - text.bytes) - at : text.length - at;
    const DiffLine *of = line ? &diff->lines.items[line - 1] : NULL;
    const char *sign = !of ? " " : of->actual == UINT32_MAX ? "-" : of->expected == UINT32_MAX ? "+" : " ";
    text_append_format(&out, "    %s " TEXT_FORMAT "\n", sign, (int)length, text.bytes + at);
    at += length + 1;
  }
  return text_built(&out);
}

Text rows_updated(Run *run, const TestTable *table, const ActualRows *actual, const RowDiff *diff) {
  return format_lines(run, table, actual, diff, false, table->ruled);
}

/* ---- lines ---- */

typedef struct LineSides {
  VEC(Text) expected, actual;
} LineSides;

static bool lines_equal(const Sides *sides, uint32_t expected, uint32_t actual) {
  const LineSides *lines = sides->context;
  return text_equal(lines->expected.items[expected], lines->actual.items[actual]);
}

Text lines_show(Arena *arena, Text expected, Text actual) {
  LineSides lines = {0};
  Text texts[] = {expected, actual};
  for (int side = 0; side < 2; side++) {
    for (Text rest = texts[side]; rest.length;) {
      const char *end = memchr(rest.bytes, '\n', rest.length);
      size_t length = end ? (size_t)(end - rest.bytes) : rest.length, taken = length + (end != NULL);
      Text line = {rest.bytes, length};
      if (side)
        vec_push(arena, &lines.actual, line);
      else
        vec_push(arena, &lines.expected, line);
      rest = (Text){rest.bytes + taken, rest.length - taken};
    }
  }
  Sides sides = {lines_equal, (uint32_t)lines.expected.count, (uint32_t)lines.actual.count, arena, &lines};
  RowDiff diff;
  compare_sides(&sides, &diff);
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < diff.lines.count; i++) {
    DiffLine line = diff.lines.items[i];
    const char *sign = line.actual == UINT32_MAX ? "-" : line.expected == UINT32_MAX ? "+" : " ";
    Text text = line.expected != UINT32_MAX ? lines.expected.items[line.expected] : lines.actual.items[line.actual];
    text_append_format(&out, "    %s " TEXT_FORMAT "\n", sign, TEXT_ARG(text));
  }
  return text_built(&out);
}
