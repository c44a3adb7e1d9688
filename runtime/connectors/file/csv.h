/* csv.h: comma-separated values (RFC 4180), read record by record and written.
 *
 * Own code, because no small C library in Debian fits: libcsv hands out fields without line numbers or quote errors and
 * keeps malformed ones, and what databases and data frames bring is many times the size of this file.
 *
 * Reading takes LF and CRLF, quoted line breaks and a byte order mark. It refuses with the line and what was expected:
 * a quote that is not closed, a quote or a bare carriage return inside an unquoted value, text after a closing quote. A
 * line with nothing on it is no record. Writing quotes where needed and ends lines with LF.
 *
 * The text of a field:
 *   missing   nothing, and "" where the whole line would be empty
 *   text      as it is, but after one apostrophe if it is empty or begins with one of = + - @ TAB CR, which a sheet
 *             would take for a formula, or if it is such a text behind apostrophes already. Reading takes that one
 *             apostrophe away by the same rule, so every text comes back exactly.
 *   list      its items joined by "; ". In an item a backslash, a semicolon and a blank at either end stand behind a
 *             backslash; an empty item is \e. Reading takes blanks around items away and leaves a backslash before any
 *             other character alone. The whole follows the rule for texts, so the empty list is an apostrophe. */
#ifndef NARADA_CONNECTORS_FILE_CSV_H
#define NARADA_CONNECTORS_FILE_CSV_H

#include "base/input.h"

enum {
  CSV_MAX_FIELD = 1 << 20,   /* bytes */
  CSV_MAX_RECORD = 16 << 20, /* bytes */
  CSV_MAX_FIELDS = 1024,     /* of one record */
};

typedef struct CsvReader CsvReader;

typedef struct CsvRecord {
  const Text *fields; /* quotes resolved; borrowed until the next record */
  size_t count;       /* 0 = the end of the file */
  uint64_t line;      /* where it begins, from 1 */
} CsvRecord;

CsvReader *csv_reader_new(Arena *arena, Input *input);
/* Other programs put a semicolon or a tab between fields. Before the first record. */
void csv_reader_separate(CsvReader *reader, char separator);
/* Takes what programs write that know less of CSV: a quote inside of an unquoted value stands for itself, and a carriage return alone ends a line. Before the first
 * record. */
void csv_reader_lenient(CsvReader *reader);
/* `out->line` is set also where it fails. */
Status csv_reader_next(CsvReader *reader, CsvRecord *out, Error *error);
/* After csv_reader_next refused a row: goes on with the next line. False where there is none, and where reading itself failed. */
bool csv_reader_pass_line(CsvReader *reader);

/* Appends `field` with quotes where they are needed. */
void csv_append_field(TextBuilder *builder, Text field);

/* The apostrophe rule: whether writing puts one before `text`, and what reading makes of a field (a part of it,
 * borrowed). */
bool csv_needs_apostrophe(Text text);
Text csv_text_decode(Text field);

/* Appends one item of a list, escaped; the caller puts "; " between items. */
void csv_append_item(TextBuilder *builder, Text item);
/* Takes the next item off `*rest`, which is a field after csv_text_decode, into `item` (emptied first). False when none
 * is left. An item with nothing in it is passed over. */
bool csv_next_item(Text *rest, TextBuilder *item);

#endif
