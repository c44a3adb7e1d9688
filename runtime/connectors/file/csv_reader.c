#include <string.h>

#include "base/vec.h"
#include "connectors/file/checked_input.h"
#include "connectors/file/csv.h"

struct CsvReader {
  Arena *arena;
  CheckedInput *input;
  Text block; /* what is left of the current block */
  bool ended;
  uint64_t line;    /* of the next byte */
  TextBuilder text; /* the fields of the record, one after another */
  VEC(size_t) ends; /* where each of them ends in `text` */
  VEC(Text) fields; /* the same as texts, once all are read */
  char separator;
  bool lenient, failed; /* failed: the input did */
  bool ends_unquoted[256]; /* by byte: where a piece of an unquoted field ends */
};

CsvReader *csv_reader_new(Arena *arena, Input *input) {
  CsvReader *reader = arena_alloc(arena, sizeof *reader);
  reader->arena = arena;
  reader->input = checked_input_new(arena, input, "save the file as UTF-8");
  reader->line = 1;
  csv_reader_separate(reader, ',');
  reader->text.arena = arena;
  return reader;
}

void csv_reader_separate(CsvReader *reader, char separator) {
  reader->ends_unquoted[(unsigned char)reader->separator] = false;
  reader->separator = separator;
  static const char ends[] = "\"\r\n";
  for (size_t i = 0; ends[i]; i++) reader->ends_unquoted[(unsigned char)ends[i]] = true;
  reader->ends_unquoted[(unsigned char)separator] = true;
}

void csv_reader_lenient(CsvReader *reader) {
  reader->lenient = true;
}

static Status refuse(const CsvReader *reader, uint64_t line, const char *what, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s:%llu: %s", checked_input_name(reader->input), (unsigned long long)line,
              what);
}

/* The next byte without taking it; -1 at the end. */
static Status peek(CsvReader *reader, int *out, Error *error) {
  if (reader->block.length == 0 && !reader->ended) {
    Status status = checked_input_next(reader->input, &reader->block, error);
    reader->failed = status != STATUS_OK;
    if (status) return status;
    reader->ended = reader->block.length == 0;
  }
  *out = reader->ended ? -1 : (unsigned char)reader->block.bytes[0];
  return STATUS_OK;
}

static void take(CsvReader *reader, size_t length) {
  reader->block = (Text){reader->block.bytes + length, reader->block.length - length};
}

static size_t field_start(const CsvReader *reader) {
  return reader->ends.count ? reader->ends.items[reader->ends.count - 1] : 0;
}

/* By byte: where a piece of a quoted field ends. */
static const bool ends_quoted[256] = {['"'] = true, ['\n'] = true};

/* Appends the front of the block up to one of `stops` (or all of it) to the field. */
static Status take_span(CsvReader *reader, const bool stops[256], Error *error) {
  size_t length = 0;
  while (length < reader->block.length && !stops[(unsigned char)reader->block.bytes[length]]) length++;
  if (reader->text.length - field_start(reader) + length > CSV_MAX_FIELD) {
    return refuse(reader, reader->line, "a value is longer than the limit of 1 MiB; is a closing quote missing?",
                  error);
  }
  if (reader->text.length + length > CSV_MAX_RECORD) {
    return refuse(reader, reader->line, "a row is longer than the limit of 16 MiB", error);
  }
  text_append(&reader->text, (Text){reader->block.bytes, length});
  take(reader, length);
  return STATUS_OK;
}

/* After the opening quote, up to and with the closing one. */
static Status take_quoted(CsvReader *reader, Error *error) {
  uint64_t opened = reader->line;
  for (;;) {
    int c;
    Status status = peek(reader, &c, error);
    if (status) return status;
    if (c < 0)
      return refuse(reader, opened,
                    "the quote opened on this line is not closed; a \" was expected before the end of the file", error);
    if (c == '"') {
      take(reader, 1);
      status = peek(reader, &c, error);
      if (status || c != '"') return status;
    }
    if (c == '\n') reader->line++;
    if (c == '"' || c == '\n') {
      text_append_char(&reader->text, (char)c);
      take(reader, 1);
    }
    status = take_span(reader, ends_quoted, error);
    if (status) return status;
  }
}

static Status take_unquoted(CsvReader *reader, Error *error) {
  for (;;) {
    int c;
    Status status = peek(reader, &c, error);
    if (status || c < 0 || c == reader->separator || c == '\n' || c == '\r') return status;
    if (c == '"' && reader->lenient) {
      text_append_char(&reader->text, '"');
      take(reader, 1);
    } else if (c == '"') {
      return refuse(reader, reader->line,
                    "a quote inside a value; enclose the whole value in quotes and write the quote inside twice, as in "
                    "\"12\"\" mix\"",
                    error);
    }
    status = take_span(reader, reader->ends_unquoted, error);
    if (status) return status;
  }
}

/* What stands after a field: a comma, or the end of the record. */
static Status take_separator(CsvReader *reader, bool quoted, bool *last, Error *error) {
  int c;
  Status status = peek(reader, &c, error);
  if (status) return status;
  *last = c != reader->separator;
  if (c < 0) return STATUS_OK;
  if (c == '\r') {
    take(reader, 1);
    status = peek(reader, &c, error);
    if (status) return status;
    if (c != '\n' && reader->lenient) {
      reader->line++;
      return STATUS_OK;
    }
    if (c != '\n') {
      return refuse(reader, reader->line,
                    "a carriage return without a line feed; lines end with LF or CRLF, and a line break inside a value "
                    "needs quotes",
                    error);
    }
  } else if (c != reader->separator && c != '\n') {
    return refuse(reader, reader->line,
                  quoted ? "text after a closing quote; a comma or the end of the line was expected (a quote inside "
                           "quotes is written twice)"
                         : "a comma or the end of the line was expected",
                  error);
  }
  if (c == '\n') reader->line++;
  take(reader, 1);
  return STATUS_OK;
}

static Status take_field(CsvReader *reader, bool *quoted, bool *last, Error *error) {
  int c;
  Status status = peek(reader, &c, error);
  if (status) return status;
  *quoted = c == '"';
  if (*quoted) take(reader, 1);
  status = *quoted ? take_quoted(reader, error) : take_unquoted(reader, error);
  if (status) return status;
  if (reader->ends.count == CSV_MAX_FIELDS)
    return refuse(reader, reader->line, "a row has more than 1024 values", error);
  vec_push(reader->arena, &reader->ends, reader->text.length);
  return take_separator(reader, *quoted, last, error);
}

static void cut_fields(CsvReader *reader, CsvRecord *out) {
  size_t start = 0;
  const char *bytes = text_built(&reader->text).bytes;
  reader->fields.count = 0;
  for (size_t i = 0; i < reader->ends.count; i++) {
    vec_push(reader->arena, &reader->fields, (Text){bytes + start, reader->ends.items[i] - start});
    start = reader->ends.items[i];
  }
  out->fields = reader->fields.items;
  out->count = reader->ends.count;
}

Status csv_reader_next(CsvReader *reader, CsvRecord *out, Error *error) {
  for (;;) {
    int c;
    Status status = peek(reader, &c, error);
    if (status) return status;
    *out = (CsvRecord){.line = reader->line};
    if (c < 0) return STATUS_OK;
    reader->text.length = reader->ends.count = 0;
    bool quoted = false, any_quoted = false, last = false;
    while (!last) {
      status = take_field(reader, &quoted, &last, error);
      if (status) return status;
      any_quoted |= quoted;
    }
    if (reader->ends.count > 1 || reader->text.length || any_quoted) {
      cut_fields(reader, out);
      return STATUS_OK;
    }
  }
}

bool csv_reader_pass_line(CsvReader *reader) {
  for (;;) {
    int c;
    Error ignored = {0};
    if (reader->failed || peek(reader, &c, &ignored) != STATUS_OK || c < 0) return false;
    const char *newline = memchr(reader->block.bytes, '\n', reader->block.length);
    take(reader, newline ? (size_t)(newline - reader->block.bytes) + 1 : reader->block.length);
    reader->line += newline != NULL;
    if (newline) return true;
  }
}
