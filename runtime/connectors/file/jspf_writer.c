#include "base/json.h"
#include "connectors/file/cell.h"
#include "connectors/file/listed_track.h"
#include "connectors/file/track_links.h"

static void append_key(TextBuilder *track, const char *key) {
  text_append_format(track, "%s\"%s\":", track->bytes[track->length - 1] == '{' ? "" : ",", key);
}

static void append_member(TextBuilder *track, const char *key, Text text) {
  if (text.length == 0) return;
  append_key(track, key);
  json_append_string(track, text);
}

static void append_number(TextBuilder *track, const char *key, int64_t number) {
  append_key(track, key);
  text_append_format(track, "%lld", (long long)number);
}

/* One item of a list; an id that is none writes nothing. */
static void append_link(TextBuilder *list, TrackLinkKind kind, Text id) {
  size_t before = list->length;
  text_append(list, before ? TEXT_LITERAL(",\"") : TEXT_LITERAL("\""));
  if (track_link_append(list, kind, id))
    text_append_char(list, '"');
  else
    list->length = before;
}

static void append_links(TextBuilder *out, TextBuilder *list, const ListedTrack *track) {
  list->length = 0;
  append_link(list, LINK_MBID, track->mbid);
  append_link(list, LINK_ISRC, track->isrc);
  if (list->length) {
    append_key(out, "identifier");
    text_append_format(out, "[" TEXT_FORMAT "]", TEXT_ARG(text_built(list)));
  }
  list->length = 0;
  append_link(list, LINK_SPOTIFY, track->spotify_id);
  if (list->length == 0) return;
  append_key(out, "location");
  text_append_format(out, "[" TEXT_FORMAT "]", TEXT_ARG(text_built(list)));
}

/* What JSPF itself has no place for: several artists, and when the entry was added. */
static void append_extension(TextBuilder *out, const ListedTrack *track) {
  if (!track->has_added && track->artist_count < 2) return;
  append_key(out, "extension");
  text_append(out, TEXT_LITERAL("{\"https://musicbrainz.org/doc/jspf#track\":{"));
  if (track->has_added) {
    append_key(out, "added_at");
    text_append_char(out, '"');
    cell_append_instant(out, track->added);
    text_append_char(out, '"');
  }
  if (track->artist_count >= 2) {
    append_key(out, "additional_metadata");
    text_append(out, TEXT_LITERAL("{\"artists\":["));
    for (uint32_t i = 0; i < track->artist_count; i++) {
      text_append(out, i ? TEXT_LITERAL(",{\"artist_credit_name\":") : TEXT_LITERAL("{\"artist_credit_name\":"));
      json_append_string(out, track->artists[i]);
      text_append_char(out, '}');
    }
    text_append(out, TEXT_LITERAL("]}"));
  }
  text_append(out, TEXT_LITERAL("}}"));
}

static void begin(TextBuilder *out, Text name, Text description) {
  text_append(out, TEXT_LITERAL("{\"playlist\":{"));
  append_member(out, "title", name);
  append_member(out, "annotation", description);
  append_key(out, "track");
  text_append_char(out, '[');
}

static void append_track(TextBuilder *out, TextBuilder *scratch, const ListedTrack *track, bool first) {
  text_append(out, first ? TEXT_LITERAL("\n{") : TEXT_LITERAL(",\n{"));
  append_member(out, "title", track->title);
  scratch->length = 0;
  listed_append_artist(scratch, text_append, track);
  append_member(out, "creator", text_built(scratch));
  append_member(out, "album", track->album);
  if (track->number > 0) append_number(out, "trackNum", track->number);
  if (track->duration_ms > 0) append_number(out, "duration", track->duration_ms);
  append_links(out, scratch, track);
  append_extension(out, track);
  text_append_char(out, '}');
}

static void end(TextBuilder *out, bool empty) {
  text_append(out, empty ? TEXT_LITERAL("]}}\n") : TEXT_LITERAL("\n]}}\n"));
}

const ListedFormat listed_jspf = {".jspf", begin, append_track, end};
