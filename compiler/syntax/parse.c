/* The driver of the generated parser. It asks before it feeds: a token that would not be taken is told once, the parser
 * is sent to the nearest place from which it can go on, and tokens are skipped, brackets as a whole, until one fits
 * again. */
#include "compiler/syntax/parse.h"

#include <string.h>

#include "compiler/syntax/parse_int.h"

enum { SHOWN_BYTES = 40 };

Span parse_span(const Parse *parse, const Token *token) {
  return (Span){parse->source_index, token->start, token->end};
}

Text parse_text(const Parse *parse, const Token *token) {
  return (Text){parse->source->text.bytes + token->start, token->end - token->start};
}

Text parse_shown(const Parse *parse, Text text) {
  if (text.length <= SHOWN_BYTES) return text;
  size_t length = SHOWN_BYTES;
  while (length > 0 && ((unsigned char)text.bytes[length] & 0xC0) == 0x80) length--;
  TextBuilder builder = {.arena = parse->arena};
  text_append(&builder, (Text){text.bytes, length});
  text_append(&builder, TEXT_LITERAL("\u2026"));
  return text_built(&builder);
}

void parse_too_deep(Parse *parse, Span span) {
  if (parse->depth_told) return;
  parse->depth_told = true;
  Diag *diag = diag_report(parse->diags, DIAG_TOO_DEEP, span, "this is nested too deeply");
  diag_hint(parse->diags, diag, "give parts of it a name with `let`");
}

static const Token *previous_real(const Parse *parse, size_t at) {
  while (at > 1 && parse->list.tokens.items[at - 1].kind == TOKEN_NONE) at--;
  return &parse->list.tokens.items[at - 1];
}

/* Sends the generated parser to the nearest `error` of the grammar. */
static void refuse(Parse *parse, const Token *token) {
  parse->refused = token;
  machine_feed(parse->machine, TOKEN_BAD, token);
  parse->recovering = true;
}

/* A pipe in round or square brackets does not begin the next stage. */
static bool may_resume(const Parse *parse, const Token *token) {
  if (token->kind != TOKEN_PIPE) return machine_accepts(parse->machine, (TokenKind)token->kind);
  TokenKind around = (TokenKind)parse->list.tokens.items[token->enclosing].kind;
  bool stage_place = token->enclosing == 0 || around == TOKEN_LBRACE;
  return stage_place && machine_accepts(parse->machine, TOKEN_PIPE);
}

/* Told even while recovering: mistakes inside one token, which are no consequence of anything. */
static bool stands_alone(TokenFault fault) {
  return fault == FAULT_TEXT_UNCLOSED || fault == FAULT_HOLE_UNCLOSED || fault == FAULT_HOLE_NESTING ||
         fault == FAULT_NUMBER;
}

static void feed(Parse *parse, TokenKind kind, const Token *token) {
  machine_feed(parse->machine, kind, token);
  if (kind == TOKEN_NEWLINE) parse->depth_told = false;
}

/* Takes the token at `at` and returns the index of the next one to look at. */
static size_t take(Parse *parse, size_t at) {
  const Token *token = &parse->list.tokens.items[at];
  TokenKind kind = (TokenKind)token->kind;
  if (token->fault && (!parse->recovering || stands_alone((TokenFault)token->fault))) message_fault(parse, token);
  if (kind == TOKEN_NONE) return at + 1;
  if (parse->recovering) {
    if (!may_resume(parse, token)) return token->match > at ? token->match + 1 : at + 1;
    parse->recovering = false;
  }
  if (machine_depth(parse->machine) > PARSE_MAX_STACK && kind != TOKEN_NEWLINE) {
    machine_settle(parse->machine, parse);
    parse_too_deep(parse, parse_span(parse, token));
    refuse(parse, token);
    return at;
  }
  if (!machine_accepts(parse->machine, kind)) {
    machine_settle(parse->machine, parse);
    const Token *previous = previous_real(parse, at);
    TokenKind repaired = token->fault ? TOKEN_NONE : message_repair(parse, token, previous);
    if (repaired == TOKEN_NONE) {
      if (!token->fault) message_unexpected(parse, token, previous);
      refuse(parse, token);
      return at;
    }
    kind = repaired;
  }
  feed(parse, kind, token);
  return at + 1;
}

/* A byte order mark of UTF-16, or a NUL in one of the first two places, is one mistake and not a thousand. */
static bool is_utf16(const Parse *parse) {
  Text text = parse->source->text;
  if (text.length < 2) return false;
  unsigned char first = (unsigned char)text.bytes[0], second = (unsigned char)text.bytes[1];
  bool mark = (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF);
  return mark || (first == 0) != (second == 0);
}

/* Beyond DIAG_MAX messages nothing more would be told, so the rest is not read. */
static void run(Parse *parse) {
  parse->list = token_list(parse->arena, parse->source);
  parse->machine = machine_new(parse);
  size_t end = parse->list.tokens.count - 1;
  size_t at = 0;
  while (at < end && !parse->diags->full) at = take(parse, at);
  if (at == end) machine_feed(parse->machine, TOKEN_NONE, &parse->list.tokens.items[end]);
}

Unit *parse_unit(Arena *arena, uint32_t source, DiagList *diags) {
  Parse parse = {.arena = arena, .diags = diags, .source = &diags->sources->items[source], .source_index = source};
  if (is_utf16(&parse)) {
    Diag *diag = diag_report(diags, DIAG_NOT_UTF8, (Span){source, 0, 0}, "the file is UTF-16, not UTF-8");
    diag_hint(diags, diag, "save it as UTF-8");
  } else {
    run(&parse);
  }
  Unit *unit = arena_alloc(arena, sizeof *unit);
  unit->source = source;
  unit->stmts = parse.stmts.items;
  unit->stmt_count = parse.stmts.count;
  doc_attach(&parse, unit);
  return unit;
}

/* Behind the last token that is written: without the closing brackets and the end of the statement that the end of the file brings. */
static size_t text_end(const Parse *parse) {
  const Token *tokens = parse->list.tokens.items;
  size_t end = parse->list.tokens.count - 1;
  if (end > 1 && tokens[end - 1].kind == TOKEN_NEWLINE) {
    bool closed = tokens[end - 2].fault == FAULT_UNCLOSED;
    const char *behind = parse->source->text.bytes + tokens[end - 1].start;
    if (closed || !strchr(behind, '\n')) end--;
  }
  while (end > 1 && tokens[end - 1].fault == FAULT_UNCLOSED) end--;
  return end;
}

bool parse_expected(Arena *arena, uint32_t source, DiagList *diags, Expected *out) {
  Parse parse = {.arena = arena, .diags = diags, .source = &diags->sources->items[source], .source_index = source};
  *out = (Expected){0};
  if (is_utf16(&parse)) return false;
  out->list = parse.list = token_list(arena, parse.source);
  parse.machine = machine_new(&parse);
  size_t end = text_end(&parse), at = 0;
  while (at < end && !diags->full) at = take(&parse, at);
  for (int kind = 0; kind < TOKEN_COUNT; kind++) out->can[kind] = machine_accepts(parse.machine, (TokenKind)kind);
  out->last = end - 1;
  return !parse.recovering && at == end;
}
