#include <errno.h>
#include <string.h>

#include "connectors/terminal/show_text.h"
#include "connectors/terminal/table.h"
#include "engine/columns.h"
#include "engine/stage.h"

enum { SHOW_MAX_ROWS = 1000 };

/* Index of the column called `name` without a window, or SIZE_MAX. */
static size_t find_column(const Run *run, const PlanSchema *schema, const char *name) {
  for (uint32_t i = 0; i < schema->column_count; i++) {
    const PlanColumn *column = &schema->columns[i];
    if (column->window.kind == WINDOW_NONE && text_is(plan_string(run->plan, column->name), name)) return i;
  }
  return SIZE_MAX;
}

/* The batch's columns that are shown, in `shown`: all but `artists` where `artist` says the same. */
static size_t choose_columns(const Run *run, const PlanSchema *schema, size_t *shown) {
  bool has_artist = find_column(run, schema, "artist") != SIZE_MAX;
  size_t artists = has_artist && schema->kind != ROWS_ANY ? find_column(run, schema, "artists") : SIZE_MAX, count = 0;
  for (size_t i = 0; i < schema->column_count; i++) {
    if (i != artists) shown[count++] = i;
  }
  return count;
}

static Table make_table(Run *run, const Batch *batch) {
  size_t *shown = arena_array(run->arena, batch->schema->column_count, sizeof *shown);
  size_t count = choose_columns(run, batch->schema, shown);
  Table table = {.column_count = count + 1,
                 .row_count = batch->selected < SHOW_MAX_ROWS ? batch->selected : SHOW_MAX_ROWS};
  table.columns = arena_array(run->arena, table.column_count, sizeof *table.columns);
  table.cells = arena_array(run->arena, table.column_count * table.row_count, sizeof *table.cells);
  table.columns[0] = (TableColumn){.name = TEXT_LITERAL("#"), .right = true};
  for (size_t i = 0; i < count; i++) {
    const PlanColumn *column = &batch->schema->columns[shown[i]];
    Text name = text_escaped(run->arena, run_column_name(run, column));
    table.columns[i + 1] = (TableColumn){name, show_aligns_right(column->type), show_may_shrink(column->type)};
  }
  for (size_t at = 0; at < table.row_count; at++) {
    Text *cells = &table.cells[at * table.column_count];
    cells[0] = text_of(arena_format(run->arena, "%zu", at + 1));
    for (size_t i = 0; i < count; i++) cells[i + 1] = show_value(run, &batch->columns[shown[i]], batch_row(batch, at));
  }
  return table;
}

Status stage_run_SHOW(StageCall *call, const Batch **out, Error *error) {
  Run *run = call->run;
  const Batch *batch = call->inputs[0];
  FILE *file = run->options.out;
  Table table = make_table(run, batch_in_order(run, batch));
  table_fit(run->arena, &table, run->options.terminal_width);
  Status status = table_print(run->arena, &table, file, error);
  if (status) return status;
  if (batch->selected == 0) fputs("no rows\n", file);
  if (batch->selected > table.row_count) fprintf(file, "… and %zu more\n", batch->selected - table.row_count);
  if (fflush(file) != 0 || ferror(file)) {
    return fail(error, STATUS_FAILED, "", "show: the table could not be printed: %s", strerror(errno));
  }
  *out = batch;
  return STATUS_OK;
}
