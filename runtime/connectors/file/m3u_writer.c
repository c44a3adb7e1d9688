#include "connectors/file/formats.h"
#include "connectors/file/m3u_names.h"

typedef struct M3uColumns {
  const Column *title, *artist, *artists, *duration, *spotify_id; /* NULL = not there */
} M3uColumns;

static const Column *find_column(const Run *run, const Batch *batch, const char *name, Type type) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const PlanColumn *column = &batch->schema->columns[i];
    if (column->window.kind != WINDOW_NONE || type_required(column->type) != type) continue;
    if (text_is(plan_string(run->plan, column->name), name)) return &batch->columns[i];
  }
  return NULL;
}

static Text text_in(const Run *run, const Column *column, size_t row) {
  if (!column || column_is_missing(column, row)) return (Text){"", 0};
  return text_at(run->texts, (TextId)column->values[row].integer);
}

/* Without control characters: a line break would begin a line that is not ours. C1 controls are two bytes in UTF-8. */
static void append_clean(TextBuilder *builder, Text text) {
  for (size_t i = 0; i < text.length; i++) {
    unsigned char byte = (unsigned char)text.bytes[i];
    if (byte < 0x20 || byte == 0x7F) continue;
    if (byte == 0xC2 && i + 1 < text.length && (unsigned char)text.bytes[i + 1] < 0xA0) {
      i++;
      continue;
    }
    text_append_char(builder, (char)byte);
  }
}

static void append_artist(TextBuilder *builder, const Run *run, const M3uColumns *columns, size_t row) {
  Text artist = text_in(run, columns->artist, row);
  append_clean(builder, artist);
  if (artist.length || !columns->artists || column_is_missing(columns->artists, row)) return;
  ListItems list = list_items(run->lists, columns->artists->values[row]);
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) text_append(builder, TEXT_LITERAL(", "));
    append_clean(builder, text_at(run->texts, (TextId)list.items[i].integer));
  }
}

/* "Artist - Title", or the one that is known. */
static void append_name(TextBuilder *name, const Run *run, const M3uColumns *columns, size_t row) {
  append_artist(name, run, columns, row);
  size_t before = name->length;
  if (before) text_append(name, TEXT_LITERAL(" - "));
  size_t title = name->length;
  append_clean(name, text_in(run, columns->title, row));
  if (name->length == title) name->length = before;
}

static long long seconds_of(const Column *column, size_t row) {
  if (!column || column_is_missing(column, row)) return -1;
  Duration duration = duration_unpack(column->values[row].integer);
  return duration.months || duration.ms <= 0 ? -1 : (long long)((duration.ms + 500) / 1000);
}

/* A name that would be read as a comment, an address or an absolute path is made a file of the current folder. */
static void append_placeholder(TextBuilder *line, Text name) {
  bool address = false;
  for (size_t i = 0; i < name.length; i++) address |= name.bytes[i] == ':';
  char first = name.length ? name.bytes[0] : '\0';
  if (address || first == '#' || first == '/' || first == '\\' || first == ' ') text_append(line, TEXT_LITERAL("./"));
  text_append(line, name.length ? name : TEXT_LITERAL("unknown track"));
}

/* Whether the id is one, and so cannot break out of its line. */
static bool is_spotify_id(Text id, TextBuilder *scratch) {
  scratch->length = 0;
  text_append(scratch, TEXT_LITERAL("spotify:track:"));
  text_append(scratch, id);
  return id.length && text_equal(m3u_spotify_id(text_built(scratch)), id);
}

static void append_entry(TextBuilder *entry, TextBuilder *name, TextBuilder *scratch, const Run *run,
                         const M3uColumns *columns, size_t row) {
  name->length = 0;
  append_name(name, run, columns, row);
  text_append_format(entry, "#EXTINF:%lld,", seconds_of(columns->duration, row));
  text_append(entry, text_built(name));
  text_append_char(entry, '\n');
  Text id = text_in(run, columns->spotify_id, row);
  if (is_spotify_id(id, scratch))
    text_append(entry, text_built(scratch));
  else
    append_placeholder(entry, text_built(name));
  text_append_char(entry, '\n');
}

Status m3u_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  const M3uColumns columns = {
      .title = find_column(run, batch, "title", TYPE_OF(TEXT)),
      .artist = find_column(run, batch, "artist", TYPE_OF(TEXT)),
      .artists = find_column(run, batch, "artists", TYPE_LIST_OF(TEXT)),
      .duration = find_column(run, batch, "duration", TYPE_OF(DURATION)),
      .spotify_id = find_column(run, batch, "spotify.id", TYPE_OF(TEXT)),
  };
  TextBuilder entry = {.arena = run->arena}, name = {.arena = run->arena}, scratch = {.arena = run->arena};
  Status status = output_write(output, TEXT_LITERAL("#EXTM3U\n"), error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    entry.length = 0;
    append_entry(&entry, &name, &scratch, run, &columns, batch_row(batch, at));
    status = output_write(output, text_built(&entry), error);
  }
  return status;
}
