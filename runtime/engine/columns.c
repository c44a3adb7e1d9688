#include "engine/columns.h"

#include "engine/lists.h"

static Text day_of(Run *run, Instant instant) {
  Civil civil = instant_civil(instant, run->options.zone);
  return text_of(arena_format(run->arena, "@%04d-%02d-%02d", civil.year, civil.month, civil.day));
}

static Text window_text(Run *run, Type type, Value value) {
  if (type == TYPE_OF(DURATION)) return duration_format(run->arena, duration_unpack(value.integer));
  if (type == TYPE_OF(DATE)) return text_of(arena_format(run->arena, "@" TEXT_FORMAT, TEXT_ARG(date_format(run->arena, date_unpack(value.integer)))));
  RangeEnds ends = range_ends(run->lists, value);
  Text low = ends.has_low ? day_of(run, ends.low.integer) : text_of("");
  Text high = ends.has_high ? day_of(run, ends.high.integer - 1) : text_of("");
  return text_of(arena_format(run->arena, TEXT_FORMAT ".." TEXT_FORMAT, TEXT_ARG(low), TEXT_ARG(high)));
}

Text run_column_name(Run *run, const PlanColumn *column) {
  if (column->window.kind != WINDOW_PARAM) return plan_column_name(run->plan, run->arena, column);
  uint32_t param = column->window.index;
  Text window = window_text(run, run->plan->params[param].type, run->params[param]);
  return text_of(arena_format(run->arena, TEXT_FORMAT "(" TEXT_FORMAT ")", TEXT_ARG(plan_string(run->plan, column->name)), TEXT_ARG(window)));
}

/* Smaller comes first. */
static unsigned rank_of(const Run *run, const PlanSchema *schema, const PlanColumn *column) {
  if (column->field == PLAN_NONE) return FIELD_COUNT + 1;
  unsigned field = run->plan->imports[column->field].id;
  bool leads = (schema->kind == ROWS_PLAY && field == FIELD_PLAYED_AT) || (schema->kind == ROWS_PLAYLIST && field == FIELD_LIST_NAME);
  return leads ? 0 : field + 1;
}

const Batch *batch_in_order(Run *run, const Batch *batch) {
  const PlanSchema *schema = batch->schema;
  if (schema->kind == ROWS_ANY) return batch;
  uint32_t count = schema->column_count;
  PlanSchema *ordered = arena_alloc(run->arena, sizeof *ordered);
  Batch *view = arena_alloc(run->arena, sizeof *view);
  *ordered = *schema;
  *view = *batch;
  view->schema = ordered;
  ordered->columns = arena_array(run->arena, count + 1, sizeof *ordered->columns);
  view->columns = arena_array(run->arena, count + 1, sizeof *view->columns);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at = i;
    for (; at > 0 && rank_of(run, schema, &ordered->columns[at - 1]) > rank_of(run, schema, &schema->columns[i]); at--) {
      ordered->columns[at] = ordered->columns[at - 1];
      view->columns[at] = view->columns[at - 1];
    }
    ordered->columns[at] = schema->columns[i];
    view->columns[at] = batch->columns[i];
  }
  return view;
}
