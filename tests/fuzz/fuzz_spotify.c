/* Fuzzes what reads Spotify's replies and what people write to name a playlist. The first byte chooses, the rest is the text. */
#include <stdlib.h>

#include "connectors/spotify/references.h"
#include "connectors/spotify/track_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT = 64 << 20 };

typedef struct Trial {
  Arena *arena;
  uint8_t choice;
  Text text;
} Trial;

static void try_thing(const JsonNode *node) {
  SpotifyTrack track;
  Instant at;
  spotify_track_read(node, &track);
  if (track.thing == SPOTIFY_TRACK && !spotify_is_id(track.id)) abort();
  if (track.artist_count > SPOTIFY_ARTISTS_MOST || track.duration_ms < -1 || track.popularity < -1 || track.number < -1) abort();
  if (track.is_explicit && !track.has_explicit) abort();
  spotify_time(node, "added_at", &at);
  for (size_t i = 0; i < track.artist_count; i++)
    if (!track.artists[i].length) abort();
}

/* Each node of the reply stands where an entry could. */
static void try_entries(const JsonNode *node) {
  try_thing(node);
  try_thing(spotify_entry_thing(node));
  for (uint32_t i = 0; i < node->count; i++) try_entries(&node->items[i]);
}

static Status try_text(void *context, Error *error) {
  static const char *const kinds[] = {"playlist", "album", "artist", "track"};
  const Trial *trial = context;
  SpotifyReference reference;
  JsonDoc doc;
  if (trial->choice % 2) {
    Status status = spotify_reference(trial->text, kinds[trial->choice / 2 % 4], &reference, error);
    if (status == STATUS_OK && reference.id.length && !spotify_is_id(reference.id)) abort();
  } else if (json_doc_read(trial->arena, trial->text, "reply", &doc, NULL) == STATUS_OK) {
    try_entries(doc.root);
  }
  return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Trial trial = {.arena = arena_new(MEMORY_LIMIT), .choice = size ? data[0] : 0};
  Error error;
  if (!trial.arena) return 0;
  trial.text = (Text){(const char *)data + (size > 0), size > 0 ? size - 1 : 0};
  arena_protect(trial.arena, try_text, &trial, &error);
  arena_free(trial.arena);
  return 0;
}
