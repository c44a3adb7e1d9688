/* narada status: what the store holds and what is going on. */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/service_options.h"
#include "cli/store_option.h"
#include "connectors/services/accounts.h"
#include "store/upkeep/backup.h"
#include "store/runs.h"
#include "store/summary.h"

static const OptionDef option_defs[] = {STORE_OPTION, CREDENTIALS_OPTION, {"json", 0, NULL, "as JSON"}, HELP_OPTION};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs, MOST_RUNS = 5 };

typedef struct Overview {
  Arena *arena;
  Zone zone;
  const char *path;
  StoreSummary summary;
  Text writer;
  const char *const *backups;
  size_t backup_count;
  StoreRun runs[MOST_RUNS]; /* the latest */
  size_t run_count;
  Account accounts[SERVICE_COUNT];
  const char *accounts_problem; /* NULL = none */
} Overview;

static void print_help(void) {
  puts(
      "narada status tells what the store holds, who writes to it now, which services are set up, and how the last programs ended.\n\nusage: narada status [options]\n\n"
      "It reads while an import or a program writes.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 done, 1 there is no store or it cannot be read, 2 wrong usage.");
}

static bool take_run(void *context, const StoreRun *run) {
  Overview *overview = context;
  StoreRun *copy = &overview->runs[overview->run_count++];
  *copy = *run;
  copy->program = text_copy(overview->arena, run->program);
  copy->status = text_copy(overview->arena, run->status);
  return overview->run_count < MOST_RUNS;
}

/* The store is told of also where the credentials are not as they should be. */
static Status look_at_accounts(Overview *overview, const Options *options, Error *error) {
  Services *services;
  Error problem;
  Status status = services_of_options(overview->arena, options, clock_now(), true, &services, error);
  for (int i = 0; i < SERVICE_COUNT && status == STATUS_OK && !overview->accounts_problem; i++)
    if (account_read(services, (Service)i, &overview->accounts[i], &problem) != STATUS_OK)
      overview->accounts_problem = arena_copy(overview->arena, problem.message, strlen(problem.message));
  return status;
}

static Status look(Overview *overview, const Options *options, Error *error) {
  Store *store;
  Status status = store_of_options(overview->arena, options, STORE_READ, &store, error);
  if (status == STATUS_OK) status = zone_use(NULL, &overview->zone, error);
  if (status == STATUS_OK) status = store_summary(store, overview->arena, &overview->summary, error);
  if (status == STATUS_OK) status = store_each_run(store, INT64_MAX, MOST_RUNS, take_run, overview, error);
  if (status != STATUS_OK) return status;
  overview->path = store_path(store);
  overview->writer = store_writer(overview->arena, overview->path);
  status = backup_list(overview->arena, overview->path, &overview->backups, &overview->backup_count, error);
  if (status == STATUS_OK) status = look_at_accounts(overview, options, error);
  return status == STATUS_OK ? store_close(store, error) : status;
}

/* ---- for people ---- */

static const char *day(const Overview *overview, Instant instant) {
  Text text = instant_format_local(overview->arena, instant, overview->zone);
  return arena_copy(overview->arena, text.bytes, text.length);
}

static void print_import(const Overview *overview) {
  const StoreSummary *summary = &overview->summary;
  Arena *arena = overview->arena;
  if (!summary->has_import) {
    puts("imports    none yet");
    return;
  }
  fputs("imports    the last on ", stdout);
  printf("%s, from ", day(overview, summary->imported_at));
  text_print(stdout, summary->import_source);
  if (summary->rows_read == 0) { /* written when it ends */
    printf(": %s stored; it %s\n", words_of_many(arena, summary->stored, "play"),
           overview->writer.length ? "goes on" : "was interrupted: the same command goes on from there");
    return;
  }
  printf(": %s = %s stored + %s recognised + %s rejected\n", words_of_many(arena, summary->rows_read, "row"), words_of_count(arena, summary->stored),
         words_of_count(arena, summary->duplicates), words_of_count(arena, summary->rejected));
}

static void print_runs(const Overview *overview) {
  for (size_t i = 0; i < overview->run_count; i++) {
    const StoreRun *run = &overview->runs[i];
    printf("%-10s %" PRId64 ", %s: ", i ? "" : "runs", run->id, day(overview, run->started_at));
    text_print(stdout, run->program);
    fputs(", ", stdout);
    text_print(stdout, run->status);
    fputc('\n', stdout);
  }
  if (overview->run_count == 0) puts("runs       none yet");
}

static void print_accounts(const Overview *overview) {
  const char *title = "services";
  for (int i = 0; i < SERVICE_COUNT && !overview->accounts_problem; i++) {
    const Account *account = &overview->accounts[i];
    if (account->state == ACCOUNT_NONE) continue;
    printf("%-10s %s: ", title, service_def((Service)i)->doc);
    text_print(stdout, account->says);
    putchar('\n');
    title = "";
  }
  if (!*title) return;
  printf("%-10s ", title);
  text_print(stdout, text_of(overview->accounts_problem ? overview->accounts_problem : "none yet; `narada setup` connects them"));
  putchar('\n');
}

static void print(const Overview *overview) {
  const StoreSummary *summary = &overview->summary;
  Arena *arena = overview->arena;
  fputs("store      ", stdout);
  text_print(stdout, text_of(overview->path));
  printf(", %s, schema %d\n", words_of_bytes(arena, summary->bytes), summary->schema);
  fputs("writing    ", stdout);
  text_print(stdout, overview->writer.length ? overview->writer : TEXT_LITERAL("nobody now"));
  fputc('\n', stdout);
  if (summary->plays > 0) {
    printf("history    %s, from %s to %s\n", words_of_many(arena, summary->plays, "play"), day(overview, summary->first_play), day(overview, summary->last_play));
  } else {
    puts("history    no plays yet");
  }
  printf("library    %s, %s, %s, %s, %s\n", words_of_many(arena, summary->tracks, "track"), words_of_many(arena, summary->playlists, "playlist"),
         words_of_many(arena, summary->likes, "like"), words_of_many(arena, summary->ratings, "rating"), words_of_many(arena, summary->tags, "tag"));
  print_import(overview);
  if (overview->backup_count) {
    printf("backups    %zu, the last by name ", overview->backup_count);
    text_print(stdout, text_of(overview->backups[overview->backup_count - 1]));
    fputc('\n', stdout);
  } else {
    puts("backups    none yet; `narada backup` makes one");
  }
  if (summary->open_writes) printf("outbox     %s waiting to be written to services\n", words_of_count(arena, summary->open_writes));
  print_accounts(overview);
  print_runs(overview);
}

/* ---- for programs ---- */

static void append_instant(TextBuilder *json, const char *key, Instant instant, bool known) {
  text_append_format(json, ",\"%s\":", key);
  if (known) {
    json_append_string(json, instant_format(json->arena, instant));
  } else {
    text_append(json, TEXT_LITERAL("null"));
  }
}

static void print_json(const Overview *overview) {
  const StoreSummary *summary = &overview->summary;
  TextBuilder json = {.arena = overview->arena};
  text_append(&json, TEXT_LITERAL("{\"store\":"));
  json_append_string(&json, text_of(overview->path));
  text_append_format(&json, ",\"bytes\":%" PRId64 ",\"schema\":%d,\"writer\":", summary->bytes, summary->schema);
  if (overview->writer.length) {
    json_append_string(&json, overview->writer);
  } else {
    text_append(&json, TEXT_LITERAL("null"));
  }
  text_append_format(&json, ",\"plays\":%" PRId64, summary->plays);
  append_instant(&json, "first_play", summary->first_play, summary->plays > 0);
  append_instant(&json, "last_play", summary->last_play, summary->plays > 0);
  text_append_format(&json,
                     ",\"tracks\":%" PRId64 ",\"playlists\":%" PRId64 ",\"likes\":%" PRId64 ",\"ratings\":%" PRId64 ",\"tags\":%" PRId64
                     ",\"open_writes\":%" PRId64,
                     summary->tracks, summary->playlists, summary->likes, summary->ratings, summary->tags, summary->open_writes);
  append_instant(&json, "last_import", summary->imported_at, summary->has_import);
  text_append_format(&json, ",\"backups\":%zu", overview->backup_count);
  text_append(&json, TEXT_LITERAL(",\"runs\":["));
  for (size_t i = 0; i < overview->run_count; i++) {
    const StoreRun *run = &overview->runs[i];
    text_append_format(&json, "%s{\"run\":%" PRId64 ",\"program\":", i ? "," : "", run->id);
    json_append_string(&json, run->program);
    text_append(&json, TEXT_LITERAL(",\"status\":"));
    json_append_string(&json, run->status);
    append_instant(&json, "started", run->started_at, true);
    text_append_char(&json, '}');
  }
  text_append(&json, TEXT_LITERAL("],\"services\":["));
  for (int i = 0; i < SERVICE_COUNT && !overview->accounts_problem; i++) {
    const Account *account = &overview->accounts[i];
    text_append_format(&json, "%s{\"service\":\"%s\",\"state\":\"%s\",\"user\":", i ? "," : "", service_def((Service)i)->name, account_state_name(account->state));
    json_append_string(&json, account->user);
    append_instant(&json, "login_ends", account->ends, account->ends > 0);
    text_append_char(&json, '}');
  }
  text_append(&json, TEXT_LITERAL("]}\n"));
  fwrite(json.bytes, 1, json.length, stdout);
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Overview *overview = arena_alloc(arena, sizeof *overview);
  overview->arena = arena;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  status = option_operands(&options, 0, error);
  if (status == STATUS_OK) status = look(overview, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "json")) {
    print_json(overview);
  } else {
    print(overview);
  }
  return STATUS_OK;
}

const Command command_status = {
    .name = "status",
    .summary = "what the store holds and what is going on",
    .run = run,
    .help = print_help,
};
