#include "base/vec.h"
#include "engine/distinct.h"
#include "engine/stage.h"

/* How an identity is found. Names and codes (artist, title, isrc) are compared case folded, an expression by its exact
 * value. */
typedef enum IdentityWay { BY_TRACK, BY_NAME, BY_EXPRESSION, BY_ROW } IdentityWay;

/* What a batch needs for it: columns may lie elsewhere in each. */
typedef struct Binding {
  const Batch *batch;
  const Column **columns; /* BY_NAME one, BY_ROW one for each column of the first stream; NULL = it lacks this one */
  Expression expression;  /* BY_EXPRESSION */
} Binding;

struct IdentitySet {
  Run *run;
  IdentityWay way;
  Text name;               /* BY_NAME */
  uint32_t code;           /* BY_EXPRESSION */
  const PlanSchema *first; /* BY_ROW */
  Distinct **values;       /* BY_ROW one for each column, else one */
  DistinctPairs *pairs;    /* BY_ROW: chains a row's values; its numbers also stand for beginnings of rows */
  Distinct *rows;          /* BY_ROW: so this counts the whole ones */
  VEC(Binding) bindings;
  size_t bound; /* the binding last used */
};

bool identity_is_track(const StageCall *call) {
  const PlanArg *by = call_arg(call, "by", 0);
  RowKind kind = call->inputs[0]->schema->kind;
  if (by) return by->kind == ARG_WORD && text_is(call_word(call, "by"), "track");
  return kind == ROWS_TRACK || kind == ROWS_PLAY;
}

static void choose_way(IdentitySet *set, const StageCall *call) {
  const PlanArg *by = call_arg(call, "by", 0);
  if (identity_is_track(call)) {
    set->way = BY_TRACK;
  } else if (by && by->kind == ARG_ROW) {
    set->way = BY_EXPRESSION;
    set->code = by->index;
  } else if (by) {
    set->way = BY_NAME;
    set->name = call_word(call, "by");
  } else {
    set->way = BY_ROW;
  }
}

static void make_values(IdentitySet *set, const StageCall *call) {
  Run *run = call->run;
  set->first = call->inputs[0]->schema;
  uint32_t count = set->way == BY_ROW ? set->first->column_count : 1;
  set->values = arena_array(run->arena, count, sizeof(Distinct *));
  if (set->way == BY_ROW) {
    for (uint32_t i = 0; i < count; i++) set->values[i] = distinct_new(run, set->first->columns[i].type);
    set->pairs = distinct_pairs_new(run);
    set->rows = distinct_new(run, TYPE_OF(INT));
  } else if (set->way == BY_EXPRESSION) {
    set->values[0] = distinct_new(run, run->plan->codes[set->code].result);
  } else {
    set->values[0] = distinct_new(run, TYPE_OF(INT));
  }
}

IdentitySet *identity_set_new(const StageCall *call) {
  IdentitySet *set = arena_alloc(call->run->arena, sizeof *set);
  set->run = call->run;
  choose_way(set, call);
  make_values(set, call);
  return set;
}

static const Column *column_at(const Batch *batch, size_t index) {
  return index == SIZE_MAX ? NULL : &batch->columns[index];
}

static const Column *column_named(const IdentitySet *set, const Batch *batch) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const PlanColumn *column = &batch->schema->columns[i];
    if (column->window.kind != WINDOW_NONE || type_form(column->type) != FORM_ONE) continue;
    if (text_equal(plan_string(set->run->plan, column->name), set->name)) return &batch->columns[i];
  }
  return NULL;
}

static Binding *bind(IdentitySet *set, const Batch *batch) {
  if (set->bound < set->bindings.count && set->bindings.items[set->bound].batch == batch)
    return &set->bindings.items[set->bound];
  for (size_t i = 0; i < set->bindings.count; i++) {
    if (set->bindings.items[i].batch == batch) {
      set->bound = i;
      return &set->bindings.items[i];
    }
  }
  Binding binding = {.batch = batch};
  if (set->way == BY_NAME) {
    binding.columns = arena_array(set->run->arena, 1, sizeof *binding.columns);
    binding.columns[0] = column_named(set, batch);
  } else if (set->way == BY_EXPRESSION) {
    binding.expression = vm_bind(set->run, set->code, batch);
  } else if (set->way == BY_ROW) {
    binding.columns = arena_array(set->run->arena, set->first->column_count, sizeof *binding.columns);
    for (uint32_t i = 0; i < set->first->column_count; i++) {
      binding.columns[i] =
          column_at(batch, batch_column(batch, set->first->columns[i].name, set->first->columns[i].window));
    }
  }
  set->bound = set->bindings.count;
  vec_push(set->run->arena, &set->bindings, binding);
  return &set->bindings.items[set->bound];
}

static uint32_t identity_by_name(IdentitySet *set, const Column *column, size_t row) {
  if (!column || column_is_missing(column, row)) return 0;
  TextId folded = run_fold(set->run, (TextId)column->values[row].integer);
  return distinct_id(set->values[0], (Value){.integer = folded});
}

static uint32_t identity_by_expression(IdentitySet *set, const Expression *expression, size_t row) {
  VmResult result = vm_evaluate(expression, row);
  return result.missing ? 0 : distinct_id(set->values[0], result.value);
}

/* A missing value is a value here: two rows that lack the same are the same. */
static uint32_t identity_by_row(IdentitySet *set, const Binding *binding, size_t row) {
  uint32_t id = 0;
  for (uint32_t i = 0; i < set->first->column_count; i++) {
    const Column *column = binding->columns[i];
    bool missing = !column || column_is_missing(column, row);
    id = distinct_pair(set->pairs, id, missing ? 0 : distinct_id(set->values[i], column->values[row]));
  }
  return distinct_id(set->rows, (Value){.integer = id});
}

uint32_t identity_of(IdentitySet *set, const Batch *batch, size_t row) {
  if (set->way == BY_TRACK) {
    TrackHandle track = batch->tracks ? batch->tracks[row] : 0;
    return track ? distinct_id(set->values[0], (Value){.integer = track}) : 0;
  }
  const Binding *binding = bind(set, batch);
  switch (set->way) {
    case BY_NAME:
      return identity_by_name(set, binding->columns[0], row);
    case BY_EXPRESSION:
      return identity_by_expression(set, &binding->expression, row);
    default:
      return identity_by_row(set, binding, row);
  }
}
