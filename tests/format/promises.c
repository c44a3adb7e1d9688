#include "promises.h"

#include <string.h>

#include "compiler/syntax/ast_dump.h"
#include "compiler/compile.h"
#include "compiler/format/fix.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

typedef struct Program {
  SourceSet sources;
  DiagList diags;
  uint32_t source;
} Program;

static Program *program_of(Arena *arena, Text text) {
  Program *program = arena_alloc(arena, sizeof *program);
  program->sources.arena = program->diags.arena = arena;
  program->diags.sources = &program->sources;
  program->source = source_add(&program->sources, TEXT_LITERAL("program.nrd"), text);
  return program;
}

static Status format(Arena *arena, Text text, Text *out, Error *error) {
  Program *program = program_of(arena, text);
  return format_source(arena, &program->sources, program->source, &program->diags, out, error);
}

/* Empty if the program does not compile. */
static Text plan_id(Arena *arena, Text text) {
  Program *program = program_of(arena, text);
  Compiled compiled;
  Error error = {0};
  if (compile_source(arena, &program->sources, program->source, &program->diags, &compiled, &error) != STATUS_OK) return TEXT_LITERAL("");
  return text_copy(arena, (Text){(const char *)&compiled.plan->id, sizeof compiled.plan->id});
}

/* `filter` and `keep` are one stage, and the tree keeps the word that was written. */
static Text tree(Arena *arena, Text text) {
  Program *program = program_of(arena, text);
  Text dump = ast_dump(arena, parse_unit(arena, program->source, &program->diags));
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < dump.length;) {
    bool filter = dump.length - i >= 7 && memcmp(dump.bytes + i, "(filter", 7) == 0;
    text_append(&out, filter ? TEXT_LITERAL("(keep") : (Text){dump.bytes + i, 1});
    i += filter ? 7 : 1;
  }
  return text_built(&out);
}

static const char *differs(Arena *arena, const char *what, Text a, Text b) {
  if (text_equal(a, b)) return NULL;
  return arena_format(arena, "%s\n" TEXT_FORMAT "\nbecame\n" TEXT_FORMAT, what, TEXT_ARG(a), TEXT_ARG(b));
}

const char *format_breaks(Arena *arena, Text program, bool *parses) {
  Text once, twice;
  Error error = {0};
  Status status = format(arena, program, &once, &error);
  *parses = status == STATUS_OK;
  if (status == STATUS_FAILED) return arena_format(arena, "%s", error.message); /* comments are compared there */
  if (status != STATUS_OK) return NULL;
  if (format(arena, once, &twice, &error) != STATUS_OK) return arena_format(arena, "formatted, it does not parse\n" TEXT_FORMAT, TEXT_ARG(once));
  const char *wrong = differs(arena, "formatting again changes it:", once, twice);
  if (!wrong) wrong = differs(arena, "the tree", tree(arena, program), tree(arena, once));
  if (!wrong && !text_equal(plan_id(arena, program), plan_id(arena, once))) wrong = "the plan is another one";
  return wrong;
}

const char *fix_breaks(Arena *arena, Text program) {
  FixResult fixed = fix_text(arena, TEXT_LITERAL("program.nrd"), program);
  if ((fixed.changes.count == 0) != text_equal(program, fixed.text)) return "the changes told are not those made";
  if (fixed.rounds < FIX_MAX_ROUNDS && fix_text(arena, TEXT_LITERAL("program.nrd"), fixed.text).changes.count) return "there is more to mend after all was";
  Program *before = program_of(arena, program), *after = program_of(arena, fixed.text);
  parse_unit(arena, before->source, &before->diags);
  parse_unit(arena, after->source, &after->diags);
  if (after->diags.errors > before->diags.errors) return arena_format(arena, "mended, it has more mistakes of syntax\n" TEXT_FORMAT, TEXT_ARG(fixed.text));
  if (after->diags.errors < before->diags.errors) return NULL;
  before = program_of(arena, program);
  compile_check(arena, &before->sources, before->source, &before->diags);
  return fixed.errors > before->diags.errors ? arena_format(arena, "mended, it has more mistakes\n" TEXT_FORMAT, TEXT_ARG(fixed.text)) : NULL;
}
