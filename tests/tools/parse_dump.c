/* Parses a program and renders what is wrong with it: parse_dump [--tree] FILE. Exit 1 when there were errors. */
#include <string.h>

#include "compiler/syntax/ast_dump.h"
#include "compiler/syntax/parse.h"

int main(int count, char **arguments) {
  bool tree = count == 3 && strcmp(arguments[1], "--tree") == 0;
  if (count != 2 && !tree) {
    fputs("usage: parse_dump [--tree] FILE\n", stderr);
    return STATUS_USAGE;
  }
  Arena *arena = arena_new(0);
  if (!arena) return STATUS_FAILED;
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  Error error;
  uint32_t source;
  Status status = source_read(&sources, arguments[count - 1], &source, &error);
  if (status == STATUS_OK) {
    Unit *unit = parse_unit(arena, source, &diags);
    diag_sort(&diags);
    diag_render(&diags, stderr, false);
    if (tree) {
      Text dump = ast_dump(arena, unit);
      fwrite(dump.bytes, 1, dump.length, stdout);
    }
    if (diags.errors) status = STATUS_FAILED;
  } else {
    fprintf(stderr, "%s\n", error.message);
  }
  arena_free(arena);
  return status;
}
