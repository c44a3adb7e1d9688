/* What could stand here, in few words: tokens the grammar would accept, grouped as a person thinks of them. */
#include "compiler/syntax/parse_int.h"

typedef struct Words {
  Arena *arena;
  VEC(const char *) items;
} Words;

static void say(Words *words, const char *text) {
  vec_push(words->arena, &words->items, text);
}

static void say_quoted(Words *words, TokenKind kind) {
  say(words, arena_format(words->arena, "`%s`", token_text(kind)));
}

static Text join(Words *words) {
  TextBuilder builder = {.arena = words->arena};
  for (size_t i = 0; i < words->items.count; i++) {
    if (i) text_append(&builder, text_of(i + 1 == words->items.count ? " or " : ", "));
    text_append(&builder, text_of(words->items.items[i]));
  }
  return words->items.count ? text_built(&builder) : TEXT_LITERAL("");
}

/* What a name would be here. */
static const char *name_word(Parse *parse, const bool can[TOKEN_COUNT], const Token *previous) {
  if (can[TOKEN_TO]) return "a stage";
  if (previous->kind == TOKEN_FROM) return "a source";
  if (previous->kind == TOKEN_TO) return "a destination";
  if (previous->kind == TOKEN_COLON) return "a type";
  TokenKind around = (TokenKind)parse->list.tokens.items[previous->enclosing].kind;
  return previous->kind == TOKEN_LBRACKET && around != TOKEN_LBRACKET ? "a type" : "a name";
}

Text expected_words(Parse *parse, const Token *previous) {
  bool can[TOKEN_COUNT];
  for (int kind = 0; kind < TOKEN_COUNT; kind++) can[kind] = machine_accepts(parse->machine, (TokenKind)kind);
  Words words = {.arena = parse->arena};
  bool expression = can[TOKEN_NAME] && can[TOKEN_INT] && can[TOKEN_LBRACKET];
  bool statement = can[TOKEN_FROM] && can[TOKEN_LET];
  if (expression)
    say(&words, "an expression");
  else if (can[TOKEN_NAME])
    say(&words, name_word(parse, can, previous));
  if (can[TOKEN_STAR]) say(&words, "an operator");
  if (can[TOKEN_TEXT] && !expression) say(&words, "a text");
  if (can[TOKEN_LABEL]) say(&words, can[TOKEN_NAME] && !expression ? "an option" : token_text(TOKEN_LABEL));
  static const TokenKind singles[] = {TOKEN_FROM, TOKEN_LET, TOKEN_PARAM, TOKEN_STAGE, TOKEN_USE};
  for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
    TokenKind kind = singles[i];
    if (can[kind] && (statement || (kind == TOKEN_FROM))) say_quoted(&words, kind);
  }
  static const TokenKind signs[] = {TOKEN_ASSIGN,   TOKEN_COLON,  TOKEN_COMMA,      TOKEN_RPAREN,
                                    TOKEN_RBRACKET, TOKEN_RBRACE, TOKEN_HOLE_CLOSE, TOKEN_PIPE};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (can[signs[i]]) say_quoted(&words, signs[i]);
  }
  if (can[TOKEN_LPAREN] && !expression && !can[TOKEN_STAR]) say_quoted(&words, TOKEN_LPAREN);
  if (can[TOKEN_LBRACE] && !can[TOKEN_NAME] && !can[TOKEN_STAR]) say_quoted(&words, TOKEN_LBRACE);
  if (can[TOKEN_MISSING] && !expression) say(&words, "`missing`");
  if (can[TOKEN_NOT] && can[TOKEN_MISSING] && !expression) say(&words, "`not missing`");
  if (can[TOKEN_IN] && !can[TOKEN_STAR]) say(&words, "`in`");
  if (can[TOKEN_NEWLINE] && !statement) say(&words, token_text(TOKEN_NEWLINE));
  return join(&words);
}
