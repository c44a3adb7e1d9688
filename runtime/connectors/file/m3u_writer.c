#include "connectors/file/formats.h"
#include "connectors/file/listed_track.h"
#include "connectors/file/m3u_names.h"

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

/* "Artist - Title", or the one that is known. */
static void append_name(TextBuilder *name, const Run *run, const ListedColumns *columns, size_t row) {
  listed_append_artist(name, append_clean, run, columns, row);
  size_t before = name->length;
  if (before) text_append(name, TEXT_LITERAL(" - "));
  size_t title = name->length;
  append_clean(name, listed_text(run, columns->title, row));
  if (name->length == title) name->length = before;
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
                         const ListedColumns *columns, size_t row) {
  name->length = 0;
  append_name(name, run, columns, row);
  int64_t ms = listed_length(columns, row);
  text_append_format(entry, "#EXTINF:%lld,", ms < 0 ? -1 : (long long)((ms + 500) / 1000));
  text_append(entry, text_built(name));
  text_append_char(entry, '\n');
  Text id = listed_text(run, columns->spotify_id, row);
  if (is_spotify_id(id, scratch))
    text_append(entry, text_built(scratch));
  else
    append_placeholder(entry, text_built(name));
  text_append_char(entry, '\n');
}

Status m3u_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  const ListedColumns columns = listed_columns(run, batch);
  TextBuilder entry = {.arena = run->arena}, name = {.arena = run->arena}, scratch = {.arena = run->arena};
  Status status = output_write(output, TEXT_LITERAL("#EXTM3U\n"), error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    entry.length = 0;
    append_entry(&entry, &name, &scratch, run, &columns, batch_row(batch, at));
    status = output_write(output, text_built(&entry), error);
  }
  return status;
}
