/* Any bytes parse to a tree and to messages that render; nothing else may happen. */
#include <stdint.h>
#include <stdio.h>

#include "compiler/ast_dump.h"
#include "compiler/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

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
  }
  arena_free(arena);
  if (out) fclose(out);
  return 0;
}
