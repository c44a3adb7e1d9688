/* narada verify: whether the store agrees with itself, and its backups with their checksums; what follows from other rows is made anew. */
#include <inttypes.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/store_option.h"
#include "store/upkeep/backup.h"
#include "store/upkeep/repair.h"
#include "store/upkeep/verify.h"

static const OptionDef option_defs[] = {STORE_OPTION, {"repair", 0, NULL, "makes anew what follows from other rows, then checks all"}, {"json", 0, NULL, "as JSON"}, {"quiet", 'q', NULL, "only what is wrong"}, HELP_OPTION};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

typedef struct Report {
  Arena *arena;
  bool quiet, as_json;
  bool progress; /* standard error is a terminal */
  size_t progress_width;
  TextBuilder json;
  size_t checks, failed;
  size_t lost;      /* of those that failed, what cannot be made anew */
  unsigned repairs; /* VerifyRepair of the others */
  TextBuilder repaired; /* JSON: what was made anew */
} Report;

static void print_help(void) {
  puts(
      "narada verify checks the whole store: the file's structure, references between rows, that every imported row is accounted for, counts, places in\n"
      "playlists, what programs left, and that the backups beside it are what they were when they were made.\n\nusage: narada verify [options]\n\n"
      "It changes nothing, and an import or a program may go on meanwhile. A backup is checked the same way: narada verify --store BACKUP.\n\n"
      "--repair makes anew what follows from other rows, where it is wrong: counts, hashes that find rows, listens and their figures, indexes, views and\n"
      "triggers. What nothing else tells, as a play, a name or the text of a program, is not made up: `narada restore` takes a backup back.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 all is well, 1 something is wrong or could not be checked, 2 wrong usage, 75 the store is busy.");
}

static bool is_repairable(const VerifyFinding *finding) {
  return finding->repair && finding->repair != REPAIR_UNSAFE;
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
  if (finding->example_count && finding->problems > finding->example_count) printf("          and %" PRIu64 " more\n", finding->problems - finding->example_count);
  if (finding->problems && is_repairable(finding)) puts("          `narada verify --repair` makes this anew");
}

static void append_finding(Report *report, const VerifyFinding *finding) {
  TextBuilder *json = &report->json;
  text_append(json, report->checks > 1 ? TEXT_LITERAL(",{\"check\":") : TEXT_LITERAL("{\"check\":"));
  json_append_string(json, text_of(finding->what));
  text_append_format(json, ",\"problems\":%" PRIu64 ",\"repairable\":%s,\"examples\":[", finding->problems, is_repairable(finding) ? "true" : "false");
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

static void count(Report *report, const VerifyFinding *finding) {
  report->checks++;
  if (!finding->problems) return;
  report->failed++;
  report->lost += !is_repairable(finding);
  report->repairs |= finding->repair;
}

static void tell(void *context, const VerifyFinding *finding) {
  Report *report = context;
  if (report->progress) progress_line_clear(&report->progress_width);
  count(report, finding);
  if (report->as_json) {
    append_finding(report, finding);
  } else {
    print_finding(report, finding);
  }
  fflush(stdout);
}

static void verify_backup(Report *report, const char *path, const char *what) {
  BackupState state;
  Error error = {0};
  VerifyFinding finding = {.what = what};
  begin(report, what);
  Status status = backup_check(report->arena, path, &state, &error);
  finding.problems = status != STATUS_OK || state != BACKUP_GOOD;
  finding.example_count = finding.problems;
  if (finding.problems)
    finding.examples[0] = status != STATUS_OK                ? text_copy(report->arena, text_of(error.message))
                          : state == BACKUP_NO_CHECKSUM ? TEXT_LITERAL("has no checksum beside it; `narada verify --store` with its name checks what it holds")
                                                             : TEXT_LITERAL("is not what it was when it was made, and is of no use; `narada backup` makes another");
  tell(report, &finding);
}

static Status verify_backups(Report *report, const char *store, Error *error) {
  const char *const *paths;
  size_t count;
  Status status = backup_list(report->arena, store, &paths, &count, error);
  for (size_t i = 0; i < count && status == STATUS_OK; i++) verify_backup(report, paths[i], arena_format(report->arena, "the backup %s", paths[i]));
  return status;
}

static bool is_backup(Arena *arena, const char *store) {
  return access(arena_format(arena, "%s.sha256", store), F_OK) == 0;
}

/* ---- repairing ---- */

enum { REPAIR_ROUNDS = 3 }; /* an index that comes back may show what else is wrong */

static void note(void *context, const VerifyFinding *finding) {
  Report *report = context;
  count(report, finding);
  if (!finding->problems || !is_repairable(finding)) return;
  text_append(&report->repaired, report->repaired.length ? TEXT_LITERAL(",") : TEXT_LITERAL(""));
  json_append_string(&report->repaired, text_of(finding->what));
  if (report->as_json || report->quiet) return;
  printf("anew    ");
  text_print(stdout, text_of(finding->what));
  printf(": %" PRIu64 "\n", finding->problems);
}

static Status repair(Report *report, const Options *options, Error *error) {
  for (int round = 0; round < REPAIR_ROUNDS; round++) {
    Store *store;
    report->repairs = 0;
    Status status = store_of_options(report->arena, options, STORE_READ, &store, error);
    if (status != STATUS_OK) return status;
    const char *path = store_path(store);
    status = store_verify(store, begin, note, report, error);
    if (report->progress) progress_line_clear(&report->progress_width);
    store_close(store, NULL);
    if (!report->repairs) return status;
    status = store_repair(report->arena, path, report->repairs, clock_now(), error);
    if (status != STATUS_OK) return status;
  }
  return STATUS_OK;
}

/* ---- all of it ---- */

static Status check_all(Report *report, const Options *options, Error *error) {
  Store *store;
  Arena *arena = report->arena;
  Status status = store_of_options(arena, options, STORE_READ, &store, error);
  if (status == STATUS_OK && is_backup(arena, store_path(store))) verify_backup(report, store_path(store), "the checksum beside it");
  if (status == STATUS_OK) status = store_verify(store, begin, tell, report, error);
  size_t failed = report->failed;
  if (status == STATUS_OK) status = verify_backups(report, store_path(store), error);
  if (report->progress) progress_line_clear(&report->progress_width);
  if (status != STATUS_OK) return status;
  if (report->as_json) {
    const char *repaired = report->repaired.length ? arena_format(arena, ",\"repaired\":[%s]", text_built(&report->repaired).bytes) : "";
    printf("{\"checks\":%zu,\"failed\":%zu%s,\"findings\":[%s]}\n", report->checks, report->failed, repaired, report->json.bytes);
  } else if (!report->quiet) {
    printf("%zu checks, %s\n", report->checks, report->failed ? arena_format(arena, "%zu found something wrong", report->failed) : "all is well");
  }
  if (report->failed == 0) return STATUS_OK;
  if (failed == 0) return fail(error, STATUS_FAILED, "", "%s: it is whole, but not each of its backups; `narada backup` makes another", store_path(store));
  if (report->lost == report->failed - failed) return fail(error, STATUS_FAILED, "", "%s: something is wrong with it, all of which `narada verify --repair` makes anew", store_path(store));
  return fail(error, STATUS_FAILED, "", "%s: something is wrong with it; `narada restore` takes a backup back", store_path(store));
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Report *report = arena_alloc(arena, sizeof *report);
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  report->arena = report->json.arena = report->repaired.arena = arena;
  report->progress = isatty(STDERR_FILENO) && !options_have(&options, "quiet");
  report->quiet = options_have(&options, "quiet");
  report->as_json = options_have(&options, "json");
  status = option_operands(&options, 0, error);
  if (status == STATUS_OK && options_have(&options, "repair")) status = repair(report, &options, error);
  report->checks = report->failed = report->lost = 0;
  return status == STATUS_OK ? check_all(report, &options, error) : status;
}

const Command command_verify = {
    .name = "verify",
    .summary = "whether the store and its backups are whole",
    .run = run,
    .help = print_help,
};
