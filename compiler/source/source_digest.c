#include "compiler/syntax/token.h"

/* Only a comma's and a line's end's place is the layout's business; everything else that is written counts, as it is written. */
static bool is_layout(TokenKind kind) {
  return kind == TOKEN_NEWLINE || kind == TOKEN_COMMA || kind == TOKEN_NONE;
}

Digest source_digest(Arena *arena, const Source *source) {
  TokenList list = token_list(arena, source);
  TextBuilder words = {.arena = arena};
  for (size_t i = 0; i < list.tokens.count; i++) {
    const Token *token = &list.tokens.items[i];
    if (is_layout((TokenKind)token->kind)) continue;
    Text word = {source->text.bytes + token->start, token->end - token->start};
    text_append(&words, token->kind == TOKEN_NAME && text_is(word, "filter") ? TEXT_LITERAL("keep") : word);
    text_append_char(&words, '\n');
  }
  Text all = text_built(&words);
  return sha256(all.bytes, all.length);
}
