#include "compiler/check/check_int.h"
#include "plan/opcode.h"
#include "compiler/lower/optimise.h"

/* ---- definitions ---- */

static const char *name_of_kind(const Stmt *stmt) {
  return stmt->kind == STMT_PARAM ? "parameter" : stmt->kind == STMT_STAGE ? "stage" : "let";
}

/* A definition that could not be read still has its name, so that the uses of it are not told as unknown. */
static void define_bad(Checker *checker, Scope *scope, const Stmt *stmt) {
  if (!stmt->name.length || scope_find(scope, stmt->name)) return;
  Binding *binding = scope_define(checker, scope, BINDING_BAD, stmt->name, stmt->name_span, stmt);
  binding->value = typed_bad(checker, stmt->span);
  binding->state = BINDING_DONE;
  binding->used = true;
}

static void define(Checker *checker, Scope *scope, const Stmt *stmt) {
  BindingKind kind = stmt->kind == STMT_PARAM ? BINDING_PARAM : stmt->kind == STMT_STAGE ? BINDING_STAGE : BINDING_LET;
  scope_define(checker, scope, kind, stmt->name, stmt->name_span, stmt);
}

void check_param(Checker *checker, Binding *binding) {
  const Stmt *stmt = binding->stmt;
  Type type = check_type_name(checker, stmt->type);
  Typed *value = typed_new(checker, type == TYPE_OF(MISSING) ? TYPED_BAD : TYPED_PARAM, type, stmt->name_span);
  const Module *module = binding->home->module;
  Text name = text_of(arena_format(checker->arena, TEXT_FORMAT TEXT_FORMAT, TEXT_ARG(module->prefix), TEXT_ARG(stmt->name)));
  ProgramParam param = {.name = name, .type = type, .doc = stmt->doc, .span = stmt->name_span, .reached = !module->user};
  if (stmt->value) {
    Typed *given = check_expr(checker, stmt->value, (Place){.scope = binding->home, .constant = true});
    Typed *fitting = typed_convert(checker, given, type);
    bool empty_list = type_form(type) == FORM_LIST && given->kind == TYPED_CONSTANT && type_form(given->type) == FORM_LIST && !given->literal.item_count;
    bool range_of_ints = given->type == TYPE_RANGE_OF(INT) && type == TYPE_RANGE_OF(FLOAT);
    if (given->kind != TYPED_BAD && type != TYPE_OF(MISSING) && ((!fitting && !empty_list) || range_of_ints)) {
      Diag *diag = diag_report(checker->diags, DIAG_WRONG_ARGUMENT, stmt->value->span, "the default of `" TEXT_FORMAT "` is %s, not %s", TEXT_ARG(stmt->name),
                               type_name(checker->arena, type_required(given->type)).bytes, type_name(checker->arena, type).bytes);
      diag_label(checker->diags, diag, stmt->type->span, "declared here");
    } else if (given->kind != TYPED_BAD && !typed_is_constant(given)) {
      diag_report(checker->diags, DIAG_NOT_CONSTANT, stmt->value->span, "the default of `" TEXT_FORMAT "` is not a literal", TEXT_ARG(stmt->name));
    } else if (given->kind == TYPED_CONSTANT) {
      param.default_value = fitting ? &fitting->literal : &given->literal;
      param.default_value->type = type;
    }
  }
  value->param = (uint32_t)checker->graph->params.count;
  vec_push(checker->arena, &checker->graph->params, param);
  binding->value = value;
}

/* A definition nobody uses is still read, so that its mistakes are told. */
void check_definition(Checker *checker, Binding *binding) {
  bool used = binding->used;
  const Stmt *stmt = binding->stmt;
  if (binding->kind == BINDING_LET && stmt->pipeline) {
    if (binding->state == BINDING_UNSEEN) check_let_stream(checker, binding, binding->span);
  } else if (binding->kind == BINDING_LET && stmt->value) {
    check_value_binding(checker, binding, binding->span);
  } else if (binding->kind == BINDING_STAGE && binding->state == BINDING_UNSEEN) {
    Scope *scope = scope_new(checker, binding->home, stmt->formal_count);
    for (size_t i = 0; i < stmt->formal_count; i++) {
      check_type_name(checker, stmt->formals[i].type);
      Binding *formal = scope_define(checker, scope, BINDING_FORMAL, stmt->formals[i].name, stmt->formals[i].name_span, NULL);
      if (formal) formal->value = typed_bad(checker, stmt->formals[i].name_span);
    }
    binding->state = BINDING_OPEN;
    vec_push(checker->arena, &checker->open, binding);
    if (stmt->pipeline)
      check_pipeline(checker, stmt->pipeline, scope);
    else
      check_stages(checker, NULL, stmt->stages, stmt->stage_count, scope);
    checker->open.count--;
    binding->state = BINDING_DONE;
  }
  binding->used = used;
}

/* ---- pipelines and destinations ---- */

static bool is_destination(const Node *node) {
  return stage_def(node->stage)->group == GROUP_DESTINATION;
}

/* What is wrong with the end of a pipeline was told if a syntax error stands in it, or if its last stage is not known. */
static bool end_was_told(Checker *checker, const Pipeline *pipeline, const Node *end) {
  const Stage *last = pipeline->stage_count ? pipeline->stages[pipeline->stage_count - 1] : NULL;
  if (last && (last->kind == STAGE_BAD || last->kind == STAGE_TO)) return true;
  if (last && stage_find(last->path.text) == STAGEID_COUNT && !scope_lookup(checker->globals, &last->path) && !text_is(last->path.text, "filter")) return true;
  const Source *source = &checker->diags->sources->items[pipeline->span.source];
  uint32_t last_line = source_place(source, pipeline->span.end).line;
  for (size_t i = 0; i < checker->diags->count; i++) {
    const Diag *diag = checker->diags->items[i];
    bool here = diag->span.source == pipeline->span.source && diag->span.start >= pipeline->span.start &&
                source_place(source, diag->span.start).line <= last_line;
    if (here && diag_info(diag->code)->code[1] == '1') return true;
  }
  return !end && checker->diags->errors;
}

static bool stands_in(const Pipeline *pipeline, Span span) {
  return span.source == pipeline->span.source && span.start >= pipeline->span.start && span.end <= pipeline->span.end;
}

static void check_end(Checker *checker, const Pipeline *pipeline, const Node *end) {
  const Stage *last = pipeline->stage_count ? pipeline->stages[pipeline->stage_count - 1] : NULL;
  if ((end && is_destination(end)) || end_was_told(checker, pipeline, end)) return;
  Span span = last ? last->span : pipeline->span;
  const Node *written = end;
  while (written && !is_destination(written)) written = written->input_count ? written->inputs[0] : NULL;
  if (written && stands_in(pipeline, written->span)) {
    Diag *diag = diag_report(checker->diags, DIAG_AFTER_DESTINATION, span, "what comes after the last destination leads nowhere");
    diag_hint(checker->diags, diag, "remove it, or end it with `| show` or `| to …`");
    diag_label(checker->diags, diag, written->span, "the last destination");
    return;
  }
  Diag *diag = diag_report(checker->diags, DIAG_NO_DESTINATION, span, "this pipeline leads nowhere");
  diag_hint(checker->diags, diag, "end it with `| show` or `| to …`");
}

static void mark_used(Graph *graph) {
  for (size_t i = graph->nodes.count; i-- > 0;) {
    const Node *node = graph->nodes.items[i];
    if (!node->used) continue;
    for (size_t n = 0; n < node->input_count; n++) node->inputs[n]->used = true;
  }
}

static const NodeArg *resource_of(const Node *node) {
  for (size_t i = 0; i < node->arg_count; i++) {
    const NodeArg *arg = &node->args[i];
    if (arg->kind == NODE_SCALAR && (stage_def(node->stage)->params[arg->param].flags & PARAM_RESOURCE)) return arg;
  }
  return NULL;
}

static bool appends(const Node *node) {
  for (size_t i = 0; i < node->arg_count; i++)
    if (node->args[i].kind == NODE_WORD && text_is(node->args[i].word, "append")) return true;
  return false;
}

/* Without `.` and empty parts, as the file system reads it; `..` stays, because of links. Arena. */
static Text plain_path(Arena *arena, Text path) {
  TextBuilder plain = {.arena = arena};
  if (path.length && path.bytes[0] == '/') text_append_char(&plain, '/');
  for (size_t at = 0; at < path.length;) {
    size_t end = at;
    while (end < path.length && path.bytes[end] != '/') end++;
    Text part = {path.bytes + at, end - at};
    if (part.length && !text_is(part, ".")) {
      if (plain.length && plain.bytes[plain.length - 1] != '/') text_append_char(&plain, '/');
      text_append(&plain, part);
    }
    at = end + 1;
  }
  return text_built(&plain);
}

/* What a destination writes, made ready to be compared with the others. */
typedef struct Written {
  const Node *node;
  const NodeArg *resource; /* NULL = it has no name */
  ConnectorId connector;
  Text name; /* of a constant one; a path is plain */
  uint64_t hash; /* of the name; 0 if the run computes it */
  bool appends;
} Written;

static Written written_by(Arena *arena, const Node *node) {
  Written written = {.node = node, .resource = resource_of(node), .connector = stage_def(node->stage)->connector, .appends = appends(node)};
  if (!written.resource || !typed_is_constant(written.resource->value)) return written;
  written.name = written.resource->value->literal.text;
  if (written.connector == CONNECTOR_FILE) written.name = plain_path(arena, written.name);
  written.hash = hash_bytes(written.name.bytes, written.name.length, 0);
  return written;
}

/* The number of rows that arrive may differ where the expressions do not. */
static bool reads_arriving(const Typed *typed) {
  if (typed->kind == TYPED_OP && typed->opcode == OPCODE_ARRIVING) return true;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i] && reads_arriving(typed->operands[i])) return true;
  return false;
}

/* Surely the same: names that the run computes count only if they are computed alike. */
static bool same_resource(const Written *a, const Written *b) {
  if (a->hash != b->hash || a->connector != b->connector || !a->resource || !b->resource) return false;
  bool constant = typed_is_constant(a->resource->value) && typed_is_constant(b->resource->value);
  return constant ? text_equal(a->name, b->name) : typed_same(a->resource->value, b->resource->value) && !reads_arriving(a->resource->value);
}

static void check_destinations(Checker *checker) {
  Graph *graph = checker->graph;
  for (size_t i = 0; i < graph->nodes.count; i++)
    if (graph->nodes.items[i]->used && is_destination(graph->nodes.items[i])) vec_push(checker->arena, &graph->sinks, graph->nodes.items[i]);
  Written *all = arena_array(checker->arena, graph->sinks.count, sizeof *all);
  for (size_t i = 0; i < graph->sinks.count; i++) {
    Written *mine = &all[i], *other = all;
    *mine = written_by(checker->arena, graph->sinks.items[i]);
    while (other < mine && !(same_resource(mine, other) && !(mine->appends && other->appends))) other++;
    if (other == mine) continue;
    Diag *diag = diag_report(checker->diags, DIAG_SAME_DESTINATION, mine->node->span, "this destination is written twice");
    diag_label(checker->diags, diag, other->node->span, "first written here");
    diag_hint(checker->diags, diag, "give one of them another name");
    if (mine->appends || other->appends) diag_note(checker->diags, diag, "both may append: `mode: append`");
  }
}

/* ---- definitions without use ---- */

static void report_unused(Checker *checker) {
  for (size_t i = 0; i < checker->globals->count; i++) {
    const Binding *binding = checker->globals->items[i];
    if (binding->used || binding->kind == BINDING_MODULE) continue;
    DiagCode code = binding->kind == BINDING_PARAM ? DIAG_UNUSED_PARAM : binding->kind == BINDING_STAGE ? DIAG_UNUSED_STAGE : DIAG_UNUSED_LET;
    diag_report(checker->diags, code, binding->span, "the %s `" TEXT_FORMAT "` is never used", name_of_kind(binding->stmt), TEXT_ARG(binding->name));
  }
}

void define_unit(Checker *checker, Scope *scope, const Unit *unit) {
  for (size_t i = 0; i < unit->stmt_count; i++) {
    const Stmt *stmt = unit->stmts[i];
    if (stmt->kind == STMT_PARAM || stmt->kind == STMT_LET || stmt->kind == STMT_STAGE) define(checker, scope, stmt);
  }
  for (size_t i = 0; i < unit->stmt_count; i++)
    if (unit->stmts[i]->kind == STMT_BAD) define_bad(checker, scope, unit->stmts[i]);
}

Graph *check_program(Arena *arena, const Program *program, bool as_module, DiagList *diags) {
  Checker *checker = arena_alloc(arena, sizeof *checker);
  Graph *graph = arena_alloc(arena, sizeof *graph);
  const Unit *unit = program->modules.items[0]->unit;
  *checker = (Checker){.arena = arena, .graph = graph, .diags = diags};
  *graph = (Graph){.arena = arena, .diags = diags, .doc = unit->doc, .source = unit->source, .program = program};
  size_t syntax_errors = diags->errors;
  bool any_pipeline = false;
  define_modules(checker, program);
  for (size_t i = 0; i < checker->globals->count; i++)
    if (checker->globals->items[i]->kind == BINDING_PARAM) check_param(checker, checker->globals->items[i]);
  for (size_t i = 0; i < unit->stmt_count; i++) {
    if (unit->stmts[i]->kind != STMT_PIPELINE || !unit->stmts[i]->pipeline) {
      any_pipeline = any_pipeline || unit->stmts[i]->kind == STMT_BAD;
      continue;
    }
    any_pipeline = true;
    Node *end = check_pipeline(checker, unit->stmts[i]->pipeline, checker->globals);
    check_end(checker, unit->stmts[i]->pipeline, end);
    if (!end) continue;
    end->used = true;
    vec_push(arena, &graph->streams, (StreamOf){unit->stmts[i], end});
  }
  for (size_t i = 0; i < checker->globals->count; i++) check_definition(checker, checker->globals->items[i]);
  check_module_definitions(checker, program);
  bool only_defines = !any_pipeline && checker->globals->count > 0;
  if (!any_pipeline && !syntax_errors && !(only_defines && as_module))
    diag_hint(diags, diag_report(diags, DIAG_NOTHING_TO_RUN, (Span){unit->source, 0, 0}, "this program has no pipeline"),
              only_defines ? "it defines only what others use; add for example `from library.liked | show`" : "for example `from library.liked | show`");
  mark_used(graph);
  mark_reached_params(graph);
  check_destinations(checker);
  if (!diags->errors && !only_defines) report_unused(checker);
  if (!diags->errors) lint_uses(checker, program);
  return graph;
}
