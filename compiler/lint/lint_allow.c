/* Comments that allow a warning: `# allow N6002 because ...` behind the line it is about, or alone on the line above. */
#include <string.h>

#include "compiler/lint/lint_int.h"
#include "compiler/syntax/token.h"

typedef struct Allow {
  Span span;      /* of the code */
  const DiagInfo *info;
  uint32_t line;  /* that it is about */
  bool used;
} Allow;
typedef VEC(Allow) AllowList;

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == ',';
}

/* The next word of `text` from `*at`. */
static Text next_word(Text text, size_t *at) {
  while (*at < text.length && is_blank(text.bytes[*at])) (*at)++;
  size_t start = *at;
  while (*at < text.length && !is_blank(text.bytes[*at])) (*at)++;
  return (Text){text.bytes + start, *at - start};
}

static bool looks_like_code(Text word) {
  return word.length == 5 && (word.bytes[0] == 'N' || word.bytes[0] == 'n') && word.bytes[1] >= '0' && word.bytes[1] <= '9';
}

/* A comment that begins with `allow` and something like a code is meant as one; other words are just words. */
static void read_comment(DiagList *diags, AllowList *allows, uint32_t source, const DocLine *comment) {
  Text text = {diags->sources->items[source].text.bytes + comment->start, comment->end - comment->start};
  size_t at = 0;
  if (!text_is(next_word(text, &at), "allow")) return;
  for (Text word = next_word(text, &at); looks_like_code(word); word = next_word(text, &at)) {
    uint32_t start = comment->start + (uint32_t)(word.bytes - text.bytes);
    Span span = {source, start, start + (uint32_t)word.length};
    const DiagInfo *info = diag_find(word);
    if (info && info->severity == SEVERITY_WARNING) {
      vec_push(diags->arena, allows, (Allow){span, info, comment->line + (comment->trailing ? 0 : 1), false});
      continue;
    }
    Diag *diag = diag_report(diags, DIAG_ALLOW_UNKNOWN, span, info ? "`" TEXT_FORMAT "` is an error and cannot be allowed" : "no warning has the code `" TEXT_FORMAT "`",
                             TEXT_ARG(word));
    diag_hint(diags, diag, info ? "only warnings (N6) can" : "the code stands in brackets, as in warning[N6002]");
  }
}

static bool is_allowed(const DiagList *diags, AllowList *allows, const Diag *diag) {
  uint32_t line = source_place(&diags->sources->items[diag->span.source], diag->span.start).line;
  bool allowed = false;
  for (size_t i = 0; i < allows->count; i++) {
    Allow *allow = &allows->items[i];
    bool meant = allow->info == diag_info(diag->code) && allow->line == line && allow->span.source == diag->span.source;
    allow->used = allow->used || meant;
    allowed = allowed || meant;
  }
  return allowed;
}

void lint_allow(DiagList *diags) {
  AllowList allows = {0};
  for (uint32_t source = 0; source < diags->sources->count; source++) {
    const Source *text = &diags->sources->items[source];
    if (!strstr(text->text.bytes, "allow")) continue;
    TokenList tokens = token_list(diags->arena, text);
    for (size_t i = 0; i < tokens.comments.count; i++) read_comment(diags, &allows, source, &tokens.comments.items[i]);
  }
  size_t kept = 0;
  for (size_t i = 0; i < diags->count && allows.count; i++)
    if (!is_allowed(diags, &allows, diags->items[i])) diags->items[kept++] = diags->items[i];
  if (allows.count) diags->count = kept;
  for (size_t i = 0; i < allows.count; i++) {
    if (allows.items[i].used) continue;
    Diag *diag = diag_report(diags, DIAG_ALLOW_IDLE, allows.items[i].span, "there is no %s on line %u", allows.items[i].info->code, allows.items[i].line);
    diag_hint(diags, diag, "remove the comment");
  }
}
