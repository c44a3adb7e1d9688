#include <stdio.h>
#include <string.h>

#include "connectors/file/csv.h"
#include "connectors/import/import_front.h"
#include "connectors/import/import_record.h"
#include "connectors/import/import_time.h"

typedef enum DateOrder { ORDER_UNKNOWN, DAY_FIRST, MONTH_FIRST } DateOrder;

/* What stands in each column: a field, or IMPORT_FIELD_COUNT for nothing that is kept. */
typedef struct Columns {
  ImportField fields[CSV_MAX_FIELDS];
  unsigned ranks[CSV_MAX_FIELDS];
  size_t count;
  DateOrder order; /* of 05/03/2024 */
  char date[80];   /* the row's, year first */
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

/* In the order that the table's other dates have. */
static Text ordered_date(Columns *columns, Text written) {
  SlashedDate date;
  if (columns->order == ORDER_UNKNOWN || !import_time_slashed(written, &date) || date.behind.length > 40) return written;
  bool day_first = columns->order == DAY_FIRST;
  int length = snprintf(columns->date, sizeof columns->date, "%04d-%02d-%02d" TEXT_FORMAT, date.year, day_first ? date.second : date.first, day_first ? date.first : date.second, TEXT_ARG(date.behind));
  return (Text){columns->date, (size_t)length};
}

static ImportRecord read_row(Columns *columns, const CsvRecord *row) {
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
  record.fields[IMPORT_FIELD_TIME] = ordered_date(columns, record.fields[IMPORT_FIELD_TIME]);
  Text artists = record.fields[IMPORT_FIELD_ARTISTS], *artist = &record.fields[IMPORT_FIELD_ARTIST];
  const char *next = artists.length ? memchr(artists.bytes, ';', artists.length) : NULL;
  if (!artist->length) *artist = (Text){artists.bytes, next ? (size_t)(next - artists.bytes) : artists.length};
  return record;
}

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

static CsvReader *new_reader(Arena *arena, Input *input, bool headed, Text front) {
  CsvReader *reader = csv_reader_new(arena, input);
  csv_reader_lenient(reader);
  csv_reader_separate(reader, headed ? find_separator(front) : ',');
  return reader;
}

static Status open_csv(Arena *arena, Input *input, bool headed, CsvReader **out, Text *front, Error *error) {
  Status status = input_with_front(arena, input, IMPORT_HEAD_BYTES, front, &input, error);
  if (status == STATUS_OK) *out = new_reader(arena, input, headed, *front);
  return status;
}

static Status read_columns(CsvReader *csv, const ImportFormat *format, Columns *columns, Error *error) {
  CsvRecord row;
  if (format->text != IMPORT_CSV) {
    number_columns(format->id, columns);
    return STATUS_OK;
  }
  Status status = csv_reader_next(csv, &row, error);
  if (status == STATUS_OK) read_header(format->id, &row, columns);
  return status;
}

/* A table has one order, and a day beyond the twelfth among its first dates tells it. */
static DateOrder find_order(Arena *arena, Text front, const ImportFormat *format) {
  Columns *columns = arena_alloc(arena, sizeof *columns);
  CsvReader *csv = new_reader(arena, input_of_text(arena, front, "the beginning"), format->text == IMPORT_CSV, front);
  CsvRecord row;
  Error cut = {0};
  int first = 0, second = 0;
  if (read_columns(csv, format, columns, &cut) != STATUS_OK) return ORDER_UNKNOWN;
  while (csv_reader_next(csv, &row, &cut) == STATUS_OK && row.count) {
    SlashedDate date;
    if (!import_time_slashed(read_row(columns, &row).fields[IMPORT_FIELD_TIME], &date)) continue;
    if (date.first > first) first = date.first;
    if (date.second > second) second = date.second;
  }
  if ((first > 12) == (second > 12)) return ORDER_UNKNOWN;
  return first > 12 ? DAY_FIRST : MONTH_FIRST;
}

Status import_csv_columns(Arena *arena, Input *input, ImportFormatId format, unsigned *fields, bool *rows, Error *error) {
  Columns *columns = arena_alloc(arena, sizeof *columns);
  CsvReader *csv;
  CsvRecord row;
  Text front;
  Status status = open_csv(arena, input, true, &csv, &front, error);
  if (status == STATUS_OK) status = read_columns(csv, import_format(format), columns, error);
  if (status != STATUS_OK) return status;
  *fields = 0;
  for (size_t i = 0; i < columns->count; i++)
    if (columns->fields[i] != IMPORT_FIELD_COUNT) *fields |= 1U << columns->fields[i];
  if (*fields & 1U << IMPORT_FIELD_ARTISTS) *fields |= 1U << IMPORT_FIELD_ARTIST;
  status = csv_reader_next(csv, &row, error);
  *rows = row.count > 0;
  return status;
}

Status import_read_csv(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  Table *table = arena_alloc(arena, sizeof *table);
  *table = (Table){.format = format, .visit = visit, .context = context, .list.arena = arena};
  CsvRecord row;
  Text front;
  Status status = open_csv(arena, input, format->text == IMPORT_CSV, &table->csv, &front, error);
  if (status == STATUS_OK) status = read_columns(table->csv, format, &table->columns, error);
  if (status == STATUS_OK) table->columns.order = find_order(arena, front, format);
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
