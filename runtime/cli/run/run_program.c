#include "cli/run/run_program.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/input.h"
#include "base/interrupt.h"
#include "cli/run/run_record.h"
#include "cli/run/run_report.h"
#include "cli/service_options.h"
#include "cli/service_progress.h"
#include "compiler/check/std_module.h"
#include "compiler/compile.h"

static const OptionDef option_defs[] = {
    {"store", 0, "PATH", "the store; else NARADA_STORE, else the XDG data folder"},
    {"now", 0, "INSTANT", "run as if it were this moment, as 2024-03-05T20:00Z"},
    {"zone", 0, "NAME", "the time zone of the run, as Europe/Berlin; else the machine's"},
    {"seed", 0, "N", "the random seed; else from the plan and the day"},
    {"dry-run", 0, NULL, "write nothing, and tell what would be written"},
    {"yes", 0, NULL, "agree to what a guard would refuse"},
    SERVICE_OPTIONS,
    {"json", 0, NULL, "a report of the run as JSON on standard output; tables go to standard error"},
    {"verbose", 'v', NULL, "rows in, rows out and rows dropped for a missing value, for each stage"},
    {"quiet", 'q', NULL, "no notices"},
    {"help", 'h', NULL, "this text; with a file, its parameters"},
    {"version", 0, NULL, "the version"},
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_program_help(const Plan *plan, Arena *arena, const ProgramCall *program, const char *path) {
  fputs("usage: ", stdout);
  text_print(stdout, text_of(program->name));
  if (!program->path) fputc(' ', stdout);
  if (!program->path) text_print(stdout, text_of(path));
  for (uint32_t i = 0; i < plan->param_count; i++) {
    const PlanParam *param = &plan->params[i];
    bool required = param->default_constant == PLAN_NONE;
    printf(" %s--" TEXT_FORMAT " %s%s", required ? "" : "[", TEXT_ARG(plan_string(plan, param->name)), type_name(arena, param->type).bytes, required ? "" : "]");
  }
  putchar('\n');
  if (plan->doc.length) {
    putchar('\n');
    text_print_lines(stdout, plan->doc);
  }
  if (plan->param_count) puts("\nparameters");
  for (uint32_t i = 0; i < plan->param_count; i++) {
    const PlanParam *param = &plan->params[i];
    char *left = arena_format(arena, "--" TEXT_FORMAT " %s", TEXT_ARG(plan_string(plan, param->name)), type_name(arena, param->type).bytes);
    printf("  %-28s ", left);
    text_print(stdout, plan_string(plan, param->doc));
    if (plan_string(plan, param->doc).length) fputc(' ', stdout);
    if (param->default_constant == PLAN_NONE) {
      fputs("(required)", stdout);
    } else {
      fputs("(default: ", stdout);
      text_print(stdout, plan_constant_text(plan, arena, param->default_constant));
      fputc(')', stdout);
    }
    putchar('\n');
  }
}

static bool is_plan(Text bytes) {
  return bytes.length >= 4 && memcmp(bytes.bytes, "\x89NRD", 4) == 0;
}

static bool ends_with(const char *path, const char *suffix) {
  size_t length = strlen(path), tail = strlen(suffix);
  return length >= tail && strcmp(path + length - tail, suffix) == 0;
}

static void keep_files(SourceSet *sources, const PastRun *past) {
  KeptSource *kept = arena_array(sources->arena, past->file_count, sizeof *kept);
  for (size_t i = 0; i < past->file_count; i++) kept[i] = (KeptSource){past->files[i].name, past->files[i].content};
  sources->kept = kept;
  sources->kept_count = past->file_count;
}

/* A plan is told by its first bytes, or by its name where they are damaged; everything else is a program's text. */
static Status load(const ProgramCall *call, const char *path, bool quiet, RunRecord *record, Plan **plan, Error *error) {
  Arena *arena = call->arena;
  SourceSet *sources = arena_alloc(arena, sizeof *sources);
  sources->arena = arena;
  if (call->past) keep_files(sources, call->past);
  Text bytes;
  Status status = STATUS_OK;
  if (strcmp(path, "-") != 0 && !std_is_name(path)) {
    status = call->past ? STATUS_OK : file_read_all(arena, path, PLAN_MAX_BYTES, &bytes, error);
    if (call->past) bytes = call->past->files[0].content;
    if (status != STATUS_OK) return status;
    if (is_plan(bytes) || ends_with(path, ".nrdc")) {
      record->plan_bytes = bytes;
      status = plan_load(arena, bytes.bytes, bytes.length, plan, error);
      return status == STATUS_OK ? status : fail_context(error, "%s", path);
    }
  }
  record->sources = sources;
  DiagList diags = {.arena = arena, .sources = sources};
  uint32_t source;
  status = source_read(sources, path, &source, error);
  if (status != STATUS_OK) return status;
  Compiled compiled;
  status = compile_source(arena, sources, source, &diags, &compiled, error);
  if (!quiet || diags.errors) diag_render(&diags, stderr, cli_colour(stderr));
  *plan = status == STATUS_OK ? compiled.plan : NULL;
  return status;
}

static Status read_run_options(const Options *options, const PastRun *past, RunOptions *out, Error *error) {
  *out = (RunOptions){.store_path = options_value(options, "store"),
                      .dry_run = options_have(options, "dry-run"),
                      .yes = options_have(options, "yes"),
                      .out = options_have(options, "json") ? stderr : stdout,
                      .ticks = clock_ticks};
  Status status = zone_use(past ? past->zone : options_value(options, "zone"), &out->zone, error);
  if (status != STATUS_OK) return fail_context(error, "--zone");
  const char *now = options_value(options, "now");
  out->now = clock_now();
  if (now && (status = instant_parse(text_of(now), out->zone, &out->now, error)) != STATUS_OK) {
    fail_context(error, "--now");
    return STATUS_USAGE;
  }
  if (past) out->now = past->now;
  const char *seed = past ? past->seed : options_value(options, "seed");
  out->has_seed = seed != NULL;
  if (seed) {
    char *end;
    errno = 0;
    out->seed = strtoull(seed, &end, 10);
    if (*seed < '0' || *seed > '9' || *end || errno) return fail(error, STATUS_USAGE, "", "--seed: `%s` is not a whole number from 0 to 2^64 - 1", seed);
  }
  struct winsize size;
  if (isatty(fileno(out->out)) && ioctl(fileno(out->out), TIOCGWINSZ, &size) == 0) out->terminal_width = size.ws_col;
  return STATUS_OK;
}

/* Options that are not ours are the program's parameters. */
static Status read_params(Arena *arena, const Options *options, const Plan *plan, ParamText **out, size_t *count, Error *error) {
  Text *names = arena_array(arena, plan->param_count + 1, sizeof *names);
  for (uint32_t i = 0; i < plan->param_count; i++) names[i] = plan_string(plan, plan->params[i].name);
  VEC(ParamText) params = {0};
  for (size_t i = 0; i < options->values.count; i++) {
    const OptionValue *value = &options->values.items[i];
    if (value->def) continue;
    Text name = text_copy(arena, value->name);
    for (size_t c = 0; c < name.length; c++)
      if (name.bytes[c] == '-') ((char *)name.bytes)[c] = '_';
    bool known = false;
    for (uint32_t p = 0; p < plan->param_count; p++) known = known || text_equal(names[p], name);
    if (!known) return options_unknown(arena, options, value->name, names, plan->param_count, error);
    if (!value->value) return fail(error, STATUS_USAGE, "", "`--" TEXT_FORMAT "` needs a value", TEXT_ARG(value->name));
    vec_push(arena, &params, (ParamText){name, text_of(value->value)});
  }
  *out = params.items;
  *count = params.count;
  return STATUS_OK;
}

Status run_program(ProgramCall *program, Error *error) {
  Arena *arena = program->arena;
  Options options;
  Status status = options_read(arena, option_defs, OPTION_COUNT, true, program->argc, program->argv, &options, error);
  if (status != STATUS_OK) return status;
  bool help = options_have(&options, "help"), quiet = options_have(&options, "quiet");
  size_t most = program->path ? 0 : 1;
  if (options_have(&options, "version") || (help && options.operands.count < most)) {
    program->asked = help ? ASKED_HELP : ASKED_VERSION;
    return STATUS_OK;
  }
  if (options.operands.count > most)
    return fail(error, STATUS_USAGE, "", most ? "one program at a time; `%s` is one too many" : "`%s` is one argument too many", options.operands.items[most]);
  if (options.operands.count < most) return fail(error, STATUS_USAGE, "", "a program is needed: narada-run FILE.nrd");
  const char *path = program->path ? program->path : options.operands.items[0];
  Plan *plan;
  RunOptions run_options;
  ParamText *params = NULL;
  size_t param_count = 0;
  Run *run;
  RunRecord record = {.path = path};
  if (options_have(&options, "json") && (status = report_json_load(error)) != STATUS_OK) return status;
  if ((status = load(program, path, quiet, &record, &plan, error)) != STATUS_OK) return status;
  if (help) {
    print_program_help(plan, arena, program, path);
    return STATUS_OK;
  }
  if ((status = read_run_options(&options, program->past, &run_options, error)) != STATUS_OK) return status;
  interrupt_watch();
  if ((status = services_of_options(arena, &options, run_options.now, quiet, &run_options.services, error)) != STATUS_OK) return status;
  if ((status = read_params(arena, &options, plan, &params, &param_count, error)) != STATUS_OK) return status;
  if (program->past) {
    params = arena_array(arena, program->past->param_count, sizeof *params);
    for (param_count = 0; param_count < program->past->param_count; param_count++) params[param_count] = program->past->params[param_count];
  }
  if ((status = run_new(arena, plan, &run_options, params, param_count, &run, error)) != STATUS_OK) return status;
  if ((status = run_prepare(run, error)) == STATUS_OK) {
    record.run = run;
    record.params = params;
    record.param_count = param_count;
    run_record_begin(&record);
    if (run->store) store_heed_interrupts(run->store, true);
    status = run_execute(run, error);
    if (run->store) store_heed_interrupts(run->store, false);
    if (status == STATUS_INTERRUPTED) report_interrupted(run, error);
    service_progress_clear();
    for (size_t i = 0; i < run->notice_count && status == STATUS_OK; i++)
      if (run->notices[i].problem) program->result = STATUS_PARTIAL;
    if (status == STATUS_OK) status = cli_finish_output(error);
    run_record_end(&record, status == STATUS_OK ? program->result : status, error);
  }
  if (options_have(&options, "verbose")) report_stages(run, stderr);
  if (!quiet) report_notices(run, !std_is_name(path), stderr);
  if (options_have(&options, "json")) report_json(run, status == STATUS_OK ? program->result : status, error, stdout);
  return status;
}

void run_program_options(FILE *out) {
  options_print(option_defs, OPTION_COUNT, out);
}
