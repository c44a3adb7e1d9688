/* reference.h: the reference of the language, written from the tables of stdlib. */
#ifndef NARADA_COMPILER_REFERENCE_H
#define NARADA_COMPILER_REFERENCE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

typedef enum ExampleKind { EXAMPLE_STAGE, EXAMPLE_FUNCTION, EXAMPLE_FIELDS, EXAMPLE_KIND_COUNT } ExampleKind;

/* A row of stdlib/examples.def. */
typedef struct Example {
  ExampleKind kind;
  const char *name;    /* "from file.csv", "take", "to file.csv"; "count"; "library" */
  const char *program; /* compiles as it is */
} Example;
const Example *reference_examples(size_t *count);
/* The first example of that kind and name, or NULL. */
const Example *reference_example(ExampleKind kind, const char *name);

/* All of it, as Markdown: stages, fields, functions, types, operators, limits and the codes of messages. */
void reference_write(Arena *arena, FILE *out);
/* What there is about a name: every stage, source, destination, function, field, type and code called so; false if nothing is. */
bool reference_write_name(Arena *arena, Text name, FILE *out);

#endif
