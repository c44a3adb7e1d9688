#include "compiler/syntax/token.h"

static const struct {
  const char *text;
  TokenGroup group;
} rows[TOKEN_COUNT] = {
    {"the end of the file", GROUP_LAYOUT},
#define TOKEN(name, text, group) {text, GROUP_##group},
#include "grammar/tokens.def"
#undef TOKEN
};

const char *token_text(TokenKind kind) {
  return rows[kind].text;
}

TokenGroup token_group(TokenKind kind) {
  return rows[kind].group;
}
