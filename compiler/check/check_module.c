/* The names of modules: a module sees its own names and those it uses, never its user's; its user sees what it defines, except names that begin with `_`. */
#include "compiler/check/check_int.h"

/* ---- defining ---- */

static Scope *module_scope(Checker *checker, const Module *module) {
  Scope *scope = scope_new(checker, NULL, module->unit->stmt_count + module->use_count + 1);
  scope->module = module;
  return scope;
}

static void define_use(Checker *checker, Scope *scope, const ModuleUse *use, const Scope *members) {
  if (!use->alias.length) return;
  Binding *binding = scope_define(checker, scope, members ? BINDING_MODULE : BINDING_BAD, use->alias, use->alias_span, NULL);
  if (!binding) return;
  binding->members = members;
  if (members) return;
  binding->value = typed_bad(checker, use->span);
  binding->state = BINDING_DONE;
  binding->used = true;
}

void define_modules(Checker *checker, const Program *program) {
  size_t count = program->modules.count;
  checker->modules = arena_array(checker->arena, count, sizeof *checker->modules);
  for (size_t i = 0; i < count; i++) checker->modules[i] = module_scope(checker, program->modules.items[i]);
  checker->globals = checker->modules[0];
  for (size_t i = 0; i < count; i++) {
    const Module *module = program->modules.items[i];
    for (size_t u = 0; u < module->use_count; u++) {
      const Scope *members = NULL;
      for (size_t m = 0; m < count; m++)
        if (program->modules.items[m] == module->uses[u].module) members = checker->modules[m];
      define_use(checker, checker->modules[i], &module->uses[u], members);
    }
    define_unit(checker, checker->modules[i], module->unit);
  }
}

/* ---- resolving ---- */

static bool is_private(Text name) {
  return name.bytes[0] == '_';
}

/* "`gems.candidates`, `gems.heart`": what the module has for others. */
static void note_members(Checker *checker, Diag *diag, Text alias, const Scope *members) {
  VEC(Text) names = {0};
  for (size_t i = 0; i < members->count; i++) {
    const Binding *member = members->items[i];
    if (member->kind == BINDING_MODULE || is_private(member->name)) continue;
    vec_push(checker->arena, &names, text_of(arena_format(checker->arena, TEXT_FORMAT "." TEXT_FORMAT, TEXT_ARG(alias), TEXT_ARG(member->name))));
  }
  if (names.count)
    diag_note(checker->diags, diag, "there is " TEXT_FORMAT, TEXT_ARG(text_list(checker->arena, names.items, names.count, 40)));
  else
    diag_note(checker->diags, diag, "the module defines nothing that others can use");
}

static Binding *refused(Checker *checker, Span span) {
  Binding *binding = arena_alloc(checker->arena, sizeof *binding);
  *binding = (Binding){.kind = BINDING_BAD, .state = BINDING_DONE, .used = true, .value = typed_bad(checker, span)};
  return binding;
}

static Binding *no_member(Checker *checker, const Binding *module, const Path *path) {
  VEC(Text) names = {0};
  for (size_t i = 0; i < module->members->count; i++) {
    const Binding *member = module->members->items[i];
    if (member->kind != BINDING_MODULE && !is_private(member->name)) vec_push(checker->arena, &names, member->name);
  }
  Text wanted = path->names[path->count - 1];
  Text behind = {path->text.bytes + module->name.length + 1, path->text.length - module->name.length - 1};
  Diag *diag = diag_report(checker->diags, DIAG_UNKNOWN_IN_MODULE, path->span, "`" TEXT_FORMAT "` has no `" TEXT_FORMAT "`", TEXT_ARG(module->name), TEXT_ARG(behind));
  size_t near = text_nearest(wanted, names.items, names.count);
  if (near != SIZE_MAX) {
    Text fixed = text_of(arena_format(checker->arena, TEXT_FORMAT "." TEXT_FORMAT, TEXT_ARG(module->name), TEXT_ARG(names.items[near])));
    diag_hint(checker->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(fixed));
    diag_fix(checker->diags, diag, fixed);
  }
  diag_label(checker->diags, diag, module->span, "used here");
  note_members(checker, diag, module->name, module->members);
  return refused(checker, path->span);
}

static Binding *not_for_others(Checker *checker, const Binding *member, const Path *path) {
  bool module = member->kind == BINDING_MODULE;
  Diag *diag = diag_report(checker->diags, DIAG_PRIVATE_NAME, path->span, "`" TEXT_FORMAT "` is private to its module", TEXT_ARG(path->text));
  diag_hint(checker->diags, diag, module ? "`use` it in this file too" : "names that begin with `_` are for their own file");
  diag_label(checker->diags, diag, member->span, module ? "used here" : "defined here");
  return refused(checker, path->span);
}

Binding *scope_resolve(Checker *checker, const Scope *scope, const Path *path) {
  Binding *first = scope_find(scope, path->names[0]);
  if (path->count == 1 || !first) return path->count == 1 ? first : NULL;
  if (first->kind == BINDING_BAD && !first->stmt && !first->members) return first; /* a module that could not be used */
  if (first->kind != BINDING_MODULE) return NULL;
  first->used = true;
  Path head = *path;
  head.count = 2; /* behind `mix.deep` stands only what is not for others */
  Binding *member = scope_lookup(scope, &head);
  if (!member || (path->count > 2 && member->kind != BINDING_MODULE)) return no_member(checker, first, path);
  if (member->kind == BINDING_MODULE || is_private(member->name)) return not_for_others(checker, member, path);
  return member;
}

void report_module_alone(Checker *checker, const Binding *binding, Span span) {
  Diag *diag = diag_report(checker->diags, DIAG_MODULE_ALONE, span, "`" TEXT_FORMAT "` is a module", TEXT_ARG(binding->name));
  diag_hint(checker->diags, diag, "name something in it, as `" TEXT_FORMAT ".name`", TEXT_ARG(binding->name));
  diag_label(checker->diags, diag, binding->span, "used here");
  note_members(checker, diag, binding->name, binding->members);
}

/* ---- afterwards ---- */

void check_module_definitions(Checker *checker, const Program *program) {
  size_t nodes = checker->graph->nodes.count;
  for (size_t m = 1; m < program->modules.count; m++) {
    const Scope *scope = checker->modules[m];
    for (size_t i = 0; i < scope->count; i++) {
      Binding *binding = scope->items[i];
      if (binding->kind == BINDING_PARAM && !binding->value) check_param(checker, binding);
      check_definition(checker, binding);
    }
  }
  checker->graph->nodes.count = nodes; /* nothing that leads to a destination reads them */
}

static void reach_params(Graph *graph, const Typed *typed) {
  if (typed->kind == TYPED_PARAM) graph->params.items[typed->param].reached = true;
  if (typed->kind == TYPED_COLUMN && typed->column.window) reach_params(graph, typed->column.window);
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) reach_params(graph, typed->operands[i]);
}

void mark_reached_params(Graph *graph) {
  for (size_t i = 0; i < graph->nodes.count; i++) {
    const Node *node = graph->nodes.items[i];
    for (size_t a = 0; a < node->arg_count && node->used; a++)
      if (node->args[a].value) reach_params(graph, node->args[a].value);
  }
}

void lint_uses(Checker *checker, const Program *program) {
  const Module *root = program->modules.items[0];
  for (size_t i = 0; i < checker->globals->count; i++) {
    const Binding *binding = checker->globals->items[i];
    if (binding->kind != BINDING_MODULE || binding->used) continue;
    Diag *diag = diag_report(checker->diags, DIAG_UNUSED_USE, binding->span, "nothing of `" TEXT_FORMAT "` is used", TEXT_ARG(binding->name));
    diag_hint(checker->diags, diag, "remove the line");
  }
  for (size_t i = 0; i < root->use_count; i++)
    for (size_t j = 0; j < i; j++) {
      const ModuleUse *use = &root->uses[i], *first = &root->uses[j];
      if (!use->module || use->module != first->module) continue;
      Diag *diag = diag_report(checker->diags, DIAG_USED_TWICE, use->span, "this is the same module as `" TEXT_FORMAT "`", TEXT_ARG(first->alias));
      diag_hint(checker->diags, diag, "one name is enough");
      diag_label(checker->diags, diag, first->span, "used here");
      break;
    }
}

/* ---- for editors ---- */

void scope_note_use(Checker *checker, const Scope *scope, const Path *path, const Binding *binding) {
  const Binding *module = path->count > 1 ? scope_find(scope, path->names[0]) : NULL;
  NameUse use = {path->name_spans[path->count - 1], binding->span};
  if (binding->kind == BINDING_BAD || !binding->name.length) return;
  if (module) vec_push(checker->arena, &checker->graph->uses, (NameUse){path->name_spans[0], module->span});
  vec_push(checker->arena, &checker->graph->uses, use);
}
