/* What is said about a token: its own fault, or that it cannot stand where it stands. */
#include <string.h>

#include "compiler/syntax/parse_int.h"

/* Faults. */

static const char *foreign_right(TokenKind kind) {
  switch (kind) {
    case TOKEN_AND:
      return "and";
    case TOKEN_OR:
      return "or";
    case TOKEN_NOT:
      return "not ";
    default:
      return token_text(kind);
  }
}

static void foreign_operator(Parse *parse, const Token *token, Span span) {
  Text written = parse_text(parse, token);
  const char *right = foreign_right((TokenKind)token->kind);
  Text shown = {right, strcspn(right, " ")};
  Diag *diag = diag_report(parse->diags, DIAG_FOREIGN_OPERATOR, span, "`" TEXT_FORMAT "` is written `" TEXT_FORMAT "`",
                           TEXT_ARG(written), TEXT_ARG(shown));
  diag_hint(parse->diags, diag, "write `" TEXT_FORMAT "`", TEXT_ARG(shown));
  diag_fix(parse->diags, diag, text_of(right));
}

static void stray_character(Parse *parse, const Token *token, Span span) {
  Text shown = parse_shown(parse, parse_text(parse, token));
  bool foreign = false;
  for (size_t i = 0; i < shown.length; i++) foreign = foreign || (unsigned char)shown.bytes[i] >= 0x80;
  Diag *diag =
      diag_report(parse->diags, DIAG_STRAY_CHARACTER, span, "`" TEXT_FORMAT "` has no meaning here", TEXT_ARG(shown));
  if (shown.length == 1 && shown.bytes[0] == '&')
    diag_hint(parse->diags, diag, "did you mean `and`?");
  else if (shown.length == 1 && shown.bytes[0] == '%')
    diag_hint(parse->diags, diag, "there is no remainder; a share is written `20%%`");
  else
    diag_hint(parse->diags, diag,
            foreign ? "names use a-z, A-Z, 0-9 and _; other letters belong into quotes"
                    : "the language does not use this character");
}

static void smart_quote(Parse *parse, const Token *token, Span span) {
  Diag *diag = diag_report(parse->diags, DIAG_SMART_QUOTE, span, "typographic quotes");
  diag_hint(parse->diags, diag, "texts stand in straight quotes, \"like this\"");
  Text text = parse_text(parse, token);
  if (token->kind != TOKEN_BAD_VALUE || memchr(text.bytes, '"', text.length) || memchr(text.bytes, '\\', text.length))
    return;
  /* The quotes are two or three bytes each: « and » two, the others three. */
  size_t first = (unsigned char)text.bytes[0] == 0xC2 ? 2 : 3;
  size_t last = (unsigned char)text.bytes[text.length - 2] == 0xC2 ? 2 : 3;
  TextBuilder builder = {.arena = parse->arena};
  text_append_char(&builder, '"');
  text_append(&builder, (Text){text.bytes + first, text.length - first - last});
  text_append_char(&builder, '"');
  diag_fix(parse->diags, diag, text_built(&builder));
}

static TokenKind opener_at(const Parse *parse, const Token *closer) {
  return closer->match ? (TokenKind)parse->list.tokens.items[closer->match].kind : TOKEN_NONE;
}

static Span related_span(const Parse *parse, const Token *token) {
  return (Span){parse->source_index, token->related, token->related + 1};
}

static void bracket(Parse *parse, const Token *token, Span span) {
  DiagList *diags = parse->diags;
  const char *closer = token_text((TokenKind)token->kind);
  Text written = parse_text(parse, token);
  if (token->fault == FAULT_STRAY) {
    Diag *diag = diag_report(diags, DIAG_STRAY_BRACKET, span, "`" TEXT_FORMAT "` closes nothing", TEXT_ARG(written));
    diag_hint(diags, diag, "no bracket is open here");
    diag_fix(diags, diag, TEXT_LITERAL(""));
    return;
  }
  const char *opener = token_text(opener_at(parse, token));
  if (token->fault == FAULT_MISMATCH) {
    Diag *diag = diag_report(diags, DIAG_MISMATCHED_BRACKET, span, "`%s` is closed by `" TEXT_FORMAT "`", opener,
                             TEXT_ARG(written));
    diag_hint(diags, diag, "expected `%s`", closer);
    diag_label(diags, diag, related_span(parse, token), "opened here");
    diag_fix(diags, diag, text_of(closer));
    return;
  }
  Diag *diag = diag_report(diags, DIAG_UNCLOSED_BRACKET, span, "`%s` is not closed", opener);
  diag_hint(diags, diag, "expected `%s` here", closer);
  diag_label(diags, diag, related_span(parse, token), "opened here");
  diag_fix_at(diags, diag, span_start(span), text_of(closer));
}

static void bad_number(Parse *parse, const Token *token, Span span) {
  Text shown = parse_shown(parse, parse_text(parse, token));
  Diag *diag = diag_report(parse->diags, DIAG_BAD_NUMBER, span, "`" TEXT_FORMAT "` is not a number", TEXT_ARG(shown));
  bool duration = memchr(shown.bytes, '.', shown.length) != NULL;
  diag_hint(parse->diags, diag,
            duration ? "durations are whole numbers: 1h30min, not 1.5h" : "a number is 5000, 5_000, 0.8 or 20%%");
}

static void unclosed_text(Parse *parse, const Token *token, Span span) {
  char quote = parse->source->text.bytes[token->related];
  bool whole = token->start == token->related;
  Span end = {span.source, span.end, span.end};
  Diag *diag = diag_report(parse->diags, DIAG_UNCLOSED_TEXT, whole ? span : end, "the text is not closed");
  diag_hint(parse->diags, diag, "expected `%c` before the end of the line", quote);
  if (!whole) diag_label(parse->diags, diag, related_span(parse, token), "it begins here");
}

void message_fault(Parse *parse, const Token *token) {
  DiagList *diags = parse->diags;
  Span span = parse_span(parse, token);
  Diag *diag = NULL;
  switch ((TokenFault)token->fault) {
    case FAULT_NONE:
      break;
    case FAULT_NOT_UTF8:
      diag = diag_report(diags, DIAG_NOT_UTF8, span, "this is not UTF-8");
      diag_hint(diags, diag, "save the file as UTF-8");
      break;
    case FAULT_NUL:
      diag = diag_report(diags, DIAG_NUL_BYTE, span, "a NUL byte");
      diag_hint(diags, diag, "remove it");
      diag_fix(diags, diag, TEXT_LITERAL(""));
      break;
    case FAULT_CHARACTER:
      stray_character(parse, token, span);
      break;
    case FAULT_INVISIBLE:
      diag = diag_report(diags, DIAG_INVISIBLE_CHARACTER, span, "an invisible character");
      diag_hint(diags, diag, "use an ordinary blank");
      diag_fix(diags, diag, TEXT_LITERAL(" "));
      break;
    case FAULT_SMART_QUOTE:
      smart_quote(parse, token, span);
      break;
    case FAULT_FOREIGN:
      foreign_operator(parse, token, span);
      break;
    case FAULT_SEMICOLON:
      diag = diag_report(diags, DIAG_SEMICOLON, span, "a statement ends with its line, without `;`");
      diag_hint(diags, diag, token->kind == TOKEN_NONE ? "remove it" : "begin a new line");
      diag_fix(diags, diag, token->kind == TOKEN_NONE ? TEXT_LITERAL("") : TEXT_LITERAL("\n"));
      break;
    case FAULT_NUMBER:
      bad_number(parse, token, span);
      break;
    case FAULT_TEXT_UNCLOSED:
      unclosed_text(parse, token, span);
      break;
    case FAULT_HOLE_UNCLOSED:
      diag = diag_report(diags, DIAG_UNCLOSED_HOLE, span, "`{` in a text is not closed");
      diag_hint(diags, diag, "close it with `}`, or write `\\{` for a brace");
      break;
    case FAULT_HOLE_NESTING:
      diag = diag_report(diags, DIAG_TEXTS_TOO_DEEP, span, "texts are nested at most %d deep", TOKEN_MAX_HOLES);
      diag_hint(diags, diag, "give the inner text a name with `let`");
      break;
    case FAULT_UNCLOSED:
    case FAULT_STRAY:
    case FAULT_MISMATCH:
      bracket(parse, token, span);
      break;
    case FAULT_NESTING:
      diag = diag_report(diags, DIAG_TOO_DEEP, span, "brackets are nested at most %d deep", PARSE_MAX_NESTING);
      diag_hint(diags, diag, "this is one more");
      break;
  }
}

/* Repairs. */

static const struct {
  const char *written;
  TokenKind kind;
} meanings[] = {
    {"descending", TOKEN_DESC}, {"ascending", TOKEN_ASC},   {"import", TOKEN_USE}, {"include", TOKEN_USE},
    {"var", TOKEN_LET},         {"const", TOKEN_LET},       {"def", TOKEN_STAGE},  {"function", TOKEN_STAGE},
    {"fn", TOKEN_STAGE},        {"parameter", TOKEN_PARAM},
};

/* The word of the language that is meant and could stand here. */
static TokenKind meant_word(Parse *parse, Text written) {
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
    if (text_is(written, meanings[i].written) && machine_accepts(parse->machine, meanings[i].kind))
      return meanings[i].kind;
  }
  Text words[TOKEN_COUNT];
  TokenKind kinds[TOKEN_COUNT];
  size_t count = 0;
  for (int kind = TOKEN_FROM; kind <= TOKEN_AGO; kind++) {
    if (kind == TOKEN_NARADA || !machine_accepts(parse->machine, (TokenKind)kind)) continue;
    words[count] = text_of(token_text((TokenKind)kind));
    kinds[count++] = (TokenKind)kind;
  }
  size_t best = text_nearest(written, words, count);
  return best == SIZE_MAX ? TOKEN_NONE : kinds[best];
}

static bool is_null_word(Text word) {
  return text_is(word, "null") || text_is(word, "nil") || text_is(word, "none") || text_is(word, "None") ||
         text_is(word, "NULL");
}

TokenKind message_repair(Parse *parse, const Token *token, const Token *previous) {
  Span span = parse_span(parse, token);
  Text text = parse_text(parse, token), shown = parse_shown(parse, text);
  DiagList *diags = parse->diags;
  if (token->kind == TOKEN_LABEL && machine_accepts(parse->machine, TOKEN_NAME))
    return TOKEN_NAME; /* the colon is too much */
  if (token->kind == TOKEN_ASSIGN && parse_is_option(parse, previous)) return TOKEN_NONE;
  if (token->kind == TOKEN_ASSIGN && machine_accepts(parse->machine, TOKEN_EQ)) {
    Diag *diag = diag_report(diags, DIAG_SINGLE_EQUALS, span, "a comparison is written `==`");
    diag_hint(diags, diag, "write `==`");
    diag_fix(diags, diag, TEXT_LITERAL("=="));
    return TOKEN_EQ;
  }
  if (token->kind != TOKEN_NAME || previous->kind == TOKEN_BAD) return TOKEN_NONE;
  if (is_null_word(text) && machine_accepts(parse->machine, TOKEN_MISSING)) {
    Diag *diag = diag_report(diags, DIAG_FOREIGN_MISSING, span, "`" TEXT_FORMAT "` is `missing` here", TEXT_ARG(shown));
    diag_hint(diags, diag, "write `missing`");
    diag_fix(diags, diag, TEXT_LITERAL("missing"));
    return TOKEN_MISSING;
  }
  TokenKind meant = meant_word(parse, text);
  if (meant == TOKEN_NONE) return TOKEN_NONE;
  const char *word = token_text(meant);
  Diag *diag = diag_report(diags, DIAG_MISSPELT_WORD, span, "`" TEXT_FORMAT "` is written `%s`", TEXT_ARG(shown), word);
  diag_hint(diags, diag, "did you mean `%s`?", word);
  diag_fix(diags, diag, text_of(word));
  return meant;
}

/* Unexpected tokens. */

/* After `param name` the grammar knows only how to go on from a mistake. */
#define PARAM_HINT "a parameter has a type, as in `param size: int`"

static void unexpected_end(Parse *parse, const Token *previous, Span span) {
  Text expected = expected_words(parse, previous);
  Diag *diag = diag_report(parse->diags, DIAG_UNEXPECTED_END, span, "the line ends too early");
  if (expected.length)
    diag_hint(parse->diags, diag, "expected " TEXT_FORMAT, TEXT_ARG(expected));
  else if (previous->kind == TOKEN_NAME)
    diag_hint(parse->diags, diag, "%s", PARAM_HINT);
}

static bool after_pipeline(const Parse *parse) {
  if (parse->stmts.count == 0) return false;
  const Stmt *last = parse->stmts.items[parse->stmts.count - 1];
  return last->pipeline || last->stage_count > 0 || last->kind == STMT_BAD;
}

static void missing_pipe(Parse *parse, Span span, Text text) {
  Text shown = parse_shown(parse, text);
  Diag *diag = diag_report(parse->diags, DIAG_STAGE_WITHOUT_PIPE, span,
                           "a statement cannot begin with `" TEXT_FORMAT "`", TEXT_ARG(shown));
  diag_hint(parse->diags, diag, "a line that continues a pipeline begins with `|`");
  diag_fix_at(parse->diags, diag, span_start(span), TEXT_LITERAL("| "));
}

static bool is_reserved_word(const Parse *parse, const Token *token) {
  char first = parse->source->text.bytes[token->start];
  TokenGroup group = token_group((TokenKind)token->kind);
  bool word = group == GROUP_KEYWORD || group == GROUP_OPERATOR || group == GROUP_LITERAL;
  return word && first >= 'a' && first <= 'z';
}

/* A pipe in round or square brackets: most often they should have been closed before it. */
static void pipe_in_bracket(Parse *parse, const Token *opener, Span span) {
  const Token *closer = &parse->list.tokens.items[opener->match];
  const char *close = token_text((TokenKind)closer->kind);
  Span opened = parse_span(parse, opener);
  bool unclosed = closer->start == closer->end;
  Diag *diag = unclosed ? diag_report(parse->diags, DIAG_UNCLOSED_BRACKET, span, "`%s` is not closed",
                                      token_text((TokenKind)opener->kind))
                        : diag_report(parse->diags, DIAG_UNEXPECTED_TOKEN, span, "unexpected `|`");
  if (unclosed)
    diag_hint(parse->diags, diag, "expected `%s` before this", close);
  if (unclosed)
    diag_fix_at(parse->diags, diag, span_start(span), text_of(arena_format(parse->arena, "%s ", close)));
  else
    diag_hint(parse->diags, diag, "the bracket must be closed first; stages of a pipeline stand in `{ }`");
  diag_label(parse->diags, diag, opened, "opened here");
}

/* Signs that alone can stand before `token`, which could go on behind them. */
static void fix_missing_sign(Parse *parse, Diag *diag, const Token *token, const Token *previous, Text expected) {
  bool value = token->kind == TOKEN_NAME || token_group((TokenKind)token->kind) == GROUP_LITERAL || token->kind == TOKEN_FROM;
  Span before = span_start(parse_span(parse, token));
  if (value && text_is(expected, "`=`")) diag_fix_at(parse->diags, diag, before, TEXT_LITERAL("= "));
  if (token->kind == TOKEN_NAME && expected.length == 0 && previous->kind == TOKEN_NAME)
    diag_fix_at(parse->diags, diag, span_end(parse_span(parse, previous)), TEXT_LITERAL(":"));
}

void message_unexpected(Parse *parse, const Token *token, const Token *previous) {
  Span span = parse_span(parse, token);
  Text text = parse_text(parse, token), shown = parse_shown(parse, text);
  bool at_start = previous->kind == TOKEN_NEWLINE;
  DiagList *diags = parse->diags;
  if (token->kind == TOKEN_NEWLINE) {
    unexpected_end(parse, previous, span);
    return;
  }
  const Token *around = &parse->list.tokens.items[token->enclosing];
  if (token->kind == TOKEN_PIPE && (around->kind == TOKEN_LPAREN || around->kind == TOKEN_LBRACKET)) {
    pipe_in_bracket(parse, around, span);
    return;
  }
  if (at_start && (token->kind == TOKEN_NAME || token->kind == TOKEN_TO) && after_pipeline(parse)) {
    missing_pipe(parse, span, text);
    return;
  }
  if (token->kind == TOKEN_TEXT_OPEN && machine_accepts(parse->machine, TOKEN_TEXT)) {
    Diag *diag = diag_report(diags, DIAG_UNEXPECTED_TOKEN, span, "a text with a value in it cannot stand here");
    diag_hint(diags, diag, "write a text without `{ }`");
    return;
  }
  bool names = previous->kind == TOKEN_LET || previous->kind == TOKEN_PARAM || previous->kind == TOKEN_STAGE ||
               previous->kind == TOKEN_AS || previous->kind == TOKEN_DOT;
  if (names && is_reserved_word(parse, token)) {
    Diag *diag = diag_report(diags, DIAG_RESERVED_NAME, span, "`" TEXT_FORMAT "` cannot be a name", TEXT_ARG(shown));
    diag_hint(diags, diag, "it is a word of the language");
    return;
  }
  Diag *diag = diag_report(diags, DIAG_UNEXPECTED_TOKEN, span, "unexpected `" TEXT_FORMAT "`", TEXT_ARG(shown));
  Text expected = expected_words(parse, previous);
  if (!at_start) fix_missing_sign(parse, diag, token, previous, expected);
  if (at_start && text_is(text, "narada")) {
    diag_hint(diags, diag, "the level of the language is written `narada 1`");
  } else if (token->kind == TOKEN_PIPE && at_start) {
    diag_hint(diags, diag, "there is no pipeline above that this could continue");
  } else if (previous->kind == TOKEN_PARAM ||
             (previous->kind == TOKEN_LPAREN && machine_accepts(parse->machine, TOKEN_LABEL) &&
              !machine_accepts(parse->machine, TOKEN_NAME))) {
    diag_hint(diags, diag, "expected a name and its type, as in `name: text`");
  } else if (parse_hint(parse, diag, token, previous)) {
    return;
  } else if (expected.length) {
    diag_hint(diags, diag, "expected " TEXT_FORMAT, TEXT_ARG(expected));
  } else if (previous->kind == TOKEN_NAME) {
    diag_hint(diags, diag, "%s", PARAM_HINT);
  }
}
