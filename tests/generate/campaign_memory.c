/* Programs while memory runs out: every allocation of check, build and run fails once, first those of our arenas, then those of SQLite. Each time the
 * program must end with a message, and everything it held must be given back (this is a test for AddressSanitizer too). */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign.h"
#include "compiler/compile.h"
#include "engine/run.h"
#include "library.h"
#include "program.h"

typedef struct Counts {
  uint64_t programs, arena_failures, sqlite_failures;
} Counts;

/* ---- SQLite's allocations ---- */

static sqlite3_mem_methods system_memory;
static uint64_t sqlite_countdown; /* 0 = none fails */

static bool sqlite_fails(void) {
  return sqlite_countdown && --sqlite_countdown == 0;
}

static void *failing_malloc(int size) {
  return sqlite_fails() ? NULL : system_memory.xMalloc(size);
}

static void *failing_realloc(void *block, int size) {
  return sqlite_fails() ? NULL : system_memory.xRealloc(block, size);
}

static bool watch_sqlite(void) {
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory) != SQLITE_OK) return false;
  sqlite3_mem_methods watched = system_memory;
  watched.xMalloc = failing_malloc;
  watched.xRealloc = failing_realloc;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &watched) == SQLITE_OK;
}

/* ---- one program, from its text to its results ---- */

static const char *const rich[] = {
    "param n: int = 5\nstage best(n: int) = sort plays(90d) desc, title | take n\nlet heard = from library.played within: @2024 | best 20\n"
    "from library.tracks, library.liked | union | except heard | add label: \"{artist}: {title} {plays ?? 0}\" | best n | to file.json \"out.json\"\n",
    "from library.plays | keep played_at in @2023..@2024 and not contains(title, \"9\") | tally artist, year: year(played_at) plays: count() minutes: sum(ms_played) / 1min\n"
    "| top 9 by: minutes | to file.csv \"out.csv\" | show\n",
    "from library.tracks | per artist { shuffle seed: 3 | take 2 } | space_out by: artist gap: 2 | to library.playlist \"Out\" | to file.m3u \"out.m3u\" | to file.xspf \"out.xspf\"\n",
    "from library.plays | tracks | take 50% per: album | unique by: isrc | to file.jsonl \"out.jsonl\" | to library.likes\n"
    "from library.playlist \"Mix\" | interleave library.liked weights: [2, 1] | drop released in ..@2019 or explicit | to file.jspf \"out.jspf\"\n",
};

static Text make(Arena *arena, uint64_t seed, void *shared) {
  (void)shared;
  if (seed % 2) return text_copy(arena, text_of(rich[seed / 2 % (sizeof rich / sizeof *rich)]));
  return generate_program(arena, seed, (ProgramOptions){.size = 2, .local = true, .origin = ORIGIN_STORE}, NULL);
}

typedef struct Trial {
  Arena *arena;
  Text program;
  FILE *out;
} Trial;

static Status run_all(void *context, Error *error) {
  Trial *trial = context;
  SourceSet sources = {.arena = trial->arena};
  DiagList diags = {.arena = trial->arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("memory.nrd"), text_copy(trial->arena, trial->program));
  compile_check(trial->arena, &sources, source, &diags);
  diag_render(&diags, trial->out, false);
  if (diags.errors) return STATUS_OK;
  Compiled compiled;
  Status status = compile_source(trial->arena, &sources, source, &diags, &compiled, error);
  if (status != STATUS_OK) return status;
  RunOptions options = {.now = LIBRARY_NOW, .has_seed = true, .seed = 7, .store_path = "memory.db", .yes = true, .out = trial->out};
  Run *run;
  status = zone_use("UTC", &options.zone, error);
  if (status == STATUS_OK) status = run_new(trial->arena, compiled.plan, &options, NULL, 0, &run, error);
  return status == STATUS_OK ? run_execute(run, error) : status;
}

/* Runs the program with the n-th allocation failing, 0 = none; `*done` if there were fewer. `usual` is how it ends with enough memory. False if it did
 * not end as it should. */
static bool run_failing(Text program, FILE *nowhere, uint64_t n, bool in_sqlite, Error *usual, bool *done, char why[CAMPAIGN_REASON]) {
  Error error = {0};
  Trial trial = {.arena = arena_new(0), .program = program, .out = nowhere};
  if (!trial.arena) return false;
  if (in_sqlite) sqlite_countdown = n;
  else arena_test_fail_at(n);
  Status status = arena_protect(trial.arena, run_all, &trial, &error);
  arena_test_fail_at(0);
  if (n == 0) *usual = error;
  bool same_end = strcmp(error.message, usual->message) == 0;
  *done = in_sqlite ? sqlite_countdown != 0 : same_end;
  bool reached = in_sqlite && sqlite_countdown == 0;
  sqlite_countdown = 0;
  arena_free(trial.arena);
  if (status == STATUS_OK || same_end) return true; /* SQLite does without some of its allocations */
  bool told = in_sqlite ? reached && error.message[0] : strstr(error.message, "memory ran out") != NULL;
  if (!told) snprintf(why, CAMPAIGN_REASON, "%s allocation %" PRIu64 " fails: %.200s", in_sqlite ? "SQLite's" : "our", n, error.message);
  return told;
}

static bool fill_store(void) {

  Arena *arena = arena_new(0);
  Store *store;
  Error error = {0};
  bool well = store_open(arena, "memory.db", STORE_WRITE, LIBRARY_NOW, &store, &error) == STATUS_OK && generate_library(store, 5, &error) == STATUS_OK &&
              store_close(store, &error) == STATUS_OK;
  arena_free(arena);
  return well;
}

static bool holds(Text program, uint64_t seed, void *shared, char why[CAMPAIGN_REASON]) {
  Counts *counts = shared;
  char folder[] = "/tmp/narada-memory-XXXXXX";
  FILE *nowhere = fopen("/dev/null", "w");
  if (!nowhere || !mkdtemp(folder) || chdir(folder) != 0 || !fill_store()) {
    snprintf(why, CAMPAIGN_REASON, "no folder to work in");
    return false;
  }
  bool done = false;
  Error usual = {0};
  bool well = run_failing(program, nowhere, 0, false, &usual, &done, why);
  done = false;
  counts->programs++;
  Random random = random_seeded(seed);
  for (uint64_t n = 1; well && !done; n += n < 400 ? 1 : 1 + random_below(&random, 60)) {
    well = run_failing(program, nowhere, n, false, &usual, &done, why);
    counts->arena_failures += !done;
  }
  done = false;
  for (uint64_t n = 1; well && !done; n += n < 100 ? 1 : 1 + random_below(&random, 40)) {
    well = run_failing(program, nowhere, n, true, &usual, &done, why);
    counts->sqlite_failures += !done;
  }
  fclose(nowhere);
  char command[80];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (chdir("/") != 0 || system(command) != 0) return false;
  return well;
}

static bool summary(const void *shared, uint64_t count) {
  const Counts *counts = shared;
  printf("%" PRIu64 " programs, %" PRIu64 " failures of ours, %" PRIu64 " of SQLite\n", counts->programs, counts->arena_failures, counts->sqlite_failures);
  return count < 4 || (counts->arena_failures > 1000 && counts->sqlite_failures > 100);
}

int main(int argc, char **argv) {
  static const Campaign campaign = {"narada-campaign-memory", "programs", sizeof(Counts), 1, make, holds, summary};
  if (!watch_sqlite()) return 2;
  return campaign_main(&campaign, argc, argv);
}
