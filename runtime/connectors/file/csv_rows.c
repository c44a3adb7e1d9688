#include "base/vec.h"
#include "connectors/file/csv.h"
#include "connectors/file/formats.h"
#include "engine/columns.h"

#define NO_COLUMN UINT32_MAX

typedef struct Header {
  uint32_t columns[CSV_MAX_FIELDS]; /* NO_COLUMN for a field without a name */
  size_t count;
} Header;

static Text trim(Text text) {
  while (text.length && text.bytes[0] == ' ') text = (Text){text.bytes + 1, text.length - 1};
  while (text.length && text.bytes[text.length - 1] == ' ') text.length--;
  return text;
}

/* A first line of which nothing is a field is most likely data. */
static Status refuse_header(const Run *run, const Input *input, const CsvRecord *record, Error *error) {
  Text first = text_escaped(run->arena, text_cut(record->fields[0], 60));
  return fail(
      error, STATUS_FAILED, "",
      "%s:%llu: the first line must name the columns, such as title,artist,album; \"" TEXT_FORMAT "\"%s is none",
      input->name, (unsigned long long)record->line, TEXT_ARG(first), record->count > 1 ? " and what follows it" : "");
}

static Status read_header(const Run *run, const Input *input, const CsvRecord *record, FileRows *rows, Header *out,
                          Error *error) {
  bool any_known = false;
  uint32_t next = 0; /* the index a name that is new will get */
  for (size_t i = 0; i < record->count; i++) {
    Text name = trim(record->fields[i]);
    uint32_t column;
    Status status = file_rows_column(rows, name, record->line, &column, error);
    if (status) return status;
    if (column < next && name.length) {
      return fail(error, STATUS_FAILED, "",
                  "%s:%llu: two columns are called \"" TEXT_FORMAT "\"; give one of them another name", input->name,
                  (unsigned long long)record->line, TEXT_ARG(text_cut(name, 60)));
    }
    if (column == next) next++;
    any_known |= file_rows_use(rows, column) != COLUMN_UNKNOWN;
    out->columns[i] = name.length ? column : NO_COLUMN;
  }
  out->count = record->count;
  return any_known ? STATUS_OK : refuse_header(run, input, record, error);
}

static Status read_record(const CsvRecord *record, const Header *header, FileRows *rows, Error *error) {
  file_rows_begin(rows, record->line);
  if (record->count > header->count) file_rows_too_long(rows);
  if (record->count < header->count) file_rows_too_short(rows);
  for (size_t i = 0; i < record->count && i < header->count; i++) {
    if (header->columns[i] == NO_COLUMN || record->fields[i].length == 0) continue;
    const Cell cell = {.kind = CELL_PLAIN, .text = record->fields[i]};
    Status status = file_rows_set(rows, header->columns[i], &cell, record->line, error);
    if (status) return status;
  }
  return file_rows_end(rows, error);
}

Status csv_read_rows(Run *run, Input *input, FileRows *rows, Error *error) {
  CsvReader *reader = csv_reader_new(run->arena, input);
  Header *header = arena_alloc(run->arena, sizeof *header);
  CsvRecord record;
  Status status = csv_reader_next(reader, &record, error);
  if (!status && record.count == 0) {
    status = fail(error, STATUS_FAILED, "",
                  "%s: is empty; the first line must name the columns, such as title,artist,album", input->name);
  }
  if (!status) status = read_header(run, input, &record, rows, header, error);
  if (!status) status = csv_reader_next(reader, &record, error);
  while (!status && record.count) {
    status = read_record(&record, header, rows, error);
    if (!status) status = csv_reader_next(reader, &record, error);
  }
  return status;
}

static Status write_line(TextBuilder *line, size_t fields, Output *output, Error *error) {
  if (fields == 1 && line->length == 0) text_append(line, TEXT_LITERAL("\"\""));
  text_append_char(line, '\n');
  return output_write(output, text_built(line), error);
}

static Status write_header(Run *run, const PlanSchema *schema, TextBuilder *line, Output *output, Error *error) {
  for (uint32_t i = 0; i < schema->column_count; i++) {
    if (i) text_append_char(line, ',');
    csv_append_field(line, run_column_name(run, &schema->columns[i]));
  }
  return write_line(line, schema->column_count, output, error);
}

Status csv_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  TextBuilder line = {.arena = run->arena}, field = {.arena = run->arena}, scratch = {.arena = run->arena};
  uint32_t columns = batch->schema->column_count;
  Status status = write_header(run, batch->schema, &line, output, error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    size_t row = batch_row(batch, at);
    line.length = 0;
    for (uint32_t i = 0; i < columns; i++) {
      const Column *column = &batch->columns[i];
      if (i) text_append_char(&line, ',');
      if (column_is_missing(column, row) || !value_is_writable(column->type, column->values[row])) continue;
      field.length = 0;
      value_append_csv(&field, run, column->type, column->values[row], &scratch);
      csv_append_field(&line, text_built(&field));
    }
    status = write_line(&line, columns, output, error);
  }
  return status;
}
