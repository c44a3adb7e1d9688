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
static void append_name(TextBuilder *name, const ListedTrack *track) {
  size_t start = name->length;
  listed_append_artist(name, append_clean, track);
  size_t before = name->length;
  if (before > start) text_append(name, TEXT_LITERAL(" - "));
  size_t title = name->length;
  append_clean(name, track->title);
  if (name->length == title) name->length = before;
}

/* A name that would be read as a comment, an address or a path is made a file of the current folder. */
static void append_placeholder(TextBuilder *line, Text name) {
  bool address = false;
  for (size_t i = 0; i < name.length; i++) address |= name.bytes[i] == ':';
  char first = name.length ? name.bytes[0] : '\0';
  if (address || first == '#' || first == ' ') text_append(line, TEXT_LITERAL("./"));
  for (size_t i = 0; i < name.length; i++) text_append_char(line, name.bytes[i] == '/' || name.bytes[i] == '\\' ? '_' : name.bytes[i]);
  if (!name.length) text_append(line, TEXT_LITERAL("unknown track"));
}

/* Whether the id is one, and so cannot break out of its line. */
static bool is_spotify_id(Text id, TextBuilder *scratch) {
  scratch->length = 0;
  text_append(scratch, TEXT_LITERAL("spotify:track:"));
  text_append(scratch, id);
  return id.length && text_equal(m3u_spotify_id(text_built(scratch)), id);
}

static void begin(TextBuilder *out, Text name, Text description) {
  (void)description;
  text_append(out, TEXT_LITERAL("#EXTM3U\n"));
  if (!name.length) return;
  text_append(out, TEXT_LITERAL("#PLAYLIST:"));
  append_clean(out, name);
  text_append_char(out, '\n');
}

static void append_entry(TextBuilder *entry, TextBuilder *scratch, const ListedTrack *track, bool first) {
  (void)first;
  int64_t ms = track->duration_ms > 0 ? track->duration_ms : -1;
  text_append_format(entry, "#EXTINF:%lld,", ms < 0 ? -1 : (long long)((ms + 500) / 1000));
  append_name(entry, track);
  text_append_char(entry, '\n');
  if (is_spotify_id(track->spotify_id, scratch)) {
    text_append(entry, text_built(scratch));
  } else {
    scratch->length = 0;
    append_name(scratch, track);
    append_placeholder(entry, text_built(scratch));
  }
  text_append_char(entry, '\n');
}

static void end(TextBuilder *out, bool empty) {
  (void)out;
  (void)empty;
}

const ListedFormat listed_m3u = {".m3u8", begin, append_entry, end};
