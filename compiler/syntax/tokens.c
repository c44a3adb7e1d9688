/* Lines, brackets, texts and comments: from lexemes to a balanced list of tokens.
 *
 * A newline ends a statement unless a bracket is open, the line cannot end there (an operator, a comma ...), or the
 * next line that says something begins with `|`. A statement word in column 0 ends whatever is open. */
#include <string.h>

#include "compiler/syntax/tokens_int.h"

uint32_t token_offset(const Cutter *cutter, const char *at) {
  return (uint32_t)(at - cutter->source->text.bytes);
}

static Token *last_token(const Cutter *cutter) {
  return &cutter->list.tokens.items[cutter->list.tokens.count - 1];
}

static TokenKind innermost(const Cutter *cutter) {
  return cutter->open_count ? (TokenKind)cutter->list.tokens.items[cutter->open[cutter->open_count - 1]].kind
                            : TOKEN_NONE;
}

Token *token_add(Cutter *cutter, TokenKind kind, TokenFault fault, const char *start, const char *end) {
  Token token = {
      .kind = (uint8_t)kind, .fault = (uint8_t)fault, .start = token_offset(cutter, start), .end = token_offset(cutter, end)};
  token.enclosing = cutter->open_count ? cutter->open[cutter->open_count - 1] : 0;
  vec_push(cutter->arena, &cutter->list.tokens, token);
  if (kind != TOKEN_NONE) {
    cutter->line_ended = false;
    cutter->token_line = cutter->line;
  }
  return last_token(cutter);
}

void token_add_fault(Cutter *cutter, TokenKind kind, TokenFault fault, const char *start, const char *end) {
  Token *last = last_token(cutter);
  if (last->fault == fault && last->kind == kind && last->end == token_offset(cutter, start)) {
    last->end = token_offset(cutter, end);
    return;
  }
  token_add(cutter, kind, fault, start, end);
}

static const char *last_end(const Cutter *cutter) {
  return cutter->source->text.bytes + last_token(cutter)->end;
}

/* Brackets. */

static TokenKind closer_of(TokenKind opener) {
  switch (opener) {
    case TOKEN_LPAREN:
      return TOKEN_RPAREN;
    case TOKEN_LBRACKET:
      return TOKEN_RBRACKET;
    case TOKEN_LBRACE:
      return TOKEN_RBRACE;
    case TOKEN_HOLE_OPEN:
      return TOKEN_HOLE_CLOSE;
    case TOKEN_TEXT_OPEN:
      return TOKEN_TEXT_CLOSE;
    default:
      return TOKEN_NONE;
  }
}

void open_bracket(Cutter *cutter, TokenKind kind, const char *start, const char *end) {
  token_add(cutter, kind, FAULT_NONE, start, end);
  cutter->open[cutter->open_count++] = (uint32_t)(cutter->list.tokens.count - 1);
  if (kind == TOKEN_HOLE_OPEN) cutter->holes++;
}

Token *close_bracket(Cutter *cutter, TokenFault fault, const char *start, const char *end) {
  uint32_t opener = cutter->open[--cutter->open_count];
  TokenKind kind = (TokenKind)cutter->list.tokens.items[opener].kind;
  if (kind == TOKEN_HOLE_OPEN) cutter->holes--;
  Token *token = token_add(cutter, closer_of(kind), fault, start, end);
  token->match = opener;
  token->related = cutter->list.tokens.items[opener].start;
  cutter->list.tokens.items[opener].match = (uint32_t)(cutter->list.tokens.count - 1);
  return token;
}

/* Closes all but the outer `keep` brackets where the last token ended. One mistake however many are open: the first. */
static void close_to(Cutter *cutter, size_t keep, TokenFault fault) {
  const char *at = last_end(cutter);
  bool ended = cutter->line_ended;
  uint32_t line = cutter->token_line;
  while (cutter->open_count > keep) {
    close_bracket(cutter, fault, at, at);
    fault = FAULT_NONE;
  }
  cutter->line_ended = ended;
  cutter->token_line = line;
}

/* How many of the open brackets stay when the innermost round and square ones are closed. */
static size_t outside_parens(const Cutter *cutter) {
  size_t keep = cutter->open_count;
  while (keep) {
    TokenKind kind = (TokenKind)cutter->list.tokens.items[cutter->open[keep - 1]].kind;
    if (kind != TOKEN_LPAREN && kind != TOKEN_LBRACKET) break;
    keep--;
  }
  return keep;
}

static void take_closer(Cutter *cutter, TokenKind closer, const char *start, const char *end) {
  size_t at = cutter->open_count;
  while (at > 0) {
    TokenKind opener = (TokenKind)cutter->list.tokens.items[cutter->open[at - 1]].kind;
    if (closer_of(opener) == closer || opener == TOKEN_HOLE_OPEN) break;
    at--;
  }
  bool found = at > 0 && closer_of((TokenKind)cutter->list.tokens.items[cutter->open[at - 1]].kind) == closer;
  TokenKind inner = innermost(cutter);
  if (found) {
    close_to(cutter, at, FAULT_UNCLOSED);
    close_bracket(cutter, FAULT_NONE, start, end);
  } else if (cutter->owed[closer] > 0) {
    cutter->owed[closer]--;
  } else if ((inner == TOKEN_LPAREN || inner == TOKEN_LBRACKET) && closer != TOKEN_RBRACE) {
    cutter->owed[closer_of(inner)]++;
    close_bracket(cutter, FAULT_MISMATCH, start, end);
  } else {
    token_add(cutter, TOKEN_NONE, FAULT_STRAY, start, end);
  }
}

/* Lines. */

static bool may_end_line(const Token *token) {
  switch ((TokenKind)token->kind) {
    case TOKEN_NONE:
    case TOKEN_FROM:
    case TOKEN_LET:
    case TOKEN_TO:
    case TOKEN_ASSIGN:
    case TOKEN_COLON:
    case TOKEN_COMMA:
    case TOKEN_DOT:
    case TOKEN_PIPE:
    case TOKEN_NEWLINE:
      return false;
    case TOKEN_AGO:
    case TOKEN_DOTDOT:
      return true;
    default:
      return token_group((TokenKind)token->kind) != GROUP_OPERATOR;
  }
}

/* The last token that is a part of the program. */
static const Token *last_real(const Cutter *cutter) {
  size_t i = cutter->list.tokens.count - 1;
  while (i > 0 && cutter->list.tokens.items[i].kind == TOKEN_NONE) i--;
  return &cutter->list.tokens.items[i];
}

static void end_statement(Cutter *cutter) {
  if (last_real(cutter)->kind == TOKEN_NEWLINE) return;
  const char *at = cutter->source->text.bytes + last_real(cutter)->end;
  token_add(cutter, TOKEN_NEWLINE, FAULT_NONE, at, at);
}

static bool begins_statement(int kind) {
  return kind == TOKEN_FROM || kind == TOKEN_LET || kind == TOKEN_PARAM || kind == TOKEN_STAGE || kind == TOKEN_USE;
}

static bool in_first_column(const Cutter *cutter, const char *start) {
  return start == cutter->source->text.bytes + cutter->source->line_starts[cutter->line - 1];
}

/* Settles what the line breaks before the lexeme meant. */
static void before_token(Cutter *cutter, const Lexeme *lexeme) {
  if (begins_statement(lexeme->kind) && in_first_column(cutter, lexeme->start)) {
    for (size_t i = 0; i < cutter->open_count; i++) {
      cutter->owed[closer_of((TokenKind)cutter->list.tokens.items[cutter->open[i]].kind)]++;
    }
    close_to(cutter, 0, FAULT_UNCLOSED);
    end_statement(cutter);
    return;
  }
  if (!cutter->line_ended) return;
  if (lexeme->kind == TOKEN_PIPE) {
    close_to(cutter, outside_parens(cutter), FAULT_UNCLOSED);
    return;
  }
  bool dropped = lexeme->kind < TOKEN_COUNT && cutter->owed[lexeme->kind] > 0; /* it will not be a token */
  if (cutter->open_count == 0 && may_end_line(last_real(cutter)) && !dropped) end_statement(cutter);
}

static void end_line(Cutter *cutter) {
  cutter->line++;
  cutter->line_ended = true;
  if (cutter->holes > 0) { /* texts end with their line */
    size_t keep = 0;
    while (cutter->list.tokens.items[cutter->open[keep]].kind != TOKEN_TEXT_OPEN) keep++;
    close_to(cutter, keep, FAULT_UNCLOSED);
  }
}

/* Everything else. */

/* Nothing inside brackets this deep is worth reading: on to the next statement that can be told. */
static void skip_statement(Cutter *cutter) {
  for (;;) {
    cutter->at = line_limit(cutter, cutter->at);
    if (cutter->at == cutter->limit) return;
    cutter->at++;
    cutter->line++;
    cutter->line_ended = true;
    if (begins_statement(lex_next(cutter->at, cutter->limit).kind)) return;
  }
}

static void take_opener(Cutter *cutter, const Lexeme *lexeme) {
  if (cutter->open_count < PARSE_MAX_NESTING) {
    open_bracket(cutter, (TokenKind)lexeme->kind, lexeme->start, lexeme->end);
    return;
  }
  token_add(cutter, TOKEN_BAD, FAULT_NESTING, lexeme->start, lexeme->end);
  close_to(cutter, 0, FAULT_NONE);
  skip_statement(cutter);
}

static void take_semicolon(Cutter *cutter, const Lexeme *lexeme) {
  Lexeme next = lex_next(cutter->at, cutter->limit);
  if (next.kind == LEX_BLANK) next = lex_next(next.end, cutter->limit);
  TokenKind kind = TOKEN_BAD;
  if (next.kind == LEX_LINE_END || next.kind == LEX_END || next.kind == LEX_COMMENT || next.kind == LEX_DOC) {
    kind = TOKEN_NONE;
  } else if (begins_statement(next.kind) && cutter->open_count == 0) {
    kind = TOKEN_NEWLINE;
  }
  token_add(cutter, kind, FAULT_SEMICOLON, lexeme->start, lexeme->end);
}

/* A name before a colon is a label; `narada` before a number at the start of a statement is the level. */
static void name_last(Cutter *cutter, TokenKind next) {
  size_t count = cutter->list.tokens.count;
  Token *last = last_token(cutter), *before = count > 1 ? last - 1 : last;
  bool is_name = last->kind == TOKEN_NAME || token_group((TokenKind)last->kind) == GROUP_WORD;
  if (next == TOKEN_COLON && is_name && before->kind != TOKEN_DOT) last->kind = TOKEN_LABEL;
  Text text = {cutter->source->text.bytes + last->start, last->end - last->start};
  if (next == TOKEN_INT && last->kind == TOKEN_NAME && before->kind == TOKEN_NEWLINE && text_is(text, "narada")) {
    last->kind = TOKEN_NARADA;
  }
}

static void take_token(Cutter *cutter, const Lexeme *lexeme) {
  switch (lexeme->kind) {
    case LEX_QUOTE:
      cut_text(cutter, lexeme->start, false);
      break;
    case LEX_RAW_QUOTE:
      cut_raw_text(cutter, lexeme->start);
      break;
    case LEX_SEMICOLON:
      take_semicolon(cutter, lexeme);
      break;
    case TOKEN_LPAREN:
    case TOKEN_LBRACKET:
    case TOKEN_LBRACE:
      take_opener(cutter, lexeme);
      break;
    case TOKEN_RPAREN:
    case TOKEN_RBRACKET:
      take_closer(cutter, (TokenKind)lexeme->kind, lexeme->start, lexeme->end);
      break;
    case TOKEN_RBRACE:
      if (cutter->holes > 0) {
        close_to(cutter, outside_parens(cutter), FAULT_UNCLOSED);
        close_bracket(cutter, FAULT_NONE, lexeme->start, lexeme->end);
        uint32_t quote = cutter->list.tokens.items[cutter->open[cutter->open_count - 1]].start;
        cut_text(cutter, cutter->source->text.bytes + quote, true);
      } else {
        take_closer(cutter, TOKEN_RBRACE, lexeme->start, lexeme->end);
      }
      break;
    case TOKEN_BAD:
      token_add_fault(cutter, TOKEN_BAD, lexeme->fault, lexeme->start, lexeme->end);
      break;
    default:
      if (lexeme->kind == TOKEN_COLON || lexeme->kind == TOKEN_INT) name_last(cutter, (TokenKind)lexeme->kind);
      token_add(cutter, (TokenKind)lexeme->kind, lexeme->fault, lexeme->start, lexeme->end);
      break;
  }
}

static bool cut_next(Cutter *cutter) {
  Lexeme lexeme = lex_next(cutter->at, cutter->limit);
  bool comment = lexeme.kind == LEX_COMMENT || lexeme.kind == LEX_DOC;
  if (comment && cutter->holes > 0) { /* the text must get its end */
    lexeme = (Lexeme){TOKEN_BAD, FAULT_CHARACTER, lexeme.start, lexeme.start + 1};
    comment = false;
  }
  cutter->at = lexeme.end;
  if (lexeme.kind == LEX_END) return false;
  if (lexeme.kind == LEX_LINE_END) {
    end_line(cutter);
  } else if (comment) {
    cut_comment(cutter, &lexeme);
  } else if (lexeme.kind == TOKEN_NONE) {
    token_add_fault(cutter, TOKEN_NONE, lexeme.fault, lexeme.start, lexeme.end);
  } else if (lexeme.kind != LEX_BLANK) {
    before_token(cutter, &lexeme);
    take_token(cutter, &lexeme);
  }
  return true;
}

TokenList token_list(Arena *arena, const Source *source) {
  Cutter cutter = {.arena = arena, .source = source, .at = source->text.bytes, .line = 1};
  cutter.limit = source->text.bytes + source->text.length;
  token_add(&cutter, TOKEN_NEWLINE, FAULT_NONE, cutter.at, cutter.at);
  if (source->text.length >= 3 && memcmp(cutter.at, "\xEF\xBB\xBF", 3) == 0) cutter.at += 3;
  while (cut_next(&cutter)) continue;
  close_to(&cutter, 0, FAULT_UNCLOSED);
  end_statement(&cutter);
  const char *end = cutter.limit;
  token_add(&cutter, TOKEN_NONE, FAULT_NONE, end, end);
  return cutter.list;
}
