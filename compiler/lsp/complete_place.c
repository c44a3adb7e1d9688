#include "compiler/lsp/completion.h"

#include <string.h>

static bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static bool in_comment(const TokenList *list, Text text) {
  size_t line = text.length;
  while (line > 0 && text.bytes[line - 1] != '\n') line--;
  bool inside = false;
  for (size_t i = 0; i < list->comments.count; i++) inside = inside || list->comments.items[i].start >= line;
  for (size_t i = 0; i < list->docs.count; i++) inside = inside || list->docs.items[i].start >= line;
  return inside;
}

/* The token that introduces the stage or source around the one at `at`. */
static size_t find_head(CompletePlace *place, size_t at) {
  const Token *tokens = place->expected.list.tokens.items;
  for (; at > 0; at--) {
    const Token *token = &tokens[at];
    TokenKind kind = (TokenKind)token->kind;
    if (kind == TOKEN_PIPE || kind == TOKEN_FROM || kind == TOKEN_LBRACE || kind == TOKEN_ASSIGN || kind == TOKEN_NEWLINE || kind == TOKEN_HOLE_OPEN) break;
    bool closes = kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET || kind == TOKEN_RBRACE;
    if (closes && token->match && token->match < at) {
      at = token->match;
      if (at == 0) break;
    } else if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET) {
      place->in_brackets = true;
    }
  }
  return at;
}

static void read_name(CompletePlace *place, const Source *source, size_t head) {
  const Token *tokens = place->expected.list.tokens.items;
  size_t at = head + 1, last = place->expected.last;
  bool destination = at <= last && tokens[at].kind == TOKEN_TO;
  if (destination) at++;
  size_t end = at;
  while (end <= last && (tokens[end].kind == TOKEN_NAME || tokens[end].kind == TOKEN_DOT || token_group((TokenKind)tokens[end].kind) == GROUP_WORD) &&
         (end == at || tokens[end].kind == TOKEN_DOT || tokens[end - 1].kind == TOKEN_DOT))
    end++;
  place->at_name = end == at;
  place->first = end;
  if (place->at_name) return;
  place->stage_name = (Text){source->text.bytes + tokens[at].start, tokens[end - 1].end - tokens[at].start};
  if (text_is(place->stage_name, "filter")) place->stage_name = TEXT_LITERAL("keep");
  place->stage = place->in_from ? stage_find_source(place->stage_name) : destination ? stage_find_destination(place->stage_name) : stage_find(place->stage_name);
}

static void read_arguments(CompletePlace *place, const Source *source) {
  const Token *tokens = place->expected.list.tokens.items;
  size_t last = place->expected.last;
  if (place->at_name || place->in_brackets) return;
  for (size_t at = place->first; at <= last; at++) {
    if (tokens[at].match > at) {
      at = tokens[at].match;
      continue;
    }
    place->positional += tokens[at].kind == TOKEN_COMMA;
    if (tokens[at].kind == TOKEN_LABEL && at + 1 == last && tokens[last].kind == TOKEN_COLON)
      place->option = (Text){source->text.bytes + tokens[at].start, tokens[at].end - tokens[at].start};
  }
}

/* What the program up to the stage gives to it. */
static void find_row(Arena *arena, const Document *document, CompletePlace *place, uint32_t end) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  uint32_t source = source_add(&sources, document->path, (Text){document->text.bytes, end});
  const Graph *graph = compile_check(arena, &sources, source, &diags);
  const RowsAt *best = NULL;
  place->has_row = true;
  place->row = (StreamType){.kind = ROWS_KIND_COUNT};
  for (size_t i = 0; graph && i < graph->rows.count; i++) {
    const RowsAt *rows = &graph->rows.items[i];
    if (rows->span.source == source && (!best || rows->span.end >= best->span.end)) best = rows;
  }
  if (best) place->row = best->type;
}

bool complete_place(Arena *arena, const Document *document, uint32_t offset, CompletePlace *out) {
  *out = (CompletePlace){.start = offset, .end = offset, .stage = STAGEID_COUNT};
  while (out->start > 0 && in_word(document->text.bytes[out->start - 1])) out->start--;
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  Text before = {document->text.bytes, out->start};
  uint32_t source = source_add(&sources, document->path, before);
  if (!parse_expected(arena, source, &diags, &out->expected) || in_comment(&out->expected.list, before)) return false;
  const Token *last = &out->expected.list.tokens.items[out->expected.last];
  for (size_t i = out->expected.last; i < out->expected.list.tokens.count; i++) {
    TokenFault fault = (TokenFault)out->expected.list.tokens.items[i].fault;
    if (fault == FAULT_TEXT_UNCLOSED || fault == FAULT_HOLE_UNCLOSED) return false;
  }
  out->previous = (TokenKind)last->kind;
  size_t head = find_head(out, out->expected.last);
  const Token *begin = &out->expected.list.tokens.items[head];
  if (begin->kind == TOKEN_NEWLINE || begin->kind == TOKEN_HOLE_OPEN) {
    out->first = head + 1;
    return true;
  }
  out->in_from = begin->kind == TOKEN_FROM;
  if (begin->kind != TOKEN_ASSIGN || out->expected.can[TOKEN_TO]) read_name(out, &sources.items[source], head);
  read_arguments(out, &sources.items[source]);
  /* The first stage in the braces of a `per` gets what the `per` gets. */
  bool in_brackets = out->in_brackets;
  while (head > 0 && out->expected.list.tokens.items[head].kind == TOKEN_LBRACE) head = find_head(out, head - 1);
  out->in_brackets = in_brackets;
  if (out->expected.list.tokens.items[head].kind == TOKEN_PIPE) find_row(arena, document, out, out->expected.list.tokens.items[head].start);
  return true;
}

/* Where the text that is open at the end of `before` began; false if none is, or if it has holes. */
static bool find_quote(Arena *arena, const Document *document, Text before, uint32_t *quote) {
  SourceSet sources = {.arena = arena};
  uint32_t source = source_add(&sources, document->path, before);
  TokenList list = token_list(arena, &sources.items[source]);
  const Token *open = NULL;
  for (size_t i = 0; i < list.tokens.count; i++)
    if (list.tokens.items[i].fault == FAULT_TEXT_UNCLOSED) open = &list.tokens.items[i];
  if (!open || before.bytes[open->related] != '"') return false;
  *quote = open->related;
  for (size_t i = *quote; i < before.length; i++)
    if (before.bytes[i] == '\n' || (before.bytes[i] == '{' && before.bytes[i - 1] != '\\')) return false;
  return true;
}

bool complete_place_in_text(Arena *arena, const Document *document, uint32_t offset, CompletePlace *out, bool *closed) {
  uint32_t quote;
  if (!find_quote(arena, document, (Text){document->text.bytes, offset}, &quote)) return false;
  if (!complete_place(arena, document, quote, out) || out->start != quote) return false;
  TokenList list = token_list(arena, &document->sources.items[document->source]);
  out->start = quote + 1;
  out->end = offset;
  *closed = false;
  for (size_t i = 0; i < list.tokens.count; i++) {
    const Token *token = &list.tokens.items[i];
    if (token->start != quote || token->kind != TOKEN_TEXT || token->fault) continue;
    out->end = token->end - 1;
    *closed = true;
  }
  return out->end >= offset;
}

const ParamDef *complete_param(const CompletePlace *place) {
  if (place->stage == STAGEID_COUNT || place->at_name || place->in_brackets) return NULL;
  const StageDef *def = stage_def(place->stage);
  size_t positional = 0;
  const ParamDef *last = NULL;
  for (size_t i = 0; i < def->param_count; i++) {
    const ParamDef *param = &def->params[i];
    if (param->flags & PARAM_HIDDEN) continue;
    if (place->option.length && text_is(place->option, param->name)) return param;
    if (place->option.length || !(param->flags & PARAM_POSITIONAL)) continue;
    last = param;
    if (positional++ == place->positional) return param;
  }
  return last && (last->flags & PARAM_REPEATED) ? last : NULL;
}

bool complete_begins_value(const CompletePlace *place) {
  return place->option.length || place->previous == TOKEN_COMMA || place->expected.last + 1 == place->first;
}
