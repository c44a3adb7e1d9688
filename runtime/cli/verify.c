/* narada verify: whether the store agrees with itself, and its backups with their checksums. */
#include <inttypes.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/store_option.h"
#include "store/upkeep/backup.h"
#include "store/upkeep/verify.h"

static const OptionDef option_defs[] = {STORE_OPTION, {"json", 0, NULL, "as JSON"}, {"quiet", 'q', NULL, "only what is wrong"}, HELP_OPTION};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

typedef struct Report {
  Arena *arena;
  bool quiet, as_json;
  bool progress; /* standard error is a terminal */
  size_t progress_width;
  TextBuilder json;
  size_t checks, failed;
} Report;

static void print_help(void) {
  puts(
      "narada verify checks the whole store: the file's structure, references between rows, that every imported row is accounted for, counts, places in\n"
      "playlists, what programs left, and that the backups beside it are what they were when they were made.\n\nusage: narada verify [options]\n\n"
      "It changes nothing, and an import or a program may go on meanwhile. A backup is checked the same way: narada verify --store BACKUP.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 all is well, 1 something is wrong or could not be checked, 2 wrong usage.");
}

static void print_finding(Report *report, const VerifyFinding *finding) {
  if (finding->problems == 0 && report->quiet) return;
  printf("%-7s ", finding->problems ? "WRONG" : "ok");
  text_print(stdout, text_of(finding->what));
  if (finding->problems) printf(": %" PRIu64, finding->problems);
  fputc('\n', stdout);
  for (size_t i = 0; i < finding->example_count; i++) {
    fputs("          ", stdout);
    text_print(stdout, finding->examples[i]);
    fputc('\n', stdout);
  }
  if (finding->problems > finding->example_count) printf("          and %" PRIu64 " more\n", finding->problems - finding->example_count);
}

static void append_finding(Report *report, const VerifyFinding *finding) {
  TextBuilder *json = &report->json;
  text_append(json, report->checks > 1 ? TEXT_LITERAL(",{\"check\":") : TEXT_LITERAL("{\"check\":"));
  json_append_string(json, text_of(finding->what));
  text_append_format(json, ",\"problems\":%" PRIu64 ",\"examples\":[", finding->problems);
  for (size_t i = 0; i < finding->example_count; i++) {
    if (i) text_append_char(json, ',');
    json_append_string(json, finding->examples[i]);
  }
  text_append(json, TEXT_LITERAL("]}"));
}

static void begin(void *context, const char *what) {
  Report *report = context;
  char words[PROGRESS_WORDS] = "";
  if (!report->progress) return;
  progress_words(words, 0, "checking: %s", text_escaped(report->arena, text_of(what)).bytes);
  progress_line_show(&report->progress_width, words);
}

static void tell(void *context, const VerifyFinding *finding) {
  Report *report = context;
  if (report->progress) progress_line_clear(&report->progress_width);
  report->checks++;
  report->failed += finding->problems > 0;
  if (report->as_json) {
    append_finding(report, finding);
  } else {
    print_finding(report, finding);
  }
  fflush(stdout);
}

static Status verify_backups(Report *report, const char *store, Error *error) {
  const char *const *paths;
  size_t count;
  Status status = backup_list(report->arena, store, &paths, &count, error);
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    BackupState state;
    VerifyFinding finding = {.what = arena_format(report->arena, "the backup %s", paths[i])};
    begin(report, finding.what);
    status = backup_check(report->arena, paths[i], &state, error);
    finding.problems = status != STATUS_OK || state != BACKUP_GOOD;
    finding.example_count = finding.problems;
    if (finding.problems)
      finding.examples[0] = status != STATUS_OK                ? text_copy(report->arena, text_of(error->message))
                            : state == BACKUP_NO_CHECKSUM ? TEXT_LITERAL("has no checksum beside it; `narada verify --store` with its name checks what it holds")
                                                               : TEXT_LITERAL("is not what it was when it was made, and is of no use; `narada backup` makes another");
    status = STATUS_OK;
    tell(report, &finding);
  }
  return status;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Store *store;
  Report *report = arena_alloc(arena, sizeof *report);
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  report->arena = report->json.arena = arena;
  report->progress = isatty(STDERR_FILENO) && !options_have(&options, "quiet");
  report->quiet = options_have(&options, "quiet");
  report->as_json = options_have(&options, "json");
  status = option_operands(&options, 0, error);
  if (status == STATUS_OK) status = store_of_options(arena, &options, STORE_READ, &store, error);
  if (status == STATUS_OK) status = store_verify(store, begin, tell, report, error);
  if (status == STATUS_OK) status = verify_backups(report, store_path(store), error);
  if (report->progress) progress_line_clear(&report->progress_width);
  if (status != STATUS_OK) return status;
  if (report->as_json) {
    printf("{\"checks\":%zu,\"failed\":%zu,\"findings\":[%s]}\n", report->checks, report->failed, report->json.bytes);
  } else if (!report->quiet) {
    printf("%zu checks, %s\n", report->checks, report->failed ? arena_format(arena, "%zu found something wrong", report->failed) : "all is well");
  }
  if (report->failed == 0) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: something is wrong with it; `narada restore` takes a backup back", store_path(store));
}

const Command command_verify = {
    .name = "verify",
    .summary = "whether the store and its backups are whole",
    .run = run,
    .help = print_help,
};
