#include "connectors/file/track_links.h"

#include <string.h>

#include "connectors/file/m3u_names.h"

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static char upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/* `prefix` in lower case. */
static bool take_prefix(Text *text, const char *prefix) {
  size_t length = strlen(prefix);
  if (text->length < length) return false;
  for (size_t i = 0; i < length; i++) {
    if (lower(text->bytes[i]) != prefix[i]) return false;
  }
  *text = (Text){text->bytes + length, text->length - length};
  return true;
}

/* A UUID at the front of `text` (RFC 4122, 8-4-4-4-12), in lower case. */
static bool read_mbid(Text text, char *out) {
  if (text.length < MBID_LENGTH) return false;
  for (size_t i = 0; i < MBID_LENGTH; i++) {
    char c = lower(text.bytes[i]);
    bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? c != '-' : !is_digit(c) && !(c >= 'a' && c <= 'f')) return false;
    out[i] = c;
  }
  out[MBID_LENGTH] = '\0';
  return true;
}

/* Two letters of the country, three letters or digits of the registrant, seven digits (ISO 3901). */
static bool read_isrc(Text text, char *out) {
  size_t length = 0;
  for (size_t i = 0; i < text.length; i++) {
    char c = upper(text.bytes[i]);
    if (c == '-') continue;
    bool fits = length < 2 ? is_upper(c) : length < 5 ? is_upper(c) || is_digit(c) : is_digit(c);
    if (length == ISRC_LENGTH || !fits) return false;
    out[length++] = c;
  }
  out[length] = '\0';
  return length == ISRC_LENGTH;
}

static bool is_end_of_segment(Text text, size_t at) {
  return at == text.length || text.bytes[at] == '/' || text.bytes[at] == '?' || text.bytes[at] == '#';
}

TrackLink track_link(Text address) {
  TrackLink link = {LINK_OTHER, ""};
  Text spotify = m3u_spotify_id(address), rest = address;
  if (spotify.length) {
    link.kind = LINK_SPOTIFY;
    memcpy(link.id, spotify.bytes, spotify.length);
    return link;
  }
  if (take_prefix(&rest, "isrc:") || take_prefix(&rest, "urn:isrc:")) {
    if (read_isrc(rest, link.id)) link.kind = LINK_ISRC;
  } else if (take_prefix(&rest, "https://") || take_prefix(&rest, "http://")) {
    if (!take_prefix(&rest, "www.")) take_prefix(&rest, "beta.");
    bool recording = take_prefix(&rest, "musicbrainz.org/recording/");
    if (recording && read_mbid(rest, link.id) && is_end_of_segment(rest, MBID_LENGTH)) link.kind = LINK_MBID;
  }
  if (link.kind == LINK_OTHER) link.id[0] = '\0';
  return link;
}

bool track_link_append(TextBuilder *builder, TrackLinkKind kind, Text id) {
  static const char *const fronts[] = {
      [LINK_SPOTIFY] = "spotify:track:", [LINK_MBID] = "https://musicbrainz.org/recording/", [LINK_ISRC] = "isrc:"};
  if (id.length == 0 || id.length > MBID_LENGTH) return false;
  size_t before = builder->length;
  text_append(builder, text_of(fronts[kind]));
  text_append(builder, id);
  TrackLink link = track_link((Text){builder->bytes + before, builder->length - before});
  builder->length = before;
  if (link.kind != kind) return false;
  text_append(builder, text_of(fronts[kind]));
  text_append(builder, text_of(link.id));
  return true;
}
