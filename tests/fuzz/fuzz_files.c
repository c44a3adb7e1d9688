/* Fuzzes the readers of files, and the writers with what was read. The first byte chooses the format and the kind of
 * rows, the rest is the file. */
#include <stdlib.h>

#include "connectors/file/formats.h"
#include "engine/tracks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT = 64 << 20 };

typedef struct Trial {
  Arena *arena;
  uint8_t choice;
  Text content;
} Trial;

/* Every field of the rows, as a source would be asked for. */
static void add_columns(Plan *plan, PlanSchema *schema) {
  for (FieldId id = 0; id < FIELD_COUNT; id++) {
    const FieldDef *def = field_def(id);
    if (!(def->rows & (1 << schema->kind))) continue;
    plan->strings[plan->string_count] = text_of(def->name);
    schema->columns[schema->column_count++] =
        (PlanColumn){.name = plan->string_count++, .field = PLAN_NONE, .type = def->type};
  }
}

static Status write_all(Run *run, const Batch *batch, Error *error) {
  FileWrite *const writers[] = {csv_write_rows, json_write_rows, jsonl_write_rows,
                                m3u_write_rows, xspf_write_rows, jspf_write_rows};
  for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
    Output *output;
    Status status = output_create(run->arena, "/dev/null", &output, error);
    if (!status) status = writers[i](run, batch, output, error);
    if (!status) status = output_commit(output, error);
    if (status) return status;
  }
  return STATUS_OK;
}

static Status try_file(void *context, Error *error) {
  FileRead *const readers[] = {csv_read_rows, json_read_rows, jsonl_read_rows,
                               m3u_read_rows, xspf_read_rows, jspf_read_rows};
  const Trial *trial = context;
  Plan *plan = arena_alloc(trial->arena, sizeof *plan);
  PlanSchema *schema = arena_alloc(trial->arena, sizeof *schema);
  plan->strings = arena_array(trial->arena, FIELD_COUNT, sizeof *plan->strings);
  schema->columns = arena_array(trial->arena, FIELD_COUNT, sizeof *schema->columns);
  schema->kind = trial->choice & 8 ? ROWS_PLAY : ROWS_TRACK;
  add_columns(plan, schema);
  RunOptions options = {.out = stdout};
  Run *run;
  Status status = run_new(trial->arena, plan, &options, NULL, 0, &run, error);
  if (status) return status;
  if (!run->tracks) run->tracks = track_registry_new(run);
  FileRows *rows = file_rows_new(run, 0, schema, "file");
  status = readers[(trial->choice & 7) % (sizeof readers / sizeof readers[0])](run, input_of_text(trial->arena, trial->content, "file"), rows, error);
  return status ? status : write_all(run, file_rows_finish(rows), error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  Trial trial = {.arena = arena_new(MEMORY_LIMIT), .choice = data[0], .content = {(const char *)data + 1, size - 1}};
  if (!trial.arena) return 0;
  Error error = {0};
  Status status = arena_protect(trial.arena, try_file, &trial, &error);
  if (status && error.message[0] == '\0') abort(); /* every refusal says why */
  arena_free(trial.arena);
  return 0;
}
