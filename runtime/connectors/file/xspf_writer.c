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

static void append_element(TextBuilder *track, const char *indent, const char *name, Text text) {
  size_t before = track->length;
  text_append_format(track, "%s<%s>", indent, name);
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

static void begin(TextBuilder *out, Text name, Text description) {
  text_append(out, TEXT_LITERAL("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n"));
  append_element(out, " ", "title", name);
  append_element(out, " ", "annotation", description);
  text_append(out, TEXT_LITERAL(" <trackList>\n"));
}

static void append_track(TextBuilder *out, TextBuilder *artist, const ListedTrack *track, bool first) {
  (void)first;
  text_append(out, TEXT_LITERAL("  <track>\n"));
  append_link(out, "location", LINK_SPOTIFY, track->spotify_id);
  append_link(out, "identifier", LINK_MBID, track->mbid);
  append_link(out, "identifier", LINK_ISRC, track->isrc);
  append_element(out, "   ", "title", track->title);
  artist->length = 0;
  listed_append_artist(artist, text_append, track);
  append_element(out, "   ", "creator", text_built(artist));
  append_element(out, "   ", "album", track->album);
  if (track->number > 0) text_append_format(out, "   <trackNum>%lld</trackNum>\n", (long long)track->number);
  if (track->duration_ms > 0) text_append_format(out, "   <duration>%lld</duration>\n", (long long)track->duration_ms);
  text_append(out, TEXT_LITERAL("  </track>\n"));
}

static void end(TextBuilder *out, bool empty) {
  (void)empty;
  text_append(out, TEXT_LITERAL(" </trackList>\n</playlist>\n"));
}

const ListedFormat listed_xspf = {".xspf", begin, append_track, end};
