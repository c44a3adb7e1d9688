#include "connectors/lastfm/track_entry.h"

#include "base/clock.h"

/* {"name": ...}, {"#text": ...} or the name itself. */
static Text name_of(const JsonNode *node) {
  if (!node) return (Text){"", 0};
  if (node->kind == JSON_STRING) return node->text;
  Text name = json_get_text(node, "name");
  return name.length ? name : json_get_text(node, "#text");
}

bool track_entry_is_playing(void *context, const JsonNode *node) {
  (void)context;
  return text_is(json_get_text(json_get(node, "@attr"), "nowplaying"), "true");
}

void track_entry_read(const JsonNode *node, TrackEntry *out) {
  int64_t second;
  *out = (TrackEntry){.title = json_get_text(node, "name"), .artist = name_of(json_get(node, "artist")), .album = name_of(json_get(node, "album")), .at = INSTANT_MIN,
                      .is_playing = track_entry_is_playing(NULL, node)};
  if (!json_whole(json_get(node, "playcount"), &out->plays) || out->plays < 0) out->plays = 0;
  if (json_whole(json_at(node, TEXT_LITERAL("/date/uts")), &second) && second > 0 && second <= INSTANT_MAX / 1000) out->at = second * 1000;
}

Status track_entries_check_user(const JsonNode *reply, const char *pointer, Text user, Error *error) {
  Text seen = json_get_text(json_get(json_at(reply, text_of(pointer)), "@attr"), "user");
  if (!seen.length) return STATUS_OK;
  Arena *arena = arena_new(0);
  bool same = arena && text_equal(text_fold(arena, seen), text_fold(arena, user));
  arena_free(arena);
  if (same) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "Last.fm answered with the list of `" TEXT_FORMAT "`, not of `" TEXT_FORMAT "`; try again", TEXT_ARG(seen), TEXT_ARG(user));
}
