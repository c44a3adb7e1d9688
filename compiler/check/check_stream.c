#include "compiler/check/check_int.h"

static const StreamType broken_rows = {.kind = ROWS_KIND_COUNT};

static Node *node_new(Checker *checker, StageId stage, Span span) {
  Node *node = arena_alloc(checker->arena, sizeof *node);
  node->stage = stage;
  node->span = span;
  node->site = checker->diags->site;
  node->type = broken_rows;
  node->expansion = checker->expansion;
  return node;
}

void node_add_input(Checker *checker, Node *node, Node *input) {
  node->inputs = arena_grow(checker->arena, node->inputs, node->input_count * sizeof *node->inputs, (node->input_count + 1) * sizeof *node->inputs);
  node->inputs[node->input_count++] = input;
}

/* With the pipe before it. */
static void fix_remove_stage(Checker *checker, Diag *diag, Span stage) {
  uint32_t end = before_blanks(checker, stage);
  if (end > 0 && checker->diags->sources->items[stage.source].text.bytes[end - 1] == '|')
    diag_fix_at(checker->diags, diag, (Span){stage.source, end - 1, stage.end}, TEXT_LITERAL(""));
}

/* ---- pipelines ---- */

/* A node sees the groups that the innermost `per` among its inputs made. */
static unsigned group_depth(const Node *group) {
  unsigned depth = 0;
  for (; group; group = group->per) depth++;
  return depth;
}

static void place_in_group(Node *node) {
  for (size_t i = 0; i < node->input_count; i++) {
    Node *group = node->inputs[i] ? node_group(node->inputs[i]) : NULL;
    if (group_depth(group) > group_depth(node->per)) node->per = group;
  }
  if (node->stage == STAGEID_PER_END && node->per) node->per = node->per->per;
}

static Node *add_node(Checker *checker, Node *node) {
  infer_rows(checker, node);
  place_in_group(node);
  if (checker->graph->nodes.count >= PLAN_GRAPH_MAX_NODES) {
    if (checker->too_large) return node;
    checker->too_large = true;
    diag_report(checker->diags, DIAG_TOO_LARGE, node->span, "the program has more than %d stages after expansion", PLAN_GRAPH_MAX_NODES);
    return node;
  }
  vec_push(checker->arena, &checker->graph->nodes, node);
  return node;
}

static Node *source_call(Checker *checker, const Stage *call, const Scope *scope) {
  Binding *binding = scope_resolve(checker, scope, &call->path);
  if (binding && binding->kind == BINDING_BAD) return NULL;
  if (binding && binding->kind != BINDING_MODULE) scope_note_use(checker, scope, &call->path, binding);
  if (binding && binding->kind == BINDING_STAGE) return expand_stage(checker, binding, call, NULL, scope);
  if (binding && binding->kind == BINDING_MODULE) {
    report_module_alone(checker, binding, call->path.span);
    return NULL;
  }
  if (binding) {
    if (call->arg_count)
      diag_report(checker->diags, DIAG_TOO_MANY_ARGUMENTS, call->args[0].span, "`" TEXT_FORMAT "` takes no arguments", TEXT_ARG(binding->name));
    return check_let_stream(checker, binding, call->path.span);
  }
  StageId id = stage_find_source(call->path.text);
  if (id == STAGEID_COUNT) {
    unknown_stream_name(checker, NAMES_SOURCE, &call->path, scope);
    return NULL;
  }
  Node *node = node_new(checker, id, call->span);
  check_args(checker, node, call, scope, NULL);
  return add_node(checker, node);
}

Node *check_stream_name(Checker *checker, const Path *path, const Scope *scope) {
  Stage call = {.kind = STAGE_CALL, .path = *path, .span = path->span};
  return source_call(checker, &call, scope);
}

static bool accepts(const StageDef *def, RowKind kind) {
  return def->input_rows == ACCEPTS_ANY || (def->input_rows & (1 << kind));
}

static void check_rows_fit(Checker *checker, const Node *node, const Stage *stage) {
  const StageDef *def = stage_def(node->stage);
  for (size_t i = 0; i < node->input_count; i++) {
    if (rows_are_broken(node->inputs[i])) return;
    RowKind kind = node->inputs[i]->type.kind;
    if (accepts(def, kind)) {
      if (kind == node->inputs[0]->type.kind) continue;
      Diag *diag = diag_report(checker->diags, DIAG_ROWS_MISMATCH, stage->path.span, "`%s` cannot put %s and %s together", def->name,
                               row_kind_name(node->inputs[0]->type.kind), row_kind_name(kind));
      if (kind == ROWS_PLAY || node->inputs[0]->type.kind == ROWS_PLAY) diag_hint(checker->diags, diag, "`tracks` turns plays into tracks");
      return;
    }
    Diag *diag = diag_report(checker->diags, DIAG_ROWS_MISMATCH, stage->path.span, "`%s` does not take %s", def->name, row_kind_name(kind));
    if (kind == ROWS_PLAY && accepts(def, ROWS_TRACK)) {
      diag_hint(checker->diags, diag, "`| tracks` before it turns plays into tracks");
      if (i == 0) diag_fix_at(checker->diags, diag, span_start(stage->span), TEXT_LITERAL("tracks | "));
    }
    if (kind == ROWS_TRACK && node->stage == STAGEID_TRACKS) {
      diag_hint(checker->diags, diag, "they are tracks already");
      fix_remove_stage(checker, diag, stage->span);
    }
    if (kind == ROWS_PLAYLIST)
      diag_note(checker->diags, diag, "a row is a playlist here, not its tracks; `from library.playlist \"NAME\"` gives those");
    if (kind == ROWS_ANY) diag_note(checker->diags, diag, "after `tally` the rows are no tracks any more");
    return;
  }
}

/* The braces of a `per`, between its two ends. */
static Node *check_group(Checker *checker, Node *entry, const Stage *stage, const Scope *scope) {
  const Block *block = NULL;
  for (size_t i = 0; i < stage->arg_count; i++)
    if (stage->args[i].block) block = stage->args[i].block;
  size_t errors = checker->diags->errors;
  if (!block) return NULL;
  if (block->pipeline) {
    Diag *diag = diag_report(checker->diags, DIAG_WRONG_ARGUMENT, block->span, "the braces of `per` hold stages, not a source");
    diag_hint(checker->diags, diag, "`per artist { sort plays desc | take 2 }`");
    return NULL;
  }
  Node *body = check_stages(checker, entry, block->stages, block->stage_count, scope);
  if (checker->diags->errors > errors) return NULL; /* what follows would be told wrong */
  Node *end = node_new(checker, STAGEID_PER_END, block->span);
  node_add_input(checker, end, body ? body : node_new(checker, STAGEID_SHOW, block->span));
  return add_node(checker, end);
}

static void not_a_stage(Checker *checker, Binding *binding, const Path *path) {
  bool stream = binding->kind == BINDING_LET && binding->stmt->pipeline;
  Diag *diag = diag_report(checker->diags, DIAG_UNKNOWN_STAGE, path->span, "`" TEXT_FORMAT "` is a %s and no stage", TEXT_ARG(path->text), stream ? "stream" : "value");
  diag_hint(checker->diags, diag, stream ? "a stream stands after `from`, or after `union`, `except` and the like" : "a value stands in an expression");
  diag_label(checker->diags, diag, binding->span, "defined here");
  binding->used = true;
}

static Node *call_stage(Checker *checker, Node **inputs, size_t input_count, const Stage *stage, const Scope *scope) {
  Binding *binding = stage->kind == STAGE_CALL ? scope_resolve(checker, scope, &stage->path) : NULL;
  if (binding && binding->kind == BINDING_BAD) return NULL;
  if (binding && binding->kind == BINDING_STAGE && input_count == 1) {
    scope_note_use(checker, scope, &stage->path, binding);
    return expand_stage(checker, binding, stage, inputs[0], scope);
  }
  Text name = text_is(stage->path.text, "filter") ? TEXT_LITERAL("keep") : stage->path.text;
  StageId id = stage->kind == STAGE_TO ? stage_find_destination(name) : stage_find(name);
  if (id == STAGEID_COUNT && binding && binding->kind == BINDING_MODULE) {
    report_module_alone(checker, binding, stage->path.span);
    return NULL;
  }
  if (id == STAGEID_COUNT && binding && binding->kind != BINDING_STAGE) {
    not_a_stage(checker, binding, &stage->path);
    return NULL;
  }
  if (id == STAGEID_COUNT || !stage_is_written(id)) {
    unknown_stream_name(checker, stage->kind == STAGE_TO ? NAMES_DESTINATION : NAMES_STAGE, &stage->path, scope);
    return inputs[0];
  }
  const StageDef *def = stage_def(id);
  Node *node = node_new(checker, id, stage->span);
  for (size_t i = 0; i < input_count; i++) node_add_input(checker, node, inputs[i]);
  if (input_count > 1 && def->inputs != INPUTS_SET && def->inputs != INPUTS_MANY) {
    Diag *diag = diag_report(checker->diags, DIAG_BUNDLE_NOT_COMBINED, stage->path.span, "`%s` takes one stream, and %zu arrive", def->name, input_count);
    diag_hint(checker->diags, diag, "combine them first: concat, interleave, mix, union, intersect or except");
    node->input_count = 1;
  }
  if (!rows_are_broken(inputs[0]) && def->inputs == INPUTS_ONE) check_rows_fit(checker, node, stage);
  StreamType row = inputs[0] ? inputs[0]->type : broken_rows;
  if (!rows_are_broken(inputs[0]) && !accepts(def, row.kind)) row = broken_rows; /* said above; its fields would only add noise */
  check_args(checker, node, stage, scope, &row);
  bool names_others = stage->arg_count > 0 && !stage->args[0].name.length; /* what is wrong with them was said */
  if ((def->inputs == INPUTS_SET || def->inputs == INPUTS_MANY) && node->input_count < 2 && !names_others) {
    Diag *diag = diag_report(checker->diags, DIAG_NOTHING_TO_COMBINE, stage->path.span, "`%s` has only one stream", def->name);
    diag_hint(checker->diags, diag, "name another: `%s STREAM`", def->name);
  }
  if (def->inputs == INPUTS_SET || def->inputs == INPUTS_MANY) check_rows_fit(checker, node, stage);
  for (size_t i = 1; i < node->input_count; i++)
    if (!node->inputs[i]) node->inputs[i] = node_new(checker, id, stage->span);
  check_identity_inputs(checker, node);
  if (def->group == GROUP_DESTINATION && node_group(inputs[0]))
    diag_hint(checker->diags, diag_report(checker->diags, DIAG_DESTINATION_IN_GROUP, stage->span, "a destination cannot stand inside `per`"),
              "put it behind the closing brace");
  add_node(checker, node);
  return id == STAGEID_PER ? check_group(checker, node, stage, scope) : node;
}

/* For editors. */
static void note_rows(Checker *checker, Span span, const Node *node) {
  vec_push(checker->arena, &checker->graph->rows, (RowsAt){span, node ? node->type : broken_rows});
}

Node *check_stages(Checker *checker, Node *input, Stage *const *stages, size_t count, const Scope *scope) {
  if (++checker->depth > CHECK_MAX_DEPTH) {
    if (count) diag_report(checker->diags, DIAG_TOO_LARGE, stages[0]->span, "stages are nested more than %d deep", CHECK_MAX_DEPTH);
    checker->depth--;
    return input;
  }
  for (size_t i = 0; i < count; i++) {
    if (stages[i]->kind == STAGE_BAD) {
      input = NULL;
      continue;
    }
    Node *inputs[1] = {input ? input : node_new(checker, STAGEID_SHOW, stages[i]->span)};
    input = call_stage(checker, inputs, 1, stages[i], scope);
    note_rows(checker, stages[i]->span, input);
  }
  checker->depth--;
  return input;
}

static Node *check_origin(Checker *checker, const Origin *origin, const Scope *scope) {
  return origin->pipeline ? check_pipeline(checker, origin->pipeline, scope) : check_stream_name(checker, &origin->path, scope);
}

Node *check_pipeline(Checker *checker, const Pipeline *pipeline, const Scope *scope) {
  if (++checker->depth > CHECK_MAX_DEPTH) {
    diag_report(checker->diags, DIAG_TOO_LARGE, pipeline->span, "pipelines are nested more than %d deep", CHECK_MAX_DEPTH);
    checker->depth--;
    return NULL;
  }
  Node *node = NULL;
  size_t first = 0;
  if (pipeline->is_call) {
    node = pipeline->source && pipeline->source->kind == STAGE_CALL ? source_call(checker, pipeline->source, scope) : NULL;
  } else if (pipeline->origin_count == 1) {
    node = check_origin(checker, &pipeline->origins[0], scope);
  } else if (pipeline->origin_count > 1) {
    Node **bundle = arena_array(checker->arena, pipeline->origin_count, sizeof *bundle);
    for (size_t i = 0; i < pipeline->origin_count; i++) {
      bundle[i] = check_origin(checker, &pipeline->origins[i], scope);
      if (!bundle[i]) bundle[i] = node_new(checker, STAGEID_SHOW, pipeline->origins[i].span);
    }
    if (pipeline->stage_count == 0) {
      Diag *diag = diag_report(checker->diags, DIAG_BUNDLE_NOT_COMBINED, pipeline->span, "%zu streams are not combined", pipeline->origin_count);
      diag_hint(checker->diags, diag, "combine them: concat, interleave, mix, union, intersect or except");
    } else if (pipeline->stages[0]->kind != STAGE_BAD) {
      node = call_stage(checker, bundle, pipeline->origin_count, pipeline->stages[0], scope);
      note_rows(checker, pipeline->stages[0]->span, node);
    }
    note_rows(checker, pipeline->origins[pipeline->origin_count - 1].span, bundle[0]);
    first = 1;
  }
  if (!first) note_rows(checker, pipeline->is_call ? pipeline->source ? pipeline->source->span : pipeline->span : pipeline->origins[0].span, node);
  if (first < pipeline->stage_count) node = check_stages(checker, node, pipeline->stages + first, pipeline->stage_count - first, scope);
  checker->depth--;
  return node;
}
