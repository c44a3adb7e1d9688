#include "connectors/file/entry_reader.h"

#include "connectors/file/m3u_names.h"

Status entry_reader_init(EntryReader *reader, Run *run, FileRows *rows, Error *error) {
  static const FieldId fields[ENTRY_FIELD_COUNT] = {
      [ENTRY_TITLE] = FIELD_TITLE, [ENTRY_ARTIST] = FIELD_ARTIST,     [ENTRY_ARTISTS] = FIELD_ARTISTS,
      [ENTRY_ALBUM] = FIELD_ALBUM, [ENTRY_DURATION] = FIELD_DURATION, [ENTRY_TRACK_NUMBER] = FIELD_TRACK_NUMBER,
      [ENTRY_ADDED] = FIELD_ADDED};
  static const FieldId ids[] = {[LINK_SPOTIFY] = FIELD_SPOTIFY_ID, [LINK_MBID] = FIELD_MBID, [LINK_ISRC] = FIELD_ISRC};
  *reader = (EntryReader){
      .run = run, .rows = rows, .creator = {.arena = run->arena}, .location = {.arena = run->arena}};
  Status status = STATUS_OK;
  for (int i = 0; i < ENTRY_FIELD_COUNT && !status; i++)
    status = file_rows_column(rows, text_of(field_def(fields[i])->name), 1, &reader->columns[i], error);
  for (int i = LINK_SPOTIFY; i <= LINK_ISRC && !status; i++)
    status = file_rows_column(rows, text_of(field_def(ids[i])->name), 1, &reader->links[i], error);
  return status;
}

void entry_begin(EntryReader *reader, uint64_t line) {
  file_rows_begin(reader->rows, line);
  for (int i = 0; i <= LINK_ISRC; i++) reader->linked[i] = false;
  for (int i = 0; i < ENTRY_FIELD_COUNT; i++) reader->given[i] = false;
  reader->line = line;
  reader->creator.length = reader->location.length = 0;
}

static bool is_unknown_length(const Cell *cell) {
  if (cell->kind == CELL_INTEGER) return cell->integer <= 0;
  if (cell->kind != CELL_PLAIN) return false;
  return text_is(cell->text, "0") || (cell->text.length && cell->text.bytes[0] == '-');
}

/* A second creator, told as any other field is that stands twice. */
static Status set_twice(EntryReader *reader, const Cell *cell, uint64_t line, Error *error) {
  Status status = file_rows_set(reader->rows, reader->columns[ENTRY_ARTIST], cell, line, error);
  return status ? status : file_rows_set(reader->rows, reader->columns[ENTRY_ARTIST], cell, line, error);
}

Status entry_set(EntryReader *reader, EntryField field, const Cell *cell, uint64_t line, Error *error) {
  bool text = cell->kind == CELL_STRING || cell->kind == CELL_PLAIN;
  bool unknown = cell->kind == CELL_MISSING || (text && cell->text.length == 0);
  if (unknown || (field == ENTRY_DURATION && is_unknown_length(cell))) return STATUS_OK;
  if (field == ENTRY_ARTIST && reader->given[field]) return set_twice(reader, cell, line, error);
  if (field == ENTRY_ARTIST && cell->kind == CELL_STRING) {
    reader->given[field] = true;
    reader->creator_line = line;
    text_append(&reader->creator, cell->text);
    return STATUS_OK;
  }
  reader->given[field] = true;
  return file_rows_set(reader->rows, reader->columns[field], cell, line, error);
}

Status entry_identifier(EntryReader *reader, Text address, uint64_t line, Error *error) {
  TrackLink link = track_link(address);
  if (link.kind == LINK_OTHER || reader->linked[link.kind]) return STATUS_OK;
  reader->linked[link.kind] = true;
  const Cell cell = {.kind = CELL_STRING, .text = text_of(link.id)};
  return file_rows_set(reader->rows, reader->links[link.kind], &cell, line, error);
}

Status entry_location(EntryReader *reader, Text address, uint64_t line, Error *error) {
  if (track_link(address).kind != LINK_OTHER) return entry_identifier(reader, address, line, error);
  if (reader->location.length == 0) text_append(&reader->location, address);
  return STATUS_OK;
}

static Status set_creator(EntryReader *reader, Error *error) {
  const Cell creator = {.kind = CELL_STRING, .text = text_built(&reader->creator)};
  if (creator.text.length == 0 || reader->given[ENTRY_ARTISTS]) return STATUS_OK;
  return file_rows_set(reader->rows, reader->columns[ENTRY_ARTIST], &creator, reader->creator_line, error);
}

static Status name_after_file(EntryReader *reader, Error *error) {
  Text artist, title, name = m3u_path_name(reader->run->arena, text_built(&reader->location));
  m3u_split_name(name, &artist, &title);
  const Cell titled = {.kind = CELL_STRING, .text = title}, by = {.kind = CELL_STRING, .text = artist};
  Status status = entry_set(reader, ENTRY_TITLE, &titled, reader->line, error);
  if (status || reader->given[ENTRY_ARTIST] || reader->given[ENTRY_ARTISTS]) return status;
  return entry_set(reader, ENTRY_ARTIST, &by, reader->line, error);
}

Status entry_end(EntryReader *reader, Error *error) {
  bool named = reader->given[ENTRY_TITLE];
  for (int i = 0; i <= LINK_ISRC; i++) named |= reader->linked[i];
  Status status = named || reader->location.length == 0 ? STATUS_OK : name_after_file(reader, error);
  if (!status) status = set_creator(reader, error);
  return status ? status : file_rows_end(reader->rows, error);
}
