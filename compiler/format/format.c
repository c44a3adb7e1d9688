/* The formatter: statements and what stands between them; and the proof that the result is the same program. */
#include "compiler/format/format.h"

#include "compiler/format/format_int.h"
#include "compiler/syntax/parse.h"

/* Comments and empty lines between two statements, or before the first and behind the last. */
static void put_distance(Formatter *formatter, uint32_t start, uint32_t end) {
  Layout *layout = &formatter->layout;
  Gap gap = gap_between(formatter->source, start, end);
  Comment comment;
  bool below_statement = start > 0;
  while (gap_next(&gap, &comment)) {
    below_statement = below_statement && !comment.after_empty;
    if (comment.after_empty) layout_put(layout, LAYOUT_EMPTY_LINE);
    layout_comment(layout, (LayoutOp){.text = comment.text, .trailing = comment.beside, .indented = comment.indented && below_statement});
    layout_put(layout, LAYOUT_HARD);
  }
  if (gap.empty_line) layout_put(layout, LAYOUT_EMPTY_LINE);
  layout_put(layout, LAYOUT_HARD);
}

static size_t statement_end(const Formatter *formatter, size_t at) {
  while (kind_at(formatter, at) != TOKEN_NEWLINE) at = last_of(formatter, at) + 1;
  return at;
}

/* The first token of the list is a NEWLINE, the last the end of the file. */
static void put_unit(Formatter *formatter, size_t count) {
  uint32_t before = 0;
  size_t at = 1;
  while (at + 1 < count) {
    size_t end = statement_end(formatter, at);
    put_distance(formatter, before, formatter->tokens[at].start);
    put_statement(formatter, at, end);
    before = formatter->tokens[end - 1].end;
    at = end + 1;
  }
  put_distance(formatter, before, formatter->tokens[at].start);
}

static bool defines_filter(const Unit *unit) {
  for (size_t i = 0; i < unit->stmt_count; i++)
    if (unit->stmts[i]->kind == STMT_STAGE && text_is(unit->stmts[i]->name, "filter")) return true;
  return false;
}

/* A comma before an option or at the end of a list may come and go. */
static size_t next_that_counts(const TokenList *list, size_t at) {
  if (at + 1 >= list->tokens.count || list->tokens.items[at].kind != TOKEN_COMMA) return at;
  TokenKind next = (TokenKind)list->tokens.items[at + 1].kind;
  return next == TOKEN_LABEL || next == TOKEN_RBRACKET ? at + 1 : at;
}

static bool same_token(const Source *a, const Token *one, const Source *b, const Token *other) {
  if (one->kind != other->kind || one->fault || other->fault) return false;
  if (one->kind == TOKEN_NEWLINE) return true;
  Text written = {a->text.bytes + one->start, one->end - one->start}, now = {b->text.bytes + other->start, other->end - other->start};
  return text_equal(written, now) || (text_is(written, "filter") && text_is(now, "keep"));
}

static bool same_program(const Source *a, const TokenList *one, const Source *b, const TokenList *other) {
  size_t i = 0, k = 0;
  for (;; i++, k++) {
    i = next_that_counts(one, i);
    k = next_that_counts(other, k);
    if (i == one->tokens.count || k == other->tokens.count) break;
    if (!same_token(a, &one->tokens.items[i], b, &other->tokens.items[k])) return false;
  }
  return i == one->tokens.count && k == other->tokens.count && comments_same(a, one, b, other);
}

Status format_source(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags, Text *out, Error *error) {
  size_t errors = diags->errors;
  Unit *unit = parse_unit(arena, source, diags);
  const Source *written = &sources->items[source];
  if (diags->errors > errors) {
    return fail(error, STATUS_USAGE, "", TEXT_FORMAT ": does not parse; nothing was formatted", TEXT_ARG(written->path));
  }
  TokenList list = token_list(arena, written);
  Formatter formatter = {.arena = arena, .source = written, .tokens = list.tokens.items, .layout = {.arena = arena}, .own_filter = defines_filter(unit)};
  put_unit(&formatter, list.tokens.count);
  *out = layout_print(&formatter.layout, FORMAT_COLUMNS);
  SourceSet scratch = {.arena = arena};
  source_add(&scratch, written->path, *out);
  const Source *formatted = scratch.items;
  TokenList again = token_list(arena, formatted);
  if (same_program(written, &list, formatted, &again)) return STATUS_OK;
  return fail(error, STATUS_FAILED, "N9001", TEXT_FORMAT ": a mistake of ours: the formatted program would not be the same; the file is as it was",
              TEXT_ARG(written->path));
}
