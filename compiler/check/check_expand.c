/* Uses of the stages and streams that a program defines. */
#include "compiler/check/check_int.h"

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

Node *expand_stage(Checker *checker, Binding *binding, const Stage *use, Node *input, const Scope *scope) {
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
    if (binding->stream) vec_push(checker->arena, &checker->graph->streams, (StreamOf){binding->stmt, binding->stream});
    return binding->stream;
  }
  Diag *diag = diag_report(checker->diags, DIAG_NOT_A_STREAM, span, "`" TEXT_FORMAT "` is not a stream", TEXT_ARG(binding->name));
  diag_hint(checker->diags, diag, "it is one value");
  diag_label(checker->diags, diag, binding->span, "defined here");
  binding->used = true;
  return NULL;
}
