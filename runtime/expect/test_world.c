#include "expect/test_world.h"

#include "connectors/file/file_rows.h"
#include "engine/lists.h"
#include "expect/value.h"

static Status unknown(Error *error, const char *format, ...) NARADA_PRINTF(2, 3);
static Status unknown(Error *error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Status status = fail_with(error, STATUS_FAILED, diag_info(DIAG_EXPECT_UNKNOWN_WORLD)->code, format, arguments);
  va_end(arguments);
  return status;
}

/* What the stage reads or writes; false if it names nothing. */
static bool resource_of(const StageCall *call, Text *out) {
  for (uint8_t i = 0; i < call->def->param_count; i++) {
    if (!(call->def->params[i].flags & PARAM_RESOURCE)) continue;
    *out = call_text(call, call->def->params[i].name);
    return true;
  }
  *out = (Text){"", 0};
  return false;
}

/* ---- sources ---- */

static const Given *find_source(const TestWorld *world, const StageCall *call, Text resource) {
  const Given *found = NULL;
  for (size_t i = 0; i < world->test->given.count; i++) {
    const Given *given = &world->test->given.items[i];
    if (given->kind != GIVEN_SOURCE || stage_def(given->source) != call->def) continue;
    if (given->named && text_equal(given->name, resource)) return given;
    if (!given->named) found = given;
  }
  return found;
}

static Status set_cell(TestWorld *world, FileRows *rows, const Given *given, uint32_t row, int column, Error *error) {
  Arena *arena = world->run->arena;
  const FieldDef *def = field_def((FieldId)column);
  Text text = suite_cell(world->test, arena, given, row, column);
  Cell cell;
  uint32_t at;
  if (!text.length || !test_cell(arena, type_required(def->type), text, &cell)) return STATUS_OK;
  Status status = file_rows_column(rows, text_of(def->name), row + 1, &at, error);
  return status == STATUS_OK ? file_rows_set(rows, at, &cell, row + 1, error) : status;
}

/* Fields that a row of these kinds can hold: its own columns, and those of the tracks it refers to. */
static Status give_rows(TestWorld *world, StageCall *call, const Given *given, const Batch **out, Error *error) {
  FileRows *rows = file_rows_new(world->run, call->node, call->schema, call->def->name);
  Status status = STATUS_OK;
  for (uint32_t row = 0; row < given->table.row_count && status == STATUS_OK; row++) {
    file_rows_begin(rows, row + 1);
    for (int column = 0; column < FIELD_COUNT && status == STATUS_OK; column++) {
      if (field_def((FieldId)column)->rows & (1 << call->schema->kind)) status = set_cell(world, rows, given, row, column, error);
    }
    if (status == STATUS_OK) status = file_rows_end(rows, error);
  }
  if (status != STATUS_OK) return status;
  Batch *batch = arena_alloc(world->run->arena, sizeof *batch);
  *batch = *file_rows_finish(rows);
  if (call->schema->kind == ROWS_PLAYLIST) batch->tracks = NULL;
  *out = batch;
  return STATUS_OK;
}

static Status answer_source(World *base, StageCall *call, const Batch **out, bool *answered, Error *error) {
  TestWorld *world = (TestWorld *)base;
  Text resource;
  if (call->def->connector == CONNECTOR_LIBRARY) return STATUS_OK;
  bool has_resource = resource_of(call, &resource);
  const Given *given = find_source(world, call, resource);
  if (given) {
    *answered = true;
    return give_rows(world, call, given, out, error);
  }
  if (call->def->connector == CONNECTOR_FILE) return STATUS_OK;
  if (!has_resource) return unknown(error, "the test does not say what comes from there; add `from %s` and its rows", call->def->name);
  return unknown(error, "the test does not say what comes from there; add `from %s \"" TEXT_FORMAT "\"` and its rows", call->def->name,
                 TEXT_ARG(text_escaped(world->run->arena, resource)));
}

/* ---- destinations ---- */

static Status take_destination(World *base, StageCall *call, bool *answered, Error *error) {
  TestWorld *world = (TestWorld *)base;
  (void)error;
  Captured captured = {.node = call->node, .destination = (StageId)world->run->plan->imports[call->plan_node->stage].id, .rows = call->inputs[0]};
  resource_of(call, &captured.name);
  vec_push(world->run->arena, &world->captured, captured);
  *answered = call->def->connector != CONNECTOR_LIBRARY && call->def->connector != CONNECTOR_FILE;
  return STATUS_OK;
}

/* ---- files ---- */

static Status open_file(World *base, Arena *arena, const char *path, Input **out, Error *error) {
  TestWorld *world = (TestWorld *)base;
  for (size_t i = 0; i < world->files.count; i++) {
    if (!text_is(world->files.items[i]->path, path)) continue;
    *out = input_of_text(arena, text_built(&world->files.items[i]->text), path);
    return STATUS_OK;
  }
  for (size_t i = 0; i < world->test->given.count; i++) {
    const Given *given = &world->test->given.items[i];
    if (given->kind != GIVEN_FILE || !text_is(given->name, path)) continue;
    *out = input_of_text(arena, given->lines.text, path);
    return STATUS_OK;
  }
  return unknown(error, "the test does not give this file; add `file \"%s\"` and its lines", path);
}

static Status create_file(World *base, Arena *arena, const char *path, Output **out, Error *error) {
  TestWorld *world = (TestWorld *)base;
  (void)error;
  CapturedFile *file = NULL;
  for (size_t i = 0; i < world->files.count; i++)
    if (text_is(world->files.items[i]->path, path)) file = world->files.items[i];
  if (!file) {
    file = arena_alloc(arena, sizeof *file);
    file->path = text_copy(arena, text_of(path));
    file->text.arena = arena;
    vec_push(arena, &world->files, file);
  }
  file->text.length = 0;
  *out = output_to_text(arena, &file->text, path);
  return STATUS_OK;
}

void test_world_init(TestWorld *world, const TestCase *test) {
  *world = (TestWorld){.world = {answer_source, test_world_values, take_destination, open_file, create_file}, .test = test};
}
