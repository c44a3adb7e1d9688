/* Names in expressions: columns of the rows, and values the program defines. */
#include "compiler/check/check_int.h"

#include <string.h>

#include "plan/opcode.h"

/* Names that an expression could use here, for "did you mean" (arena). */
static Text *visible_names(Checker *checker, Place place, size_t *count) {
  VEC(Text) names = {0};
  if (place.row) {
    for (size_t i = 0; i < place.row->named_count; i++) vec_push(checker->arena, &names, place.row->named[i].name);
    for (int i = 0; i < FIELD_COUNT && place.row->kind < ROWS_ANY; i++)
      if (field_def(i)->rows & (1 << place.row->kind)) vec_push(checker->arena, &names, text_of(field_def(i)->name));
  }
  for (const Scope *scope = place.scope; scope; scope = scope->outer)
    for (size_t i = 0; i < scope->count; i++)
      if (scope->items[i]->kind != BINDING_STAGE && scope->items[i]->kind != BINDING_MODULE && !(scope->items[i]->stmt && scope->items[i]->stmt->pipeline))
        vec_push(checker->arena, &names, scope->items[i]->name);
  *count = names.count;
  return names.items;
}

/* "tracks have: ..." or, for a dotted name, "lastfm has: ..." */
static void note_fields(Checker *checker, Diag *diag, const Path *path, Place place, const Text *names, size_t count) {
  if (place.row->kind == ROWS_ANY) {
    diag_note(checker->diags, diag, "these rows have: " TEXT_FORMAT, TEXT_ARG(text_list(checker->arena, names, place.row->named_count, 20)));
    return;
  }
  Text *family;
  size_t relatives = names_of_family(checker, path->text, names, count, &family);
  if (relatives) {
    diag_note(checker->diags, diag, TEXT_FORMAT " gives: " TEXT_FORMAT, TEXT_ARG(path->names[0]), TEXT_ARG(text_list(checker->arena, family, relatives, 20)));
    return;
  }
  size_t fields = place.row->named_count;
  for (int i = 0; i < FIELD_COUNT; i++) fields += (field_def(i)->rows & (1 << place.row->kind)) != 0;
  VEC(Text) own = {0};
  for (size_t i = 0; i < fields; i++)
    if (!memchr(names[i].bytes, '.', names[i].length)) vec_push(checker->arena, &own, names[i]);
  diag_note(checker->diags, diag, "%s have: " TEXT_FORMAT "%s", row_kind_name(place.row->kind), TEXT_ARG(text_list(checker->arena, own.items, own.count, 50)),
            own.count < fields ? ", and fields of the services, as spotify.id" : "");
}

Typed *unknown_value_name(Checker *checker, const Path *path, Place place) {
  if (place.row && place.row->kind == ROWS_KIND_COUNT) return typed_bad(checker, path->span); /* rows of a broken stream */
  FieldId field = field_find(path->text);
  if (!place.row && field != FIELD_COUNT) {
    Diag *diag = place.constant
                     ? diag_report(checker->diags, DIAG_NOT_CONSTANT, path->span, "a default cannot be a field")
                     : diag_report(checker->diags, DIAG_ROW_VALUE_HERE, path->span, "`" TEXT_FORMAT "` is a field of rows, and there is no row here",
                                   TEXT_ARG(path->text));
    diag_hint(checker->diags, diag, "one value for the whole run is needed");
    return typed_bad(checker, path->span);
  }
  size_t count;
  Text *names = visible_names(checker, place, &count);
  Diag *diag;
  if (place.row)
    diag = diag_report(checker->diags, DIAG_UNKNOWN_FIELD, path->span, "no field `" TEXT_FORMAT "` on %s", TEXT_ARG(path->text),
                       row_kind_name(place.row->kind));
  else
    diag = diag_report(checker->diags, DIAG_UNKNOWN_FIELD, path->span, "nothing is called `" TEXT_FORMAT "`", TEXT_ARG(path->text));
  FunctionId function = function_find(path->text);
  bool is_source = !place.row && stage_find_source(path->text) != STAGEID_COUNT;
  if (place.row && place.row->kind == ROWS_ANY && field != FIELD_COUNT) {
    diag_hint(checker->diags, diag, "`tally` keeps its keys and results only");
  } else if (place.row && field != FIELD_COUNT && place.row->kind != ROWS_ANY) {
    uint8_t rows = field_def(field)->rows;
    RowKind owner = rows & ON_PLAY ? ROWS_PLAY : rows & ON_TRACK ? ROWS_TRACK : ROWS_PLAYLIST;
    if ((rows & ON_PLAY) && (rows & (ON_TRACK | ON_PLAYLIST)))
      diag_hint(checker->diags, diag, "only %s have it", rows & ON_TRACK ? "tracks and plays" : "plays and playlists");
    else
      diag_hint(checker->diags, diag, "only %s have it", row_kind_name(owner));
  } else if (hint_dotted(checker, diag, path->text, names, count)) {
    /* said */
  } else if (hint_name(checker, diag, place.row && place.row->kind != ROWS_ANY ? SYNONYM_OF_FIELD : SYNONYM_OF_NOTHING, path->text, names, count)) {
    /* said */
  } else if (function != FUNCTION_ID_COUNT) {
    diag_hint(checker->diags, diag, "it is a function: `" TEXT_FORMAT "(...)`", TEXT_ARG(path->text));
  } else if (is_source) {
    diag_hint(checker->diags, diag, "a stream begins with `from`: `from " TEXT_FORMAT "`", TEXT_ARG(path->text));
  } else if (place.wants_text && path->count == 1) {
    diag_hint(checker->diags, diag, "a text stands in quotes: \"" TEXT_FORMAT "\"", TEXT_ARG(path->text));
  }
  if (place.row) note_fields(checker, diag, path, place, names, count);
  return typed_bad(checker, path->span);
}

Typed *typed_column(Checker *checker, Span span, Text name, FieldId field, Type type) {
  Typed *typed = typed_new(checker, TYPED_COLUMN, type, span);
  typed->column = (ColumnRef){.name = name, .field = field, .type = type};
  return typed;
}

Typed *find_column(Checker *checker, Text name, Span span, Place place) {
  if (!place.row || place.row->kind == ROWS_KIND_COUNT) return NULL;
  for (size_t i = 0; i < place.row->named_count; i++)
    if (text_equal(place.row->named[i].name, name)) return typed_column(checker, span, name, FIELD_COUNT, place.row->named[i].type);
  if (place.row->kind == ROWS_ANY) return NULL;
  FieldId field = field_find(name);
  if (field == FIELD_COUNT || !(field_def(field)->rows & (1 << place.row->kind))) return NULL;
  return typed_column(checker, span, text_of(field_def(field)->name), field, field_def(field)->type);
}

/* The names of the program come first, so that a new field never changes what a program means. */
static void report_hidden(Checker *checker, const Binding *binding, Span span) {
  Diag *diag = diag_report(checker->diags, DIAG_HIDDEN_COLUMN, binding->span, "`" TEXT_FORMAT "` hides the column of that name", TEXT_ARG(binding->name));
  diag_hint(checker->diags, diag, "give it another name");
  diag_label(checker->diags, diag, span, "this is not the column");
}

Typed *check_name(Checker *checker, const Expr *expr, Place place) {
  const Path *path = &expr->path;
  Binding *binding = scope_resolve(checker, place.scope, path);
  if (binding && place.constant) {
    diag_report(checker->diags, DIAG_NOT_CONSTANT, expr->span, "a default is a literal, and `" TEXT_FORMAT "` is a name", TEXT_ARG(path->text));
    return typed_bad(checker, expr->span);
  }
  if (binding) {
    bool is_value = binding->value || binding->kind == BINDING_PARAM || (binding->stmt && binding->stmt->value);
    Typed *shadowed = is_value ? NULL : find_column(checker, path->text, expr->span, place);
    if (shadowed) return shadowed; /* a stream or stage of that name cannot be meant */
    scope_note_use(checker, place.scope, path, binding);
    if (!check_value_binding(checker, binding, expr->span)) return typed_bad(checker, expr->span);
    if (find_column(checker, path->text, expr->span, place)) report_hidden(checker, binding, expr->span);
    Typed *use = typed_new(checker, binding->value->kind, binding->value->type, expr->span);
    *use = *binding->value;
    use->span = expr->span;
    use->formal = use->formal || binding->kind == BINDING_FORMAL;
    return use;
  }
  Typed *found = find_column(checker, path->text, expr->span, place);
  if (!found && !place.constant && text_is(path->text, "now")) {
    Typed *now = typed_new(checker, TYPED_OP, TYPE_OF(TIME), expr->span);
    now->opcode = OPCODE_NOW;
    return now;
  }
  return found ? found : unknown_value_name(checker, path, place);
}
