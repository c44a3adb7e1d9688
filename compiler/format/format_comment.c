/* Comments are not tokens: they are found in what stands between two of them. Commas and pipes in a gap are signs that the layout writes itself. */
#include <string.h>

#include "compiler/format/format_int.h"

Gap gap_between(const Source *source, uint32_t start, uint32_t end) {
  const char *bytes = source->text.bytes;
  return (Gap){.at = bytes + start, .end = bytes + end, .line_begun = start == 0};
}

bool gap_next(Gap *gap, Comment *out) {
  gap->newline = gap->empty_line = false;
  const char *line = gap->at;
  for (; gap->at < gap->end; gap->at++) {
    if (*gap->at == '\n') {
      gap->empty_line = gap->empty_line || gap->newline;
      gap->newline = gap->line_begun = true;
      line = gap->at + 1;
    } else if (*gap->at == '#') {
      const char *start = gap->at;
      const char *end = memchr(start, '\n', (size_t)(gap->end - start));
      gap->at = end = end ? end : gap->end;
      while (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r') end--;
      *out = (Comment){{start, (size_t)(end - start)}, !gap->line_begun, gap->line_begun && start > line, gap->empty_line};
      return true;
    }
  }
  return false;
}

bool gap_has_newline(const Source *source, uint32_t start, uint32_t end) {
  return start < end && memchr(source->text.bytes + start, '\n', end - start) != NULL;
}

/* All comments of a source, one after the other. */
typedef struct Walk {
  const Source *source;
  const TokenList *list;
  size_t token;
  Gap gap;
} Walk;

static bool walk_next(Walk *walk, Comment *out) {
  while (walk->token < walk->list->tokens.count) {
    if (walk->gap.at && gap_next(&walk->gap, out)) return true;
    const Token *token = &walk->list->tokens.items[walk->token++];
    if (token->kind == TOKEN_TEXT_OPEN) {
      walk->token = token->match;
      walk->gap.at = NULL;
      continue;
    }
    uint32_t next = walk->token < walk->list->tokens.count ? walk->list->tokens.items[walk->token].start : token->end;
    walk->gap = gap_between(walk->source, token->end, next);
  }
  return false;
}

bool comments_same(const Source *a, const TokenList *a_tokens, const Source *b, const TokenList *b_tokens) {
  Walk first = {.source = a, .list = a_tokens}, second = {.source = b, .list = b_tokens};
  for (;;) {
    Comment one, other;
    bool more = walk_next(&first, &one);
    if (more != walk_next(&second, &other)) return false;
    if (!more) return true;
    if (!text_equal(one.text, other.text)) return false;
  }
}
