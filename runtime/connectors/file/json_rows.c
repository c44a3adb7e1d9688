#include "base/json.h"
#include "base/vec.h"
#include "connectors/file/formats.h"
#include "engine/columns.h"

typedef struct JsonRows {
  Run *run;
  const Input *input;
  JsonReader *json;
  FileRows *rows;
  VEC(Cell) items;   /* of the list being read */
  TextBuilder texts; /* their texts, one after another */
} JsonRows;

static Status refuse(const JsonRows *reader, const char *what, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s:%llu: %s", reader->input->name, (unsigned long long)json_line(reader->json),
              what);
}

/* A value that is no list, from the token just read. */
static Cell scalar(const JsonRows *reader, JsonToken token) {
  switch (token) {
    case JSON_STRING:
      return (Cell){.kind = CELL_STRING, .text = json_text(reader->json)};
    case JSON_INTEGER:
      return (Cell){.kind = CELL_INTEGER, .integer = json_integer(reader->json)};
    case JSON_NUMBER:
      return (Cell){.kind = CELL_NUMBER, .number = json_number(reader->json)};
    case JSON_TRUE:
    case JSON_FALSE:
      return (Cell){.kind = CELL_BOOL, .truth = token == JSON_TRUE};
    case JSON_NULL:
      return (Cell){.kind = CELL_MISSING};
    default:
      return (Cell){.kind = CELL_OBJECT};
  }
}

/* After its opening bracket. A text's place is kept in `integer` until all are there, because the builder moves. An
 * item that is a list or an object, and one item too many, stay in the list as what they are: the list then fits no
 * column. */
static Status read_list(JsonRows *reader, Cell *out, Error *error) {
  reader->items.count = reader->texts.length = 0;
  for (;;) {
    JsonToken token;
    Status status = json_next(reader->json, &token, error);
    if (status) return status;
    if (token == JSON_ARRAY_END) break;
    Cell item = scalar(reader, token);
    if (item.kind == CELL_OBJECT) status = json_skip(reader->json, error);
    if (status) return status;
    if (reader->items.count > CELL_MAX_ITEMS) continue;
    if (item.kind == CELL_STRING) {
      item.integer = (int64_t)reader->texts.length;
      text_append(&reader->texts, item.text);
    }
    vec_push(reader->run->arena, &reader->items, item);
  }
  const char *bytes = text_built(&reader->texts).bytes;
  for (size_t i = 0; i < reader->items.count; i++) {
    Cell *item = &reader->items.items[i];
    if (item->kind == CELL_STRING) item->text.bytes = bytes + item->integer;
  }
  *out = (Cell){.kind = CELL_LIST, .items = reader->items.items, .item_count = reader->items.count};
  return STATUS_OK;
}

/* After the key: its value. */
static Status read_member(JsonRows *reader, Error *error) {
  uint32_t column;
  uint64_t line = json_line(reader->json);
  Status status = file_rows_column(reader->rows, json_text(reader->json), line, &column, error);
  if (status) return status;
  Cell cell = {.kind = CELL_MISSING};
  if (file_rows_use(reader->rows, column) == COLUMN_WANTED) {
    JsonToken token;
    status = json_next(reader->json, &token, error);
    if (status) return status;
    line = json_line(reader->json);
    if (token == JSON_ARRAY) {
      status = read_list(reader, &cell, error);
    } else {
      cell = scalar(reader, token);
      if (cell.kind == CELL_OBJECT) status = json_skip(reader->json, error);
    }
  } else {
    status = json_skip(reader->json, error);
  }
  return status ? status : file_rows_set(reader->rows, column, &cell, line, error);
}

/* After the row's opening brace. */
static Status read_row(JsonRows *reader, Error *error) {
  file_rows_begin(reader->rows, json_line(reader->json));
  for (;;) {
    JsonToken token;
    Status status = json_next(reader->json, &token, error);
    if (status) return status;
    if (token == JSON_OBJECT_END) return file_rows_end(reader->rows, error);
    status = read_member(reader, error);
    if (status) return status;
  }
}

static Status read_array(JsonRows *reader, Error *error) {
  JsonToken token;
  Status status = json_next(reader->json, &token, error);
  if (status) return status;
  if (token == JSON_END)
    return fail(error, STATUS_FAILED, "", "%s: is empty; an array of objects was expected, [ {...}, ... ]",
                reader->input->name);
  if (token == JSON_OBJECT) {
    return refuse(reader, "an array of objects was expected, [ {...}, ... ]; for one object a line use file.jsonl",
                  error);
  }
  if (token != JSON_ARRAY) return refuse(reader, "an array of objects was expected, [ {...}, ... ]", error);
  for (;;) {
    status = json_next(reader->json, &token, error);
    if (status) return status;
    if (token == JSON_ARRAY_END) break;
    if (token != JSON_OBJECT)
      return refuse(reader, "each element of the array must be an object, {\"title\": ...}", error);
    status = read_row(reader, error);
    if (status) return status;
  }
  return json_next(reader->json, &token, error); /* tells of bytes after the end */
}

static Status read_lines(JsonRows *reader, Error *error) {
  for (;;) {
    JsonToken token;
    Status status = json_next(reader->json, &token, error);
    if (status || token == JSON_END) return status;
    if (token == JSON_ARRAY)
      return refuse(reader, "each line must be one object, {\"title\": ...}; for an array use file.json", error);
    if (token != JSON_OBJECT) return refuse(reader, "each line must be one object, {\"title\": ...}", error);
    status = read_row(reader, error);
    if (!status) status = json_next(reader->json, &token, error);
    if (status) return status;
  }
}

static JsonRows new_reader(Run *run, Input *input, FileRows *rows) {
  return (JsonRows){.run = run,
                    .input = input,
                    .json = json_reader_new(run->arena, input),
                    .rows = rows,
                    .texts = {.arena = run->arena}};
}

Status json_read_rows(Run *run, Input *input, FileRows *rows, Error *error) {
  JsonRows reader = new_reader(run, input, rows);
  return read_array(&reader, error);
}

Status jsonl_read_rows(Run *run, Input *input, FileRows *rows, Error *error) {
  JsonRows reader = new_reader(run, input, rows);
  json_reader_lines(reader.json);
  return read_lines(&reader, error);
}

/* `keys` are written once: "title": with its quotes and colon. */
static void append_row(TextBuilder *line, Run *run, const Batch *batch, size_t row, const Text *keys,
                       TextBuilder *scratch) {
  bool first = true;
  text_append_char(line, '{');
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const Column *column = &batch->columns[i];
    if (column_is_missing(column, row) || !value_is_writable(column->type, column->values[row])) continue;
    if (!first) text_append_char(line, ',');
    first = false;
    text_append(line, keys[i]);
    value_append_json(line, run, column->type, column->values[row], scratch);
  }
  text_append_char(line, '}');
}

static Status write_rows(Run *run, const Batch *batch, bool lines, Output *output, Error *error) {
  TextBuilder line = {.arena = run->arena}, scratch = {.arena = run->arena};
  uint32_t columns = batch->schema->column_count;
  Text *keys = arena_array(run->arena, columns, sizeof *keys);
  for (uint32_t i = 0; i < columns; i++) {
    TextBuilder key = {.arena = run->arena};
    json_append_string(&key, run_column_name(run, &batch->schema->columns[i]));
    text_append_char(&key, ':');
    keys[i] = text_built(&key);
  }
  Status status = lines ? STATUS_OK : output_write(output, TEXT_LITERAL("["), error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    line.length = 0;
    if (!lines) text_append(&line, at ? TEXT_LITERAL(",\n") : TEXT_LITERAL("\n"));
    append_row(&line, run, batch, batch_row(batch, at), keys, &scratch);
    if (lines) text_append_char(&line, '\n');
    status = output_write(output, text_built(&line), error);
  }
  if (status || lines) return status;
  return output_write(output, batch->selected ? TEXT_LITERAL("\n]\n") : TEXT_LITERAL("]\n"), error);
}

Status json_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  return write_rows(run, batch, false, output, error);
}

Status jsonl_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  return write_rows(run, batch, true, output, error);
}
