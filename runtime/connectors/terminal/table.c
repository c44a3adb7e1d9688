#include "connectors/terminal/table.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <string.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

/* Owns what libsmartcols allocates, until the arena is freed or release() is called. */
typedef struct Holder {
  struct libscols_table *table;
} Holder;

static void release(void *object) {
  Holder *holder = object;
  if (holder->table) scols_unref_table(holder->table);
  holder->table = NULL;
}

static Status out_of_memory(Error *error) {
  return fail(error, STATUS_FAILED, "", "show: out of memory for the table");
}

/* The names and rows; the texts are referred to by copies of libsmartcols. */
static int fill(struct libscols_table *made, const Table *table) {
  for (size_t i = 0; i < table->column_count; i++) {
    if (!scols_table_new_column(made, table->columns[i].name.bytes, 0, table->columns[i].right ? SCOLS_FL_RIGHT : 0))
      return -ENOMEM;
  }
  for (size_t row = 0; row < table->row_count; row++) {
    struct libscols_line *line = scols_table_new_line(made, NULL);
    if (!line) return -ENOMEM;
    for (size_t i = 0; i < table->column_count; i++) {
      int result = scols_line_set_data(line, i, table->cells[row * table->column_count + i].bytes);
      if (result) return result;
    }
  }
  return 0;
}

/* libsmartcols measures by the thread's locale. This thread gets a UTF-8 one for the time of the call; the process
 * keeps its own. */
static int print_in_utf8(struct libscols_table *made) {
  static const char *const names[] = {"C.UTF-8", "C.utf8", "UTF-8", "en_US.UTF-8"};
  locale_t utf8 = (locale_t)0;
  for (size_t i = 0; i < sizeof names / sizeof names[0] && !utf8; i++)
    utf8 = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
  locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
  int result = scols_print_table(made);
  if (utf8) {
    uselocale(before);
    freelocale(utf8);
  }
  return result;
}

/* libsmartcols prints nothing at all for a table without rows. */
static void print_names(const Table *table, FILE *out) {
  for (size_t i = 0; i < table->column_count; i++) fprintf(out, "%s%s", i ? "  " : "", table->columns[i].name.bytes);
  fputc('\n', out);
}

static Status print_rows(Arena *arena, const Table *table, FILE *out, Error *error) {
  Holder *holder = arena_alloc(arena, sizeof *holder);
  arena_defer(arena, release, holder);
  holder->table = scols_new_table();
  if (!holder->table) return out_of_memory(error);
  scols_table_set_stream(holder->table, out);
  scols_table_set_column_separator(holder->table, "  ");
  scols_table_enable_noencoding(holder->table,
                                1); /* the cells are escaped; its own escapes would depend on the C library */
  scols_table_set_termforce(holder->table, SCOLS_TERMFORCE_NEVER);
  int result = fill(holder->table, table);
  if (!result) result = print_in_utf8(holder->table);
  release(holder);
  return result ? out_of_memory(error) : STATUS_OK;
}

Status table_print(Arena *arena, const Table *table, FILE *out, Error *error) {
  if (table->row_count) return print_rows(arena, table, out, error);
  print_names(table, out);
  return STATUS_OK;
}
