#include "compiler/check_int.h"

#include <inttypes.h>
#include <string.h>

#include "plan/opcode.h"

/* What a stage call is being checked with. */
typedef struct ArgsCheck {
  Checker *checker;
  Node *node;
  const StageDef *def;
  const Stage *stage;
  Place place;
  bool given[STAGE_MAX_PARAMS];
  Span at[STAGE_MAX_PARAMS]; /* of what is given: the option's name, or the argument */
  size_t streams;            /* that the program names as arguments */
  VEC(NodeArg) args;
} ArgsCheck;

static const char *param_sample(const ParamDef *param) {
  switch (param->kind) {
    case PARAM_INT: return "N";
    case PARAM_COUNT: return "N|PERCENT";
    case PARAM_NUMBER: return "NUMBER";
    case PARAM_PERCENT: return "PERCENT";
    case PARAM_BOOL: return "true|false";
    case PARAM_TEXT: return "\"TEXT\"";
    case PARAM_TAG: return "\"TAG\"";
    case PARAM_PATH: return "\"PATH\"";
    case PARAM_PLAYLIST: return "\"PLAYLIST\"";
    case PARAM_WINDOW: return "WINDOW";
    case PARAM_DURATION: return "DURATION";
    case PARAM_SINCE: return "TIME|checkpoint";
    case PARAM_WORD:
    case PARAM_PROVIDER:
    case PARAM_IDENTITY: return param->words;
    case PARAM_CONDITION: return "CONDITION";
    case PARAM_KEY:
    case PARAM_KEYS: return "KEY";
    case PARAM_STREAM: return "STREAM";
    case PARAM_NAMED: return "EXPRESSION";
    case PARAM_RESULTS: return "AGGREGATE";
    case PARAM_BLOCK: return "{ stages }";
    case PARAM_SHARE: return "0..1|PERCENT";
    case PARAM_WEIGHT: return "NUMBER";
    case PARAM_WEIGHTS: return "[N, N, …]";
  }
  return "";
}

static void append_param(TextBuilder *form, StageId stage, const ParamDef *param) {
  bool optional = !(param->flags & (PARAM_REQUIRED | PARAM_EITHER)) && param->kind != PARAM_BLOCK;
  if (param->flags & PARAM_HIDDEN) return;
  text_append_format(form, " %s", optional ? "[" : "");
  if (!(param->flags & PARAM_POSITIONAL) && param->kind != PARAM_BLOCK) text_append_format(form, "%s: ", param->name);
  for (const char *c = param_sample(param); *c; c++)
    text_append_char(form, *c == ' ' && (param->kind == PARAM_WORD || param->kind == PARAM_IDENTITY) ? '|' : *c);
  if (param->flags & PARAM_REPEATED) text_append_format(form, ", …");
  if (param->kind == PARAM_KEYS && stage == STAGEID_SORT) text_append_format(form, " [asc|desc]");
  if (optional) text_append_char(form, ']');
}

/* "skip N"; with parameters that exclude each other one form for each, "take N|PERCENT [per: KEY]` or `take while: CONDITION". */
static Text stage_form(Arena *arena, StageId stage) {
  const StageDef *def = stage_def(stage);
  TextBuilder form = {.arena = arena};
  size_t ways = 0;
  for (size_t i = 0; i < def->param_count; i++) ways += (def->params[i].flags & PARAM_EITHER) != 0;
  for (size_t way = 0; way == 0 || way < ways; way++) {
    text_append_format(&form, "%s%s%s", way ? "` or `" : "", def->group == GROUP_DESTINATION && stage != STAGEID_SHOW ? "to " : "", def->name);
    size_t seen = 0;
    for (size_t i = 0; i < def->param_count; i++) {
      const ParamDef *param = &def->params[i];
      bool other_way = (param->flags & PARAM_EITHER) && seen++ != way;
      if (!other_way && !(way && (param->flags & PARAM_WITH_FIRST))) append_param(&form, stage, param);
    }
  }
  return text_built(&form);
}

static void note_form(ArgsCheck *check, Diag *diag) {
  diag_note(check->checker->diags, diag, "the form is `" TEXT_FORMAT "`", TEXT_ARG(stage_form(check->checker->arena, check->node->stage)));
}

static void add_arg(ArgsCheck *check, size_t param, NodeArg arg) {
  arg.param = (uint8_t)param;
  vec_push(check->checker->arena, &check->args, arg);
}

static bool in_words(const char *words, Text word) {
  for (const char *start = words; *start;) {
    size_t length = strcspn(start, " ");
    if (text_equal((Text){start, length}, word)) return true;
    start += length;
    start += strspn(start, " ");
  }
  return false;
}

static size_t split_words(Arena *arena, const char *words, Text **out) {
  VEC(Text) list = {0};
  for (const char *start = words; *start;) {
    size_t length = strcspn(start, " ");
    vec_push(arena, &list, (Text){start, length});
    start += length;
    start += strspn(start, " ");
  }
  *out = list.items;
  return list.count;
}

/* A single name without dots, or the empty text. */
static Text bare_word(const Expr *expr) {
  return expr && expr->kind == EXPR_NAME && expr->path.count == 1 ? expr->path.text : (Text){0};
}

static void check_word(ArgsCheck *check, size_t index, const Expr *expr) {
  const ParamDef *param = &check->def->params[index];
  DiagList *diags = check->checker->diags;
  Text word = bare_word(expr);
  if (word.length && in_words(param->words, word)) {
    add_arg(check, index, (NodeArg){.kind = NODE_WORD, .word = word, .span = expr->span});
    return;
  }
  if (expr->kind == EXPR_BAD) return;
  Text *words;
  size_t count = split_words(check->checker->arena, param->words, &words);
  Text written = span_text(diags->sources, expr->span);
  Diag *diag = diag_report(diags, DIAG_UNKNOWN_WORD, expr->span, "`%s:` does not take " TEXT_FORMAT, param->name, TEXT_ARG(written));
  if (written.length > 2 && (written.bytes[0] == '"' || written.bytes[0] == '\'')) written = (Text){written.bytes + 1, written.length - 2};
  size_t near = text_nearest(written, words, count);
  if (near != SIZE_MAX) {
    diag_hint(diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(words[near]));
    diag_fix(diags, diag, words[near]);
  }
  diag_note(diags, diag, "the words are " TEXT_FORMAT, TEXT_ARG(text_list(check->checker->arena, words, count, count)));
}

static Diag *wrong_type(ArgsCheck *check, const ParamDef *param, const Typed *value, const char *wanted) {
  Checker *checker = check->checker;
  Diag *diag = diag_report(checker->diags, DIAG_WRONG_ARGUMENT, value->span, "`%s` of `%s` is %s, this is %s", param->name, check->def->name, wanted,
                           type_name(checker->arena, type_required(value->type)).bytes);
  note_form(check, diag);
  return diag;
}

static void out_of_range(ArgsCheck *check, const ParamDef *param, const Typed *value) {
  DiagList *diags = check->checker->diags;
  Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "`%s` cannot be " TEXT_FORMAT, check->def->name,
                           TEXT_ARG(span_text(diags->sources, value->span)));
  if (param->max == INT64_MAX)
    diag_hint(diags, diag, "%" PRId64 " or more", param->min);
  else
    diag_hint(diags, diag, "%" PRId64 " to %" PRId64, param->min, param->max);
}

typedef struct ScalarKind {
  ParamKind kind;
  Type types[2];
  const char *wanted;
} ScalarKind;

static const ScalarKind scalar_kinds[] = {
    {PARAM_INT, {TYPE_OF(INT), TYPE_OF(INT)}, "a whole number"},
    {PARAM_COUNT, {TYPE_OF(INT), TYPE_OF(PERCENT)}, "a whole number or a percentage"},
    {PARAM_NUMBER, {TYPE_OF(FLOAT), TYPE_OF(FLOAT)}, "a number"},
    {PARAM_PERCENT, {TYPE_OF(PERCENT), TYPE_OF(PERCENT)}, "a percentage"},
    {PARAM_BOOL, {TYPE_OF(BOOL), TYPE_OF(BOOL)}, "true or false"},
    {PARAM_TEXT, {TYPE_OF(TEXT), TYPE_OF(TEXT)}, "a text"},
    {PARAM_TAG, {TYPE_OF(TEXT), TYPE_OF(TEXT)}, "a tag in quotes"},
    {PARAM_PATH, {TYPE_OF(PATH), TYPE_OF(PATH)}, "a path in quotes"},
    {PARAM_PLAYLIST, {TYPE_OF(PLAYLIST), TYPE_OF(PLAYLIST)}, "a playlist's name in quotes"},
    {PARAM_DURATION, {TYPE_OF(DURATION), TYPE_OF(DURATION)}, "a duration"},
    {PARAM_SINCE, {TYPE_OF(TIME), TYPE_OF(DATE)}, "a time, a date or the word `checkpoint`"},
    {PARAM_SHARE, {TYPE_OF(PERCENT), TYPE_OF(FLOAT)}, "a number from 0 to 1 or a percentage"},
    {PARAM_WEIGHTS, {TYPE_LIST_OF(INT), TYPE_LIST_OF(INT)}, "a list of whole numbers"},
};

/* Whether a constant is within what its parameter allows; reports it if not. */
static bool check_range(ArgsCheck *check, const ParamDef *param, const Typed *value) {
  DiagList *diags = check->checker->diags;
  const Literal *literal = &value->literal;
  Text written = span_text(diags->sources, value->span);
  if (param->kind == PARAM_PATH && literal->text.length == 0) {
    note_form(check, diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "an empty path names no file"));
    return false;
  }
  if (param->kind == PARAM_SHARE) {
    if (literal->number >= 0 && literal->number <= 1) return true;
    Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "`%s:` cannot be " TEXT_FORMAT, param->name, TEXT_ARG(written));
    diag_hint(diags, diag, "0 to 1, or 0%% to 100%%");
    return false;
  }
  if (param->kind == PARAM_WEIGHTS) {
    for (size_t i = 0; i < literal->item_count; i++) {
      int64_t weight = literal->items[i].integer;
      if (weight >= param->min && weight <= param->max) continue;
      Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "a weight cannot be %" PRId64, weight);
      diag_hint(diags, diag, "%" PRId64 " to %" PRId64, param->min, param->max);
      return false;
    }
    return true;
  }
  if (value->type == TYPE_OF(PERCENT) && (literal->number < 0 || literal->number > 1)) {
    Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "a share of rows cannot be " TEXT_FORMAT, TEXT_ARG(written));
    diag_hint(diags, diag, "0%% to 100%%");
    return false;
  }
  bool outside = value->type == TYPE_OF(INT) && (literal->integer < param->min || literal->integer > param->max);
  if (param->kind == PARAM_NUMBER && value->type == TYPE_OF(FLOAT))
    outside = literal->number < (double)param->min || literal->number > (double)param->max;
  if (outside) out_of_range(check, param, value);
  return !outside;
}

static void check_scalar(ArgsCheck *check, size_t index, const Expr *expr) {
  const ParamDef *param = &check->def->params[index];
  Place place = check->place;
  place.row = NULL;
  Typed *value = param->kind == PARAM_WINDOW ? check_window(check->checker, expr, place) : check_expr(check->checker, expr, place);
  if (!value || value->kind == TYPED_BAD) return;
  if (param->kind != PARAM_WINDOW) {
    const ScalarKind *kind = scalar_kinds;
    while (kind->kind != param->kind) kind++;
    Typed *fitting = typed_convert(check->checker, value, kind->types[0]);
    if (!fitting) fitting = typed_convert(check->checker, value, kind->types[1]);
    bool no_weights = param->kind == PARAM_WEIGHTS && value->kind == TYPED_CONSTANT && type_form(value->type) == FORM_LIST && !value->literal.item_count;
    if (no_weights) fitting = value; /* their number is what is wrong, see check_weight_count */
    if (!fitting) { /* a computed value that is missing, as after an overflow, is refused when the program runs */
      Diag *diag = wrong_type(check, param, value, kind->wanted);
      if (param->kind == PARAM_SINCE && type_required(value->type) == TYPE_OF(DURATION))
        diag_hint(check->checker->diags, diag, "did you mean `" TEXT_FORMAT " ago`?", TEXT_ARG(span_text(check->checker->diags->sources, value->span)));
      return;
    }
    value = fitting;
  }
  if (param->kind == PARAM_TAG && typed_is_constant(value)) value = check_tag(check->checker, value);
  if (!value) return;
  if (typed_is_constant(value) && !check_range(check, param, value)) return;
  add_arg(check, index, (NodeArg){.kind = NODE_SCALAR, .value = value, .span = expr->span});
}

static Typed *check_key(ArgsCheck *check, const Expr *expr) {
  Typed *value = check_expr(check->checker, expr, check->place);
  if (value->kind == TYPED_BAD || type_is_comparable(value->type)) return value;
  Diag *diag = diag_report(check->checker->diags, DIAG_WRONG_ARGUMENT, value->span, "%s has no order and cannot be a key",
                           type_name(check->checker->arena, type_required(value->type)).bytes);
  if (type_form(value->type) == FORM_LIST && expr->kind == EXPR_NAME && text_is(expr->path.text, "artists"))
    diag_hint(check->checker->diags, diag, "did you mean `artist`, the first of them?");
  return typed_bad(check->checker, value->span);
}

static bool name_is_taken(ArgsCheck *check, Text name, Span span, bool fields_too) {
  const StreamType *row = check->place.row;
  bool taken = false;
  if (fields_too) {
    FieldId field = field_find(name);
    taken = row->kind < ROWS_ANY && field != FIELD_COUNT;
    for (size_t i = 0; i < row->named_count; i++) taken = taken || text_equal(row->named[i].name, name);
  }
  for (size_t i = 0; i < check->args.count; i++)
    taken = taken || (check->args.items[i].kind != NODE_AGGREGATE && text_equal(check->args.items[i].name, name));
  if (!taken) return false;
  Diag *diag = diag_report(check->checker->diags, DIAG_ALREADY_A_COLUMN, span, "there is already a column `" TEXT_FORMAT "`", TEXT_ARG(name));
  diag_hint(check->checker->diags, diag, "choose another name");
  return true;
}

/* What a row counts in a weighted choice. */
static void check_weight(ArgsCheck *check, size_t index, const Expr *expr) {
  Typed *value = check_expr(check->checker, expr, check->place);
  Type type = type_required(value->type);
  if (value->kind == TYPED_BAD) return;
  if (type == TYPE_OF(INT) || type == TYPE_OF(FLOAT) || type == TYPE_OF(PERCENT)) {
    add_arg(check, index, (NodeArg){.kind = NODE_ROW, .value = value, .span = expr->span});
    return;
  }
  Diag *diag = wrong_type(check, &check->def->params[index], value, "a number");
  if (type == TYPE_OF(DURATION))
    diag_hint(check->checker->diags, diag, "divide it: `" TEXT_FORMAT " / 1min`", TEXT_ARG(span_text(check->checker->diags->sources, expr->span)));
}

static void check_sort_key(ArgsCheck *check, size_t index, const Expr *expr) {
  const Expr *inner = expr->kind == EXPR_KEY ? expr->left : expr;
  Typed *value = check_key(check, inner);
  if (value->kind == TYPED_BAD) return;
  NodeArg arg = {.kind = NODE_KEY, .value = value, .span = expr->span, .descending = expr->kind == EXPR_KEY && expr->descending};
  if (expr->kind == EXPR_KEY && check->node->stage != STAGEID_SORT) {
    diag_report(check->checker->diags, DIAG_DIRECTION_MISPLACED, expr->span, "a key of `%s` has no direction", check->def->name);
    return;
  }
  if (check->def->output == OUTPUT_TALLY) {
    if (value->kind != TYPED_COLUMN || value->column.window) {
      Diag *diag = diag_report(check->checker->diags, DIAG_NEEDS_NAME, expr->span, "this key needs a name");
      Text written = span_text(check->checker->diags->sources, expr->span);
      Text name = expr->kind == EXPR_CALL ? expr->path.text : TEXT_LITERAL("key");
      diag_hint(check->checker->diags, diag, "write `" TEXT_FORMAT ": " TEXT_FORMAT "`", TEXT_ARG(name), TEXT_ARG(written));
      return;
    }
    arg.name = value->column.name;
    if (name_is_taken(check, arg.name, expr->span, false)) return;
  }
  add_arg(check, index, arg);
}

static void check_identity(ArgsCheck *check, size_t index, const Expr *expr) {
  Text word = bare_word(expr);
  bool fixed = check->place.row->kind != ROWS_ANY && in_words(check->def->params[index].words, word) && word.length;
  if (fixed) {
    add_arg(check, index, (NodeArg){.kind = NODE_WORD, .word = word, .span = expr->span});
    return;
  }
  Typed *value = check_key(check, expr);
  if (value->kind != TYPED_BAD) add_arg(check, index, (NodeArg){.kind = NODE_ROW, .value = value, .span = expr->span});
}

static void check_stream_arg(ArgsCheck *check, size_t index, const Arg *arg) {
  Checker *checker = check->checker;
  Node *stream = NULL;
  if (arg->block) {
    if (!arg->block->pipeline) {
      diag_hint(checker->diags, diag_report(checker->diags, DIAG_NOT_A_STREAM, arg->block->span, "these braces hold no source"),
                "start with `from`");
      return;
    }
    stream = check_pipeline(checker, arg->block->pipeline, check->place.scope);
  } else if (arg->value->kind == EXPR_NAME) {
    stream = check_stream_name(checker, &arg->value->path, check->place.scope);
  } else if (arg->value->kind != EXPR_BAD) {
    Diag *diag = diag_report(checker->diags, DIAG_NOT_A_STREAM, arg->value->span, "`%s` needs a stream here", check->def->name);
    diag_hint(checker->diags, diag, "the name of a `let`, or `{ from … }`");
  }
  if (!stream) return;
  node_add_input(checker, check->node, stream);
  add_arg(check, index, (NodeArg){.kind = NODE_INPUT, .input = (uint32_t)check->node->input_count - 1, .span = arg->span});
}

/* Gives each aggregate of a result an entry of its own, once, and reports fields outside of them. True if there is any. */
static bool collect_aggregates(ArgsCheck *check, size_t index, Typed *typed, const Typed **stray) {
  if (typed->kind == TYPED_AGGREGATE) {
    Typed *operand = typed->operand_count ? typed->operands[0] : NULL;
    add_arg(check, index, (NodeArg){.kind = NODE_AGGREGATE, .function = typed->function, .value = operand, .span = typed->span});
    typed->aggregate = UINT32_MAX; /* numbered once all are known */
    return true;
  }
  if (typed->kind == TYPED_COLUMN) {
    for (size_t i = 0; i < check->args.count; i++) {
      const NodeArg *key = &check->args.items[i];
      if (key->kind == NODE_KEY && key->value->kind == TYPED_COLUMN && column_same(&key->value->column, &typed->column)) return false;
    }
    *stray = typed;
  }
  bool any = false;
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) any = collect_aggregates(check, index, typed->operands[i], stray) || any;
  return any;
}

static void check_result(ArgsCheck *check, size_t index, const Arg *arg) {
  Place place = check->place;
  place.aggregates = true;
  Typed *value = check_expr(check->checker, arg->value, place);
  if (value->kind == TYPED_BAD || name_is_taken(check, arg->name, arg->name_span, false)) return;
  const Typed *stray = NULL;
  bool aggregated = collect_aggregates(check, index, value, &stray);
  if (!aggregated && stray && value->kind != TYPED_COLUMN) { /* a computed key with a name */
    if (!type_is_comparable(value->type)) {
      diag_report(check->checker->diags, DIAG_WRONG_ARGUMENT, value->span, "%s has no order and cannot be a key",
                  type_name(check->checker->arena, type_required(value->type)).bytes);
      return;
    }
    add_arg(check, 0, (NodeArg){.kind = NODE_KEY, .name = arg->name, .value = value, .span = arg->span});
    return;
  }
  if (stray) {
    Diag *diag = diag_report(check->checker->diags, DIAG_NEEDS_AGGREGATE, stray->span, "a group has many values of `" TEXT_FORMAT "`",
                             TEXT_ARG(stray->column.name));
    diag_hint(check->checker->diags, diag, "put it into an aggregate, as in `max(" TEXT_FORMAT ")`", TEXT_ARG(stray->column.name));
    return;
  }
  if (!type_is_comparable(value->type)) {
    wrong_type(check, &check->def->params[index], value, "a single value");
    return;
  }
  add_arg(check, index, (NodeArg){.kind = NODE_RESULT, .name = arg->name, .value = value, .span = arg->span});
}

static void check_named(ArgsCheck *check, size_t index, const Arg *arg) {
  Typed *value = check_expr(check->checker, arg->value, check->place);
  if (value->kind == TYPED_BAD) return;
  if (type_base(value->type) == BASE_MISSING || type_form(value->type) == FORM_RANGE) {
    wrong_type(check, &check->def->params[index], value, "a value with a type");
    return;
  }
  if (name_is_taken(check, arg->name, arg->name_span, true)) return;
  add_arg(check, index, (NodeArg){.kind = NODE_ROW, .name = arg->name, .value = value, .span = arg->span});
}

static void check_one(ArgsCheck *check, size_t index, const Arg *arg) {
  const ParamDef *param = &check->def->params[index];
  DiagList *diags = check->checker->diags;
  check->given[index] = true;
  check->at[index] = arg->name.length ? arg->name_span : arg->span;
  check->streams += param->kind == PARAM_STREAM;
  if (arg->block && param->kind != PARAM_STREAM && param->kind != PARAM_BLOCK) {
    note_form(check, diag_report(diags, DIAG_NO_BLOCK, arg->block->span, "`%s` of `%s` takes no braces", param->name, check->def->name));
    return;
  }
  if (!arg->block && (!arg->value || arg->value->kind == EXPR_BAD)) return;
  bool may_be_key = param->kind == PARAM_KEYS;
  if (!arg->block && arg->value->kind == EXPR_KEY && !may_be_key) {
    Diag *diag = diag_report(diags, DIAG_DIRECTION_MISPLACED, arg->value->span, "`%s` takes no direction", check->def->name);
    diag_hint(diags, diag, "only the keys of `sort` do");
    return;
  }
  switch (param->kind) {
    case PARAM_CONDITION: {
      Typed *condition = check_condition(check->checker, arg->value, check->place);
      if (condition->kind != TYPED_BAD) add_arg(check, index, (NodeArg){.kind = NODE_ROW, .value = condition, .span = arg->span});
      break;
    }
    case PARAM_KEY: {
      Typed *key = check_key(check, arg->value);
      if (key->kind != TYPED_BAD) add_arg(check, index, (NodeArg){.kind = NODE_ROW, .value = key, .span = arg->span});
      break;
    }
    case PARAM_KEYS: check_sort_key(check, index, arg->value); break;
    case PARAM_WEIGHT: check_weight(check, index, arg->value); break;
    case PARAM_IDENTITY: check_identity(check, index, arg->value); break;
    case PARAM_STREAM: check_stream_arg(check, index, arg); break;
    case PARAM_NAMED: check_named(check, index, arg); break;
    case PARAM_RESULTS: check_result(check, index, arg); break;
    case PARAM_WORD:
    case PARAM_PROVIDER: check_word(check, index, arg->value); break;
    case PARAM_BLOCK: break;
    case PARAM_SINCE:
      if (in_words(param->words, bare_word(arg->value)))
        check_word(check, index, arg->value);
      else
        check_scalar(check, index, arg->value);
      break;
    default: check_scalar(check, index, arg->value); break;
  }
}

/* The stages of a block are checked once the node they follow is there. */
static size_t block_param(const ArgsCheck *check) {
  for (size_t i = 0; i < check->def->param_count; i++)
    if (check->def->params[i].kind == PARAM_BLOCK) return i;
  return SIZE_MAX;
}

static size_t next_positional(const ArgsCheck *check, size_t from) {
  while (from < check->def->param_count && !(check->def->params[from].flags & PARAM_POSITIONAL)) from++;
  return from;
}

static size_t named_param(const ArgsCheck *check, Text name) {
  for (size_t i = 0; i < check->def->param_count; i++)
    if (text_is(name, check->def->params[i].name) && check->def->params[i].kind != PARAM_NAMED && check->def->params[i].kind != PARAM_RESULTS &&
        !(check->def->params[i].flags & PARAM_HIDDEN))
      return i;
  for (size_t i = 0; i < check->def->param_count; i++)
    if (check->def->params[i].kind == PARAM_NAMED || check->def->params[i].kind == PARAM_RESULTS) return i;
  return SIZE_MAX;
}

static void unknown_option(ArgsCheck *check, const Arg *arg) {
  DiagList *diags = check->checker->diags;
  Text names[STAGE_MAX_PARAMS];
  size_t count = 0;
  for (size_t i = 0; i < check->def->param_count; i++)
    if (!(check->def->params[i].flags & (PARAM_POSITIONAL | PARAM_HIDDEN))) names[count++] = text_of(check->def->params[i].name);
  Diag *diag = diag_report(diags, DIAG_UNKNOWN_OPTION, arg->name_span, "`%s` has no option `" TEXT_FORMAT ":`", check->def->name,
                           TEXT_ARG(arg->name));
  size_t near = text_nearest(arg->name, names, count);
  if (near != SIZE_MAX) {
    diag_hint(diags, diag, "did you mean `" TEXT_FORMAT ":`?", TEXT_ARG(names[near]));
    diag_fix(diags, diag, names[near]);
  }
  note_form(check, diag);
}

/* Keys before aggregates before results, each in the order written; by parameter otherwise. */
static int arg_rank(const NodeArg *arg) {
  int within = arg->kind == NODE_RESULT ? 1 : 0;
  return arg->param * 2 + within;
}

static void order_args(ArgsCheck *check) {
  for (size_t i = 1; i < check->args.count; i++) {
    NodeArg moved = check->args.items[i];
    size_t j = i;
    while (j > 0 && arg_rank(&check->args.items[j - 1]) > arg_rank(&moved)) {
      check->args.items[j] = check->args.items[j - 1];
      j--;
    }
    check->args.items[j] = moved;
  }
  check->node->args = check->args.items;
  check->node->arg_count = check->args.count;
}

static void report_missing(ArgsCheck *check) {
  DiagList *diags = check->checker->diags;
  for (size_t i = 0; i < check->def->param_count; i++) {
    const ParamDef *param = &check->def->params[i];
    if (check->given[i] || (!(param->flags & PARAM_REQUIRED) && param->kind != PARAM_BLOCK)) continue;
    if (param->kind == PARAM_BLOCK) {
      Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs stages in braces", check->def->name);
      note_form(check, diag);
      continue;
    }
    bool by_name = !(param->flags & PARAM_POSITIONAL);
    Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs `%s%s`", check->def->name, param->name, by_name ? ":" : "");
    diag_hint(diags, diag, "%s", param->doc);
    note_form(check, diag);
  }
}

/* Parameters that exclude each other, or that go with another. */
static void check_combination(ArgsCheck *check) {
  DiagList *diags = check->checker->diags;
  const ParamDef *params = check->def->params;
  size_t first = SIZE_MAX, chosen = SIZE_MAX;
  for (size_t i = 0; i < check->def->param_count; i++) {
    if (!(params[i].flags & PARAM_EITHER)) continue;
    if (first == SIZE_MAX) first = i;
    if (!check->given[i]) continue;
    if (chosen == SIZE_MAX) {
      chosen = i;
      continue;
    }
    bool names[2] = {!(params[chosen].flags & PARAM_POSITIONAL), !(params[i].flags & PARAM_POSITIONAL)};
    Diag *diag = diag_report(diags, DIAG_EXCLUDED_ARGUMENT, check->at[i], "`%s` takes `%s%s` or `%s%s`, not both", check->def->name,
                             params[chosen].name, names[0] ? ":" : "", params[i].name, names[1] ? ":" : "");
    diag_label(diags, diag, check->at[chosen], "this is `%s%s`", params[chosen].name, names[0] ? ":" : "");
    note_form(check, diag);
    return;
  }
  if (first != SIZE_MAX && chosen == SIZE_MAX) {
    Diag *diag = diag_report(diags, DIAG_MISSING_ARGUMENT, check->stage->path.span, "`%s` needs `%s`", check->def->name, params[first].name);
    diag_hint(diags, diag, "%s", params[first].doc);
    note_form(check, diag);
    return;
  }
  for (size_t i = 0; i < check->def->param_count; i++) {
    if (!(params[i].flags & PARAM_WITH_FIRST) || !check->given[i] || check->given[0]) continue;
    Diag *diag = diag_report(diags, DIAG_NEEDS_COMPANION, check->at[i], "`%s:` goes with `%s`", params[i].name, params[0].name);
    note_form(check, diag);
  }
}

/* One weight for each stream; those of a parameter are counted when the program runs. */
static void check_weight_count(ArgsCheck *check, size_t streams) {
  DiagList *diags = check->checker->diags;
  for (size_t i = 0; i < check->args.count; i++) {
    const NodeArg *arg = &check->args.items[i];
    if (check->def->params[arg->param].kind != PARAM_WEIGHTS || arg->value->kind != TYPED_CONSTANT) continue;
    size_t count = arg->value->literal.item_count;
    if (count == streams || streams < 2) continue;
    Diag *diag = diag_report(diags, DIAG_WEIGHT_COUNT, arg->value->span, "%zu weight%s for %zu streams", count, count == 1 ? "" : "s", streams);
    diag_hint(diags, diag, "one for each stream, in their order");
  }
}

void check_args(Checker *checker, Node *node, const Stage *stage, const Scope *scope, const StreamType *row) {
  static const StreamType no_rows = {.kind = ROWS_KIND_COUNT};
  ArgsCheck check = {.checker = checker, .node = node, .def = stage_def(node->stage), .stage = stage};
  check.place = (Place){.scope = scope, .row = row ? row : &no_rows};
  size_t positional = next_positional(&check, 0), written_inputs = node->input_count;
  bool too_many = false;
  for (size_t i = 0; i < stage->arg_count; i++) {
    const Arg *arg = &stage->args[i];
    if (arg->name.length) {
      size_t index = named_param(&check, arg->name);
      if (index == SIZE_MAX) {
        unknown_option(&check, arg);
      } else if (check.given[index] && check.def->params[index].kind != PARAM_NAMED && check.def->params[index].kind != PARAM_RESULTS &&
                 !(check.def->params[index].flags & PARAM_REPEATED)) {
        diag_report(checker->diags, DIAG_GIVEN_TWICE, arg->name_span, "`" TEXT_FORMAT ":` is given twice", TEXT_ARG(arg->name));
      } else {
        check_one(&check, index, arg);
      }
      continue;
    }
    if (arg->block && block_param(&check) != SIZE_MAX && !check.given[block_param(&check)]) {
      check_one(&check, block_param(&check), arg);
      continue;
    }
    if (positional >= check.def->param_count) {
      if (!too_many) note_form(&check, diag_report(checker->diags, DIAG_TOO_MANY_ARGUMENTS, arg->span, "too many arguments for `%s`", check.def->name));
      too_many = true;
      continue;
    }
    check_one(&check, positional, arg);
    if (!(check.def->params[positional].flags & PARAM_REPEATED)) positional = next_positional(&check, positional + 1);
  }
  if (!too_many) {
    report_missing(&check);
    check_combination(&check);
  }
  check_weight_count(&check, written_inputs + check.streams);
  order_args(&check);
}
