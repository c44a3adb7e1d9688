/* json_doc.h: a whole JSON document as a tree in an arena, for replies and other texts of foreign origin.
 *
 * What json.h refuses is refused (bad UTF-8, trailing bytes, numbers that are not finite, depth above 64), and also an object with the same key twice. */
#ifndef NARADA_BASE_JSON_DOC_H
#define NARADA_BASE_JSON_DOC_H

#include "base/json.h"

/* `kind` is JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_INTEGER, JSON_NUMBER, JSON_TRUE, JSON_FALSE or JSON_NULL. */
typedef struct JsonNode {
  JsonToken kind;
  uint32_t count; /* items of an array, members of an object; 0 of all others */
  union {
    Text text; /* of JSON_STRING, NUL-terminated */
    struct {
      struct JsonNode *items; /* side by side */
      Text *keys;             /* of an object, in the order written; keys[i] names items[i] */
    };
    struct {
      int64_t integer; /* of JSON_INTEGER */
      double number;   /* of JSON_INTEGER and JSON_NUMBER */
    };
  };
  Text span; /* of an object or array: its own, see json_print */
} JsonNode;

typedef struct JsonDoc {
  const JsonNode *root;
} JsonDoc;

/* `name` begins messages. The nodes live in `arena` and do not borrow from `text`. */
Status json_doc_read(Arena *arena, Text text, const char *name, JsonDoc *out, Error *error);

/* All of these take NULL and nodes of any kind, and then find nothing. */
const JsonNode *json_get(const JsonNode *object, const char *key); /* NULL: there is none */
/* RFC 6901 without escapes; an index may be -1, the last. "" is the node itself. */
const JsonNode *json_at(const JsonNode *node, Text pointer);
Text json_get_text(const JsonNode *object, const char *key); /* "" if it is no string */
/* A digest of an object or array as it was written, 0 of all else: equal for equal bytes. */
uint64_t json_print(const JsonNode *node);
/* A whole number, or a string of decimal digits, as some services write theirs. */
bool json_whole(const JsonNode *node, int64_t *out);

#endif
