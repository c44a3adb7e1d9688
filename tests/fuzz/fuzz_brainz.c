/* Fuzzes the readers of what ListenBrainz and MusicBrainz answer, on every part of a JSON text: ids come out in their one spelling or not at all, lengths in their
 * bounds, and a listen that is made of what was read is JSON again. */
#include <stdlib.h>

#include "connectors/listenbrainz/listen_parcel.h"
#include "connectors/listenbrainz/track_metadata.h"
#include "connectors/musicbrainz/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT = 64 << 20 };

typedef struct Trial {
  Arena *arena;
  Text text;
} Trial;

static void check_id(const char *id, size_t length, bool (*is)(Text text)) {
  Text text = text_of(id);
  if (text.length && (text.length != length || !is(text))) abort();
}

static bool is_mbid(Text text) {
  char read[MBID_LENGTH + 1];
  return mbid_read(text, read) && text_is(text, read);
}

static bool is_isrc(Text text) {
  char read[ISRC_LENGTH + 1];
  return isrc_read(text, read) && text_is(text, read);
}

static void try_listen(const Trial *trial, const TrackMetadata *metadata) {
  RowFacts facts = {.title = metadata->title, .artist = metadata->artist, .album = metadata->album, .spotify_id = text_of(metadata->spotify_id),
                    .duration_ms = metadata->duration_ms, .on_spotify = metadata->on_spotify};
  TextBuilder json = {.arena = trial->arena};
  JsonDoc doc;
  if (!facts.title.length || !facts.artist.length) return;
  bool fits = listen_write(&json, 1700000000, &facts);
  if (json_doc_read(trial->arena, text_built(&json), "listen", &doc, NULL) != STATUS_OK) abort();
  if (!text_equal(json_get_text(json_get(doc.root, "track_metadata"), "track_name"), facts.title)) abort();
  if (fits && json.length > BOUND_LISTENBRAINZ_LISTEN) abort();
}

static void try_node(const Trial *trial, const JsonNode *node) {
  TrackMetadata metadata;
  Recording recording;
  track_metadata_read(node, &metadata);
  if (metadata.artist_count > CREDITED_MOST || metadata.duration_ms < 0 || metadata.duration_ms > BOUND_LISTENBRAINZ_LONGEST || metadata.played_ms < 0) abort();
  check_id(metadata.mbid, MBID_LENGTH, is_mbid);
  check_id(metadata.isrc, ISRC_LENGTH, is_isrc);
  try_listen(trial, &metadata);
  if (recording_read(node, &recording)) {
    check_id(recording.mbid, MBID_LENGTH, is_mbid);
    if (recording.length_ms < 0 || (recording.has_released && recording.released.precision > DATE_DAY)) abort();
    recording_has_isrc(&recording, "USSUB0200002");
    recording_is_by(&recording, trial->arena, TEXT_LITERAL("nirvana"));
  }
  for (uint32_t i = 0; i < node->count; i++) try_node(trial, &node->items[i]);
}

static Status try_text(void *context, Error *error) {
  const Trial *trial = context;
  JsonDoc doc;
  if (json_doc_read(trial->arena, trial->text, "reply", &doc, error) == STATUS_OK) try_node(trial, doc.root);
  return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Trial trial = {.arena = arena_new(MEMORY_LIMIT), .text = {(const char *)data, size}};
  Error error;
  arena_protect(trial.arena, try_text, &trial, &error);
  arena_free(trial.arena);
  return 0;
}
