#include "compiler/compile.h"
#include "compiler/syntax/parse.h"
#include "compiler/check/std_module.h"

void explain_library(Arena *arena, FILE *out) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  for (size_t i = 0; i < std_module_count; i++) {
    Text name = text_of(arena_format(arena, "std.%s", std_modules[i].name));
    uint32_t source = source_add(&sources, name, (Text){std_modules[i].text, std_modules[i].length});
    Text doc = parse_unit(arena, source, &diags)->doc;
    size_t line = 0;
    while (line < doc.length && doc.bytes[line] != '\n') line++;
    fprintf(out, "%-34s ", name.bytes);
    text_print(out, (Text){doc.bytes, line});
    fputc('\n', out);
  }
}
