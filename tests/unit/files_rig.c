#include "files_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* After error.h: its macro fail() would hide ours. */
#include <cmocka.h>

Fixture *fixture_new(RowKind kind, const char *path) {
  Arena *arena = arena_new(0);
  Fixture *fixture = arena_alloc(arena, sizeof *fixture);
  fixture->arena = arena;
  fixture->plan.strings = fixture->strings;
  fixture->strings[0] = text_of(path);
  fixture->plan.string_count = 1;
  fixture->path = (PlanConstant){.type = TYPE_OF(PATH), .as.text = 0};
  fixture->plan.constants = &fixture->path;
  fixture->plan.constant_count = 1;
  fixture->schema = (PlanSchema){.kind = kind, .columns = fixture->columns};
  RunOptions options = {.out = stdout};
  assert_int_equal(zone_use("UTC", &options.zone, NULL), STATUS_OK);
  assert_int_equal(run_new(arena, &fixture->plan, &options, NULL, 0, &fixture->run, &fixture->error), STATUS_OK);
  if (!fixture->run->tracks) fixture->run->tracks = track_registry_new(fixture->run);
  return fixture;
}

void add_column(Fixture *fixture, const char *name, Type type) {
  fixture->strings[fixture->plan.string_count] = text_of(name);
  fixture->columns[fixture->schema.column_count++] =
      (PlanColumn){.name = fixture->plan.string_count++, .field = PLAN_NONE, .type = (Type)(type | TYPE_OPTIONAL)};
}

void add_fields(Fixture *fixture, const char *names) {
  while (*names) {
    size_t length = strcspn(names, " ");
    const char *name = arena_copy(fixture->arena, names, length);
    add_column(fixture, name, field_def(field_find(text_of(name)))->type);
    names += length + (names[length] == ' ');
  }
}

void set_text(Fixture *fixture, Batch *batch, size_t column, size_t row, const char *text) {
  if (text)
    batch_values(batch, column)[row].integer = text_intern(fixture->run->texts, text_of(text));
  else
    batch_missing(fixture->arena, batch, column)[row] = 1;
}

const Batch *try_read(Fixture *fixture, FileRead *read, Text content) {
  FileRows *rows = file_rows_new(fixture->run, 0, &fixture->schema, "in.txt");
  Status status = read(fixture->run, input_of_text(fixture->arena, content, "in.txt"), rows, &fixture->error);
  return status ? NULL : file_rows_finish(rows);
}

const Batch *read_ok(Fixture *fixture, FileRead *read, const char *content) {
  const Batch *batch = try_read(fixture, read, text_of(content));
  if (!batch) fail_msg("%s", fixture->error.message);
  return batch;
}

char folder[] = "/tmp/narada-files-XXXXXX";

static const char *in_folder(Fixture *fixture, const char *name) {
  return arena_format(fixture->arena, "%s/%s", folder, name);
}

Text written(Fixture *fixture, FileWrite *write, const Batch *batch) {
  const char *path = in_folder(fixture, "written");
  Output *output;
  Text content = {"", 0};
  assert_int_equal(output_create(fixture->arena, path, &output, NULL), STATUS_OK);
  assert_int_equal(write(fixture->run, batch, output, NULL), STATUS_OK);
  assert_int_equal(output_commit(output, NULL), STATUS_OK);
  assert_int_equal(file_read_all(fixture->arena, path, 1 << 28, &content, NULL), STATUS_OK);
  return content;
}

const char *cell_text(Fixture *fixture, const Batch *batch, size_t column, size_t row) {
  const Column *of = &batch->columns[column];
  if (column_is_missing(of, batch_row(batch, row))) return "-";
  TextBuilder text = {.arena = fixture->arena}, scratch = {.arena = fixture->arena};
  value_append_json(&text, fixture->run, of->type, of->values[batch_row(batch, row)], &scratch);
  return text_built(&text).bytes;
}

void assert_cell(Fixture *fixture, const Batch *batch, size_t column, size_t row, const char *expected) {
  assert_string_equal(cell_text(fixture, batch, column, row), expected);
}

void assert_has_notice(Fixture *fixture, bool problem, const char *part) {
  for (size_t i = 0; i < fixture->run->notice_count; i++) {
    const Notice *notice = &fixture->run->notices[i];
    if (strstr(notice->text.bytes, part) && notice->problem == problem) return;
  }
  for (size_t i = 0; i < fixture->run->notice_count; i++)
    print_error("notice: %s\n", fixture->run->notices[i].text.bytes);
  fail_msg("no notice says: %s", part);
}

void assert_text(Text actual, const char *expected) {
  if (!text_is(actual, expected)) fail_msg("\nhave:\n" TEXT_FORMAT "\nwant:\n%s", TEXT_ARG(actual), expected);
}

int make_folder(void **state) {
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

int remove_folder(void **state) {
  (void)state;
  char path[128];
  snprintf(path, sizeof path, "%s/written", folder);
  unlink(path);
  snprintf(path, sizeof path, "%s/locked", folder);
  rmdir(path);
  return rmdir(folder);
}

void assert_refused(FileRead *read, Text content, const char *message) {
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title");
  assert_null(try_read(fixture, read, content));
  if (!strstr(fixture->error.message, message)) fail_msg("\nhave: %s\nwant: %s", fixture->error.message, message);
  arena_free(fixture->arena);
}
