/* naradac: the compiler's command line. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input.h"
#include "cli/options.h"
#include "compiler/compile.h"
#include "compiler/command/check_command.h"
#include "compiler/command/fmt_command.h"
#include "compiler/show/graph_view.h"
#include "compiler/lsp/server.h"
#include "compiler/command/plan_command.h"
#include "compiler/command/workflow_command.h"
#include "compiler/show/reference.h"
#include "expect/expect.h"

typedef struct Command Command;

/* One call of the program. */
typedef struct Call {
  Arena *arena;
  const Command *command;
  Options options;
  Status result;
} Call;

struct Command {
  const char *name;
  const char *form;
  const char *doc;
  const char *details;
  Status (*run)(Call *call, Error *error);
  const char *takes; /* the options it has, each with a blank behind it */
};

static const OptionDef option_defs[] = {
    {"output", 'o', "OUT.nrdc", "where `build` and `asm` write the plan, `import` and `export` theirs"},
    {"strict", 0, NULL, "`check` counts warnings as problems"},
    {"read-only", 0, NULL, "`check`: programs may write nothing"},
    {"allow", 0, "EFFECT...", "`check`: programs may do this, as write:spotify, and nothing else of its kind"},
    {"max-calls", 0, "N", "`check`: programs may make at most so many calls to services"},
    {"update", 0, NULL, "`test` writes what the programs do into the expected tables"},
    {"quiet", 'q', NULL, "`test` tells only what failed"},
    {"check", 0, NULL, "`fmt` writes nothing and names the files that would change"},
    {"diff", 0, NULL, "`fmt` writes nothing and shows what would change"},
    {"fix", 0, NULL, "`fmt` mends what messages know to mend, before it formats"},
    {"defaults", 0, NULL, "`export` writes parameters as what they are without a flag"},
    {"format", 0, "F", "what `graph` writes, or `check` (human, json, jsonl, sarif, github)"},
    {"help", 'h', NULL, "this text, or the text of a command"},
    {"version", 0, NULL, "the version"},
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

/* `naradac check` tells a file that cannot be read from one that has problems. */
enum { CHECK_COULD_NOT_RUN = 3 };

static Status need_files(const Call *call, size_t most, Error *error) {
  if (call->options.operands.count == 0)
    return fail(error, STATUS_USAGE, "", "%s needs a file: naradac %s", call->command->name, call->command->form);
  if (call->options.operands.count > most)
    return fail(error, STATUS_USAGE, "", "%s takes one file: naradac %s", call->command->name, call->command->form);
  return STATUS_OK;
}

static DiagList *diags_new(Arena *arena, SourceSet *sources) {
  *sources = (SourceSet){.arena = arena};
  DiagList *diags = arena_alloc(arena, sizeof *diags);
  *diags = (DiagList){.arena = arena, .sources = sources};
  return diags;
}

/* Which of `count` names the option --format gives; the first without it, `count` after an error. */
static size_t chosen_format(const Call *call, const char *(*name_of)(size_t), size_t count, Error *error) {
  const char *name = options_value(&call->options, "format");
  TextBuilder names = {.arena = call->arena};
  if (!name) return 0;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(name, name_of(i)) == 0) return i;
    text_append_format(&names, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", name_of(i));
  }
  fail(error, STATUS_USAGE, "", "%s has no format `%s`; there are %s", call->command->name, name, text_built(&names).bytes);
  return count;
}

static const char *name_of_report(size_t format) {
  return report_format_name((ReportFormat)format);
}

static Status run_check(Call *call, Error *error) {
  size_t format = chosen_format(call, name_of_report, REPORT_FORMAT_COUNT, error);
  if (format == REPORT_FORMAT_COUNT) return error->status;
  CheckOptions options = {.format = (ReportFormat)format, .strict = options_have(&call->options, "strict")};
  int result = 0;
  Status status = check_policy(call->arena, &call->options, &options.policy, error);
  if (status != STATUS_OK) return status;
  status = check_files(call->arena, call->options.operands.items, call->options.operands.count, &options, &result, error);
  call->result = (Status)result;
  return status;
}

static Status compile_file(Call *call, SourceSet *sources, const char *path, Compiled *compiled, Error *error) {
  DiagList *diags = diags_new(call->arena, sources);
  uint32_t source;
  Status status = source_read(sources, path, &source, error);
  if (status != STATUS_OK) return status;
  status = compile_source(call->arena, sources, source, diags, compiled, error);
  diag_render(diags, stderr, cli_colour(stderr));
  return status;
}

static Status run_build(Call *call, Error *error) {
  const char *path = options_value(&call->options, "output");
  if (!path) return fail(error, STATUS_USAGE, "", "build needs a place to write to: naradac %s", call->command->form);
  SourceSet sources;
  Compiled compiled;
  Output *output;
  Status status = need_files(call, 1, error);
  if (status == STATUS_OK) status = compile_file(call, &sources, call->options.operands.items[0], &compiled, error);
  if (status == STATUS_OK) status = output_create(call->arena, path, &output, error);
  if (status == STATUS_OK) status = output_write(output, compiled.bytes, error);
  return status == STATUS_OK ? output_commit(output, error) : status;
}

static Status run_import(Call *call, Error *error) {
  Status status = need_files(call, 1, error);
  return status == STATUS_OK ? workflow_import_file(call->arena, call->options.operands.items[0], options_value(&call->options, "output"), error) : status;
}

static Status run_export(Call *call, Error *error) {
  Status status = need_files(call, 1, error);
  bool defaults = options_have(&call->options, "defaults");
  return status == STATUS_OK ? workflow_export_file(call->arena, call->options.operands.items[0], options_value(&call->options, "output"), defaults, error) : status;
}

static bool looks_like_code(const char *word) {
  return (word[0] == 'N' || word[0] == 'n') && word[1] >= '0' && word[1] <= '9' && strlen(word) == 5;
}

/* Of an explanation: an example, which is indented, stays as it is; what else there is gets lines of at most 80 columns. */
static void print_explanation_line(Text line) {
  size_t column = 0;
  bool example = line.length > 0 && line.bytes[0] == ' ';
  if (example) fwrite(line.bytes, 1, line.length, stdout);
  for (size_t at = 0; !example && at < line.length;) {
    size_t length = 0;
    while (at + length < line.length && line.bytes[at + length] != ' ') length++;
    if (column && column + 1 + length > 80) {
      putchar('\n');
      column = 0;
    }
    if (column) putchar(' ');
    column += length + (column ? 1 : 0);
    fwrite(line.bytes + at, 1, length, stdout);
    at += length;
    while (at < line.length && line.bytes[at] == ' ') at++;
  }
  putchar('\n');
}

static Status explain_code(const char *word, Error *error) {
  const DiagInfo *info = diag_find(text_of(word));
  if (!info) return fail(error, STATUS_USAGE, "", "no message has the code %s; a code stands in brackets, as in error[N2004]", word);
  static const char *const severities[] = {"error", "warning", "note"};
  printf("%s[%s]: %s\n\n", severities[info->severity], info->code, info->title);
  for (const char *line = info->explanation; *line;) {
    size_t length = strcspn(line, "\n");
    print_explanation_line((Text){line, length});
    line += length + (line[length] == '\n');
  }
  return STATUS_OK;
}

static Status run_explain(Call *call, Error *error) {
  Status status = need_files(call, 1, error);
  if (status != STATUS_OK) return status;
  const char *word = call->options.operands.items[0];
  if (looks_like_code(word) && access(word, F_OK) != 0) return explain_code(word, error);
  if (strcmp(word, "std") == 0 && access(word, F_OK) != 0) {
    explain_library(call->arena, stdout);
    return STATUS_OK;
  }
  if (access(word, F_OK) != 0 && reference_write_name(call->arena, text_of(word), stdout)) return STATUS_OK;
  SourceSet sources;
  Compiled compiled;
  status = compile_file(call, &sources, word, &compiled, error);
  if (status == STATUS_OK) explain_program(&compiled, &sources, stdout);
  return status;
}

static Status run_show(Call *call, Error *error) {
  Status status = need_files(call, 1, error);
  if (status != STATUS_OK) return status;
  SourceSet sources = {.arena = call->arena};
  uint32_t source;
  status = source_read(&sources, call->options.operands.items[0], &source, error);
  if (status != STATUS_OK) return status;
  Text text = sources.items[source].text;
  fwrite(text.bytes, 1, text.length, stdout);
  return STATUS_OK;
}

static Status run_disasm(Call *call, Error *error) {
  Plan *plan;
  Status status = need_files(call, 1, error);
  if (status == STATUS_OK) status = plan_read(call->arena, call->options.operands.items[0], &plan, error);
  if (status == STATUS_OK) plan_disassemble(plan, stdout);
  return status;
}

/* The operands with blanks between them: `reference to file.csv`. */
static Text joined_operands(const Call *call, size_t first) {
  TextBuilder words = {.arena = call->arena};
  for (size_t i = first; i < call->options.operands.count; i++) text_append_format(&words, "%s%s", i > first ? " " : "", call->options.operands.items[i]);
  return words.length ? text_built(&words) : (Text){"", 0};
}

static Status run_reference(Call *call, Error *error) {
  static const char *const kinds[] = {"stage", "function", "field", "type", "code"};
  size_t first = 0;
  if (call->options.operands.count == 0) {
    reference_write(call->arena, stdout);
    return STATUS_OK;
  }
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && call->options.operands.count > 1; i++)
    if (strcmp(call->options.operands.items[0], kinds[i]) == 0) first = 1;
  Text name = joined_operands(call, first);
  if (reference_write_name(call->arena, name, stdout)) return STATUS_OK;
  return fail(error, STATUS_USAGE, "", "nothing in the language is called `" TEXT_FORMAT "`; `naradac reference` shows everything", TEXT_ARG(name));
}

static const char *name_of_graph(size_t format) {
  return graph_format_name((GraphFormat)format);
}

static Status run_graph(Call *call, Error *error) {
  size_t format = chosen_format(call, name_of_graph, GRAPH_FORMAT_COUNT, error);
  if (format == GRAPH_FORMAT_COUNT) return error->status;
  SourceSet sources;
  Compiled compiled;
  Status status = need_files(call, 1, error);
  if (status == STATUS_OK) status = compile_file(call, &sources, call->options.operands.items[0], &compiled, error);
  if (status == STATUS_OK) graph_write(&compiled, &sources, (GraphFormat)format, stdout);
  return status;
}

static Status run_asm(Call *call, Error *error) {
  const char *out = options_value(&call->options, "output");
  if (!out) return fail(error, STATUS_USAGE, "", "asm needs a place to write to: naradac %s", call->command->form);
  Status status = need_files(call, 1, error);
  return status == STATUS_OK ? asm_file(call->arena, call->options.operands.items[0], out, error) : status;
}

static Status run_test(Call *call, Error *error) {
  Status status = need_files(call, SIZE_MAX, error);
  TestOptions options = {options_have(&call->options, "update"), options_have(&call->options, "quiet"), stdout, cli_colour(stdout)};
  TestTotals totals = {0};
  for (size_t i = 0; i < call->options.operands.count && status == STATUS_OK; i++)
    status = test_path(call->arena, call->options.operands.items[i], &options, &totals, error);
  if (status != STATUS_OK) return status;
  printf("%lu passed, %lu failed", totals.passed, totals.failed);
  if (totals.updated) printf(", %lu expectation%s updated", totals.updated, totals.updated == 1 ? "" : "s");
  if (totals.broken) printf(", %lu file%s not readable as a test", totals.broken, totals.broken == 1 ? "" : "s");
  putchar('\n');
  if (!totals.files && !totals.unreadable) return fail(error, STATUS_FAILED, "", "no *.expect file there");
  call->result = totals.failed || totals.broken || totals.unreadable ? STATUS_FAILED : STATUS_OK;
  return STATUS_OK;
}

static Status run_fmt(Call *call, Error *error) {
  (void)error;
  FmtOptions options = {options_have(&call->options, "check"), options_have(&call->options, "diff"), options_have(&call->options, "fix")};
  int result;
  fmt_files(call->arena, call->options.operands.items, call->options.operands.count, options, &result);
  call->result = (Status)result;
  return STATUS_OK;
}

static Status run_lsp(Call *call, Error *error) {
  if (call->options.operands.count) return fail(error, STATUS_USAGE, "", "lsp takes no files: an editor names them (naradac lsp --help)");
  signal(SIGPIPE, SIG_IGN);
  call->result = lsp_serve(stdin, stdout, error);
  if (ferror(stdout) && !freopen("/dev/null", "w", stdout)) return STATUS_FAILED; /* what the editor did not wait for */
  return error->message[0] ? call->result : STATUS_OK;
}

static const Command commands[] = {
    {"check", "check [PATH...] [--strict]", "tells everything that is wrong with programs", check_help, run_check, "format strict read-only allow max-calls "},
    {"fmt", "fmt [--fix] [FILE...]", "gives programs their one layout",
     "Files are rewritten in place, each as a whole or not at all, and only if something changes; `-`, or no file, goes from standard input to\nstandard output. "
     "--check names the files that would change, --diff shows how; both write nothing. --fix first mends what messages\nknow to mend, and tells what it "
     "mended. A file that does not parse stays as it is.\nExit status: 0 done, 1 mistakes found or (--check) something would change, 2 wrong usage, 3 a file "
     "could not be read or written.",
     run_fmt, "check diff fix "},
    {"build", "build FILE -o OUT.nrdc", "compiles a program to a plan", "Exit status: 0 done, 1 could not write, 2 the program does not compile.", run_build, "output "},
    {"import", "import WORKFLOW.json", "writes a JSON workflow as a program",
     "To standard output, or to the file that -o names. A smart playlist of Navidrome (.nsp) and a program of SmarterPlaylists are workflows too.\ncheck, build, explain and narada-run take all of them as they are.\nExit status: 0 done, 1 could not write, 2 the workflow cannot be said.",
     run_import, "output "},
    {"export", "export FILE [--defaults]", "writes a program as a JSON workflow",
     "To standard output, or to the file that -o names. Everything that a workflow cannot say is told, and then nothing is written. A JSON workflow is\nwritten anew with "
     "the types of tasks of today. --defaults writes parameters that only texts can hold as what they are without a flag.\nExit status: 0 done, 1 could not write, 2 the program cannot be said as a workflow.",
     run_export, "output defaults "},
    {"explain", "explain FILE|CODE|std", "shows what a program does, what a message means, or what the library has",
     "With a file: parameters, steps, what the compiler inserted and why, and effects.\nWith a code such as N2004: what the message means. With a name such as `take`: its place in the reference.\n"
     "With `std`: the programs of the library, `std.NAME`; each can be checked, built, explained, run and shown like a file.", run_explain, ""},
    {"show", "show FILE|std.NAME", "shows a program's text, as one of the library to copy and change", "naradac show std.hidden_gems > mine.nrd", run_show, ""},
    {"graph", "graph FILE [--format F]", "draws a program: its steps and the streams between them",
     "For Graphviz (`naradac graph p.nrd | dot -Tsvg`), for Mermaid, or as JSON for other programs; dot without --format. Steps that the compiler\ninserted are dashed. "
     "Exit status: 0 done, 2 the program does not compile.", run_graph, "format "},
    {"reference", "reference [NAME]", "shows the reference of the language, as Markdown",
     "With the name of a stage, function, field, type or message: only that (`naradac reference take`, `naradac reference to file.csv`).\n"
     "Without one: everything, `naradac reference >reference.md`.", run_reference, ""},
    {"disasm", "disasm PLAN", "shows a plan as text; the first line names its id", "Exit status: 0 done, 5 the file is not a valid plan.", run_disasm, ""},
    {"asm", "asm FILE -o OUT.nrdc", "makes a plan of the text that disasm shows",
     "A text that disasm wrote gives the same bytes. The plan is verified before anything is written. The digits after `plan`, `catalogue` and an\nimport's name may be left out.\n"
     "Exit status: 0 done, 1 could not write, 5 the text is not one of a valid plan.", run_asm, "output "},
    {"lsp", "lsp", "helps editors: messages while you write, completion, colours, renaming, formatting",
     "A server of the Language Server Protocol on standard input and output, which an editor starts.\nNames of playlists are completed from the store (NARADA_STORE, or its usual place), which is only read.\nExit status: 0 done, 1 ended without `shutdown` or by input that is none of the protocol.",
     run_lsp, ""},
    {"test", "test FILE|FOLDER...", "runs programs on worlds made for them and compares what they do",
     test_file_help, run_test, "update quiet "},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_help(void) {
  puts("naradac compiles Narada programs.\n\nusage: naradac COMMAND ...\n\ncommands");
  for (size_t i = 0; i < COMMAND_COUNT; i++) printf("  %-28s %s\n", commands[i].form, commands[i].doc);
  puts("\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
}

/* "check, fmt and build" */
static const char *command_names(Arena *arena, const char *last) {
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < COMMAND_COUNT; i++) text_append_format(&out, "%s%s", i == 0 ? "" : i + 1 < COMMAND_COUNT ? ", " : last, commands[i].name);
  return text_built(&out).bytes;
}

static Status unknown_command(Arena *arena, const char *name, Error *error) {
  Text names[COMMAND_COUNT];
  for (size_t i = 0; i < COMMAND_COUNT; i++) names[i] = text_of(commands[i].name);
  size_t near = text_nearest(text_of(name), names, COMMAND_COUNT);
  if (near != SIZE_MAX) return fail(error, STATUS_USAGE, "", "no command `%s`; did you mean `%s`?", name, commands[near].name);
  return fail(error, STATUS_USAGE, "", "no command `%s`; there are %s (naradac --help)", name, command_names(arena, " and "));
}

/* The options of other commands. */
static Status refuse_others(const Call *call, Error *error) {
  for (size_t i = 0; i < call->options.values.count; i++) {
    const char *name = call->options.values.items[i].def->name;
    if (!strstr(call->command->takes, arena_format(call->arena, "%s ", name)))
      return fail(error, STATUS_USAGE, "", "%s takes no --%s: naradac %s", call->command->name, name, call->command->form);
  }
  return STATUS_OK;
}

typedef struct Main {
  Arena *arena;
  int argc;
  char **argv;
  Status result;
} Main;

static Status run_main(void *context, Error *error) {
  Main *program = context;
  Call call = {.arena = program->arena};
  Status status = options_read(call.arena, option_defs, OPTION_COUNT, false, program->argc, program->argv, &call.options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&call.options, "version")) {
    puts("naradac " NARADA_VERSION);
    return STATUS_OK;
  }
  bool help = options_have(&call.options, "help");
  if (call.options.operands.count == 0) {
    if (help) print_help();
    return help ? STATUS_OK : fail(error, STATUS_USAGE, "", "a command is needed: %s (naradac --help)", command_names(call.arena, " or "));
  }
  const char *name = call.options.operands.items[0];
  for (size_t i = 0; i < COMMAND_COUNT && !call.command; i++)
    if (strcmp(commands[i].name, name) == 0) call.command = &commands[i];
  if (!call.command) return unknown_command(call.arena, name, error);
  call.options.operands.items++;
  call.options.operands.count--;
  if (help) {
    printf("usage: naradac %s\n\n%s.\n%s\n", call.command->form, call.command->doc, call.command->details);
    return STATUS_OK;
  }
  status = refuse_others(&call, error);
  if (status != STATUS_OK) return status;
  status = call.command->run(&call, error);
  program->result = call.result;
  return status;
}

int main(int argc, char **argv) {
  Error error = {0};
  Main program = {.arena = arena_new(0), .argc = argc - 1, .argv = argv + 1};
  if (!program.arena) return (int)fail(&error, STATUS_FAILED, "", "no memory");
  Status status = arena_protect(program.arena, run_main, &program, &error);
  if (status == STATUS_OK && (status = cli_finish_output(&error)) == STATUS_OK) status = program.result;
  bool is_check = argc > 1 && (strcmp(argv[1], "check") == 0 || strcmp(argv[1], "fmt") == 0);
  if (is_check && status == STATUS_FAILED && error.message[0]) status = (Status)CHECK_COULD_NOT_RUN;
  int code = cli_report("naradac", status, &error);
  arena_leave(program.arena);
  return code;
}
