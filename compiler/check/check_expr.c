#include "compiler/check/check_int.h"

#include <string.h>

#include "plan/opcode.h"

static Typed *constant(Checker *checker, const Expr *expr, Literal literal) {
  Typed *typed = typed_new(checker, TYPED_CONSTANT, literal.type, expr->span);
  typed->literal = literal;
  return typed;
}

static Typed *check_date(Checker *checker, const Expr *expr) {
  const Date *date = &expr->date;
  if (date->precision <= DATE_DAY) return constant(checker, expr, (Literal){.type = TYPE_OF(DATE), .date = *date});
  if (!date->has_offset) {
    Diag *diag = diag_report(checker->diags, DIAG_NEEDS_ZONE, expr->span, "this time of day has no zone");
    Text written = span_text(checker->diags->sources, expr->span);
    diag_hint(checker->diags, diag, "for UTC write `" TEXT_FORMAT "Z`", TEXT_ARG(written));
    diag_fix(checker->diags, diag, text_of(arena_format(checker->arena, TEXT_FORMAT "Z", TEXT_ARG(written))));
    return typed_bad(checker, expr->span);
  }
  Zone zone = {"UTC"}; /* the offset decides; no zone is asked */
  return constant(checker, expr, (Literal){.type = TYPE_OF(TIME), .time = date_range(*date, zone).lo});
}

static Typed *check_text(Checker *checker, const Expr *expr, Place place) {
  if (expr->item_count == 0) return constant(checker, expr, (Literal){.type = TYPE_OF(TEXT), .text = TEXT_LITERAL("")});
  if (expr->item_count == 1 && expr->items[0]->kind == EXPR_TEXT_PIECE)
    return constant(checker, expr, (Literal){.type = TYPE_OF(TEXT), .text = expr->items[0]->text});
  Typed *text = typed_new(checker, TYPED_CONCAT, TYPE_OF(TEXT), expr->span);
  text->operands = arena_array(checker->arena, expr->item_count, sizeof *text->operands);
  bool bad = false;
  for (size_t i = 0; i < expr->item_count; i++) {
    const Expr *part = expr->items[i];
    Typed *value = part->kind == EXPR_TEXT_PIECE ? constant(checker, part, (Literal){.type = TYPE_OF(TEXT), .text = part->text})
                                                 : check_expr(checker, part, place);
    bad = bad || value->kind == TYPED_BAD;
    bool plain = type_is_text(type_required(value->type)) && !type_is_optional(value->type);
    if (!bad && type_form(value->type) == FORM_RANGE) {
      diag_report(checker->diags, DIAG_TYPE_MISMATCH, part->span, "a range has no text");
      bad = true;
    }
    text->operands[text->operand_count++] = plain ? value : typed_op(checker, OPCODE_TO_TEXT, TYPE_OF(TEXT), part->span, value, NULL);
  }
  return bad ? typed_bad(checker, expr->span) : text;
}

static Typed *check_list(Checker *checker, const Expr *expr, Place place) {
  Literal list = {.item_count = expr->item_count};
  list.items = arena_array(checker->arena, expr->item_count ? expr->item_count : 1, sizeof *list.items);
  Type element = TYPE_OF(MISSING);
  for (size_t i = 0; i < expr->item_count; i++) {
    Typed *item = check_expr(checker, expr->items[i], place);
    if (item->kind == TYPED_BAD) return item;
    if (!typed_is_constant(item) || type_form(item->type) != FORM_ONE) {
      diag_report(checker->diags, DIAG_NOT_CONSTANT, item->span, "the items of a list are literals");
      return typed_bad(checker, expr->span);
    }
    if (i == 0) element = item->type;
    if (item->type == TYPE_OF(FLOAT) && element == TYPE_OF(INT)) element = item->type;
    Typed *converted = typed_convert(checker, item, element);
    if (!converted) {
      Diag *diag = diag_report(checker->diags, DIAG_TYPE_MISMATCH, item->span, "the items of a list have one type");
      diag_hint(checker->diags, diag, "the others are %s", type_name(checker->arena, element).bytes);
      return typed_bad(checker, expr->span);
    }
    list.items[i] = converted->literal;
  }
  for (size_t i = 0; element == TYPE_OF(FLOAT) && i < list.item_count; i++)
    if (list.items[i].type == TYPE_OF(INT)) list.items[i] = (Literal){.type = element, .number = (double)list.items[i].integer};
  list.type = TYPE_MAKE(type_base(element), FORM_LIST);
  return constant(checker, expr, list);
}

static Typed *check_range(Checker *checker, const Expr *expr, Place place) {
  Typed *ends[2] = {NULL, NULL};
  const Expr *written[2] = {expr->left, expr->right};
  Type type = TYPE_OF(MISSING);
  for (int i = 0; i < 2; i++) {
    if (!written[i]) continue;
    ends[i] = check_expr(checker, written[i], place);
    if (ends[i]->kind == TYPED_BAD) return ends[i];
    if (!typed_is_constant(ends[i])) {
      Diag *diag = diag_report(checker->diags, DIAG_NOT_CONSTANT, ends[i]->span, "the ends of a range are literals here");
      diag_note(checker->diags, diag, "a range of computed ends can stand only after `in`");
      return typed_bad(checker, expr->span);
    }
    if (type == TYPE_OF(MISSING) || type == TYPE_OF(INT)) type = ends[i]->type;
  }
  bool ordered = type == TYPE_OF(INT) || type == TYPE_OF(FLOAT) || type == TYPE_OF(DATE) || type == TYPE_OF(TIME);
  Literal range = {.type = TYPE_MAKE(type_base(type), FORM_RANGE)};
  for (int i = 0; i < 2; i++) {
    if (!ends[i]) continue;
    Typed *end = typed_convert(checker, ends[i], type);
    if (!end || !ordered) {
      diag_report(checker->diags, DIAG_TYPE_MISMATCH, ends[i]->span, "a range goes from and to a number, a date or a time of one type");
      return typed_bad(checker, expr->span);
    }
    Literal *copy = arena_alloc(checker->arena, sizeof *copy);
    *copy = end->literal;
    *(i == 0 ? &range.low : &range.high) = copy;
  }
  if (ends[0] && ends[1] && check_range_is_empty(checker, expr, ends[0], ends[1])) return typed_bad(checker, expr->span);
  return constant(checker, expr, range);
}

Binding *check_value_binding(Checker *checker, Binding *binding, Span span) {
  binding->used = true;
  if (binding->kind == BINDING_PARAM && !binding->value) check_param(checker, binding); /* a module's, met for the first time */
  if (binding->value) return binding;
  if (binding->state == BINDING_OPEN) {
    scope_report_cycle(checker, binding, span);
    binding->value = typed_bad(checker, span);
    return binding;
  }
  if (binding->kind == BINDING_MODULE) {
    report_module_alone(checker, binding, span);
    return NULL;
  }
  if (binding->kind != BINDING_LET || !binding->stmt->value) {
    Diag *diag = diag_report(checker->diags, DIAG_NOT_A_VALUE, span, "`" TEXT_FORMAT "` is a %s, not a value", TEXT_ARG(binding->name),
                             binding->kind == BINDING_STAGE ? "stage" : "stream");
    diag_label(checker->diags, diag, binding->span, "defined here");
    return NULL;
  }
  Span outside;
  open_definition(checker, binding, span, &outside);
  Typed *value = check_expr(checker, binding->stmt->value, (Place){.scope = binding->home});
  close_definition(checker, binding, outside);
  if (!binding->value) binding->value = value;
  return binding;
}

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

static Typed *unknown_name(Checker *checker, const Path *path, Place place) {
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

static Typed *column(Checker *checker, Span span, Text name, FieldId field, Type type) {
  Typed *typed = typed_new(checker, TYPED_COLUMN, type, span);
  typed->column = (ColumnRef){.name = name, .field = field, .type = type};
  return typed;
}

static Typed *find_column(Checker *checker, Text name, Span span, Place place) {
  if (!place.row || place.row->kind == ROWS_KIND_COUNT) return NULL;
  for (size_t i = 0; i < place.row->named_count; i++)
    if (text_equal(place.row->named[i].name, name)) return column(checker, span, name, FIELD_COUNT, place.row->named[i].type);
  if (place.row->kind == ROWS_ANY) return NULL;
  FieldId field = field_find(name);
  if (field == FIELD_COUNT || !(field_def(field)->rows & (1 << place.row->kind))) return NULL;
  return column(checker, span, text_of(field_def(field)->name), field, field_def(field)->type);
}

/* The names of the program come first, so that a new field never changes what a program means. */
static void report_hidden(Checker *checker, const Binding *binding, Span span) {
  Diag *diag = diag_report(checker->diags, DIAG_HIDDEN_COLUMN, binding->span, "`" TEXT_FORMAT "` hides the column of that name", TEXT_ARG(binding->name));
  diag_hint(checker->diags, diag, "give it another name");
  diag_label(checker->diags, diag, span, "this is not the column");
}

static Typed *check_name(Checker *checker, const Expr *expr, Place place) {
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
  return found ? found : unknown_name(checker, path, place);
}

static bool is_window_type(Type type) {
  Type required = type_required(type);
  return required == TYPE_OF(DURATION) || required == TYPE_OF(DATE) || required == TYPE_RANGE_OF(DATE);
}

Typed *check_window(Checker *checker, const Expr *expr, Place place) {
  place.row = NULL;
  Typed *window = check_expr(checker, expr, place);
  if (window->kind == TYPED_BAD) return NULL;
  bool fixed = window->kind == TYPED_CONSTANT || window->kind == TYPED_PARAM;
  if (!is_window_type(window->type) || !fixed) {
    Diag *diag = diag_report(checker->diags, DIAG_BAD_WINDOW, expr->span, fixed ? "%s is not a window" : "a computed %s is not a window",
                             type_name(checker->arena, type_required(window->type)).bytes);
    diag_hint(checker->diags, diag, "write a duration (`90d`), a date (`@2024`) or a range of dates (`@2020..@2023`)");
    return NULL;
  }
  const Duration *duration = &window->literal.duration;
  if (window->kind == TYPED_CONSTANT && window->type == TYPE_OF(DURATION) && (duration->months < 0 || duration->ms < 0)) {
    Diag *diag = diag_report(checker->diags, DIAG_OUT_OF_RANGE, expr->span, "a window reaches back, so its duration is not negative");
    diag_hint(checker->diags, diag, "write it without the minus");
    if (expr->kind == EXPR_UNARY && expr->op == OP_NEGATE) diag_fix_at(checker->diags, diag, expr->op_span, TEXT_LITERAL(""));
    return NULL;
  }
  if (window->kind == TYPED_CONSTANT && window->type == TYPE_OF(DURATION) && !duration->months && !duration->ms) {
    Diag *diag = diag_report(checker->diags, DIAG_EMPTY_RANGE, expr->span, "a window of no length holds nothing");
    diag_hint(checker->diags, diag, "as in `90d`");
    return NULL;
  }
  return window;
}

static Typed *check_windowed(Checker *checker, const Expr *expr, FieldId field, Place place) {
  const FieldDef *def = field_def(field);
  if (!def->windowed) {
    Diag *diag = diag_report(checker->diags, DIAG_NO_WINDOW, expr->span, "`%s` takes no window", def->name);
    diag_hint(checker->diags, diag, "write `%s`", def->name);
    diag_fix(checker->diags, diag, text_of(def->name));
    return typed_bad(checker, expr->span);
  }
  if (expr->arg_count != 1 || expr->args[0].name.length) {
    Diag *diag = diag_report(checker->diags, DIAG_BAD_WINDOW, expr->span, "`%s` takes one window", def->name);
    diag_hint(checker->diags, diag, "as in `%s(90d)`", def->name);
    return typed_bad(checker, expr->span);
  }
  Typed *window = check_window(checker, expr->args[0].value, place);
  if (!window) return typed_bad(checker, expr->span);
  Typed *typed = column(checker, expr->span, text_of(def->name), field, def->type);
  typed->column.window = window;
  return typed;
}

/* The arguments as this overload takes them, or false. */
static bool fits_overload(Checker *checker, const FunctionDef *def, Typed *const *args, size_t count, Typed **converted) {
  if (strlen(def->args) != count) return false;
  for (size_t i = 0; i < count; i++) {
    converted[i] = typed_convert(checker, args[i], type_of_letter(def->args[i]));
    if (!converted[i]) return false;
  }
  return true;
}

static Typed *no_overload(Checker *checker, const Expr *expr, FunctionId first, Typed *const *args) {
  const char *name = function_def(first)->name;
  TextBuilder given = {.arena = checker->arena}, forms = {.arena = checker->arena};
  for (size_t i = 0; i < expr->arg_count; i++)
    text_append_format(&given, "%s%s", i ? ", " : "", type_name(checker->arena, type_required(args[i]->type)).bytes);
  for (int f = (int)first; f < FUNCTION_ID_COUNT && strcmp(function_def(f)->name, name) == 0; f++) {
    text_append_format(&forms, "%s`%s(", forms.length ? ", " : "", name);
    for (const char *letter = function_def(f)->args; *letter; letter++)
      text_append_format(&forms, "%s%s", letter == function_def(f)->args ? "" : ", ", type_name(checker->arena, type_of_letter(*letter)).bytes);
    text_append_format(&forms, ")`");
  }
  Diag *diag = diag_report(checker->diags, DIAG_WRONG_ARGUMENT, expr->span, "`%s` cannot be used with (" TEXT_FORMAT ")", name,
                           TEXT_ARG(text_built(&given)));
  diag_note(checker->diags, diag, "there is " TEXT_FORMAT, TEXT_ARG(text_built(&forms)));
  return typed_bad(checker, expr->span);
}

static Typed *unknown_function(Checker *checker, const Expr *expr, Place place) {
  if (place.row && place.row->kind == ROWS_KIND_COUNT) return typed_bad(checker, expr->span);
  VEC(Text) names = {0};
  for (int i = 0; i < FUNCTION_ID_COUNT; i++)
    if ((place.aggregates || !function_def(i)->aggregate) && (i == 0 || strcmp(function_def(i)->name, function_def(i - 1)->name) != 0))
      vec_push(checker->arena, &names, text_of(function_def(i)->name));
  Diag *diag = diag_report(checker->diags, DIAG_UNKNOWN_FUNCTION, expr->path.span, "no function `" TEXT_FORMAT "`", TEXT_ARG(expr->path.text));
  hint_name(checker, diag, SYNONYM_OF_FUNCTION, expr->path.text, names.items, names.count);
  diag_note(checker->diags, diag, "the functions are " TEXT_FORMAT, TEXT_ARG(text_list(checker->arena, names.items, names.count, 50)));
  return typed_bad(checker, expr->span);
}

static Typed *check_call(Checker *checker, const Expr *expr, Place place) {
  FunctionId first = function_find(expr->path.text);
  FieldId field = field_find(expr->path.text);
  if (first == FUNCTION_ID_COUNT && field != FIELD_COUNT) {
    Typed *plain = find_column(checker, expr->path.text, expr->path.span, place);
    if (!plain || plain->column.field == FIELD_COUNT) return plain && place.row->kind == ROWS_KIND_COUNT ? plain : unknown_name(checker, &expr->path, place);
    return check_windowed(checker, expr, field, place);
  }
  if (first == FUNCTION_ID_COUNT) return unknown_function(checker, expr, place);
  bool aggregate = function_def(first)->aggregate;
  if (aggregate && !place.aggregates) {
    Diag *diag = diag_report(checker->diags, DIAG_AGGREGATE_MISPLACED, expr->span, "`%s` looks at a whole group and cannot stand here",
                             function_def(first)->name);
    diag_hint(checker->diags, diag, "only as a result of `tally`");
    return typed_bad(checker, expr->span);
  }
  Place inner = place;
  if (aggregate) inner.aggregates = false;
  size_t count = expr->arg_count;
  Typed **args = arena_array(checker->arena, count ? count : 1, sizeof *args);
  bool bad = false;
  for (size_t i = 0; i < count; i++) {
    if (expr->args[i].name.length)
      diag_report(checker->diags, DIAG_UNKNOWN_OPTION, expr->args[i].name_span, "`%s` takes its arguments by position", function_def(first)->name);
    args[i] = check_expr(checker, expr->args[i].value, inner);
    bad = bad || args[i]->kind == TYPED_BAD || expr->args[i].name.length;
  }
  if (bad) return typed_bad(checker, expr->span);
  Typed **converted = arena_array(checker->arena, count ? count : 1, sizeof *converted);
  for (int f = (int)first; f < FUNCTION_ID_COUNT && strcmp(function_def(f)->name, function_def(first)->name) == 0; f++) {
    if (!fits_overload(checker, function_def(f), args, count, converted)) continue;
    Typed *call = typed_new(checker, aggregate ? TYPED_AGGREGATE : TYPED_CALL, type_of_letter(function_def(f)->result[0]), expr->span);
    call->function = (FunctionId)f;
    call->operands = converted;
    call->operand_count = count;
    for (size_t i = 0; i < count && !aggregate; i++) call->type |= converted[i]->type & TYPE_OPTIONAL;
    return call;
  }
  return no_overload(checker, expr, first, args);
}

Typed *check_condition(Checker *checker, const Expr *expr, Place place) {
  place.wants_text = true;
  Typed *typed = check_expr(checker, expr, place);
  if (typed->kind == TYPED_BAD) return typed;
  if (type_required(typed->type) == TYPE_OF(BOOL)) return check_truth(checker, typed);
  Diag *diag = diag_report(checker->diags, DIAG_NOT_A_CONDITION, expr->span, "this is %s, not a condition",
                           type_name(checker->arena, type_required(typed->type)).bytes);
  diag_hint(checker->diags, diag, "compare it with something, as in `plays > 3`");
  return typed_bad(checker, expr->span);
}

static Typed *check_any(Checker *checker, const Expr *expr, Place place) {
  switch (expr->kind) {
    case EXPR_INT: return constant(checker, expr, (Literal){.type = TYPE_OF(INT), .integer = expr->integer});
    case EXPR_FLOAT: return constant(checker, expr, (Literal){.type = TYPE_OF(FLOAT), .number = expr->number});
    case EXPR_PERCENT: return constant(checker, expr, (Literal){.type = TYPE_OF(PERCENT), .number = expr->number});
    case EXPR_BOOL: return constant(checker, expr, (Literal){.type = TYPE_OF(BOOL), .boolean = expr->boolean});
    case EXPR_DURATION: return constant(checker, expr, (Literal){.type = TYPE_OF(DURATION), .duration = expr->duration});
    case EXPR_MISSING: return typed_new(checker, TYPED_MISSING, TYPE_OF(MISSING) | TYPE_OPTIONAL, expr->span);
    case EXPR_DATE: return check_date(checker, expr);
    case EXPR_TEXT: return check_text(checker, expr, place);
    case EXPR_LIST: return check_list(checker, expr, place);
    case EXPR_RANGE: return check_range(checker, expr, place);
    case EXPR_NAME: return check_name(checker, expr, place);
    case EXPR_CALL: return check_call(checker, expr, place);
    case EXPR_UNARY: return check_unary(checker, expr->op, expr->span, check_expr(checker, expr->right ? expr->right : expr->left, place));
    case EXPR_BINARY: {
      Typed *left = check_expr(checker, expr->left, place);
      if (expr->op == OP_IN || expr->op == OP_NOT_IN) return check_in(checker, expr->span, left, expr->right, place, expr->op == OP_NOT_IN);
      return check_binary(checker, expr->op, expr->span, left, check_expr(checker, expr->right, place));
    }
    case EXPR_IS_MISSING: {
      Typed *value = check_expr(checker, expr->left, place);
      if (value->kind == TYPED_BAD) return value;
      Typed *missing = typed_op(checker, OPCODE_IS_MISSING, TYPE_OF(BOOL), expr->span, value, NULL);
      return expr->op == OP_IS_NOT ? typed_op(checker, OPCODE_NOT, TYPE_OF(BOOL), expr->span, missing, NULL) : missing;
    }
    case EXPR_AGO: {
      Typed *value = check_expr(checker, expr->left, place);
      if (value->kind == TYPED_BAD) return value;
      if (type_required(value->type) == TYPE_OF(DURATION))
        return typed_op(checker, OPCODE_AGO, (Type)(TYPE_OF(TIME) | (value->type & TYPE_OPTIONAL)), expr->span, value, NULL);
      Diag *diag = diag_report(checker->diags, DIAG_TYPE_MISMATCH, expr->span, "`ago` stands after a duration, this is %s",
                               type_name(checker->arena, type_required(value->type)).bytes);
      diag_hint(checker->diags, diag, "as in `6mo ago`");
      return typed_bad(checker, expr->span);
    }
    case EXPR_KEY: {
      diag_report(checker->diags, DIAG_DIRECTION_MISPLACED, expr->span, "`%s` cannot stand here", expr->descending ? "desc" : "asc");
      return typed_bad(checker, expr->span);
    }
    case EXPR_TEXT_PIECE:
    case EXPR_BAD: break;
  }
  return typed_bad(checker, expr->span);
}

static uint32_t weight_of(Typed *typed) {
  if (typed->weight) return typed->weight;
  uint64_t weight = 1;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) weight += weight_of(typed->operands[i]);
  typed->weight = weight < UINT32_MAX ? (uint32_t)weight : UINT32_MAX;
  return typed->weight;
}

Typed *check_expr(Checker *checker, const Expr *expr, Place place) {
  Typed *typed = check_any(checker, expr, place);
  if (typed->kind == TYPED_BAD || weight_of(typed) <= CHECK_MAX_WEIGHT) return typed;
  diag_hint(checker->diags, diag_report(checker->diags, DIAG_TOO_LARGE, expr->span, "this has more than %d operations with those of the names in it", CHECK_MAX_WEIGHT),
            "compute parts of it with `add`");
  return typed_bad(checker, expr->span);
}
