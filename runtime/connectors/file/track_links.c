#include "connectors/file/track_links.h"

#include <string.h>

#include "connectors/file/m3u_names.h"

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
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
    if (isrc_read(rest, link.id)) link.kind = LINK_ISRC;
  } else if (take_prefix(&rest, "https://") || take_prefix(&rest, "http://")) {
    if (!take_prefix(&rest, "www.")) take_prefix(&rest, "beta.");
    bool recording = take_prefix(&rest, "musicbrainz.org/recording/");
    if (recording && mbid_read(rest, link.id) && is_end_of_segment(rest, MBID_LENGTH)) link.kind = LINK_MBID;
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
