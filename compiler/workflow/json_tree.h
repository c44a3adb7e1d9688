/* json_tree.h: a JSON document as a tree with the places of its parts, for files that are programs. */
#ifndef NARADA_COMPILER_JSON_TREE_H
#define NARADA_COMPILER_JSON_TREE_H

#include "compiler/source/diag.h"

typedef enum JsonKind { JSON_IS_NULL, JSON_IS_BOOL, JSON_IS_INTEGER, JSON_IS_NUMBER, JSON_IS_TEXT, JSON_IS_ARRAY, JSON_IS_OBJECT } JsonKind;

typedef struct JsonValue {
  JsonKind kind;
  Span span;
  Text pointer;    /* RFC 6901, "" of the whole */
  bool boolean;
  int64_t integer; /* of JSON_IS_INTEGER */
  double number;   /* of both numbers */
  Text text;
  struct JsonMember *members; /* of an object, in the order written, each key once; of an array without keys */
  size_t count;
} JsonValue;

typedef struct JsonMember {
  Text key;
  Span key_span;
  JsonValue *value;
  bool known; /* for the reader of the tree: it knows what the key means */
} JsonMember;

/* Reads a whole source. NULL after a mistake in the JSON itself, which is told. A key that stands twice in an object is told, and the first counts. */
JsonValue *json_tree_read(Arena *arena, SourceSet *sources, uint32_t source, DiagList *diags);
/* The member called `key`, marked as known, or NULL; NULL also for what is no object. */
JsonMember *json_member(const JsonValue *object, const char *key);
/* "an object", "a list", "a text", ... */
const char *json_kind_name(JsonKind kind);

#endif
