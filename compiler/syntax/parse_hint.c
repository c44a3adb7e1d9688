/* What a token that cannot stand where it stands was probably meant as: habits from other languages and from plain English. */
#include "compiler/syntax/parse_int.h"
#include "plan/catalogue.h"

static Text word_at(const Parse *parse, const Token *token) {
  return parse_text(parse, token);
}

/* The token before a real one that is no mere fault; the first of the list at the latest. */
static const Token *before(const Parse *parse, const Token *token) {
  const Token *first = parse->list.tokens.items;
  while (token > first && (--token)->kind == TOKEN_NONE) continue;
  return token;
}

static const Token *after(const Parse *parse, const Token *token) {
  const Token *end = parse->list.tokens.items + parse->list.tokens.count - 1;
  while (token < end && (++token)->kind == TOKEN_NONE) continue;
  return token;
}

/* `90 days`, `20 percent` */
static bool hint_unit(Parse *parse, Diag *diag, const Token *token, const Token *previous) {
  Text word = word_at(parse, token);
  const char *unit = text_is(word, "percent") ? "%" : duration_unit_meant(word);
  if (token->kind != TOKEN_NAME || previous->kind != TOKEN_INT || !unit) return false;
  Text number = parse_shown(parse, word_at(parse, previous));
  diag->span = span_join(parse_span(parse, previous), diag->span);
  diag_hint(parse->diags, diag, "write `" TEXT_FORMAT "%s`", TEXT_ARG(number), unit);
  diag_fix(parse->diags, diag, text_of(arena_format(parse->arena, TEXT_FORMAT "%s", TEXT_ARG(word_at(parse, previous)), unit)));
  return true;
}

/* `title contains "x"`, `plays between 3 and 5` */
static bool hint_infix(Parse *parse, Diag *diag, const Token *token, const Token *previous) {
  static const struct {
    const char *word, *right;
  } others[] = {{"between", "a range is written `in 3..5`"},
                {"like", "for a part of a text write `contains(title, \"...\")`"},
                {"matches", "for a part of a text write `contains(title, \"...\")`"},
                {"equals", "write `==`"}};
  Text word = word_at(parse, token);
  if (token->kind != TOKEN_NAME) return false;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (!text_is(word, others[i].word)) continue;
    diag_hint(parse->diags, diag, "%s", others[i].right);
    return true;
  }
  FunctionId function = function_find(word);
  if (function == FUNCTION_ID_COUNT || previous->kind != TOKEN_NAME) return false;
  const char *more = function_def(function)->args[0] && function_def(function)->args[1] ? ", ..." : "";
  diag_hint(parse->diags, diag, "`" TEXT_FORMAT "` is a function: write `" TEXT_FORMAT "(" TEXT_FORMAT "%s)`", TEXT_ARG(word), TEXT_ARG(word),
            TEXT_ARG(parse_shown(parse, word_at(parse, previous))), more);
  return true;
}

/* `sort by plays`, `group by artist` */
static bool hint_by(Parse *parse, Diag *diag, const Token *token, const Token *previous) {
  static const struct {
    const char *word, *right;
  } stages[] = {{"sort", "sort %.*s"}, {"order", "sort %.*s"}, {"group", "tally %.*s plays: count()"}, {"tally", "tally %.*s plays: count()"}, {"per", "per %.*s { ... }"}};
  if (!text_is(word_at(parse, previous), "by")) return false;
  Text stage = word_at(parse, before(parse, previous));
  for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
    if (!text_is(stage, stages[i].word)) continue;
    Text key = parse_shown(parse, word_at(parse, token));
    TextBuilder right = {.arena = parse->arena};
    const char *format = stages[i].right;
    for (; *format != '%'; format++) text_append_char(&right, *format);
    text_append(&right, key);
    text_append(&right, text_of(format + 4));
    diag_hint(parse->diags, diag, "write `" TEXT_FORMAT "`", TEXT_ARG(text_built(&right)));
    return true;
  }
  return false;
}

bool parse_is_option(const Parse *parse, const Token *name) {
  StageId stage = stage_find(word_at(parse, before(parse, name)));
  if (name->kind != TOKEN_NAME || stage == STAGEID_COUNT) return false;
  const StageDef *def = stage_def(stage);
  for (size_t i = 0; i < def->param_count; i++)
    if (!(def->params[i].flags & PARAM_POSITIONAL) && text_is(word_at(parse, name), def->params[i].name)) return true;
  return false;
}

static bool is_comparison(int kind) {
  return kind == TOKEN_LT || kind == TOKEN_LE || kind == TOKEN_GT || kind == TOKEN_GE || kind == TOKEN_EQ || kind == TOKEN_NE;
}

bool parse_hint(Parse *parse, Diag *diag, const Token *token, const Token *previous) {
  DiagList *diags = parse->diags;
  if (hint_unit(parse, diag, token, previous) || hint_by(parse, diag, token, previous) || hint_infix(parse, diag, token, previous)) return true;
  if (token->kind == TOKEN_NAME && after(parse, token)->kind == TOKEN_ASSIGN)
    diag_hint(diags, diag, "an option is written `" TEXT_FORMAT ": value`", TEXT_ARG(parse_shown(parse, word_at(parse, token))));
  else if (token->kind == TOKEN_ASSIGN && parse_is_option(parse, previous))
    diag_hint(diags, diag, "an option is written `" TEXT_FORMAT ": value`", TEXT_ARG(word_at(parse, previous)));
  else if (token->kind == TOKEN_ASC || token->kind == TOKEN_DESC)
    diag_hint(diags, diag, "only a key of `sort` has a direction, and one");
  else if (is_comparison(token->kind) && (previous->kind == TOKEN_AND || previous->kind == TOKEN_OR))
    diag_hint(diags, diag, "say again what is compared, as in `plays > 3 and plays < 9`");
  else if ((token->kind == TOKEN_TEXT || token->kind == TOKEN_TEXT_OPEN) && previous->kind == TOKEN_TO)
    diag_hint(diags, diag, "expected a destination, as in `to file.csv \"x.csv\"`");
  else if (token->kind == TOKEN_COLON && before(parse, previous)->kind == TOKEN_LET)
    diag_hint(diags, diag, "a `let` has no type; write `let " TEXT_FORMAT " = ...`", TEXT_ARG(parse_shown(parse, word_at(parse, previous))));
  else
    return false;
  return true;
}
