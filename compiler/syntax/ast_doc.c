/* Doc comments: which `##` lines belong to which statement, and which to the file. */
#include "compiler/syntax/parse_int.h"

static Text doc_text(const Parse *parse, const DocLine *line) {
  return (Text){parse->source->text.bytes + line->start, line->end - line->start};
}

static Text join_lines(Parse *parse, size_t first, size_t end) {
  TextBuilder builder = {.arena = parse->arena};
  for (size_t i = first; i < end; i++) {
    if (i > first) text_append_char(&builder, '\n');
    text_append(&builder, doc_text(parse, &parse->list.docs.items[i]));
  }
  return end > first ? text_built(&builder) : TEXT_LITERAL("");
}

/* Index of the first doc line at or below `line`. */
static size_t doc_from(const Parse *parse, uint32_t line) {
  size_t low = 0, high = parse->list.docs.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (parse->list.docs.items[middle].line < line)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The block of whole doc lines that ends just above `line`. */
static Text doc_above(Parse *parse, uint32_t line) {
  const DocLine *docs = parse->list.docs.items;
  size_t end = doc_from(parse, line), first = end;
  while (first > 0 && !docs[first - 1].trailing &&
         docs[first - 1].line + 1 == (first == end ? line : docs[first].line)) {
    first--;
  }
  return join_lines(parse, first, end);
}

static Text doc_beside(Parse *parse, uint32_t line) {
  size_t at = doc_from(parse, line);
  const DocLine *docs = parse->list.docs.items;
  if (at == parse->list.docs.count || docs[at].line != line || !docs[at].trailing) return TEXT_LITERAL("");
  return doc_text(parse, &docs[at]);
}

void doc_attach(Parse *parse, Unit *unit) {
  uint32_t first_line = UINT32_MAX;
  for (size_t i = 0; i < unit->stmt_count; i++) {
    Stmt *stmt = unit->stmts[i];
    uint32_t line = source_place(parse->source, stmt->span.start).line;
    if (i == 0) first_line = line;
    stmt->doc = doc_above(parse, line);
    if (stmt->doc.length == 0 && stmt->kind == STMT_PARAM) {
      stmt->doc = doc_beside(parse, source_place(parse->source, stmt->span.end).line);
    }
  }
  const DocLine *docs = parse->list.docs.items;
  size_t end = 0;
  while (end < parse->list.docs.count && !docs[end].trailing && (end == 0 || docs[end].line == docs[end - 1].line + 1))
    end++;
  bool leads = end > 0 && docs[end - 1].line + 1 < first_line;
  unit->doc = leads ? join_lines(parse, 0, end) : TEXT_LITERAL("");
}
