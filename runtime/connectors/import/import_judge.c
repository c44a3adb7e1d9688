#include "connectors/import/import_judge.h"

#include <string.h>

#include "base/track_ids.h"
#include "connectors/file/cell.h"
#include "connectors/file/m3u_names.h"
#include "connectors/file/track_links.h"
#include "connectors/import/import_time.h"

/* What services write where they know no name. */
static bool is_placeholder(Text text, const char *kind) {
  return text.length > 8 && memcmp(text.bytes, "Unknown ", 8) == 0 && text_is((Text){text.bytes + 8, text.length - 8}, kind);
}

static Text without_blanks(Text text) {
  while (text.length && (unsigned char)text.bytes[0] <= ' ') text = (Text){text.bytes + 1, text.length - 1};
  while (text.length && (unsigned char)text.bytes[text.length - 1] <= ' ') text.length--;
  return text;
}

/* A whole number of at least 0, also as spreadsheets and data frames write it, 187000.0; -1 for anything else. */
static int64_t whole_number(Text text) {
  int64_t number = 0;
  const char *point = text.length ? memchr(text.bytes, '.', text.length) : NULL;
  if (point) {
    size_t length = (size_t)(point - text.bytes);
    for (size_t i = length + 1; i < text.length; i++)
      if (text.bytes[i] != '0') return -1;
    if (length + 1 == text.length) return -1;
    text.length = length;
  }
  if (!text.length || text.length > 15) return -1;
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return -1;
    number = number * 10 + (text.bytes[i] - '0');
  }
  return number;
}

/* ---- files of the user's own: spotify:local:ARTIST:ALBUM:TITLE:SECONDS, each part with + for a blank and %XX ---- */

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = (char)(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Text local_part(Arena *arena, Text part) {
  TextBuilder out = {.arena = arena};
  for (size_t i = 0; i < part.length; i++) {
    char c = part.bytes[i];
    if (c == '+') c = ' ';
    if (c == '%' && i + 2 < part.length && hex_digit(part.bytes[i + 1]) >= 0 && hex_digit(part.bytes[i + 2]) >= 0) {
      c = (char)(hex_digit(part.bytes[i + 1]) * 16 + hex_digit(part.bytes[i + 2]));
      i += 2;
    }
    text_append_char(&out, c);
  }
  Text text = text_built(&out);
  return text_invalid_at(text) == text.length ? text : (Text){"", 0};
}

static bool read_local(Arena *arena, Text address, ImportItem *out) {
  static const char front[] = "spotify:local:";
  size_t length = sizeof front - 1;
  if (address.length < length || memcmp(address.bytes, front, length) != 0) return false;
  Text parts[4] = {{0}}, rest = {address.bytes + length, address.length - length};
  for (int i = 0; i < 4; i++) {
    const char *colon = rest.length ? memchr(rest.bytes, ':', rest.length) : NULL;
    parts[i] = (Text){rest.bytes, colon ? (size_t)(colon - rest.bytes) : rest.length};
    size_t used = parts[i].length + (colon != NULL);
    rest = (Text){rest.bytes + used, rest.length - used};
  }
  out->artist = local_part(arena, parts[0]);
  out->album = local_part(arena, parts[1]);
  out->title = local_part(arena, parts[2]);
  int64_t seconds = whole_number(parts[3]);
  if (seconds > 0) out->duration_ms = seconds * 1000;
  return true;
}

/* ---- records ---- */

/* The first of each kind counts. */
static void read_address(Arena *arena, Text address, ImportItem *out) {
  if (read_local(arena, address, out)) return;
  TrackLink link = track_link(address);
  Text *to = link.kind == LINK_SPOTIFY ? &out->spotify_id : link.kind == LINK_MBID ? &out->mbid : link.kind == LINK_ISRC ? &out->isrc : NULL;
  if (to && !to->length) *to = text_copy(arena, text_of(link.id));
}

/* An entry that says neither its title nor an id is named after the file that it points to. */
static void name_after_file(Arena *arena, const ImportRecord *record, ImportItem *out) {
  Text address = record->fields[IMPORT_FIELD_ADDRESS];
  if (out->title.length || out->spotify_id.length || out->isrc.length || out->mbid.length || !address.length) return;
  const char *newline = memchr(address.bytes, '\n', address.length);
  if (newline) address.length = (size_t)(newline - address.bytes);
  m3u_split_name(m3u_path_name(arena, address), &out->artist, &out->title);
}

static void read_ids(Arena *arena, const ImportRecord *record, ImportItem *out) {
  char isrc[ISRC_LENGTH + 1], mbid[MBID_LENGTH + 1];
  if (isrc_read(record->fields[IMPORT_FIELD_ISRC], isrc)) out->isrc = text_copy(arena, text_of(isrc));
  Text written = record->fields[IMPORT_FIELD_MBID];
  if (written.length == MBID_LENGTH && mbid_read(written, mbid)) out->mbid = text_copy(arena, text_of(mbid));
  Text id = record->fields[IMPORT_FIELD_SPOTIFY_ID];
  if (id.length && id.length <= MBID_LENGTH) read_address(arena, text_of(arena_format(arena, "spotify:track:" TEXT_FORMAT, TEXT_ARG(id))), out);
  for (Text rest = record->fields[IMPORT_FIELD_ADDRESS]; rest.length;) {
    const char *newline = memchr(rest.bytes, '\n', rest.length);
    Text address = {rest.bytes, newline ? (size_t)(newline - rest.bytes) : rest.length};
    size_t used = address.length + (newline != NULL);
    rest = (Text){rest.bytes + used, rest.length - used};
    read_address(arena, address, out);
  }
}

static void read_artists(Arena *arena, Text written, ImportItem *out) {
  size_t most = 1;
  for (size_t i = 0; i < written.length; i++) most += written.bytes[i] == ';';
  if (most == 1) return;
  out->artists = arena_array(arena, most, sizeof *out->artists);
  while (written.length) {
    const char *end = memchr(written.bytes, ';', written.length);
    Text name = {written.bytes, end ? (size_t)(end - written.bytes) : written.length};
    size_t used = name.length + (end != NULL);
    written = (Text){written.bytes + used, written.length - used};
    name = without_blanks(name);
    if (name.length) out->artists[out->artist_count++] = name;
  }
  if (out->artist_count) out->artist = out->artists[0];
}

static void read_names(Arena *arena, const ImportRecord *record, ImportItem *out) {
  const Text *fields = record->fields;
  out->title = without_blanks(fields[IMPORT_FIELD_TITLE]);
  out->artist = without_blanks(fields[IMPORT_FIELD_ARTIST]);
  out->album = without_blanks(fields[IMPORT_FIELD_ALBUM]);
  if (fields[IMPORT_FIELD_ARTISTS].length) read_artists(arena, fields[IMPORT_FIELD_ARTISTS], out);
  if (out->title.length || !(fields[IMPORT_FIELD_EPISODE].length || fields[IMPORT_FIELD_CHAPTER].length)) return;
  out->kind = fields[IMPORT_FIELD_EPISODE].length ? PLAY_EPISODE : PLAY_CHAPTER;
  out->title = without_blanks(fields[out->kind == PLAY_EPISODE ? IMPORT_FIELD_EPISODE : IMPORT_FIELD_CHAPTER]);
  out->artist = without_blanks(fields[IMPORT_FIELD_SHOW]);
}

static const char *refuse_names(const ImportItem *item) {
  bool has_id = item->spotify_id.length || item->isrc.length || item->mbid.length;
  if (item->kind == PLAY_TRACK && is_placeholder(item->title, "Track") && !has_id) return "it names no track, only \"Unknown Track\"";
  if (!item->title.length && !has_id) return "it names nothing: no title and no id of a track";
  if (item->kind == PLAY_TRACK && !item->artist.length && !has_id) return "it names no artist";
  return NULL;
}

static const char *read_play_time(const ImportFormat *format, const ImportRecord *record, ImportItem *out) {
  Text written = record->fields[IMPORT_FIELD_TIME];
  if (text_is(record->fields[IMPORT_FIELD_NOW_PLAYING], "true") && !written.length) return "it was playing when the file was made, and has no time yet";
  if (!written.length) return "it has no time";
  if (!out->has_time) return NULL; /* said by the caller */
  if (out->time >= 0 && out->time < INT64_C(86400000)) return "its time is not known: 1 January 1970 stands for that";
  if (format->anchor == IMPORT_END && out->ms_played > 0) out->time -= out->ms_played;
  return NULL;
}

static void judge_play(Arena *arena, const ImportFormat *format, const ImportRecord *record, ImportItem *out) {
  Text ms = record->fields[IMPORT_FIELD_MS_PLAYED];
  out->ms_played = whole_number(ms);
  const char *reason = refuse_names(out);
  if (!reason) reason = read_play_time(format, record, out);
  if (!reason && ms.length && out->ms_played < 0) {
    out->reason = text_of(arena_format(arena, "`" TEXT_FORMAT "` is no length in milliseconds", TEXT_ARG(text_cut(text_escaped(arena, ms), 40))));
    return;
  }
  if (reason) out->reason = text_of(reason);
}

static void judge_like(const ImportRecord *record, ImportItem *out) {
  Text loved = record->fields[IMPORT_FIELD_LOVED];
  const char *reason = refuse_names(out);
  if (!reason && out->kind != PLAY_TRACK) reason = "it is no track";
  if (!reason && loved.length && loved.bytes[0] == '-') reason = "it is hated, not loved; rate it with `to library.rating 1` if you want to keep that";
  if (!reason && text_is(loved, "0")) reason = "it is neither loved nor hated any more";
  if (reason) out->reason = text_of(reason);
}

void import_judge(Arena *arena, const ImportFormat *format, const ImportRecord *record, const Zone *zone, ImportItem *out) {
  *out = (ImportItem){.ms_played = -1, .duration_ms = whole_number(record->fields[IMPORT_FIELD_DURATION_MS])};
  int64_t seconds = whole_number(record->fields[IMPORT_FIELD_DURATION_S]);
  if (out->duration_ms <= 0) out->duration_ms = seconds > 0 && seconds < 10000000 ? seconds * 1000 : -1;
  if (record->event == IMPORT_NO_RECORD) {
    out->reason = record->problem.length ? text_copy(arena, record->problem) : TEXT_LITERAL("it is no record but a single value");
    return;
  }
  read_names(arena, record, out);
  read_ids(arena, record, out);
  Text written = record->fields[IMPORT_FIELD_TIME];
  bool is_table = format->text == IMPORT_CSV || format->text == IMPORT_PLAIN; /* what services hand out as JSON is UTC */
  out->has_time = written.length && import_time_read_in(without_blanks(written), is_table ? zone : NULL, &out->time);
  if (format->kind == IMPORT_ENTRIES) name_after_file(arena, record, out);
  if (written.length && !out->has_time && format->kind != IMPORT_ENTRIES) {
    SlashedDate slashed;
    const char *why = import_time_slashed(without_blanks(written), &slashed) ? "may have its day or its month first; write it as 2024-03-05" : "is no time that is known here; write it as 2024-03-05 20:00";
    out->reason = text_of(arena_format(arena, "`" TEXT_FORMAT "` %s", TEXT_ARG(text_cut(text_escaped(arena, written), 40)), why));
    return;
  }
  switch (format->kind) {
    case IMPORT_PLAYS: judge_play(arena, format, record, out); break;
    case IMPORT_LIKES: judge_like(record, out); break;
    case IMPORT_ENTRIES:
      if (out->kind != PLAY_TRACK) out->reason = TEXT_LITERAL("it is a podcast episode; playlists of the library hold tracks");
      else if (refuse_names(out)) out->reason = text_of(refuse_names(out));
      break;
  }
}
