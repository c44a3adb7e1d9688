#include "connectors/listenbrainz/loved_set.h"

#include "connectors/listenbrainz/track_metadata.h"

static Text names_of(Arena *arena, Text artist, Text title) {
  TextBuilder names = {.arena = arena};
  text_append(&names, text_fold(arena, artist));
  text_append_char(&names, '\n');
  text_append(&names, text_fold(arena, title));
  return text_built(&names);
}

static void add_names(LovedSet *set, Text artist, Text title) {
  if (artist.length && title.length) text_intern(set->names, names_of(set->arena, artist, title));
}

static Status add_page(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  LovedSet *set = context;
  (void)position;
  (void)error;
  for (size_t i = 0; i < count; i++) {
    TrackMetadata metadata;
    char mbid[MBID_LENGTH + 1];
    track_metadata_read(json_get(&rows[i], "track_metadata"), &metadata);
    if (metadata.mbid[0]) text_intern(set->mbids, text_of(metadata.mbid));
    if (mbid_read(json_get_text(&rows[i], "recording_mbid"), mbid)) text_intern(set->mbids, text_of(mbid));
    add_names(set, metadata.artist, metadata.title);
    if (metadata.artist_count) add_names(set, metadata.artists[0], metadata.title);
  }
  return STATUS_OK;
}

static void again(void *context) {
  LovedSet *set = context;
  set->mbids = text_pool_new(set->arena);
  set->names = text_pool_new(set->arena);
}

void loved_set_start(LovedSet *set, Http *http, Arena *arena, Text user) {
  set->arena = arena;
  again(set);
  const HttpParam params[] = {{"score", TEXT_LITERAL("1")}, {"metadata", TEXT_LITERAL("true")}};
  set->pager = pages_start(http, arena, &(PagesRequest){.request = {.endpoint = ENDPOINT_LISTENBRAINZ_FEEDBACK, .path = &user, .path_count = 1, .params = params, .param_count = 2},
                                                        .page = add_page, .again = again, .context = set});
}

bool loved_set_has_mbid(const LovedSet *set, Text mbid) {
  return mbid.length && text_interned(set->mbids, mbid) != UINT32_MAX;
}

bool loved_set_has_names(const LovedSet *set, Arena *arena, Text artist, Text title) {
  return artist.length && title.length && text_interned(set->names, names_of(arena, artist, title)) != UINT32_MAX;
}
