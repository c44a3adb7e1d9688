/* file_rows.h: rows of a file on their way into a batch: columns by name, values by type, tracks by what the row says
 * of them, and what the user is told about everything that does not fit.
 *
 * A reader of a format calls file_rows_column for each name it meets, then begin, set, end for each row, then finish.
 *   - A column that is no field of these rows is passed over; one notice names all of them.
 *   - A value that is not of its column's type is missing; a problem notice counts them and shows the first.
 *   - `artist` is the first of `artists` and `artists` just `artist` where the row gives only one; so with `mbid`
 *     and `musicbrainz.id`, which are one field. `position` is the row's number from 1 where the row does not give it.
 *   - A play without played_at, and a playlist without name, is left out; a problem notice counts them. */
#ifndef NARADA_CONNECTORS_FILE_FILE_ROWS_H
#define NARADA_CONNECTORS_FILE_FILE_ROWS_H

#include "connectors/file/cell.h"

enum { FILE_MAX_COLUMNS = 1024 };

typedef struct FileRows FileRows;

/* `schema` is what the rows become, `path` the file for messages; both borrowed. Everything is in the run's arena. */
FileRows *file_rows_new(Run *run, uint32_t node, const PlanSchema *schema, const char *path);

/* What a column of the file is to these rows. */
typedef enum ColumnUse {
  COLUMN_WANTED,
  COLUMN_KNOWN,   /* a field of these rows that nobody asked for */
  COLUMN_UNKNOWN, /* will be told */
} ColumnUse;
/* The index of the column called `name`: 0, 1, ... in the order of first calls. Fails beyond FILE_MAX_COLUMNS. */
Status file_rows_column(FileRows *rows, Text name, uint64_t line, uint32_t *out, Error *error);
ColumnUse file_rows_use(const FileRows *rows, uint32_t column);

void file_rows_begin(FileRows *rows, uint64_t line);
/* A column that the row has had already is an error. The cell is not kept. */
Status file_rows_set(FileRows *rows, uint32_t column, const Cell *cell, uint64_t line, Error *error);
Status file_rows_end(FileRows *rows, Error *error);

/* Whether it is to be remembered where each row began; before the first one. */
void file_rows_keep_lines(FileRows *rows);
/* Where row `row` of the batch began, from 1; 0 = that was not to be remembered. */
uint64_t file_rows_line(const FileRows *rows, size_t row);

/* The row that began last has more values than columns, or fewer. */
void file_rows_too_long(FileRows *rows);
void file_rows_too_short(FileRows *rows);

/* The batch; leaves the notices. */
const Batch *file_rows_finish(FileRows *rows);

#endif
