/* narada runs: the programs that ran, and what one of them did. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/resume.h"
#include "cli/store_option.h"
#include "store/runs.h"

static const OptionDef option_defs[] = {
    STORE_OPTION,
    {"most", 0, "N", "how many, latest first; else 20"},
    {"program", 0, NULL, "the text of the program as it ran"},
    {"module", 0, "NAME", "the text of a module that it used"},
    {"json", 0, NULL, "as JSON"},
    HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs, MOST_RUNS = 20 };

typedef struct Runs {
  Arena *arena;
  Options options;
  Zone zone;
  Store *store;
  TextBuilder json;
  size_t count;
} Runs;

static void print_help(void) {
  puts(
      "narada runs lists the programs that ran and wrote something; with the number of a run it tells all about it.\n\n"
      "usage: narada runs [RUN] [options]\n"
      "       narada runs resume [RUN] [options of narada-run]\n\n"
      "A run that had to stop because a service wants no more calls for hours is `parked`: what it did is kept, and `resume` does the rest, with the program,\n"
      "parameters, time and seed of that run; without a number the latest parked one. Relative paths are those of the folder where it is resumed.\n"
      "The text of every program that wrote something is kept, once for each version: `narada runs 12 --program >old.nrd`.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 done, 1 there is no store or no such run, 2 wrong usage.");
}

/* ---- all ---- */

static const char *local(const Runs *runs, Instant instant) {
  Text text = instant_format_local(runs->arena, instant, runs->zone);
  return arena_copy(runs->arena, text.bytes, text.length);
}

static const char *took(const Runs *runs, const StoreRun *run) {
  return run->ended_at == INSTANT_MIN ? "" : words_of_ms(runs->arena, run->ended_at - run->started_at);
}

static Text word_of(const StoreRun *run) {
  return run->exit_code == STATUS_BUSY ? TEXT_LITERAL("parked") : run->status;
}

static bool print_run(void *context, const StoreRun *run) {
  Runs *runs = context;
  if (runs->count++ == 0) printf("%6s  %-16s  %-9s  %10s  %s\n", "run", "started", "status", "took", "program");
  printf("%6" PRId64 "  %-16s  %-9.*s  %10s  ", run->id, local(runs, run->started_at), TEXT_ARG(word_of(run)), took(runs, run));
  text_print(stdout, run->program);
  fputc('\n', stdout);
  return true;
}

static void append_text(TextBuilder *json, const char *key, Text text) {
  text_append_format(json, ",\"%s\":", key);
  if (text.length) {
    json_append_string(json, text);
  } else {
    text_append(json, TEXT_LITERAL("null"));
  }
}

static void append_run(TextBuilder *json, const StoreRun *run) {
  text_append_format(json, "{\"run\":%" PRId64, run->id);
  append_text(json, "program", run->program);
  append_text(json, "status", word_of(run));
  append_text(json, "started", instant_format(json->arena, run->started_at));
  append_text(json, "ended", run->ended_at == INSTANT_MIN ? (Text){"", 0} : instant_format(json->arena, run->ended_at));
  if (run->exit_code >= 0) text_append_format(json, ",\"exit\":%d", run->exit_code);
  append_text(json, "message", run->message);
}

static bool append_listed_run(void *context, const StoreRun *run) {
  Runs *runs = context;
  if (runs->count++) text_append_char(&runs->json, ',');
  append_run(&runs->json, run);
  text_append_char(&runs->json, '}');
  return true;
}

static void end_json(const Runs *runs, const char *end) {
  fwrite(runs->json.bytes, 1, runs->json.length, stdout);
  puts(end);
}

static Status list(Runs *runs, int64_t most, Error *error) {
  if (options_have(&runs->options, "json")) {
    text_append_char(&runs->json, '[');
    Status status = store_each_run(runs->store, INT64_MAX, most, append_listed_run, runs, error);
    if (status == STATUS_OK) end_json(runs, "]");
    return status;
  }
  Status status = store_each_run(runs->store, INT64_MAX, most, print_run, runs, error);
  if (status == STATUS_OK && runs->count == 0) puts("no program has run and written something yet");
  return status;
}

/* ---- one ---- */

static Status find_run(const Runs *runs, StoreRun *out, Error *error) {
  const char *word = runs->options.operands.items[0];
  char *end;
  bool found = false;
  int64_t id = strtoll(word, &end, 10);
  if (!*word || *end || id <= 0) return fail(error, STATUS_USAGE, "", "`%s` is not the number of a run; `narada runs` lists them", word);
  Status status = store_run_read(runs->store, runs->arena, id, out, &found, error);
  if (status != STATUS_OK || found) return status;
  return fail(error, STATUS_FAILED, "", "there is no run %" PRId64 "; `narada runs` lists them", id);
}

/* On a terminal nothing in it acts; elsewhere it is what it was, byte by byte. */
static void print_text(Text text) {
  if (!isatty(STDOUT_FILENO)) {
    fwrite(text.bytes, 1, text.length, stdout);
    return;
  }
  for (size_t at = 0, end; at < text.length; at = end + 1) {
    for (end = at; end < text.length && text.bytes[end] != '\n' && text.bytes[end] != '\t';) end++;
    text_print(stdout, (Text){text.bytes + at, end - at});
    if (end < text.length) fputc(text.bytes[end], stdout);
  }
}

static Status print_program(const Runs *runs, const StoreRun *run, Error *error) {
  ProgramFile *files;
  size_t count, at = 0;
  Status status = store_run_files(runs->store, runs->arena, run->id, &files, &count, error);
  const char *module = options_value(&runs->options, "module");
  if (status != STATUS_OK) return status;
  for (at = module ? 1 : 0; module && at < count && !text_is(files[at].name, module); at++) continue;
  if (at >= count) {
    TextBuilder names = {.arena = runs->arena};
    for (size_t i = 1; i < count; i++) text_append_format(&names, "%s" TEXT_FORMAT, i > 1 ? ", " : "", TEXT_ARG(files[i].name));
    if (count < 2) return fail(error, STATUS_FAILED, "", "run %" PRId64 " used no modules", run->id);
    return fail(error, STATUS_FAILED, "", "run %" PRId64 " used no module `%s`; it used " TEXT_FORMAT, run->id, module, TEXT_ARG(text_built(&names)));
  }
  if (files[at].is_plan && isatty(STDOUT_FILENO))
    return fail(error, STATUS_FAILED, "", "run %" PRId64 " was a compiled plan; write it to a file: narada runs %" PRId64 " --program >plan.nrdc", run->id, run->id);
  print_text(files[at].content);
  for (size_t i = 1; i < count && !module; i++) {
    fputs("uses ", stderr);
    text_print(stderr, files[i].name);
    fputs(": --module prints it\n", stderr);
  }
  return STATUS_OK;
}

static void print_field(const char *name, Text text) {
  printf("%-12s ", name);
  text_print(stdout, text);
  fputc('\n', stdout);
}

static void print_steps(const Runs *runs, const RunStep *steps, size_t count) {
  if (count) printf("\n%6s  %-22s %-9s %12s %12s %12s\n", "line", "step", "status", "rows in", "rows out", "took");
  for (size_t i = 0; i < count; i++) {
    const char *time = steps[i].duration_us < 0 ? "" : arena_format(runs->arena, "%.3f ms", (double)steps[i].duration_us / 1000);
    Text stage = text_escaped(runs->arena, steps[i].stage);
    printf("%6" PRIu32 "  %-22.*s %-9.*s %12" PRId64 " %12" PRId64 " %12s\n", steps[i].line, TEXT_ARG(stage), TEXT_ARG(steps[i].status), steps[i].rows_in, steps[i].rows_out,
           time);
  }
}

/* Each "text" of the notices, a line each. */
static Status print_notices(const Runs *runs, Text notices, Error *error) {
  JsonReader *reader = json_reader_new(runs->arena, input_of_text(runs->arena, notices, "the notices of the run"));
  JsonToken token;
  bool is_text = false, any = false;
  Status status;
  while ((status = json_next(reader, &token, error)) == STATUS_OK && token != JSON_END) {
    if (token == JSON_STRING && is_text) {
      if (!any) fputc('\n', stdout);
      any = true;
      text_print(stdout, json_text(reader));
      fputc('\n', stdout);
    }
    is_text = token == JSON_KEY && text_is(json_text(reader), "text");
  }
  return status;
}

static Status print_one(Runs *runs, const StoreRun *run, const RunStep *steps, size_t count, Error *error) {
  Arena *arena = runs->arena;
  print_field("run", text_of(arena_format(arena, "%" PRId64 ", " TEXT_FORMAT, run->id, TEXT_ARG(run->program))));
  print_field("status", word_of(run));
  if (run->message.length) print_field("message", run->message);
  print_field("started", text_of(local(runs, run->started_at)));
  if (run->ended_at != INSTANT_MIN) print_field("took", text_of(took(runs, run)));
  print_field("parameters", run->parameters);
  print_field("zone", run->zone);
  print_field("seed", run->seed);
  print_field("version", run->content_hash);
  print_field("plan", run->plan_id);
  print_field("narada", run->program_version);
  print_steps(runs, steps, count);
  return print_notices(runs, run->notices, error);
}

static void print_one_json(Runs *runs, const StoreRun *run, const RunStep *steps, size_t count) {
  TextBuilder *json = &runs->json;
  append_run(json, run);
  text_append(json, TEXT_LITERAL(",\"parameters\":"));
  text_append(json, run->parameters);
  append_text(json, "zone", run->zone);
  append_text(json, "seed", run->seed);
  append_text(json, "version", run->content_hash);
  append_text(json, "plan", run->plan_id);
  append_text(json, "narada", run->program_version);
  text_append(json, TEXT_LITERAL(",\"notices\":"));
  text_append(json, run->notices);
  text_append(json, TEXT_LITERAL(",\"steps\":["));
  for (size_t i = 0; i < count; i++) {
    text_append_format(json, "%s{\"line\":%" PRIu32, i ? "," : "", steps[i].line);
    append_text(json, "step", steps[i].stage);
    append_text(json, "status", steps[i].status);
    text_append_format(json, ",\"rows_in\":%" PRId64 ",\"rows_out\":%" PRId64 ",\"dropped_missing\":%" PRId64, steps[i].rows_in, steps[i].rows_out,
                       steps[i].dropped_missing);
    if (steps[i].duration_us >= 0) text_append_format(json, ",\"duration_us\":%" PRId64, steps[i].duration_us);
    text_append_char(json, '}');
  }
  end_json(runs, "]}");
}

static Status show_one(Runs *runs, Error *error) {
  StoreRun run;
  RunStep *steps;
  size_t count;
  Status status = find_run(runs, &run, error);
  if (status != STATUS_OK) return status;
  if (options_have(&runs->options, "program") || options_have(&runs->options, "module")) return print_program(runs, &run, error);
  status = store_run_steps(runs->store, runs->arena, run.id, &steps, &count, error);
  if (status != STATUS_OK) return status;
  if (!options_have(&runs->options, "json")) return print_one(runs, &run, steps, count, error);
  print_one_json(runs, &run, steps, count);
  return STATUS_OK;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Runs *runs = arena_alloc(arena, sizeof *runs);
  int64_t most;
  runs->arena = runs->json.arena = arena;
  if (argc > 0 && strcmp(argv[0], "resume") == 0) return resume_run(arena, argc - 1, argv + 1, error);
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &runs->options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&runs->options, "help")) {
    print_help();
    return STATUS_OK;
  }
  bool one = runs->options.operands.count > 0;
  status = option_operands(&runs->options, 1, error);
  if (status == STATUS_OK) status = option_number(&runs->options, "most", 1, INT32_MAX, MOST_RUNS, &most, error);
  if (status == STATUS_OK && !one && (options_have(&runs->options, "program") || options_have(&runs->options, "module")))
    return fail(error, STATUS_USAGE, "", "the program of which run? narada runs RUN --program");
  if (status == STATUS_OK) status = zone_use(NULL, &runs->zone, error);
  if (status == STATUS_OK) status = store_of_options(arena, &runs->options, STORE_READ, &runs->store, error);
  if (status == STATUS_OK) status = one ? show_one(runs, error) : list(runs, most, error);
  return status;
}

const Command command_runs = {
    .name = "runs",
    .summary = "the programs that ran and what they did",
    .run = run,
    .help = print_help,
};
