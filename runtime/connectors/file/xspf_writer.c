#include "connectors/file/formats.h"
#include "connectors/file/listed_track.h"
#include "connectors/file/track_links.h"

/* The bytes of a character that XML 1.0 or a player's line cannot hold (C0, DEL, C1, U+FFFE, U+FFFF), 0 for any other. A
 * text is valid UTF-8, and so no byte beyond its end is asked for. */
static size_t unwritable_at(Text text, size_t at) {
  unsigned char byte = (unsigned char)text.bytes[at];
  if (byte < 0x20 || byte == 0x7F) return 1;
  if (byte == 0xC2 && (unsigned char)text.bytes[at + 1] < 0xA0) return 2;
  bool last_of_plane = byte == 0xEF && (unsigned char)text.bytes[at + 1] == 0xBF;
  return last_of_plane && (unsigned char)text.bytes[at + 2] >= 0xBE ? 3 : 0;
}

/* A tab or line break becomes a blank, any other control character nothing. */
static void append_escaped(TextBuilder *builder, Text text) {
  for (size_t at = 0; at < text.length;) {
    char c = text.bytes[at];
    size_t unwritable = unwritable_at(text, at);
    at += unwritable ? unwritable : 1;
    if (unwritable && (c == '\t' || c == '\n'))
      text_append_char(builder, ' ');
    else if (unwritable)
      continue;
    else if (c == '&')
      text_append(builder, TEXT_LITERAL("&amp;"));
    else if (c == '<')
      text_append(builder, TEXT_LITERAL("&lt;"));
    else if (c == '>')
      text_append(builder, TEXT_LITERAL("&gt;"));
    else
      text_append_char(builder, c);
  }
}

static void append_element(TextBuilder *track, const char *name, Text text) {
  size_t before = track->length;
  text_append_format(track, "   <%s>", name);
  size_t start = track->length;
  append_escaped(track, text);
  if (track->length == start)
    track->length = before;
  else
    text_append_format(track, "</%s>\n", name);
}

/* An id that is none writes nothing. */
static void append_link(TextBuilder *track, const char *name, TrackLinkKind kind, Text id) {
  size_t before = track->length;
  text_append_format(track, "   <%s>", name);
  if (track_link_append(track, kind, id))
    text_append_format(track, "</%s>\n", name);
  else
    track->length = before;
}

static void append_track(TextBuilder *track, TextBuilder *artist, const Run *run, const ListedColumns *columns,
                         size_t row) {
  text_append(track, TEXT_LITERAL("  <track>\n"));
  append_link(track, "location", LINK_SPOTIFY, listed_text(run, columns->spotify_id, row));
  append_link(track, "identifier", LINK_MBID, listed_text(run, columns->mbid, row));
  append_link(track, "identifier", LINK_ISRC, listed_text(run, columns->isrc, row));
  append_element(track, "title", listed_text(run, columns->title, row));
  artist->length = 0;
  listed_append_artist(artist, text_append, run, columns, row);
  append_element(track, "creator", text_built(artist));
  append_element(track, "album", listed_text(run, columns->album, row));
  const Column *number = columns->track_number;
  if (number && !column_is_missing(number, row) && number->values[row].integer > 0)
    text_append_format(track, "   <trackNum>%lld</trackNum>\n", (long long)number->values[row].integer);
  int64_t ms = listed_length(columns, row);
  if (ms > 0) text_append_format(track, "   <duration>%lld</duration>\n", (long long)ms);
  text_append(track, TEXT_LITERAL("  </track>\n"));
}

Status xspf_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  const ListedColumns columns = listed_columns(run, batch);
  TextBuilder track = {.arena = run->arena}, artist = {.arena = run->arena};
  Status status = output_write(output,
                               TEXT_LITERAL("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                            "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n <trackList>\n"),
                               error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    track.length = 0;
    append_track(&track, &artist, run, &columns, batch_row(batch, at));
    status = output_write(output, text_built(&track), error);
  }
  return status ? status : output_write(output, TEXT_LITERAL(" </trackList>\n</playlist>\n"), error);
}
