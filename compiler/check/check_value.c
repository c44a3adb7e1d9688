#include "compiler/check/check_args_int.h"

#include <inttypes.h>
#include <string.h>

bool args_in_words(const char *words, Text word) {
  for (const char *start = words; *start;) {
    size_t length = strcspn(start, " ");
    if (text_equal((Text){start, length}, word)) return true;
    start += length;
    start += strspn(start, " ");
  }
  return false;
}

size_t args_split_words(Arena *arena, const char *words, Text **out) {
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

Text args_bare_word(const Expr *expr) {
  return expr && expr->kind == EXPR_NAME && expr->path.count == 1 ? expr->path.text : (Text){0};
}

void args_check_word(ArgsCheck *check, size_t index, const Expr *expr) {
  const ParamDef *param = &check->def->params[index];
  DiagList *diags = check->checker->diags;
  Text word = args_bare_word(expr);
  if (word.length && args_in_words(param->words, word)) {
    args_add(check, index, (NodeArg){.kind = NODE_WORD, .word = word, .span = expr->span});
    return;
  }
  if (expr->kind == EXPR_BAD) return;
  Text *words;
  size_t count = args_split_words(check->checker->arena, param->words, &words);
  Text written = span_text(diags->sources, expr->span);
  Diag *diag = diag_report(diags, DIAG_UNKNOWN_WORD, expr->span, "`%s:` does not take " TEXT_FORMAT, param->name, TEXT_ARG(written));
  if (written.length > 2 && (written.bytes[0] == '"' || written.bytes[0] == '\'')) written = (Text){written.bytes + 1, written.length - 2};
  size_t near = text_nearest(written, words, count);
  if (near != SIZE_MAX) {
    diag_hint(diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(words[near]));
    diag_fix(diags, diag, words[near]);
  }
  diag_note(diags, diag, count == 1 ? "the word is " TEXT_FORMAT : "the words are " TEXT_FORMAT, TEXT_ARG(text_list(check->checker->arena, words, count, count)));
}

Diag *args_wrong_type(ArgsCheck *check, const ParamDef *param, const Typed *value, const char *wanted) {
  Checker *checker = check->checker;
  Diag *diag = diag_report(checker->diags, DIAG_WRONG_ARGUMENT, value->span, "`%s` of `%s` is %s, this is %s", param->name, check->def->name, wanted,
                           type_name(checker->arena, type_required(value->type)).bytes);
  args_note_form(check, diag);
  return diag;
}

/* A number as it is, also where the program has a name for it. */
static const char *number_text(ArgsCheck *check, const Typed *value) {
  Arena *arena = check->checker->arena;
  if (value->type == TYPE_OF(INT)) return arena_format(arena, "%" PRId64, value->literal.integer);
  if (value->type == TYPE_OF(PERCENT)) return arena_format(arena, "%.10g%%", 100 * value->literal.number);
  return arena_format(arena, "%.10g", value->literal.number);
}

static void out_of_range(ArgsCheck *check, const ParamDef *param, const Typed *value) {
  DiagList *diags = check->checker->diags;
  Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "`%s` cannot be %s", check->def->name, number_text(check, value));
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
  if (param->kind == PARAM_PATH && literal->text.length == 0) {
    args_note_form(check, diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "an empty path names no file"));
    return false;
  }
  if (param->kind == PARAM_SHARE) {
    if (literal->number >= 0 && literal->number <= 1) return true;
    Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "`%s:` cannot be %s", param->name, number_text(check, value));
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
    Diag *diag = diag_report(diags, DIAG_OUT_OF_RANGE, value->span, "a share of rows cannot be %s", number_text(check, value));
    diag_hint(diags, diag, "0%% to 100%%");
    return false;
  }
  bool outside = value->type == TYPE_OF(INT) && (literal->integer < param->min || literal->integer > param->max);
  if (param->kind == PARAM_NUMBER && value->type == TYPE_OF(FLOAT))
    outside = literal->number < (double)param->min || literal->number > (double)param->max;
  if (outside) out_of_range(check, param, value);
  return !outside;
}

void args_check_scalar(ArgsCheck *check, size_t index, const Expr *expr) {
  const ParamDef *param = &check->def->params[index];
  Place place = check->place;
  place.row = NULL;
  bool text = param->kind == PARAM_TEXT || param->kind == PARAM_PATH || param->kind == PARAM_PLAYLIST;
  place.arriving = text && check->def->group == GROUP_DESTINATION;
  place.wants_text = text;
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
      Diag *diag = args_wrong_type(check, param, value, kind->wanted);
      if (param->kind == PARAM_SINCE && type_required(value->type) == TYPE_OF(DURATION)) {
        diag_hint(check->checker->diags, diag, "did you mean `" TEXT_FORMAT " ago`?", TEXT_ARG(span_text(check->checker->diags->sources, value->span)));
        diag_fix_at(check->checker->diags, diag, span_end(value->span), TEXT_LITERAL(" ago"));
      }
      return;
    }
    value = fitting;
  }
  if (param->kind == PARAM_TAG && typed_is_constant(value)) value = check_tag(check->checker, value);
  if (!value) return;
  if (typed_is_constant(value) && !check_range(check, param, value)) return;
  args_add(check, index, (NodeArg){.kind = NODE_SCALAR, .value = value, .span = expr->span});
}
