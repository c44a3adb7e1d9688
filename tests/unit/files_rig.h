/* files_rig.h: a run of a plan whose only constant is a path, and rows read from and written to texts. */
#ifndef NARADA_TESTS_FILES_RIG_H
#define NARADA_TESTS_FILES_RIG_H

#include "connectors/file/formats.h"
#include "engine/stage.h"

enum { MAX_STRINGS = 64, MAX_COLUMNS = 32 };

typedef struct Fixture {
  Arena *arena;
  Plan plan;
  PlanConstant path;
  Text strings[MAX_STRINGS];
  PlanColumn columns[MAX_COLUMNS];
  PlanSchema schema;
  Run *run;
  Error error;
} Fixture;

Fixture *fixture_new(RowKind kind, const char *path);
void add_column(Fixture *fixture, const char *name, Type type);
/* Blank-separated names of fields. */
void add_fields(Fixture *fixture, const char *names);
/* NULL is missing. */
void set_text(Fixture *fixture, Batch *batch, size_t column, size_t row, const char *text);

/* The rows of a file called in.txt; NULL after a failure, whose message is in fixture->error. */
const Batch *try_read(Fixture *fixture, FileRead *read, Text content);
const Batch *read_ok(Fixture *fixture, FileRead *read, const char *content);

/* Where files are written; make_folder and remove_folder are the group's setup and teardown. */
extern char folder[];
int make_folder(void **state);
int remove_folder(void **state);
/* What the writer makes of the batch. */
Text written(Fixture *fixture, FileWrite *write, const Batch *batch);

/* A value as JSON, to compare and to show: "-" for missing. */
const char *cell_text(Fixture *fixture, const Batch *batch, size_t column, size_t row);
void assert_cell(Fixture *fixture, const Batch *batch, size_t column, size_t row, const char *expected);
void assert_has_notice(Fixture *fixture, bool problem, const char *part);
void assert_text(Text actual, const char *expected);
/* Reading fails, and the message holds `message`. */
void assert_refused(FileRead *read, Text content, const char *message);

#endif
