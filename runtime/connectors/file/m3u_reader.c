#include <string.h>

#include "connectors/file/checked_input.h"
#include "connectors/file/formats.h"
#include "connectors/file/m3u_names.h"

enum { LINE_MAX_BYTES = 1 << 20 };

/* What is known of the entry whose path line has not come yet. */
typedef struct Entry {
  bool open;
  bool timed;
  uint64_t line;
  Text seconds, name; /* parts of `info` */
} Entry;

typedef struct M3uReader {
  Run *run;
  CheckedInput *input;
  FileRows *rows;
  uint32_t title, artist, duration, spotify_id; /* columns */
  uint64_t line;
  Entry entry;
  TextBuilder info; /* the #EXTINF line of the entry */
} M3uReader;

static Status set_text(M3uReader *reader, uint32_t column, Text text, Error *error) {
  if (text.length == 0) return STATUS_OK;
  return file_rows_set(reader->rows, column, &(Cell){.kind = CELL_STRING, .text = text}, reader->line, error);
}

/* Seconds as text, "123" or "123.5"; 0 and below mean that the length is not known. */
static Status set_seconds(M3uReader *reader, Text seconds, Error *error) {
  int64_t ms = 0, unit = 1000;
  bool point = false, digits = false;
  for (size_t i = 0; i < seconds.length; i++) {
    char c = seconds.bytes[i];
    bool is_digit = c >= '0' && c <= '9';
    if (c == '-' && i == 0) return STATUS_OK;
    if (!is_digit && (c != '.' || point)) return set_text(reader, reader->duration, seconds, error);
    if (ms > INT64_MAX / 20) break; /* longer than a duration can be, and told as such */
    if (is_digit && point)
      ms += (unit /= 10) * (c - '0');
    else if (is_digit)
      ms = ms * 10 + (c - '0') * INT64_C(1000);
    point |= c == '.';
    digits |= is_digit;
  }
  if (!digits || ms == 0) return STATUS_OK;
  return file_rows_set(reader->rows, reader->duration, &(Cell){.kind = CELL_INTEGER, .integer = ms}, reader->line,
                       error);
}

/* `path` is empty for an #EXTINF without a path line. */
static Status add_entry(M3uReader *reader, Text path, Error *error) {
  Entry entry = reader->entry;
  reader->entry = (Entry){0};
  Text spotify_id = m3u_spotify_id(path), name = entry.name, artist, title;
  if (name.length == 0 && spotify_id.length == 0) name = m3u_path_name(reader->run->arena, path);
  m3u_split_name(name, &artist, &title);
  file_rows_begin(reader->rows, entry.open ? entry.line : reader->line);
  Status status = set_text(reader, reader->title, title, error);
  if (!status) status = set_text(reader, reader->artist, artist, error);
  if (!status) status = set_text(reader, reader->spotify_id, spotify_id, error);
  if (!status && entry.open) status = set_seconds(reader, entry.seconds, error);
  return status ? status : file_rows_end(reader->rows, error);
}

static Status read_line(M3uReader *reader, Text line, Error *error) {
  while (line.length && strchr(" \t\r", line.bytes[line.length - 1])) line.length--;
  while (line.length && strchr(" \t", line.bytes[0])) line = (Text){line.bytes + 1, line.length - 1};
  if (line.length == 0) return STATUS_OK;
  if (line.bytes[0] != '#') return add_entry(reader, line, error);
  Text seconds, name;
  if (!m3u_parse_info(line, &seconds, &name)) return STATUS_OK;
  Status status = reader->entry.open ? add_entry(reader, (Text){"", 0}, error) : STATUS_OK;
  reader->info.length = 0;
  text_append(&reader->info, line);
  m3u_parse_info(text_built(&reader->info), &seconds, &name);
  reader->entry = (Entry){.open = true, .line = reader->line, .seconds = seconds, .name = name};
  return status;
}

static Status take_block(M3uReader *reader, Text block, TextBuilder *line, Error *error) {
  while (block.length) {
    const char *newline = memchr(block.bytes, '\n', block.length);
    size_t length = newline ? (size_t)(newline - block.bytes) : block.length;
    if (line->length + length > LINE_MAX_BYTES) {
      return fail(error, STATUS_FAILED, "", "%s:%llu: a line is longer than the limit of 1 MiB",
                  checked_input_name(reader->input), (unsigned long long)reader->line);
    }
    text_append(line, (Text){block.bytes, length});
    block = (Text){block.bytes + length + (newline ? 1 : 0), block.length - length - (newline ? 1 : 0)};
    if (!newline) return STATUS_OK;
    Status status = read_line(reader, text_built(line), error);
    if (status) return status;
    line->length = 0;
    reader->line++;
  }
  return STATUS_OK;
}

static Status read_all(M3uReader *reader, Error *error) {
  TextBuilder line = {.arena = reader->run->arena};
  for (;;) {
    Text block;
    Status status = checked_input_next(reader->input, &block, error);
    if (!status && block.length == 0) break;
    if (!status) status = take_block(reader, block, &line, error);
    if (status) return status;
  }
  Status status = read_line(reader, text_built(&line), error);
  if (!status && reader->entry.open) status = add_entry(reader, (Text){"", 0}, error);
  return status;
}

Status m3u_read_rows(Run *run, Input *input, FileRows *rows, Error *error) {
  M3uReader reader = {.run = run, .rows = rows, .line = 1, .info = {.arena = run->arena}};
  reader.input = checked_input_new(
      run->arena, input, "older players write Latin-1: convert it with iconv -f latin1 -t utf-8 old.m3u > new.m3u");
  Status status = file_rows_column(rows, TEXT_LITERAL("title"), 1, &reader.title, error);
  if (!status) status = file_rows_column(rows, TEXT_LITERAL("artist"), 1, &reader.artist, error);
  if (!status) status = file_rows_column(rows, TEXT_LITERAL("duration"), 1, &reader.duration, error);
  if (!status) status = file_rows_column(rows, TEXT_LITERAL("spotify.id"), 1, &reader.spotify_id, error);
  return status ? status : read_all(&reader, error);
}
