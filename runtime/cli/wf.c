/* narada wf: the workflows of the library. */
#include <string.h>

#include "cli/command.h"
#include "compiler/check/std_module.h"

static const OptionDef option_defs[] = {{"help", 'h', NULL, "this text"}};

/* The first sentence line of the `##` text that a module begins with. */
static Text summary_of(const StdModule *module) {
  Text text = {module->text, module->length};
  if (text.length < 3 || memcmp(text.bytes, "## ", 3) != 0) return (Text){"", 0};
  text = (Text){text.bytes + 3, text.length - 3};
  const char *end = memchr(text.bytes, '\n', text.length);
  if (end) text.length = (size_t)(end - text.bytes);
  return text;
}

static void list(void) {
  for (size_t i = 0; i < std_module_count; i++) {
    printf("%-32s ", std_modules[i].name);
    text_print(stdout, summary_of(&std_modules[i]));
    putchar('\n');
  }
}

static Status no_workflow(Arena *arena, Text name, Error *error) {
  Text near = std_module_nearest(arena, name);
  if (near.length) return fail(error, STATUS_USAGE, "", "no workflow `" TEXT_FORMAT "`; did you mean `" TEXT_FORMAT "`?", TEXT_ARG(name), TEXT_ARG(near));
  return fail(error, STATUS_USAGE, "", "no workflow `" TEXT_FORMAT "`; `narada wf list` shows them", TEXT_ARG(name));
}

static Status show(Arena *arena, const char *word, Error *error) {
  Text name = text_of(std_is_name(word) ? word + strlen("std.") : word);
  const StdModule *module = std_module_find(name);
  if (!module) return no_workflow(arena, name, error);
  text_print_lines(stdout, (Text){module->text, module->length});
  return STATUS_OK;
}

static void help(void) {
  puts("usage: narada wf list          the workflows of the library, and what each does\n"
       "       narada wf show NAME     its program, to copy and change\n\n"
       "`narada NAME` runs one; `narada NAME --help` tells its parameters.");
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Status status = options_read(arena, option_defs, 1, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  size_t count = options.operands.count;
  const char *word = count ? options.operands.items[0] : "list";
  if (options_have(&options, "help")) {
    help();
    return STATUS_OK;
  }
  if (strcmp(word, "list") == 0 && count < 2) {
    list();
    return STATUS_OK;
  }
  if (strcmp(word, "show") == 0 && count == 2) return show(arena, options.operands.items[1], error);
  if (strcmp(word, "show") == 0) return fail(error, STATUS_USAGE, "", "which workflow? narada wf show NAME");
  return fail(error, STATUS_USAGE, "", "`narada wf` knows list and show, each as `narada wf --help` tells");
}

const Command command_wf = {"wf", "the workflows of the library: wf list, wf show NAME", run, help};
