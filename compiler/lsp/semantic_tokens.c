/* Colours from what words mean: semantic tokens. */
#include <string.h>

#include "compiler/lsp/classes.h"
#include "compiler/lsp/features.h"

/* The index of the class's type in the legend: the types in the order in which the classes first name them. */
static int type_index(WordClass class) {
  int index = 0;
  for (int i = CLASS_NONE + 1; i < CLASS_COUNT; i++) {
    bool again = false;
    for (int j = CLASS_NONE + 1; j < i; j++)
      again = again || strcmp(class_token_type((WordClass)i), class_token_type((WordClass)j)) == 0;
    if (strcmp(class_token_type((WordClass)i), class_token_type(class)) == 0) return index;
    index += !again;
  }
  return index;
}

void append_semantic_legend(TextBuilder *out) {
  int types = 0;
  text_append(out, TEXT_LITERAL("{\"tokenTypes\":["));
  for (int i = CLASS_NONE + 1; i < CLASS_COUNT; i++) {
    if (type_index((WordClass)i) != types) continue;
    text_append_format(out, "%s\"%s\"", types ? "," : "", class_token_type((WordClass)i));
    types++;
  }
  text_append(out, TEXT_LITERAL("],\"tokenModifiers\":["));
  for (int bit = 0; bit < MODIFIER_COUNT; bit++)
    text_append_format(out, "%s\"%s\"", bit ? "," : "", class_modifier_name(bit));
  text_append(out, TEXT_LITERAL("]}"));
}

/* Where the last number counted from stands. */
typedef struct Cursor {
  const Lines *lines;
  uint32_t line, at, character;
} Cursor;

static void advance(Cursor *cursor, uint32_t offset) {
  const Lines *lines = cursor->lines;
  while (cursor->line + 1 < lines->count && lines->starts[cursor->line + 1] <= offset) {
    cursor->at = lines->starts[++cursor->line];
    cursor->character = 0;
  }
  cursor->character += encoding_length(lines->encoding, (Text){lines->text.bytes + cursor->at, offset - cursor->at});
  cursor->at = offset;
}

/* Those that touch [start, end). */
static void append_tokens(Request *request, uint32_t start, uint32_t end) {
  const Document *document = request->document;
  TextBuilder *out = &request->result;
  ClassedWords words = classes_of(request->arena, document);
  Cursor cursor = {.lines = &document->lines};
  uint32_t line = 0, character = 0;
  int types[CLASS_COUNT];
  for (int i = 0; i < CLASS_COUNT; i++) types[i] = type_index((WordClass)i);
  text_append(out, TEXT_LITERAL("{\"data\":["));
  for (size_t i = 0; i < words.count; i++) {
    const ClassedWord *word = &words.items[i];
    if (word->end <= start || word->start >= end) continue;
    advance(&cursor, word->start);
    uint32_t ahead = cursor.line == line ? cursor.character - character : cursor.character;
    uint32_t length = encoding_length(document->lines.encoding,
                                      (Text){document->text.bytes + word->start, word->end - word->start});
    text_append_format(out, "%s%u,%u,%u,%d,%u", out->bytes[out->length - 1] == '[' ? "" : ",", cursor.line - line, ahead,
                       length, types[word->class], word->modifiers);
    line = cursor.line;
    character = cursor.character;
  }
  text_append(out, TEXT_LITERAL("]}"));
}

bool feature_semantic_tokens(Request *request) {
  if (request->document->graph) append_tokens(request, 0, UINT32_MAX);
  return true;
}

bool feature_semantic_tokens_range(Request *request) {
  Position from, to;
  if (!request_range(request, &from, &to)) return false;
  const Lines *lines = &request->document->lines;
  if (request->document->graph) append_tokens(request, lines_offset(lines, from), lines_offset(lines, to));
  return true;
}
