#include <string.h>

#include "expect/suite.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/* An empty piece stands where its text would begin. */
static TestText piece(uint32_t source, const char *base, size_t start, size_t end) {
  size_t place = start + (start < end && is_blank(base[start]));
  while (start < end && is_blank(base[start])) start++;
  while (end > start && is_blank(base[end - 1])) end--;
  if (start == end) start = end = place;
  return (TestText){{base + start, end - start}, {source, (uint32_t)start, (uint32_t)end}};
}

/* Where the quoted text that begins at `at` ends, behind its quote; `end` if it does not. */
static size_t skip_quoted(const char *base, size_t at, size_t end) {
  for (at++; at < end; at++) {
    if (base[at] == '\\' && at + 1 < end)
      at++;
    else if (base[at] == '"')
      return at + 1;
  }
  return end + 1;
}

/* A quote opens a quoted text at the beginning of a cell, and of an item of a list. */
static bool opens(const char *base, size_t at, size_t cell_start) {
  if (base[at] != '"') return false;
  size_t back = at;
  while (back > cell_start && is_blank(base[back - 1])) back--;
  return back == cell_start || base[back - 1] == ',';
}

typedef struct Row {
  TestText cells[TEST_MAX_COLUMNS];
  uint32_t count; /* also those beyond the most */
  Span span;
  bool told; /* that it cannot be read */
} Row;

static void row_add(Row *row, TestText cell) {
  if (row->count < TEST_MAX_COLUMNS) row->cells[row->count] = cell;
  row->count++;
}

static void read_row(Suite *suite, uint32_t line, Row *row) {
  const Source *source = &suite->diags->sources->items[suite->source];
  Text text = source_line(source, line);
  const char *base = source->text.bytes;
  TestText whole = piece(suite->source, base, (size_t)(text.bytes - base), (size_t)(text.bytes - base) + text.length);
  size_t at = whole.span.start + 1, end = whole.span.end, start = at;
  row->count = 0;
  row->span = whole.span;
  row->told = false;
  bool open = true;
  while (at < end) {
    if (opens(base, at, start)) {
      size_t after = skip_quoted(base, at, end);
      if (after > end) {
        Diag *diag = diag_report(suite->diags, DIAG_EXPECT_CELL, (Span){suite->source, (uint32_t)at, (uint32_t)end}, "a quoted text is not closed");
        diag_hint(suite->diags, diag, "a text that begins with a quote: write \"\\\"…\"");
        row->told = true;
        return;
      }
      at = after;
    } else if (base[at] == '|') {
      row_add(row, piece(suite->source, base, start, at));
      start = ++at;
      open = start < end;
    } else {
      at++;
    }
  }
  if (open) {
    Diag *diag = diag_report(suite->diags, DIAG_EXPECT_CELLS, (Span){suite->source, (uint32_t)end, (uint32_t)end}, "a row ends with `|`");
    diag_hint(suite->diags, diag, "add `|`");
    row->told = true;
  }
}

static bool is_rule(const Row *row) {
  for (uint32_t i = 0; i < row->count && i < TEST_MAX_COLUMNS; i++) {
    Text text = row->cells[i].text;
    if (text.length == 0) return false;
    for (size_t at = 0; at < text.length; at++)
      if (text.bytes[at] != '-' && !(text.bytes[at] == ':' && (at == 0 || at + 1 == text.length) && text.length > 1)) return false;
  }
  return row->count > 0;
}

static void read_names(Suite *suite, const Row *row, TestTable *table) {
  if (row->count > TEST_MAX_COLUMNS) {
    diag_report(suite->diags, DIAG_EXPECT_CELLS, row->span, "a table has at most %d columns; this one has %u", TEST_MAX_COLUMNS, row->count);
  }
  table->column_count = row->count < TEST_MAX_COLUMNS ? row->count : TEST_MAX_COLUMNS;
  table->names = arena_array(suite->arena, table->column_count, sizeof *table->names);
  table->columns = arena_array(suite->arena, table->column_count, sizeof *table->columns);
  for (uint32_t i = 0; i < table->column_count; i++) {
    table->names[i] = row->cells[i];
    table->columns[i] = COLUMN_FREE;
    if (!row->cells[i].text.length) diag_report(suite->diags, DIAG_EXPECT_COLUMN, row->span, "column %u has no name", i + 1);
    for (uint32_t other = 0; other < i; other++) {
      if (!row->cells[i].text.length || !text_equal(row->cells[i].text, row->cells[other].text)) continue;
      Diag *diag = diag_report(suite->diags, DIAG_EXPECT_TWICE, row->cells[i].span, "the column `" TEXT_FORMAT "` stands twice",
                               TEXT_ARG(row->cells[i].text));
      diag_label(suite->diags, diag, row->cells[other].span, "first here");
    }
  }
}

static bool is_row(const Suite *suite, uint32_t line) {
  const Source *source = &suite->diags->sources->items[suite->source];
  Text text = source_line(source, line);
  size_t at = 0;
  while (at < text.length && is_blank(text.bytes[at])) at++;
  return line <= source->line_count && at < text.length && text.bytes[at] == '|';
}

void table_read(Suite *suite, uint32_t *line, TestTable *out) {
  VEC(TestText) cells = {0};
  Row *row = arena_alloc(suite->arena, sizeof *row);
  *out = (TestTable){.present = true};
  for (uint32_t nth = 0; is_row(suite, *line); nth++, (*line)++) {
    read_row(suite, *line, row);
    out->span = nth ? span_join(out->span, row->span) : row->span;
    if (nth == 0) {
      read_names(suite, row, out);
    } else if (nth == 1 && is_rule(row)) {
      out->ruled = true;
    } else if (row->told) {
      continue;
    } else if (row->count != out->column_count) {
      Diag *diag = diag_report(suite->diags, DIAG_EXPECT_CELLS, row->span, "this row has %u cell%s", row->count, row->count == 1 ? "" : "s");
      diag_hint(suite->diags, diag, "the table has %u column%s", out->column_count, out->column_count == 1 ? "" : "s");
      diag_note(suite->diags, diag, "a cell that holds `|` stands in quotes: \"a | b\"");
    } else if (out->row_count == TEST_MAX_ROWS) {
      diag_report(suite->diags, DIAG_EXPECT_CELLS, out->span, "a table has at most %d rows", TEST_MAX_ROWS);
    } else {
      for (uint32_t i = 0; i < row->count; i++) vec_push(suite->arena, &cells, row->cells[i]);
      out->row_count++;
    }
  }
  out->cells = cells.items;
}

/* ---- one cell ---- */

Text cell_text(Arena *arena, Text cell) {
  if (cell.length < 2 || cell.bytes[0] != '"' || cell.bytes[cell.length - 1] != '"') return cell;
  TextBuilder text = {.arena = arena};
  text_append(&text, TEXT_LITERAL(""));
  for (size_t at = 1; at + 1 < cell.length; at++) {
    char c = cell.bytes[at];
    if (c == '\\' && at + 2 < cell.length) {
      c = cell.bytes[++at];
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    text_append_char(&text, c);
  }
  return text_built(&text);
}

static bool needs_quotes(Text text, bool in_list) {
  if (text.length == 0 || is_blank(text.bytes[0]) || is_blank(text.bytes[text.length - 1]) || text.bytes[0] == '"') return true;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c == '|' || c == '\n' || c == '\r' || c == '\t' || (in_list && c == ',')) return true;
    if (c == '"' && i > 0 && opens(text.bytes, i, 0)) return true;
  }
  return false;
}

Text cell_quoted(Arena *arena, Text text, bool in_list) {
  if (!needs_quotes(text, in_list)) return text;
  TextBuilder quoted = {.arena = arena};
  text_append_char(&quoted, '"');
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c == '"' || c == '\\') text_append_char(&quoted, '\\');
    if (c == '\n')
      text_append(&quoted, TEXT_LITERAL("\\n"));
    else if (c == '\t')
      text_append(&quoted, TEXT_LITERAL("\\t"));
    else if (c == '\r')
      text_append(&quoted, TEXT_LITERAL("\\r"));
    else
      text_append_char(&quoted, c);
  }
  text_append_char(&quoted, '"');
  return text_built(&quoted);
}

bool cell_next_item(Text *rest, Text *item) {
  if (!rest->length) return false;
  size_t at = 0;
  while (at < rest->length && rest->bytes[at] != ',') {
    if (opens(rest->bytes, at, 0)) {
      size_t after = skip_quoted(rest->bytes, at, rest->length);
      at = after < rest->length ? after : rest->length;
    } else {
      at++;
    }
  }
  *item = piece(0, rest->bytes, 0, at).text;
  size_t taken = at < rest->length ? at + 1 : at;
  *rest = (Text){rest->bytes + taken, rest->length - taken};
  return true;
}

/* ---- writing ---- */

static void append_cell(TextBuilder *out, Text text, size_t width, bool right) {
  size_t shown = text_width(text), pad = width > shown ? width - shown : 0;
  text_append_char(out, ' ');
  for (size_t i = 0; right && i < pad; i++) text_append_char(out, ' ');
  text_append(out, text);
  for (size_t i = 0; !right && i < pad; i++) text_append_char(out, ' ');
  text_append(out, TEXT_LITERAL(" |"));
}

Text table_format(Arena *arena, const Text *names, uint32_t column_count, const Text *cells, uint32_t row_count, const bool *right, bool ruled) {
  size_t *widths = arena_array(arena, column_count, sizeof *widths);
  for (uint32_t i = 0; i < column_count; i++) {
    widths[i] = text_width(names[i]);
    for (uint32_t row = 0; row < row_count; row++) {
      size_t width = text_width(cells[(size_t)row * column_count + i]);
      if (width > widths[i]) widths[i] = width;
    }
  }
  TextBuilder out = {.arena = arena};
  for (uint32_t line = 0; line <= row_count; line++) {
    if (line) text_append_char(&out, '\n');
    text_append_char(&out, '|');
    for (uint32_t i = 0; i < column_count; i++)
      append_cell(&out, line ? cells[(size_t)(line - 1) * column_count + i] : names[i], widths[i], right && right[i]);
    if (line || !ruled) continue;
    text_append(&out, TEXT_LITERAL("\n|"));
    for (uint32_t i = 0; i < column_count; i++) {
      for (size_t at = 0; at < widths[i] + 2; at++) text_append_char(&out, '-');
      text_append_char(&out, '|');
    }
  }
  return text_built(&out);
}
