/* Programs on libraries, each run in three ways: as written, optimised, and optimised with the filters that the store can apply left to it. All three
 * must give the same rows to the same destinations. A program reads either the store or files: where streams of both meet, what a file does not know
 * is filled in from the store or not, depending on which columns other parts of the program asked for. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "campaign.h"
#include "compiler/compile.h"
#include "program.h"
#include "rows_rig.h"

enum { LIBRARIES = 32 };

typedef struct Counts {
  uint64_t runs, refused, failed, rows, empty;
  uint64_t counted; /* rows dropped for a missing value were counted otherwise by the store */
  ProgramUse use;
} Counts;

static Text make(Arena *arena, uint64_t seed, void *shared) {
  Counts *counts = shared;
  ProgramOrigin origin = seed / 4 % 3 ? ORIGIN_STORE : ORIGIN_FILES;
  return generate_program(arena, seed, (ProgramOptions){.size = 2 + (unsigned)(seed % 4), .local = true, .origin = origin}, &counts->use);
}

typedef struct Trial {
  Arena *arena;
  RowsLibrary *library;
  Text program;
  Counts *counts;
  char *why;
  bool wrong, refused;
} Trial;

static Status compile_as(Trial *trial, bool naive, Plan **out, Error *error) {
  SourceSet sources = {.arena = trial->arena};
  DiagList diags = {.arena = trial->arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("generated.nrd"), text_copy(trial->arena, trial->program));
  Compiled compiled;
  Status status = compile_source_with(trial->arena, &sources, source, (CompileOptions){.naive = naive}, &diags, &compiled, error);
  if (status == STATUS_OK) *out = compiled.plan;
  return status;
}

static Status wrong(Trial *trial, const char *what, const char *more) {
  snprintf(trial->why, CAMPAIGN_REASON, "%s: %.300s", what, more);
  trial->wrong = true;
  return STATUS_FAILED;
}

static Status try_program(void *context, Error *error) {
  Trial *trial = context;
  Plan *plans[2];
  Status status = compile_as(trial, true, &plans[0], error);
  if (status == STATUS_USAGE) {
    trial->counts->refused++;
    return STATUS_OK;
  }
  if (status == STATUS_OK) status = compile_as(trial, false, &plans[1], error);
  if (status != STATUS_OK) return wrong(trial, "it does not compile", error->message);
  RowsRun written, optimised, pushed;
  char why[300];
  if (!rows_run(trial->arena, trial->library, plans[0], false, &written) || !rows_run(trial->arena, trial->library, plans[1], false, &optimised) ||
      !rows_run(trial->arena, trial->library, plans[1], true, &pushed)) { /* every group of a `per` may bring a whole file */
    trial->counts->failed++;
    return STATUS_OK;
  }
  trial->counts->runs++;
  trial->counts->failed += written.status != STATUS_OK;
  uint64_t rows = 0;
  for (size_t i = 0; i < written.got.count; i++) rows += written.got.items[i].rows->selected;
  trial->counts->rows += rows;
  trial->counts->empty += rows == 0;
  if (!rows_same(&written, &optimised, why, sizeof why)) return wrong(trial, "as written and optimised", why);
  if (!rows_same(&optimised, &pushed, why, sizeof why)) return wrong(trial, "filtered by us and by the store", why);
  trial->counts->counted += !rows_reports_same(&optimised, &pushed, why, sizeof why);
  return STATUS_OK;
}

static bool holds(Text program, uint64_t seed, void *shared, char why[CAMPAIGN_REASON]) {
  static RowsLibrary *libraries[LIBRARIES];
  Error error = {0};
  RowsLibrary **library = &libraries[seed % LIBRARIES];
  if (!*library) *library = rows_library_new(seed % LIBRARIES, &error);
  if (!*library) {
    snprintf(why, CAMPAIGN_REASON, "no library: %.300s", error.message);
    return false;
  }
  Trial trial = {.arena = arena_new((size_t)512 << 20), .library = *library, .program = program, .counts = shared, .why = why};
  if (arena_protect(trial.arena, try_program, &trial, &error) != STATUS_OK && !trial.wrong) wrong(&trial, "not finished", error.message);
  arena_free(trial.arena);
  return !trial.wrong;
}

static bool summary(const void *shared, uint64_t count) {
  const Counts *counts = shared;
  printf("%" PRIu64 " run, %" PRIu64 " refused; %" PRIu64 " end with an error, %" PRIu64 " leave no rows; %" PRIu64 " rows; %" PRIu64 " count otherwise in the store\n",
         counts->runs, counts->refused, counts->failed, counts->empty, counts->rows, counts->counted);
  if (count < 1000) return true;
  bool most = counts->refused * 20 <= counts->runs && counts->failed * 5 <= counts->runs && counts->empty * 2 <= counts->runs;
  if (!most) printf("too many are refused, fail or leave no rows\n");
  return program_use_gaps(&counts->use, true, stdout) == 0 && most;
}

int main(int argc, char **argv) {
  static const Campaign campaign = {"narada-campaign-rows", "programs", sizeof(Counts), 2000, make, holds, summary};
  if (chdir(EXAMPLES_FOLDER) != 0) return 2;
  return campaign_main(&campaign, argc, argv);
}
