/* suite.h: what a test file says: cases, each with the world a program runs in and what it is expected to do. Private to runtime/expect. */
#ifndef NARADA_EXPECT_SUITE_H
#define NARADA_EXPECT_SUITE_H

#include "base/vec.h"
#include "compiler/source/diag.h"
#include "plan/catalogue.h"

enum {
  TEST_MAX_COLUMNS = 64,
  TEST_MAX_ROWS = 2000, /* of one table */
  TEST_MAX_TIMES = 1000, /* plays that one row stands for */
};

/* A piece of a line, without the blanks around it. */
typedef struct TestText {
  Text text;
  Span span;
} TestText;

/* What a column of a given table is: a field of the language, or one of the words that only tables know. */
enum { COLUMN_ID = FIELD_COUNT, COLUMN_TRACK, COLUMN_TIMES, COLUMN_FREE };

typedef struct TestTable {
  bool present;
  bool ruled;  /* a line of dashes stands below the names */
  Span span;   /* its lines, from the first `|` to the end of the last line */
  TestText *names;
  int *columns; /* FieldId or COLUMN_...; COLUMN_FREE in an expected table */
  uint32_t column_count;
  TestText *cells; /* row by row; an empty one is missing */
  uint32_t row_count;
} TestTable;

/* Lines that begin with `>`. */
typedef struct TestLines {
  bool present;
  Span span;
  Text text; /* each line with its newline */
} TestLines;

typedef enum GivenKind { GIVEN_TRACKS, GIVEN_PLAYS, GIVEN_LIKES, GIVEN_PLAYLIST, GIVEN_SOURCE, GIVEN_VALUES, GIVEN_FILE } GivenKind;

/* One section of the world. */
typedef struct Given {
  GivenKind kind;
  StageId source; /* GIVEN_SOURCE */
  bool named;
  Text name; /* of a playlist or file; of a source what it reads, if said */
  Span span; /* the line that begins it */
  TestTable table;
  TestLines lines;
} Given;

typedef enum ExpectationKind {
  EXPECT_ROWS,     /* a destination gets these rows */
  EXPECT_NOTHING,  /* a destination, or every one, gets no rows */
  EXPECT_FILE,     /* a file is written with these lines */
  EXPECT_PLAYLIST, /* a playlist of the library is so afterwards */
  EXPECT_NOTICE,
  EXPECT_ERROR,
  EXPECT_EXIT,
} ExpectationKind;

typedef struct Expectation {
  ExpectationKind kind;
  StageId destination; /* STAGEID_COUNT = any */
  bool named;
  Text name;   /* what the destination writes to, the file, the playlist */
  Text text;   /* of a notice or error; a code of an error */
  int exit;
  Span span;   /* the line that begins it */
  TestTable table;
  TestLines lines;
} Expectation;

typedef struct TestParam {
  TestText name;
  Text value;
  Span span;
} TestParam;

/* Of a case, or of the file for all its cases. */
typedef struct TestCase {
  Text name;
  Span span;
  TestText program, now, zone, seed; /* empty = not said */
  bool consent;                      /* `yes` */
  VEC(TestParam) params;
  VEC(Given) given;
  VEC(Expectation) expectations;
} TestCase;

typedef struct Suite {
  Arena *arena;
  DiagList *diags;
  uint32_t source;
  VEC(TestCase) cases; /* each with everything that the file says for all */
} Suite;

/* Reads the source as a test file. What is wrong with it is in `diags`; the suite is complete only if there are no errors. With
 * `may_lack` what is expected may lack its table or lines: they are to be filled in. */
Suite *suite_read(Arena *arena, uint32_t source, bool may_lack, DiagList *diags);

/* ---- table.c ---- */
/* Takes the rows at `*line` (from 1) and the next ones. Tells wrong numbers of cells and quotes that do not close. */
void table_read(Suite *suite, uint32_t *line, TestTable *out);
/* The text between quotes with its escapes resolved, or the cell as it is; arena. */
Text cell_text(Arena *arena, Text cell);
/* The cell that reads back as `text`; in a list also what separates items is quoted. */
Text cell_quoted(Arena *arena, Text text, bool in_list);
/* Splits a list at its commas outside of quotes; false when no item is left. */
bool cell_next_item(Text *rest, Text *item);
/* A table as it stands in a test file, aligned; `right` tells which columns are numbers (NULL = none). */
Text table_format(Arena *arena, const Text *names, uint32_t column_count, const Text *cells, uint32_t row_count, const bool *right, bool ruled);

/* ---- suite_check.c ---- */
/* Columns against what the section takes, cells against the types of their columns, and tracks against the tables that name them. */
void suite_check_case(Suite *suite, TestCase *test);
/* The row of `tracks`, else of another table, that a cell of the column `track` means: by its id, its title, or "Artist - Title". How many fit; the first
 * is returned. */
int suite_find_track(const TestCase *test, Arena *arena, Text reference, const Given **given, uint32_t *row);
/* The cell of a field in a row: its own, else that of the track it refers to. Empty when missing. */
Text suite_cell(const TestCase *test, Arena *arena, const Given *given, uint32_t row, int column);
size_t suite_column(const TestTable *table, int column); /* SIZE_MAX = it has none */
bool suite_is_network(int column); /* a field whose values a service gives */

#endif
