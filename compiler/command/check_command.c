#include "compiler/command/check_command.h"

#include <string.h>

#include "base/folder.h"
#include "compiler/command/check_paths.h"
#include "compiler/compile.h"
#include "compiler/workflow/workflow.h"

const char check_help[] =
    "Without PATH: every .nrd, .nsp and workflow .json in this folder and below, but nothing in folders that begin with a dot or are called\n"
    "node_modules. A folder stands for what is below it, `-` for standard input. Links to folders are not followed. A .json that is no workflow\n"
    "is passed over where it was found, and is a mistake where it was named.\n"
    "\n"
    "--strict counts warnings as problems; a comment `# allow N6002` on the line, or on the line above, allows one.\n"
    "\n"
    "--read-only            a program may write nothing but tables on the terminal\n"
    "--allow write:CONNECTOR  it may write this and nothing else that is not allowed too; write:library:Radar only what is called so,\n"
    "                       write:file:out/* what begins so; read:CONNECTOR does the same for reading, which is free without it.\n"
    "                       Connectors are library, file, spotify, lastfm, musicbrainz and listenbrainz; may be given more than once\n"
    "--max-calls N          one run of it may make at most N calls to services; one that nobody can count is a problem too\n"
    "What a program may not do is told at the stage that would do it. `naradac explain FILE` shows all effects and calls.\n"
    "\n"
    "--format human   messages with their lines, on standard error; coloured on a terminal unless NO_COLOR is set\n"
    "         github  annotations of GitHub Actions, on standard output as all that follow\n"
    "         sarif   SARIF 2.1.0, for code scanning; columns count UTF-16 units, rules are those of the messages given\n"
    "         json    one document: {\"version\":1,\"messages\":[...],\"errors\":N,\"warnings\":N}\n"
    "         jsonl   one message a line\n"
    "A message of json and jsonl always has these members:\n"
    "  file      the path as it was given or found; <stdin> for `-`\n"
    "  code      \"N2004\"; null of what is about a whole file, as that it cannot be read\n"
    "  severity  \"error\", \"warning\" or \"note\"\n"
    "  message   what is wrong\n"
    "  hint      what would be right, or null\n"
    "  span      {line, column, endLine, endColumn, start, end}, or null: lines and columns count from 1, columns in code points, start and end in\n"
    "            bytes from 0; the end is behind the last character\n"
    "  pointer   the JSON pointer (RFC 6901) of the place in a workflow, \"\" of the whole; null of a program\n"
    "  notes     [{message, file, span}]: other places, and what is good to know (there file and span are null)\n"
    "  fixes     [{edits: [{file, span, replacement}]}]: changes that mend it\n"
    "Members may be added, never changed.\n"
    "\n"
    "Exit status: 0 clean, 1 problems found, 2 wrong usage, 3 a file could not be read.";

enum { RESULT_PROBLEMS = 1, RESULT_COULD_NOT_READ = 3 };

typedef struct Check {
  Arena *scratch; /* of one file */
  Report *report;
  const CheckOptions *options;
  const CheckPath *path;
  size_t checked;
  int result;
} Check;

static void worse(Check *check, int result) {
  if (result > check->result) check->result = result;
}

static void could_not_read(Check *check, const Error *error) {
  Text message = text_of(error->message), path = text_of(check->path->path);
  cli_report("naradac", STATUS_FAILED, error);
  if (message.length > path.length + 2 && memcmp(message.bytes, path.bytes, path.length) == 0 && memcmp(message.bytes + path.length, ": ", 2) == 0)
    message = (Text){message.bytes + path.length + 2, message.length - path.length - 2};
  report_file(check->report, check->scratch, path, SEVERITY_ERROR, message);
  worse(check, RESULT_COULD_NOT_READ);
}

/* A plan that cannot be made of a program without mistakes is a failure of ours. */
static Status compile(Check *check, SourceSet *sources, uint32_t source, DiagList *diags, Error *error) {
  if (policy_is_open(&check->options->policy)) {
    compile_check(check->scratch, sources, source, diags);
    return STATUS_OK;
  }
  Compiled compiled;
  Status status = compile_check_plan(check->scratch, sources, source, diags, &compiled, error);
  if (status != STATUS_OK || !compiled.plan) return status;
  policy_check(&check->options->policy, &compiled, diags);
  diag_sort(diags);
  return STATUS_OK;
}

static Status check_file(void *context, Error *error) {
  Check *check = context;
  Error reading = {0};
  SourceSet sources = {.arena = check->scratch};
  DiagList diags = {.arena = check->scratch, .sources = &sources};
  uint32_t source;
  (void)error;
  if (check->path->fault) {
    fail(&reading, STATUS_FAILED, "", "%s", check->path->fault);
    could_not_read(check, &reading);
    return STATUS_OK;
  }
  if (source_read(&sources, check->path->path, &source, &reading) != STATUS_OK) {
    could_not_read(check, &reading);
    return STATUS_OK;
  }
  if (check->path->found && path_ends_with(check->path->path, ".json") && !workflow_seems(check->scratch, sources.items[source].text)) return STATUS_OK;
  check->checked++;
  if (compile(check, &sources, source, &diags, &reading) != STATUS_OK) could_not_read(check, &reading);
  report_diags(check->report, &diags);
  if (diags.errors || (check->options->strict && diags.count)) worse(check, RESULT_PROBLEMS);
  return STATUS_OK;
}

static void free_scratch(void *context) {
  Check *check = context;
  arena_free(check->scratch);
  check->scratch = NULL;
}

Status check_policy(Arena *arena, const Options *options, Policy *out, Error *error) {
  const char *calls = options_value(options, "max-calls");
  Status status = STATUS_OK;
  *out = policy_open();
  out->few_writes = options_have(options, "read-only");
  for (size_t i = 0; i < options->values.count && status == STATUS_OK; i++) {
    const OptionValue *value = &options->values.items[i];
    if (strcmp(value->def->name, "allow") == 0) status = policy_allow(arena, out, value->value, error);
  }
  return status == STATUS_OK && calls ? policy_limit_calls(out, calls, error) : status;
}

Status check_files(Arena *arena, const char *const *paths, size_t count, const CheckOptions *options, int *result, Error *error) {
  FILE *out = options->format == REPORT_HUMAN ? stderr : stdout;
  Check *check = arena_alloc(arena, sizeof *check);
  *check = (Check){.options = options, .report = report_new(arena, options->format, out, cli_colour(out))};
  CheckPaths files = {0};
  if (count == 0) check_paths_find(arena, NULL, &files);
  for (size_t i = 0; i < count; i++) check_paths_find(arena, paths[i], &files);
  arena_defer(arena, free_scratch, check);
  for (size_t i = 0; i < files.count; i++) {
    check->path = &files.items[i];
    check->scratch = arena_new(0);
    if (!check->scratch) return fail(error, STATUS_FAILED, "", "no memory");
    Error own = {0};
    if (arena_protect(check->scratch, check_file, check, &own) != STATUS_OK) could_not_read(check, &own);
    free_scratch(check);
  }
  report_end(check->report);
  if (check->checked == 0 && check->result == 0) {
    fputs("naradac: no program there: no .nrd, no .nsp and no workflow .json\n", stderr);
    if (options->strict) worse(check, RESULT_PROBLEMS);
  }
  *result = check->result;
  return STATUS_OK;
}
