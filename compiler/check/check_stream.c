#include "compiler/check/check_int.h"

#include <string.h>

static const StreamType broken_rows = {.kind = ROWS_KIND_COUNT};

static bool is_broken(const Node *node) {
  return !node || node->type.kind == ROWS_KIND_COUNT;
}

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

/* ---- what comes out ---- */

static void add_named(Checker *checker, StreamType *type, Text name, Type of) {
  NamedColumn *grown = arena_array(checker->arena, type->named_count + 1, sizeof *grown);
  if (type->named_count) memcpy(grown, type->named, type->named_count * sizeof *grown);
  grown[type->named_count] = (NamedColumn){name, of};
  type->named = grown;
  type->named_count++;
}

static Type *named_type(const StreamType *type, Text name) {
  for (size_t i = 0; i < type->named_count; i++)
    if (text_equal(type->named[i].name, name)) return &type->named[i].type;
  return NULL;
}

static void columns_differ(Checker *checker, const Node *node, const char *kind, Text name) {
  Diag *diag = diag_report(checker->diags, DIAG_COLUMNS_DIFFER, node->span, "the streams differ in the %s `" TEXT_FORMAT "`", kind, TEXT_ARG(name));
  diag_hint(checker->diags, diag, "give it the same name and type in all of them");
}

/* The named columns of all inputs; one that an input lacks may be missing. */
static void unite(Checker *checker, Node *node) {
  node->type = node->inputs[0]->type;
  for (size_t i = 1; i < node->input_count; i++) {
    const StreamType *other = &node->inputs[i]->type;
    StreamType merged = node->type;
    merged.named = arena_array(checker->arena, merged.named_count + other->named_count + 1, sizeof *merged.named);
    if (merged.named_count) memcpy(merged.named, node->type.named, merged.named_count * sizeof *merged.named);
    for (size_t c = 0; c < merged.named_count; c++) {
      const Type *there = named_type(other, merged.named[c].name);
      if ((!there && merged.kind == ROWS_ANY) || (there && type_required(*there) != type_required(merged.named[c].type)))
        columns_differ(checker, node, "column", merged.named[c].name);
      merged.named[c].type |= !there ? TYPE_OPTIONAL : *there & TYPE_OPTIONAL;
    }
    for (size_t c = 0; c < other->named_count; c++) {
      if (named_type(&merged, other->named[c].name)) continue;
      if (merged.kind == ROWS_ANY) columns_differ(checker, node, "column", other->named[c].name);
      merged.named[merged.named_count++] = (NamedColumn){other->named[c].name, (Type)(other->named[c].type | TYPE_OPTIONAL)};
    }
    node->type = merged;
  }
}

static RowKind source_kind(const Node *node) {
  const StageDef *def = stage_def(node->stage);
  if (def->output == OUTPUT_PLAYS) return ROWS_PLAY;
  if (def->output == OUTPUT_PLAYLISTS) return ROWS_PLAYLIST;
  for (size_t i = 0; def->output == OUTPUT_BY_WORD && i < node->arg_count; i++) {
    if (node->args[i].kind != NODE_WORD) continue;
    if (text_is(node->args[i].word, "plays")) return ROWS_PLAY;
    if (text_is(node->args[i].word, "playlists")) return ROWS_PLAYLIST;
  }
  return ROWS_TRACK;
}

static void infer_type(Checker *checker, Node *node) {
  const StageDef *def = stage_def(node->stage);
  if (def->inputs == INPUTS_NONE) {
    node->type = (StreamType){.kind = source_kind(node)};
    return;
  }
  for (size_t i = 0; i < node->input_count; i++)
    if (is_broken(node->inputs[i])) return;
  switch (def->output) {
    case OUTPUT_UNION: unite(checker, node); break;
    case OUTPUT_TRACKS:
      node->type = node->inputs[0]->type;
      node->type.kind = ROWS_TRACK;
      break;
    case OUTPUT_TALLY:
      node->type = (StreamType){.kind = ROWS_ANY};
      for (size_t i = 0; i < node->arg_count; i++)
        if (node->args[i].kind == NODE_KEY || node->args[i].kind == NODE_RESULT)
          add_named(checker, &node->type, node->args[i].name, node->args[i].value->type);
      break;
    default:
      node->type = node->inputs[0]->type;
      for (size_t i = 0; i < node->arg_count && def->output == OUTPUT_ADD; i++)
        add_named(checker, &node->type, node->args[i].name, node->args[i].value->type);
      break;
  }
}

/* ---- finding what a name means ---- */

typedef enum Namespace { NAMES_STAGE, NAMES_SOURCE, NAMES_DESTINATION } Namespace;

static Text *known_names(Checker *checker, Namespace space, const Scope *scope, size_t *count) {
  VEC(Text) names = {0};
  for (; scope && space != NAMES_DESTINATION; scope = scope->outer)
    for (size_t i = 0; i < scope->count; i++) {
      const Binding *binding = scope->items[i];
      bool stream = binding->stmt && binding->stmt->pipeline;
      if (space == NAMES_SOURCE ? stream : binding->kind == BINDING_STAGE && !stream) vec_push(checker->arena, &names, binding->name);
    }
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *def = stage_def((StageId)id);
    bool source = def->group == GROUP_SOURCE, destination = def->group == GROUP_DESTINATION && id != STAGEID_SHOW;
    if (space == NAMES_SOURCE ? source : space == NAMES_DESTINATION ? destination : !source && !destination && stage_is_written((StageId)id))
      vec_push(checker->arena, &names, text_of(def->name));
  }
  *count = names.count;
  return names.items;
}

/* The place of the last sign before `span` that is no blank. */
static uint32_t before_blanks(Checker *checker, Span span) {
  const char *bytes = checker->diags->sources->items[span.source].text.bytes;
  uint32_t at = span.start;
  while (at > 0 && strchr(" \t\r\n", bytes[at - 1])) at--;
  return at;
}

static void fix_to_show(Checker *checker, Diag *diag, Span path) {
  uint32_t end = before_blanks(checker, path);
  if (end >= 2) diag_fix_at(checker->diags, diag, (Span){path.source, end - 2, path.start}, TEXT_LITERAL(""));
}

/* With the pipe before it. */
static void fix_remove_stage(Checker *checker, Diag *diag, Span stage) {
  uint32_t end = before_blanks(checker, stage);
  if (end > 0 && checker->diags->sources->items[stage.source].text.bytes[end - 1] == '|')
    diag_fix_at(checker->diags, diag, (Span){stage.source, end - 1, stage.end}, TEXT_LITERAL(""));
}

static void unknown_stream_name(Checker *checker, Namespace space, const Path *path, const Scope *scope) {
  static const struct {
    DiagCode code;
    const char *what, *list;
  } words[] = {{DIAG_UNKNOWN_STAGE, "stage", "stages"},
               {DIAG_UNKNOWN_SOURCE, "source", "sources"},
               {DIAG_UNKNOWN_DESTINATION, "destination", "destinations"}};
  size_t count;
  Text *names = known_names(checker, space, scope, &count);
  Diag *diag = diag_report(checker->diags, words[space].code, path->span, "no %s `" TEXT_FORMAT "`", words[space].what, TEXT_ARG(path->text));
  if (hint_dotted(checker, diag, path->text, names, count)) {
    /* said */
  } else if (hint_name(checker, diag, space == NAMES_STAGE ? SYNONYM_OF_STAGE : SYNONYM_OF_NOTHING, path->text, names, count)) {
    /* said */
  } else if (space == NAMES_DESTINATION && text_is(path->text, "show")) {
    diag_hint(checker->diags, diag, "write `| show` without `to`");
    fix_to_show(checker, diag, path->span);
  } else if (space == NAMES_STAGE && stage_find_destination(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "write `| to " TEXT_FORMAT "`", TEXT_ARG(path->text));
    diag_fix_at(checker->diags, diag, span_start(path->span), TEXT_LITERAL("to "));
  } else if (space == NAMES_STAGE && stage_find_source(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "a source stands after `from`");
  } else if (space == NAMES_SOURCE && stage_find(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "`" TEXT_FORMAT "` is a stage and stands after `|`", TEXT_ARG(path->text));
  } else if (space != NAMES_STAGE && stage_find_destination(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "it is a destination: `to " TEXT_FORMAT "`", TEXT_ARG(path->text));
  } else if (space == NAMES_DESTINATION && stage_find_source(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "it is a source: `from " TEXT_FORMAT "`", TEXT_ARG(path->text));
  }
  Text *family;
  size_t relatives = names_of_family(checker, path->text, names, count, &family);
  if (relatives) {
    diag_note(checker->diags, diag, "the %s of " TEXT_FORMAT " are " TEXT_FORMAT, words[space].list, TEXT_ARG(path->names[0]),
              TEXT_ARG(text_list(checker->arena, family, relatives, 40)));
    return;
  }
  diag_note(checker->diags, diag, "the %s are " TEXT_FORMAT, words[space].list, TEXT_ARG(text_list(checker->arena, names, count, 40)));
}

/* ---- stages that the program defines ---- */

static const Formal *formal_named(const Stmt *stmt, Text name) {
  for (size_t i = 0; i < stmt->formal_count; i++)
    if (text_equal(stmt->formals[i].name, name)) return &stmt->formals[i];
  return NULL;
}

static Text user_form(Checker *checker, const Stmt *stmt) {
  TextBuilder form = {.arena = checker->arena};
  text_append(&form, stmt->name);
  for (size_t i = 0; i < stmt->formal_count; i++) {
    const Formal *formal = &stmt->formals[i];
    text_append_format(&form, "%s %s" TEXT_FORMAT "%s", i ? "," : "", formal->default_value ? "[" : "", TEXT_ARG(formal->name),
                       formal->default_value ? "]" : "");
  }
  return text_built(&form);
}

static Typed *check_actual(Checker *checker, const Formal *formal, const Expr *expr, const Scope *scope, Text stage) {
  Type type = check_type_name(checker, formal->type);
  Typed *value = check_expr(checker, expr, (Place){.scope = scope});
  if (value->kind == TYPED_BAD || type == TYPE_OF(MISSING)) return typed_bad(checker, expr->span);
  Typed *fitting = typed_convert(checker, value, type);
  if (fitting) return fitting;
  diag_report(checker->diags, DIAG_WRONG_ARGUMENT, expr->span, "`" TEXT_FORMAT "` of `" TEXT_FORMAT "` is %s, this is %s", TEXT_ARG(formal->name),
              TEXT_ARG(stage), type_name(checker->arena, type).bytes, type_name(checker->arena, type_required(value->type)).bytes);
  return typed_bad(checker, expr->span);
}

/* The scope in which the body is checked: the program's names and the formals, bound to what this use gives them. */
static Scope *bind_formals(Checker *checker, const Binding *definition, const Stage *use, const Scope *outer) {
  const Stmt *stmt = definition->stmt;
  Scope *scope = scope_new(checker, definition->home, stmt->formal_count);
  const Expr **actuals = arena_array(checker->arena, stmt->formal_count + 1, sizeof *actuals);
  size_t next = 0;
  for (size_t i = 0; i < use->arg_count; i++) {
    const Arg *arg = &use->args[i];
    const Formal *formal = NULL;
    if (!arg->name.length) formal = next < stmt->formal_count ? &stmt->formals[next++] : NULL;
    else formal = formal_named(stmt, arg->name);
    if (formal && arg->name.length) vec_push(checker->arena, &checker->graph->uses, (NameUse){arg->name_span, formal->name_span});
    Diag *diag = NULL;
    if (arg->block)
      diag = diag_report(checker->diags, DIAG_NO_BLOCK, arg->block->span, "`" TEXT_FORMAT "` takes values, not braces", TEXT_ARG(stmt->name));
    else if (!formal && arg->name.length)
      diag = diag_report(checker->diags, DIAG_UNKNOWN_OPTION, arg->name_span, "`" TEXT_FORMAT "` has no option `" TEXT_FORMAT ":`",
                         TEXT_ARG(stmt->name), TEXT_ARG(arg->name));
    else if (!formal)
      diag = diag_report(checker->diags, DIAG_TOO_MANY_ARGUMENTS, arg->span, "too many arguments for `" TEXT_FORMAT "`", TEXT_ARG(stmt->name));
    else if (actuals[formal - stmt->formals])
      diag = diag_report(checker->diags, DIAG_GIVEN_TWICE, arg->span, "`" TEXT_FORMAT "` is given twice", TEXT_ARG(formal->name));
    else
      actuals[formal - stmt->formals] = arg->value;
    if (diag) diag_note(checker->diags, diag, "the form is `" TEXT_FORMAT "`", TEXT_ARG(user_form(checker, stmt)));
  }
  for (size_t i = 0; i < stmt->formal_count; i++) {
    const Formal *formal = &stmt->formals[i];
    Binding *binding = scope_define(checker, scope, BINDING_FORMAL, formal->name, formal->name_span, NULL);
    if (!binding) continue;
    const Expr *value = actuals[i] ? actuals[i] : formal->default_value;
    if (!value) {
      Diag *diag = diag_report(checker->diags, DIAG_MISSING_ARGUMENT, use->path.span, "`" TEXT_FORMAT "` needs `" TEXT_FORMAT "`", TEXT_ARG(stmt->name),
                               TEXT_ARG(formal->name));
      diag_note(checker->diags, diag, "the form is `" TEXT_FORMAT "`", TEXT_ARG(user_form(checker, stmt)));
      binding->value = typed_bad(checker, use->span);
    } else {
      binding->value = check_actual(checker, formal, value, actuals[i] ? outer : definition->home, stmt->name);
    }
  }
  return scope;
}

/* `input` is NULL where a source is wanted. */
static Node *expand(Checker *checker, Binding *binding, const Stage *use, Node *input, const Scope *scope) {
  const Stmt *stmt = binding->stmt;
  bool is_source = stmt->pipeline != NULL;
  if (is_source != (input == NULL)) {
    Diag *diag = diag_report(checker->diags, is_source ? DIAG_UNKNOWN_STAGE : DIAG_NOT_A_STREAM, use->path.span,
                             is_source ? "`" TEXT_FORMAT "` starts with a source and cannot stand after `|`" : "`" TEXT_FORMAT "` has no source of its own",
                             TEXT_ARG(stmt->name));
    diag_hint(checker->diags, diag, is_source ? "write `from " TEXT_FORMAT "`" : "write `from … | " TEXT_FORMAT "`", TEXT_ARG(use->path.text));
    diag_label(checker->diags, diag, binding->span, "defined here");
    binding->used = true;
    return NULL;
  }
  Scope *inner = bind_formals(checker, binding, use, scope);
  Span site;
  if (!open_definition(checker, binding, use->path.span, &site)) return NULL;
  uint32_t outside = checker->expansion;
  checker->expansion = ++checker->expansions;
  Node *result = is_source ? check_pipeline(checker, stmt->pipeline, inner) : check_stages(checker, input, stmt->stages, stmt->stage_count, inner);
  checker->expansion = outside;
  close_definition(checker, binding, site);
  return result;
}

Node *check_let_stream(Checker *checker, Binding *binding, Span span) {
  if (binding->kind == BINDING_LET && binding->stmt->pipeline) {
    if (binding->state == BINDING_DONE) {
      binding->used = true;
      return binding->stream;
    }
    Span site;
    if (!open_definition(checker, binding, span, &site)) return NULL;
    uint32_t outside = checker->expansion;
    checker->expansion = 0;
    binding->stream = check_pipeline(checker, binding->stmt->pipeline, binding->home);
    checker->expansion = outside;
    close_definition(checker, binding, site);
    return binding->stream;
  }
  Diag *diag = diag_report(checker->diags, DIAG_NOT_A_STREAM, span, "`" TEXT_FORMAT "` is not a stream", TEXT_ARG(binding->name));
  diag_hint(checker->diags, diag, "it is one value");
  diag_label(checker->diags, diag, binding->span, "defined here");
  binding->used = true;
  return NULL;
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
  infer_type(checker, node);
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
  if (binding && binding->kind == BINDING_STAGE) return expand(checker, binding, call, NULL, scope);
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
    if (is_broken(node->inputs[i])) return;
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
    return expand(checker, binding, stage, inputs[0], scope);
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
  if (!is_broken(inputs[0]) && def->inputs == INPUTS_ONE) check_rows_fit(checker, node, stage);
  StreamType row = inputs[0] ? inputs[0]->type : broken_rows;
  if (!is_broken(inputs[0]) && !accepts(def, row.kind)) row = broken_rows; /* said above; its fields would only add noise */
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
