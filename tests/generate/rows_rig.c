#include "rows_rig.h"

#include <inttypes.h>
#include <string.h>

#include "compiler/compile.h"
#include "engine/columns.h"
#include "library.h"

typedef struct RowsFile {
  char name[24];
  TextBuilder text;
} RowsFile;

enum { ROWS_MAX_FILES = 24 };

struct RowsLibrary {
  Arena *arena;
  Store *store;
  RowsFile files[ROWS_MAX_FILES];
  size_t file_count;
};

typedef struct RowsWorld {
  World world;
  RowsLibrary *library;
  RowsRun *out; /* NULL while the files are made: destinations write */
} RowsWorld;

static Status answer_source(World *world, StageCall *call, const Batch **out, bool *answered, Error *error) {
  (void)world, (void)call, (void)out, (void)answered, (void)error;
  return STATUS_OK;
}

static Status answer_values(World *world, StageCall *call, Provider provider, Batch *batch, const size_t *fill, size_t count, bool *answered, Error *error) {
  (void)world, (void)call, (void)provider, (void)batch, (void)fill, (void)count, (void)answered, (void)error;
  return STATUS_OK;
}

static Status take_destination(World *base, StageCall *call, bool *answered, Error *error) {
  RowsWorld *world = (RowsWorld *)base;
  (void)error;
  if (!world->out) return STATUS_OK;
  RowsGot got = {.node = call->node, .destination = call->def->name, .rows = batch_in_order(call->run, call->inputs[0]), .resource = {"", 0}};
  for (unsigned i = 0; i < call->def->param_count; i++)
    if (call->def->params[i].flags & PARAM_RESOURCE) got.resource = call_text(call, call->def->params[i].name);
  vec_push(call->run->arena, &world->out->got, got);
  *answered = true;
  return STATUS_OK;
}

static Status open_file(World *base, Arena *arena, const char *path, Input **out, Error *error) {
  const RowsLibrary *library = ((RowsWorld *)base)->library;
  for (size_t i = 0; i < library->file_count; i++) {
    if (strcmp(library->files[i].name, path) != 0) continue;
    *out = input_of_text(arena, text_built(&library->files[i].text), path);
    return STATUS_OK;
  }
  return fail(error, STATUS_FAILED, "", "%s: no such file", path);
}

static Status create_file(World *base, Arena *arena, const char *path, Output **out, Error *error) {
  RowsLibrary *library = ((RowsWorld *)base)->library;
  if (library->file_count == ROWS_MAX_FILES) return fail(error, STATUS_FAILED, "", "too many files");
  RowsFile *file = &library->files[library->file_count++];
  snprintf(file->name, sizeof file->name, "%s", path);
  file->text = (TextBuilder){.arena = library->arena};
  *out = output_to_text(arena, &file->text, file->name);
  return STATUS_OK;
}

/* ---- running ---- */

typedef struct Running {
  Arena *arena;
  RowsWorld world;
  const Plan *plan;
  bool pushdown;
  RowsRun *out;
} Running;

static Status execute(void *context, Error *error) {
  Running *running = context;
  running->world.world = (World){answer_source, answer_values, take_destination, open_file, create_file};
  RunOptions options = {.now = LIBRARY_NOW, .has_seed = true, .seed = 7, .store_path = "unused.db", .yes = true, .no_pushdown = !running->pushdown,
                        .world = &running->world.world};
  Status status = zone_use("Europe/Berlin", &options.zone, error);
  Run *run = NULL;
  if (status == STATUS_OK) status = run_new(running->arena, running->plan, &options, NULL, 0, &run, error);
  if (status != STATUS_OK) return status;
  running->out->run = run;
  run->store = running->world.library->store;
  return run_execute(run, error);
}

bool rows_run(Arena *arena, RowsLibrary *library, const Plan *plan, bool pushdown, RowsRun *out) {
  *out = (RowsRun){0};
  Running running = {.arena = arena, .world = {.library = library, .out = out}, .plan = plan, .pushdown = pushdown, .out = out};
  out->status = arena_protect(arena, execute, &running, &out->error);
  return strncmp(out->error.message, "memory ran out", 14) != 0;
}

/* ---- the files ---- */

static Status write_file(Arena *arena, RowsLibrary *library, const char *program, Error *error) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("file.nrd"), text_copy(arena, text_of(program)));
  Compiled compiled;
  Status status = compile_source(arena, &sources, source, &diags, &compiled, error);
  if (status != STATUS_OK) return status;
  RowsRun ignored;
  Running running = {.arena = arena, .world = {.library = library}, .plan = compiled.plan, .out = &ignored};
  return execute(&running, error);
}

/* Every kind of file that can be read back is written from the library. */
static Status write_files(RowsLibrary *library, Error *error) {
  Status status = STATUS_OK;
  for (int id = 0; id < STAGEID_COUNT && status == STATUS_OK; id++) {
    const StageDef *def = stage_def((StageId)id);
    if (def->connector != CONNECTOR_FILE || def->group != GROUP_SOURCE || stage_find_destination(text_of(def->name)) == STAGEID_COUNT) continue;
    const char *ending = strchr(def->name, '.') + 1;
    Arena *arena = library->arena;
    status = write_file(arena, library, arena_format(arena, "from library.tracks | drop plays == 3 | take 25 | to %s \"tracks.%s\"\n", def->name, ending), error);
    if (status == STATUS_OK && def->output == OUTPUT_BY_WORD)
      status = write_file(arena, library, arena_format(arena, "from library.plays | drop skipped | take 60 | keep ms_played ?? 0s >= 0s | to %s \"plays.%s\"\n", def->name, ending), error);
  }
  return status;
}

typedef struct MakingLibrary {
  RowsLibrary *library;
  uint64_t seed;
} MakingLibrary;

static Status make_library(void *context, Error *error) {
  MakingLibrary *making = context;
  RowsLibrary *library = making->library;
  Status status = store_open_memory(library->arena, LIBRARY_NOW, &library->store, error);
  if (status == STATUS_OK) status = generate_library(library->store, making->seed, error);
  return status == STATUS_OK ? write_files(library, error) : status;
}

RowsLibrary *rows_library_new(uint64_t seed, Error *error) {
  Arena *arena = arena_new(0);
  if (!arena) return NULL;
  RowsLibrary *library = arena_alloc(arena, sizeof *library);
  library->arena = arena;
  MakingLibrary making = {library, seed};
  if (arena_protect(arena, make_library, &making, error) == STATUS_OK) return library;
  arena_free(arena);
  return NULL;
}

void rows_library_free(RowsLibrary *library) {
  if (library) arena_free(library->arena);
}

/* ---- comparing ---- */

static bool value_same(Run *a, Run *b, Type type, Value x, Value y) {
  if (type_form(type) == FORM_LIST) {
    ListItems items = list_items(a->lists, x), others = list_items(b->lists, y);
    if (items.count != others.count) return false;
    for (uint32_t i = 0; i < items.count; i++)
      if (!value_same(a, b, TYPE_MAKE(type_base(type), FORM_ONE), items.items[i], others.items[i])) return false;
    return true;
  }
  if (type_is_text(type)) return text_equal(text_at(a->texts, (TextId)x.integer), text_at(b->texts, (TextId)y.integer));
  return x.integer == y.integer;
}

static Text column_name(const RowsRun *run, const PlanColumn *column) {
  return run_column_name(run->run, column);
}

/* A field that another part of the program asked of the same source comes along, and may do so in one of two ways of running it. What the program
 * named, and what both have, must be there in the same order. */
static bool column_may_lack(const PlanColumn *column) {
  return column->field != PLAN_NONE;
}

/* The columns of `x` that `y` has too, as pairs; UINT32_MAX with `why` if a column is lacking that may not. */
static uint32_t pair_columns(RowsRun *a, RowsRun *b, const PlanSchema *x, const PlanSchema *y, uint32_t (*pairs)[2], char *why, size_t size) {
  uint32_t count = 0, next = 0;
  for (uint32_t c = 0; c < x->column_count; c++) {
    uint32_t other = next;
    while (other < y->column_count && !text_equal(column_name(a, &x->columns[c]), column_name(b, &y->columns[other]))) other++;
    for (uint32_t passed = next; other < y->column_count && passed < other; passed++) {
      if (column_may_lack(&y->columns[passed])) continue;
      snprintf(why, size, "only one has the column " TEXT_FORMAT, TEXT_ARG(column_name(b, &y->columns[passed])));
      return UINT32_MAX;
    }
    if (other < y->column_count) {
      pairs[count][0] = c;
      pairs[count++][1] = other;
      next = other + 1;
    } else if (!column_may_lack(&x->columns[c])) {
      snprintf(why, size, "only one has the column " TEXT_FORMAT, TEXT_ARG(column_name(a, &x->columns[c])));
      return UINT32_MAX;
    }
  }
  return count;
}

static bool track_same(const Batch *x, const Batch *y, size_t row, size_t other) {
  TrackHandle a = x->tracks ? x->tracks[row] : 0, b = y->tracks ? y->tracks[other] : 0;
  return a == b || (a < 0 && b < 0); /* those of one run are numbered as they come */
}

/* A field that comes along may be known of more rows in one of two ways of running; what the program named may not. */
static bool cell_same(RowsRun *a, RowsRun *b, const Column *x, const Column *y, size_t row, size_t other, bool may_lack) {
  bool missing = column_is_missing(x, row), other_missing = column_is_missing(y, other);
  if (type_required(x->type) != type_required(y->type) || (missing != other_missing && !may_lack)) return false;
  return missing || other_missing || value_same(a->run, b->run, type_required(x->type), x->values[row], y->values[other]);
}

static bool batch_same(RowsRun *a, RowsRun *b, const Batch *x, const Batch *y, char *why, size_t size) {
  uint32_t pairs[PLAN_MAX_COLUMNS][2];
  uint32_t count = pair_columns(a, b, x->schema, y->schema, pairs, why, size);
  if (count == UINT32_MAX) return false;
  if (x->selected != y->selected || x->schema->kind != y->schema->kind) {
    snprintf(why, size, "%zu %s and %zu %s", x->selected, row_kind_name(x->schema->kind), y->selected, row_kind_name(y->schema->kind));
    return false;
  }
  for (size_t i = 0; i < x->selected; i++) {
    size_t row = batch_row(x, i), other = batch_row(y, i);
    for (uint32_t c = 0; c < count; c++) {
      if (cell_same(a, b, &x->columns[pairs[c][0]], &y->columns[pairs[c][1]], row, other, column_may_lack(&x->schema->columns[pairs[c][0]]))) continue;
      snprintf(why, size, "row %zu differs in " TEXT_FORMAT, i, TEXT_ARG(column_name(a, &x->schema->columns[pairs[c][0]])));
      return false;
    }
    if (track_same(x, y, row, other)) continue;
    snprintf(why, size, "row %zu is another track", i);
    return false;
  }
  return true;
}

bool rows_same(RowsRun *a, RowsRun *b, char *why, size_t size) {
  if (a->status != b->status) {
    snprintf(why, size, "one ends with %d (%.150s), one with %d (%.150s)", a->status, a->error.message, b->status, b->error.message);
    return false;
  }
  if (a->status != STATUS_OK) return true;
  if (a->got.count != b->got.count) {
    snprintf(why, size, "%zu destinations and %zu destinations", a->got.count, b->got.count);
    return false;
  }
  for (size_t i = 0; i < a->got.count; i++) {
    const RowsGot *mine = &a->got.items[i], *other = &b->got.items[i];
    char where[160];
    if (strcmp(mine->destination, other->destination) != 0 || !text_equal(mine->resource, other->resource)) {
      snprintf(why, size, "%zu: %s is written and %s", i, mine->destination, other->destination);
      return false;
    }
    if (batch_same(a, b, mine->rows, other->rows, where, sizeof where)) continue;
    snprintf(why, size, "%s \"" TEXT_FORMAT "\": %s", mine->destination, TEXT_ARG(mine->resource), where);
    return false;
  }
  return true;
}

bool rows_reports_same(const RowsRun *a, const RowsRun *b, char *why, size_t size) {
  if (a->status != STATUS_OK || b->status != STATUS_OK) return true;
  for (uint32_t node = 0; node < a->run->plan->node_count; node++) {
    const NodeReport *x = &a->run->reports[node], *y = &b->run->reports[node];
    if (x->rows_out == y->rows_out && x->dropped_missing == y->dropped_missing) continue;
    snprintf(why, size, "node %u: %" PRIu64 " rows out, %" PRIu64 " missing and %" PRIu64 " out, %" PRIu64 " missing", node, x->rows_out, x->dropped_missing,
             y->rows_out, y->dropped_missing);
    return false;
  }
  return true;
}
