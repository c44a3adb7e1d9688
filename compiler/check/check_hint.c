/* What was probably meant: words of other languages, the last part of a dotted name, and values of a type that does not fit. */
#include <string.h>

#include "compiler/check/check_int.h"

typedef struct Synonym {
  SynonymKind kind;
  const char *word, *meant;
  bool same; /* with the same arguments */
} Synonym;

static const Synonym synonyms[] = {
#define SYNONYM(kind, word, meant, same) {SYNONYM_OF_##kind, word, meant, same},
#include "synonyms.def"
#undef SYNONYM
};

static const Synonym *synonym_find(SynonymKind kind, Text word) {
  for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
    if (synonyms[i].kind == kind && text_is(word, synonyms[i].word)) return &synonyms[i];
  return NULL;
}

bool hint_name(Checker *checker, Diag *diag, SynonymKind kind, Text written, const Text *names, size_t count) {
  const Synonym *synonym = synonym_find(kind, written);
  size_t near = synonym ? SIZE_MAX : text_nearest(written, names, count);
  bool there = kind != SYNONYM_OF_FIELD;
  for (size_t i = 0; synonym && i < count; i++) there = there || text_is(names[i], synonym->meant);
  if (!there) synonym = NULL;
  if (!synonym && near == SIZE_MAX) return false;
  Text meant = synonym ? text_of(synonym->meant) : names[near];
  diag_hint(checker->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(meant));
  if (!synonym || synonym->same) diag_fix(checker->diags, diag, meant);
  return true;
}

static Text part_behind_dot(Text name) {
  const char *dot = memchr(name.bytes, '.', name.length);
  if (!dot) return TEXT_LITERAL("");
  return (Text){dot + 1, name.length - (size_t)(dot + 1 - name.bytes)};
}

static Text part_before_dot(Text name) {
  const char *dot = memchr(name.bytes, '.', name.length);
  return dot ? (Text){name.bytes, (size_t)(dot - name.bytes)} : TEXT_LITERAL("");
}

bool hint_dotted(Checker *checker, Diag *diag, Text written, const Text *names, size_t count) {
  TextBuilder those = {.arena = checker->arena};
  size_t found = 0, only = 0;
  for (size_t i = 0; i < count; i++) {
    if (!text_equal(part_behind_dot(names[i]), written)) continue;
    text_append_format(&those, "%s`" TEXT_FORMAT "`", found ? " or " : "", TEXT_ARG(names[i]));
    only = i;
    found++;
  }
  if (found == 0) return false;
  diag_hint(checker->diags, diag, "did you mean " TEXT_FORMAT "?", TEXT_ARG(text_built(&those)));
  if (found == 1) diag_fix(checker->diags, diag, names[only]);
  return true;
}

size_t names_of_family(Checker *checker, Text written, const Text *names, size_t count, Text **family) {
  Text prefix = part_before_dot(written);
  if (!prefix.length) prefix = written;
  VEC(Text) those = {0};
  for (size_t i = 0; i < count; i++)
    if (text_equal(part_before_dot(names[i]), prefix)) vec_push(checker->arena, &those, names[i]);
  *family = those.items;
  return those.count;
}

/* ---- types ---- */

static bool is_base(const Typed *typed, BaseType base) {
  return type_form(typed->type) == FORM_ONE && type_base(typed->type) == base;
}

static bool is_number(const Typed *typed) {
  return is_base(typed, BASE_INT) || is_base(typed, BASE_FLOAT) || is_base(typed, BASE_PERCENT);
}

static bool is_moment(const Typed *typed) {
  return is_base(typed, BASE_DATE) || is_base(typed, BASE_TIME);
}

static bool is_text(const Typed *typed) {
  return type_is_text(type_required(typed->type));
}

/* `2020-01-01`, which is a subtraction */
static bool looks_like_date(Text written) {
  size_t dashes = 0;
  for (size_t i = 0; i < written.length; i++) {
    dashes += written.bytes[i] == '-';
    if (written.bytes[i] != '-' && (written.bytes[i] < '0' || written.bytes[i] > '9')) return false;
  }
  return dashes > 0 && written.length >= 7 && written.bytes[4] == '-';
}

static bool all_digits(Text text) {
  for (size_t i = 0; i < text.length; i++)
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return false;
  return text.length > 0;
}

static bool is_numeral(const Typed *typed) {
  return typed_is_constant(typed) && all_digits(typed->literal.text);
}

static bool calls(const Typed *typed, FunctionId function) {
  return typed->kind == TYPED_CALL && typed->function == function;
}

void hint_mismatch(Checker *checker, Diag *diag, Operator op, const Typed *left, const Typed *right) {
  DiagList *diags = checker->diags;
  const Typed *moment = is_moment(left) ? left : right, *other = moment == left ? right : left;
  Text written = span_text(diags->sources, other->span);
  if (is_moment(moment) && is_base(other, BASE_DURATION) && typed_is_constant(other)) {
    diag_hint(diags, diag, "a time is compared with a time: write `" TEXT_FORMAT " ago`", TEXT_ARG(written));
    diag_fix_at(diags, diag, span_end(other->span), TEXT_LITERAL(" ago"));
  } else if (op == OP_ADD && (is_text(left) || is_text(right))) {
    diag_hint(diags, diag, "texts are put together inside quotes: \"{a}{b}\"");
  } else if (op == OP_IN && is_text(left) && is_text(right)) {
    diag_hint(diags, diag, "a list stands in brackets: `in [\"a\", \"b\"]`; for a part of a text there is `contains`");
  } else if (calls(left, FUNCTION_WEEKDAY_TIME) && is_text(right)) {
    diag_hint(diags, diag, "days of the week are numbers, from 1 Monday to 7 Sunday");
  } else if (is_number(left) && is_text(right) && is_numeral(right)) {
    diag_hint(diags, diag, "write the number without quotes");
    Text quoted = span_text(diags->sources, right->span);
    if (quoted.length == right->literal.text.length + 2) diag_fix_at(diags, diag, right->span, right->literal.text);
  } else if ((calls(left, FUNCTION_YEAR_TIME) || calls(left, FUNCTION_YEAR_DATE)) && is_moment(right)) {
    diag_hint(diags, diag, "`year` gives a number: write it without @");
  } else if (is_moment(moment) && is_number(other) && looks_like_date(written)) {
    diag_hint(diags, diag, "a date is written with @, as in `@" TEXT_FORMAT "`", TEXT_ARG(written));
    diag_fix_at(diags, diag, span_start(other->span), TEXT_LITERAL("@"));
  } else if (is_moment(moment) && is_number(other)) {
    diag_hint(diags, diag, "a year is written with @, as in `@2024`");
    if (written.length == 4 && all_digits(written)) diag_fix_at(diags, diag, span_start(other->span), TEXT_LITERAL("@"));
  } else if (is_moment(moment) && is_text(other)) {
    diag_hint(diags, diag, "a date is written with @ and without quotes, as in `@2024`");
  } else if ((is_base(left, BASE_DURATION) && is_number(right)) || (is_base(right, BASE_DURATION) && is_number(left))) {
    diag_hint(diags, diag, "a duration has a unit, as in `30s` or `90d`");
  }
}
