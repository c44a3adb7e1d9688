#include "connectors/terminal/table.h"

/* Below this a cut text says too little. */
enum { LEAST_WIDTH = 8, SEPARATOR_WIDTH = 2 };

static size_t character_length(Text text, size_t at) {
  size_t length = 1;
  while (at + length < text.length && ((unsigned char)text.bytes[at + length] & 0xC0) == 0x80) length++;
  return length;
}

Text table_cut(Arena *arena, Text text, size_t width) {
  if (text_width(text) <= width) return text;
  size_t used = 0, at = 0;
  while (at < text.length) {
    size_t length = character_length(text, at);
    size_t more = text_width((Text){text.bytes + at, length});
    if (used + more > width - 1) break;
    used += more;
    at += length;
  }
  TextBuilder cut = {.arena = arena};
  text_append(&cut, (Text){text.bytes, at});
  text_append(&cut, TEXT_LITERAL("…"));
  return text_built(&cut);
}

static size_t natural_width(const Table *table, size_t column) {
  size_t widest = text_width(table->columns[column].name);
  for (size_t row = 0; row < table->row_count; row++) {
    size_t width = text_width(table->cells[row * table->column_count + column]);
    if (width > widest) widest = width;
  }
  return widest;
}

/* The widest column that may still be cut, the last of equals; SIZE_MAX if there is none. */
static size_t widest_column(const Table *table, const size_t *widths) {
  size_t widest = SIZE_MAX;
  for (size_t i = 0; i < table->column_count; i++) {
    if (!table->columns[i].shrink || widths[i] <= LEAST_WIDTH) continue;
    if (widest == SIZE_MAX || widths[i] >= widths[widest]) widest = i;
  }
  return widest;
}

void table_fit(Arena *arena, Table *table, int width) {
  if (width <= 0 || table->column_count == 0) return;
  size_t *widths = arena_array(arena, table->column_count, sizeof *widths);
  size_t total = (table->column_count - 1) * SEPARATOR_WIDTH;
  for (size_t i = 0; i < table->column_count; i++) {
    widths[i] = natural_width(table, i);
    /* One column alone never needs more than the whole; the steps below are then few. */
    if (table->columns[i].shrink && widths[i] > (size_t)width) widths[i] = (size_t)width;
    total += widths[i];
  }
  while (total > (size_t)width) {
    size_t widest = widest_column(table, widths);
    if (widest == SIZE_MAX) break;
    widths[widest]--;
    total--;
  }
  for (size_t i = 0; i < table->column_count; i++) {
    if (!table->columns[i].shrink) continue;
    size_t name_width = text_width(table->columns[i].name);
    if (name_width > widths[i]) table->columns[i].name = table_cut(arena, table->columns[i].name, widths[i]);
    for (size_t row = 0; row < table->row_count; row++) {
      Text *cell = &table->cells[row * table->column_count + i];
      *cell = table_cut(arena, *cell, widths[i]);
    }
  }
}
