/* Any bytes parse to a tree and to messages that render, and what parses is formatted, to what formats to itself; nothing else may happen. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "compiler/syntax/ast_dump.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A second time with what came of the first. */
static void format(Arena *arena, Text text, int rounds, Text expected) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  Error error = {0};
  Text out;
  Status status = format_source(arena, &sources, source_add(&sources, TEXT_LITERAL("fuzz.nrd"), text), &diags, &out, &error);
  if (status == STATUS_FAILED || (expected.bytes && (status != STATUS_OK || !text_equal(out, expected)))) {
    fprintf(stderr, "%s\n--- from\n" TEXT_FORMAT "\n--- to\n" TEXT_FORMAT "\n", error.message, TEXT_ARG(text), TEXT_ARG(status == STATUS_OK ? out : expected));
    abort();
  }
  if (status == STATUS_OK && rounds > 1) format(arena, out, rounds - 1, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  FILE *out = fopen("/dev/null", "w");
  Arena *arena = arena_new(0);
  if (out && arena && length <= SOURCE_MAX_BYTES) {
    SourceSet sources = {.arena = arena};
    DiagList diags = {.arena = arena, .sources = &sources};
    uint32_t source = source_add(&sources, TEXT_LITERAL("fuzz.nrd"), (Text){(const char *)bytes, length});
    Unit *unit = parse_unit(arena, source, &diags);
    ast_dump(arena, unit);
    diag_sort(&diags);
    diag_render(&diags, out, true);
    format(arena, (Text){(const char *)bytes, length}, 2, (Text){NULL, 0});
  }
  arena_free(arena);
  if (out) fclose(out);
  return 0;
}
