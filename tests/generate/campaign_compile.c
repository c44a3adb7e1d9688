/* Programs of every sort through `check` and `build`: right ones, nearly right ones, and such as only follow the grammar. The compiler must neither
 * crash nor contradict itself; what is wrong must be told with a place inside the program; what it accepts must load again, and twice the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign.h"
#include "compiler/compile.h"
#include "program.h"

typedef struct Counts {
  uint64_t whole, whole_refused; /* programs that should compile */
  uint64_t changed, sentences, accepted;
  ProgramUse use;
} Counts;

typedef enum Sort { SORT_WHOLE, SORT_CHANGED, SORT_SENTENCE } Sort;

static Sort sort_of(uint64_t seed) {
  unsigned part = (unsigned)(seed % 100);
  return part < 20 ? SORT_WHOLE : part < 75 ? SORT_CHANGED : SORT_SENTENCE;
}

static Text make(Arena *arena, uint64_t seed, void *shared) {
  Counts *counts = shared;
  ProgramOptions options = {.size = seed / 100 % 8 == 0 ? 4 : 1};
  switch (sort_of(seed)) {
    case SORT_WHOLE: return generate_program(arena, seed, options, &counts->use);
    case SORT_CHANGED: return mutate_program(arena, generate_program(arena, seed, options, NULL), seed ^ 1, 1 + (unsigned)(seed / 800 % 3));
    default: return generate_sentence(arena, seed);
  }
}

typedef struct Trial {
  Arena *arena;
  Text program;
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

static bool span_is_inside(const SourceSet *sources, Span span) {
  return span.source < sources->count && span.start <= span.end && span.end <= sources->items[span.source].text.length;
}

static Status check_messages(Trial *trial, const DiagList *diags, const SourceSet *sources) {
  size_t errors = 0;
  for (size_t i = 0; i < diags->count; i++) {
    const Diag *diag = diags->items[i];
    const DiagInfo *info = diag_info(diag->code);
    errors += info->severity == SEVERITY_ERROR;
    if (info->code[1] == '9') return is_wrong(trial, "an internal message", diag->message.bytes);
    if (!diag->message.length) return is_wrong(trial, "an empty message", info->code);
    if (!span_is_inside(sources, diag->span)) return is_wrong(trial, "a message outside of the program", info->code);
    for (const DiagLabel *label = diag->labels; label; label = label->next)
      if (!span_is_inside(sources, label->span)) return is_wrong(trial, "a label outside of the program", info->code);
  }
  if (errors > diags->errors) return is_wrong(trial, "errors are not counted", "");
  return STATUS_OK;
}

/* A plan as text is the same plan again. */
static Status print_plan(Trial *trial, const Compiled *compiled) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (!out) return STATUS_OK;
  plan_disassemble(compiled->plan, out);
  bool well = fclose(out) == 0;
  Text again = {0};
  Error error = {0};
  Status status = well ? plan_assemble(trial->arena, (Text){text, length}, "plan", &again, &error) : STATUS_OK;
  bool same = text_equal(again, compiled->bytes);
  free(text);
  if (!well) return STATUS_OK;
  if (status != STATUS_OK) return is_wrong(trial, "the plan's text is refused", error.message);
  return same ? STATUS_OK : is_wrong(trial, "the plan's text makes another plan", "");
}

static Status build(Trial *trial, Compiled *compiled, bool *module, Error *error) {
  SourceSet sources = {.arena = trial->arena};
  DiagList diags = {.arena = trial->arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("generated.nrd"), text_copy(trial->arena, trial->program));
  Status status = compile_source(trial->arena, &sources, source, &diags, compiled, error);
  *module = diags.errors == 1;
  for (size_t i = 0; i < diags.count; i++) *module = *module && (diag_info(diags.items[i]->code)->severity != SEVERITY_ERROR || diags.items[i]->code == DIAG_NOTHING_TO_RUN);
  return status;
}

/* What `check` accepts, `build` must compile, twice to the same bytes, unless there is nothing to run. */
static Status check_build(Trial *trial) {
  Error error = {0};
  Compiled first, second;
  bool module;
  if (build(trial, &first, &module, &error) != STATUS_OK) return module ? STATUS_OK : is_wrong(trial, "what passes the check does not compile", error.message);
  trial->counts->accepted++;
  if (build(trial, &second, &module, &error) != STATUS_OK || !text_equal(first.bytes, second.bytes)) return is_wrong(trial, "compiled twice, not the same", error.message);
  return trial->seed % 7 == 0 ? print_plan(trial, &first) : STATUS_OK;
}

static Status try_program(void *context, Error *error) {
  Trial *trial = context;
  (void)error;
  SourceSet sources = {.arena = trial->arena};
  DiagList diags = {.arena = trial->arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("generated.nrd"), text_copy(trial->arena, trial->program));
  compile_check(trial->arena, &sources, source, &diags);
  Sort sort = sort_of(trial->seed);
  trial->counts->whole += sort == SORT_WHOLE;
  trial->counts->changed += sort == SORT_CHANGED;
  trial->counts->sentences += sort == SORT_SENTENCE;
  trial->counts->whole_refused += sort == SORT_WHOLE && diags.errors;
  if (check_messages(trial, &diags, &sources) != STATUS_OK) return STATUS_FAILED;
  if (diags.errors) {
    if (sort == SORT_WHOLE && getenv("NARADA_CAMPAIGN_REFUSED")) diag_render(&diags, stdout, false);
    return STATUS_OK;
  }
  return check_build(trial);
}

static bool holds(Text program, uint64_t seed, void *shared, char why[CAMPAIGN_REASON]) {
  Trial trial = {.arena = arena_new((size_t)256 << 20), .program = program, .seed = seed, .counts = shared, .why = why};
  Error error = {0};
  if (arena_protect(trial.arena, try_program, &trial, &error) != STATUS_OK && !trial.wrong) is_wrong(&trial, "not finished", error.message);
  arena_free(trial.arena);
  return !trial.wrong;
}

static bool summary(const void *shared, uint64_t count) {
  const Counts *counts = shared;
  printf("%" PRIu64 " right, of which %" PRIu64 " refused; %" PRIu64 " changed; %" PRIu64 " by grammar; %" PRIu64 " accepted\n", counts->whole,
         counts->whole_refused, counts->changed, counts->sentences, counts->accepted);
  if (count < 10000) return true;
  bool most = counts->whole_refused * 20 <= counts->whole;
  if (!most) printf("more than one in twenty programs that should compile is refused\n");
  return program_use_gaps(&counts->use, false, stdout) == 0 && most;
}

int main(int argc, char **argv) {
  static const Campaign campaign = {"narada-campaign-compile", "programs", sizeof(Counts), 20000, make, holds, summary};
  return campaign_main(&campaign, argc, argv);
}
