#include <string.h>

#include "connectors/file/csv.h"
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

static Status visit_row(const Columns *columns, const CsvRecord *row, ImportVisit *visit, void *context, Error *error) {
  ImportRecord record = {.event = IMPORT_RECORD, .line = row->line};
  unsigned ranks[IMPORT_FIELD_COUNT];
  for (size_t i = 0; i < row->count && i < columns->count; i++) {
    ImportField field = columns->fields[i];
    if (field == IMPORT_FIELD_COUNT || !row->fields[i].length) continue;
    if (record.fields[field].length && ranks[field] <= columns->ranks[i]) continue;
    record.fields[field] = row->fields[i];
    ranks[field] = columns->ranks[i];
  }
  return visit(context, &record, error);
}

/* The first byte of the file's first line that can separate fields tells which does; names of columns hold none of them. */
typedef struct Peek {
  Input input;
  Input *inner;
  char head[512];
  size_t length, given;
} Peek;

static Status read_peeked(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Peek *peek = input->context;
  if (peek->given == peek->length) return peek->inner->read(peek->inner, buffer, size, got, error);
  *got = peek->length - peek->given < size ? peek->length - peek->given : size;
  memcpy(buffer, peek->head + peek->given, *got);
  peek->given += *got;
  return STATUS_OK;
}

static Status find_separator(Peek *peek, char *out, Error *error) {
  *out = ',';
  for (size_t got = 1; got && peek->length < sizeof peek->head;) {
    Status status = peek->inner->read(peek->inner, peek->head + peek->length, sizeof peek->head - peek->length, &got, error);
    if (status != STATUS_OK) return status;
    peek->length += got;
  }
  for (size_t i = 0; i < peek->length && peek->head[i] != '\n'; i++) {
    if (!strchr(",;\t", peek->head[i])) continue;
    *out = peek->head[i];
    break;
  }
  return STATUS_OK;
}

Status import_read_csv(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  Peek *peek = arena_alloc(arena, sizeof *peek);
  peek->inner = input;
  peek->input = (Input){.read = read_peeked, .context = peek, .name = input->name};
  char separator = ',';
  Status status = format->text == IMPORT_CSV ? find_separator(peek, &separator, error) : STATUS_OK;
  CsvReader *csv = csv_reader_new(arena, &peek->input);
  csv_reader_separate(csv, separator);
  Columns *columns = arena_alloc(arena, sizeof *columns);
  CsvRecord row;
  if (status == STATUS_OK && format->text == IMPORT_CSV) {
    status = csv_reader_next(csv, &row, error);
    if (status == STATUS_OK) read_header(format->id, &row, columns);
  } else {
    number_columns(format->id, columns);
  }
  while (status == STATUS_OK && (status = csv_reader_next(csv, &row, error)) == STATUS_OK && row.count)
    status = visit_row(columns, &row, visit, context, error);
  return status;
}

Status import_read(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  bool csv = format->text == IMPORT_CSV || format->text == IMPORT_PLAIN;
  return csv ? import_read_csv(arena, input, format, visit, context, error) : import_read_json(arena, input, format, visit, context, error);
}
