/* Generated JSON workflows: what is said compiles, as the program that it is imported as; exported, that program is a workflow that says it again, and the
 * second export is the same text. Workflows with damage are told what is wrong and break nothing; so are programs of every sort that are to be exported, and
 * those that can be said are read back. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "campaign.h"
#include "compiler/compile.h"
#include "compiler/workflow/export.h"
#include "compiler/workflow/workflow.h"
#include "program.h"
#include "workflow.h"

typedef struct Counts {
  uint64_t whole, refused, changed, accepted, exported, programs, programs_exported;
  WorkflowUse use;
} Counts;

typedef enum Sort { SORT_WHOLE, SORT_CHANGED, SORT_PROGRAM } Sort;

static Sort sort_of(uint64_t seed) {
  return seed % 10 < 2 ? SORT_CHANGED : seed % 10 == 2 ? SORT_PROGRAM : SORT_WHOLE;
}

static Text make(Arena *arena, uint64_t seed, void *shared) {
  Counts *counts = shared;
  Sort sort = sort_of(seed);
  if (sort == SORT_PROGRAM) return generate_program(arena, seed, (ProgramOptions){.size = 1}, NULL);
  Text workflow = generate_workflow(arena, seed, sort == SORT_CHANGED ? NULL : &counts->use);
  return sort == SORT_CHANGED ? mutate_workflow(arena, workflow, seed ^ 1, 1 + (unsigned)(seed / 10 % 3)) : workflow;
}

typedef struct Trial {
  Arena *arena;
  Text workflow;
  uint64_t seed;
  Counts *counts;
  char *why;
  bool wrong;
} Trial;

static Status is_wrong(Trial *trial, const char *what, const char *more) {
  snprintf(trial->why, CAMPAIGN_REASON, "%s%s%.300s", what, *more ? ": " : "", more);
  trial->wrong = true;
  return STATUS_FAILED;
}

static bool is_internal(const DiagList *diags) {
  for (size_t i = 0; i < diags->count; i++)
    if (diag_info(diags->items[i]->code)->code[1] == '9') return true;
  return false;
}

static const char *first_error(const DiagList *diags) {
  for (size_t i = 0; i < diags->count; i++)
    if (diag_info(diags->items[i]->code)->severity == SEVERITY_ERROR) return diags->items[i]->message.bytes;
  return "";
}

/* Compiles a text; STATUS_USAGE with a message in `why` where it is refused. */
static Status build(Trial *trial, const char *path, Text text, Digest *id, Text *program, const char **why) {
  SourceSet sources = {.arena = trial->arena};
  DiagList diags = {.arena = trial->arena, .sources = &sources};
  Error error = {0};
  Compiled compiled;
  uint32_t source = source_add(&sources, text_of(path), text_copy(trial->arena, text)), made = source;
  if (workflow_is(&sources, source) && program) {
    bool read = workflow_read(trial->arena, &sources, source, &diags, &made);
    if (is_internal(&diags)) return is_wrong(trial, "an internal message", first_error(&diags));
    *why = first_error(&diags);
    if (!read || diags.errors) return STATUS_USAGE;
    *program = sources.items[made].text;
    diags = (DiagList){.arena = trial->arena, .sources = &sources};
  }
  Status status = compile_source(trial->arena, &sources, source, &diags, &compiled, &error);
  if (is_internal(&diags) || (status != STATUS_OK && status != STATUS_USAGE)) return is_wrong(trial, "an internal message", diags.errors ? first_error(&diags) : error.message);
  *why = first_error(&diags);
  if (status == STATUS_OK) *id = compiled.plan->id;
  return status;
}

static bool export_program(Trial *trial, Text program, Text *json, const char **why) {
  SourceSet sources = {.arena = trial->arena};
  DiagList diags = {.arena = trial->arena, .sources = &sources}, lints = diags;
  uint32_t source = source_add(&sources, TEXT_LITERAL("w.nrd"), text_copy(trial->arena, program));
  Graph *graph = (Graph *)compile_check(trial->arena, &sources, source, &lints);
  bool good = graph && !lints.errors && workflow_export(trial->arena, graph, TEXT_LITERAL("w"), false, &diags, json);
  *why = first_error(lints.errors ? &lints : &diags);
  return good;
}

/* Import, export, import, export. */
static Status go_round(Trial *trial, Text program, const Digest *id) {
  const char *why = "";
  Digest again, third;
  Text json, second_program, second_json;
  if (build(trial, "w.nrd", program, &again, NULL, &why) != STATUS_OK) return is_wrong(trial, "the imported program does not compile", why);
  if (memcmp(&again, id, sizeof again) != 0) return is_wrong(trial, "imported, it is another plan", "");
  if (!export_program(trial, program, &json, &why)) return is_wrong(trial, "what was a workflow cannot be exported", why);
  if (build(trial, "w.json", json, &third, &second_program, &why) != STATUS_OK) return trial->wrong ? STATUS_FAILED : is_wrong(trial, "the export does not compile", why);
  if (memcmp(&third, id, sizeof third) != 0) return is_wrong(trial, "exported, it is another plan", "");
  if (!export_program(trial, second_program, &second_json, &why)) return is_wrong(trial, "the second export is refused", why);
  if (!text_equal(json, second_json)) return is_wrong(trial, "the second export is another text", "");
  trial->counts->exported++;
  return STATUS_OK;
}

/* A program that somebody wrote. The name of a stream that is read once is lost when it is read back, so the second export counts. */
static Status try_program(Trial *trial) {
  const char *why = "";
  Digest id;
  Text json, program, second;
  trial->counts->programs++;
  if (!export_program(trial, trial->workflow, &json, &why)) return STATUS_OK;
  if (build(trial, "w.json", json, &id, &program, &why) != STATUS_OK) return trial->wrong ? STATUS_FAILED : is_wrong(trial, "the export of a program does not compile", why);
  if (!export_program(trial, program, &second, &why)) return is_wrong(trial, "the export of a program cannot be exported again", why);
  trial->counts->programs_exported++;
  if (build(trial, "w.json", second, &id, &program, &why) != STATUS_OK) return trial->wrong ? STATUS_FAILED : is_wrong(trial, "the second export of a program does not compile", why);
  if (!export_program(trial, program, &json, &why)) return is_wrong(trial, "the second export of a program cannot be exported again", why);
  return text_equal(json, second) ? STATUS_OK : is_wrong(trial, "the third export of a program is another text", "");
}

static Status try_workflow(void *context, Error *error) {
  Trial *trial = context;
  (void)error;
  const char *why = "";
  Text program;
  Digest id;
  bool changed = sort_of(trial->seed) == SORT_CHANGED;
  if (sort_of(trial->seed) == SORT_PROGRAM) return try_program(trial);
  *(changed ? &trial->counts->changed : &trial->counts->whole) += 1;
  Status status = build(trial, "w.json", trial->workflow, &id, &program, &why);
  if (trial->wrong) return STATUS_FAILED;
  if (status != STATUS_OK) {
    trial->counts->refused += !changed;
    if (!changed && getenv("NARADA_CAMPAIGN_REFUSED")) printf("%s\n" TEXT_FORMAT, why, TEXT_ARG(trial->workflow));
    return STATUS_OK;
  }
  trial->counts->accepted++;
  return go_round(trial, program, &id);
}

static bool holds(Text workflow, uint64_t seed, void *shared, char why[CAMPAIGN_REASON]) {
  Trial trial = {.arena = arena_new((size_t)256 << 20), .workflow = workflow, .seed = seed, .counts = shared, .why = why};
  Error error = {0};
  if (arena_protect(trial.arena, try_workflow, &trial, &error) != STATUS_OK && !trial.wrong) is_wrong(&trial, "not finished", error.message);
  arena_free(trial.arena);
  return !trial.wrong;
}

static bool summary(const void *shared, uint64_t count) {
  const Counts *counts = shared;
  printf("%" PRIu64 " right, %" PRIu64 " changed; %" PRIu64 " accepted, %" PRIu64 " of them exported and read back\n", counts->whole, counts->changed, counts->accepted,
         counts->exported);
  printf("%" PRIu64 " programs, %" PRIu64 " of them exported and read back\n", counts->programs, counts->programs_exported);
  if (counts->refused) printf("%" PRIu64 " workflows without a mistake were refused\n", counts->refused);
  return !counts->refused && (count < 1000 || workflow_use_gaps(&counts->use) == 0);
}

int main(int argc, char **argv) {
  static const Campaign campaign = {"narada-campaign-workflows", "workflows", sizeof(Counts), 2000, make, holds, summary};
  return campaign_main(&campaign, argc, argv);
}
