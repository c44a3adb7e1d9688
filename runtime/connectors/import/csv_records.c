#include <string.h>

#include "connectors/file/csv.h"
#include "connectors/import/import_front.h"
#include "connectors/import/import_record.h"

/* What stands in each column: a field, or IMPORT_FIELD_COUNT for nothing that is kept. */
typedef struct Columns {
  ImportField fields[CSV_MAX_FIELDS];
  unsigned ranks[CSV_MAX_FIELDS];
  size_t count;
} Columns;

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The exporter at lastfmstats.com writes whose scrobbles they are behind the last name: `Date#ada`. */
static Text column_name(Text header, char *room, size_t size) {
  const char *hash = header.length ? memchr(header.bytes, '#', header.length) : NULL;
  size_t length = hash ? (size_t)(hash - header.bytes) : header.length;
  while (length && header.bytes[length - 1] == ' ') length--;
  size_t start = 0;
  while (start < length && header.bytes[start] == ' ') start++;
  if (length - start > size) return (Text){"", 0};
  for (size_t i = start; i < length; i++) room[i - start] = lower(header.bytes[i]);
  return (Text){room, length - start};
}

static void read_header(ImportFormatId format, const CsvRecord *header, Columns *columns) {
  columns->count = header->count;
  for (size_t i = 0; i < header->count; i++) {
    char room[64];
    columns->fields[i] = import_field_at(format, column_name(header->fields[i], room, sizeof room), &columns->ranks[i]);
  }
}

/* Columns without names go by their number, from 1. */
static void number_columns(ImportFormatId format, Columns *columns) {
  columns->count = 9;
  for (size_t i = 0; i < columns->count; i++) {
    char name[2] = {(char)('1' + i), '\0'};
    columns->fields[i] = import_field_at(format, text_of(name), &columns->ranks[i]);
  }
}

static ImportRecord read_row(const Columns *columns, const CsvRecord *row) {
  ImportRecord record = {.event = IMPORT_RECORD, .line = row->line};
  unsigned ranks[IMPORT_FIELD_COUNT];
  for (size_t i = 0; i < row->count && i < columns->count; i++) {
    ImportField field = columns->fields[i];
    Text value = csv_text_decode(row->fields[i]);
    if (field == IMPORT_FIELD_COUNT || !value.length) continue;
    if (record.fields[field].length && ranks[field] <= columns->ranks[i]) continue;
    record.fields[field] = value;
    ranks[field] = columns->ranks[i];
  }
  return record;
}

enum { FIRST_LINE = 512 };

/* The first byte of the file's first line that can separate fields tells which does; names of columns hold none of them. */
static char find_separator(Text front) {
  for (size_t i = 0; i < front.length && front.bytes[i] != '\n' && front.bytes[i] != '\r'; i++)
    if (strchr(",;\t", front.bytes[i])) return front.bytes[i];
  return ',';
}

typedef struct Table {
  const ImportFormat *format;
  CsvReader *csv;
  Columns columns;
  ImportVisit *visit;
  void *context;
  TextBuilder list; /* the playlist of the rows at hand */
  uint64_t rows;    /* in it */
} Table;

static Status end_list(Table *table, Error *error) {
  ImportRecord record = {.event = IMPORT_GROUP_END, .group = {table->list.length ? table->list.bytes : "", table->list.length}};
  table->rows = 0;
  return table->visit(table->context, &record, error);
}

static Status take_row(Table *table, const CsvRecord *row, Error *error) {
  ImportRecord record = read_row(&table->columns, row);
  Text list = record.fields[IMPORT_FIELD_LIST];
  Status status = STATUS_OK;
  if (table->format->kind == IMPORT_ENTRIES && !text_equal(list, (Text){table->list.length ? table->list.bytes : "", table->list.length})) {
    if (table->rows) status = end_list(table, error);
    table->list.length = 0;
    text_append(&table->list, list);
  }
  table->rows++;
  return status == STATUS_OK ? table->visit(table->context, &record, error) : status;
}

/* What is wrong with one row is told of that one, and the others are read. */
static Status pass_row(Table *table, const CsvRecord *row, Error *error) {
  Error problem = *error;
  if (problem.status == STATUS_INTERRUPTED || !csv_reader_pass_line(table->csv)) return problem.status;
  *error = (Error){0};
  const char *reason = strstr(problem.message, ": "); /* behind the file and the line, which the report has */
  ImportRecord record = {.event = IMPORT_NO_RECORD, .line = row->line, .problem = text_of(reason ? reason + 2 : problem.message)};
  return table->visit(table->context, &record, error);
}

static Status open_csv(Arena *arena, Input *input, bool headed, CsvReader **out, Error *error) {
  Text front;
  Status status = input_with_front(arena, input, FIRST_LINE, &front, &input, error);
  if (status != STATUS_OK) return status;
  *out = csv_reader_new(arena, input);
  csv_reader_lenient(*out);
  csv_reader_separate(*out, headed ? find_separator(front) : ',');
  return STATUS_OK;
}

Status import_csv_columns(Arena *arena, Input *input, ImportFormatId format, unsigned *fields, bool *rows, Error *error) {
  Columns *columns = arena_alloc(arena, sizeof *columns);
  CsvReader *csv;
  CsvRecord row;
  Status status = open_csv(arena, input, true, &csv, error);
  if (status == STATUS_OK) status = csv_reader_next(csv, &row, error);
  if (status != STATUS_OK) return status;
  read_header(format, &row, columns);
  *fields = 0;
  for (size_t i = 0; i < columns->count; i++)
    if (columns->fields[i] != IMPORT_FIELD_COUNT) *fields |= 1U << columns->fields[i];
  status = csv_reader_next(csv, &row, error);
  *rows = row.count > 0;
  return status;
}

Status import_read_csv(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  Table *table = arena_alloc(arena, sizeof *table);
  *table = (Table){.format = format, .visit = visit, .context = context, .list.arena = arena};
  CsvRecord row;
  bool headed = format->text == IMPORT_CSV;
  Status status = open_csv(arena, input, headed, &table->csv, error);
  if (headed && status == STATUS_OK) status = csv_reader_next(table->csv, &row, error);
  if (headed && status == STATUS_OK) read_header(format->id, &row, &table->columns);
  if (!headed) number_columns(format->id, &table->columns);
  while (status == STATUS_OK) {
    status = csv_reader_next(table->csv, &row, error);
    if (status != STATUS_OK) status = pass_row(table, &row, error);
    else if (row.count) status = take_row(table, &row, error);
    else break;
  }
  return status == STATUS_OK && format->kind == IMPORT_ENTRIES && table->rows ? end_list(table, error) : status;
}

Status import_read(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  switch (format->text) {
    case IMPORT_JSON:
    case IMPORT_LINES: return import_read_json(arena, input, format, visit, context, error);
    case IMPORT_CSV:
    case IMPORT_PLAIN: return import_read_csv(arena, input, format, visit, context, error);
    case IMPORT_M3U:
    case IMPORT_XSPF: return import_read_list(arena, input, format, visit, context, error);
  }
  return STATUS_OK;
}
