#include "cli/export/export_words.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "connectors/file/csv.h"

/* The last so many bytes of words are kept, in two halves: when one is full, the other is used anew. What is asked for in the older one moves to the newer. */
enum { ROOM_MIN = 1 << 20, LONGEST = 64 << 10, PARTS = 3 };

typedef struct Kept {
  uint32_t round; /* in which it was put there; 0 = never */
  uint32_t offset, lengths[PARTS];
  bool named;
} Kept;

typedef struct Kind {
  Kept *kept; /* by id */
  size_t size;
  TextBuilder parts[PARTS]; /* as they were put together last */
  bool named;
} Kind;

struct ExportWords {
  Arena *arena;
  Store *store;
  char *halves[2]; /* of round n: n % 2 */
  size_t half;
  uint32_t round, used;
  Kind tracks, hows;
  TextBuilder field, list;
};

/* ---- keeping ---- */

static void begin_kind(Arena *arena, Kind *kind, int64_t highest) {
  kind->size = (size_t)highest + 1;
  kind->kept = arena_array(arena, kind->size, sizeof *kind->kept);
  for (int i = 0; i < PARTS; i++) kind->parts[i].arena = arena;
}

ExportWords *export_words_new(Arena *arena, Store *store, size_t room) {
  ExportWords *words = arena_alloc(arena, sizeof *words);
  *words = (ExportWords){.arena = arena, .store = store, .round = 1, .half = (room > ROOM_MIN ? room : ROOM_MIN) / 2};
  begin_kind(arena, &words->tracks, store_highest_track(store));
  begin_kind(arena, &words->hows, store_highest_context(store));
  for (int i = 0; i < 2; i++) words->halves[i] = arena_buffer(arena, words->half);
  words->field.arena = words->list.arena = arena;
  return words;
}

static Kept *kept_of(const Kind *kind, int64_t id) {
  return id >= 0 && (size_t)id < kind->size ? &kind->kept[id] : NULL;
}

static size_t length_of(const Kept *kept) {
  size_t length = 0;
  for (int i = 0; i < PARTS; i++) length += kept->lengths[i];
  return length;
}

/* Puts `length` bytes into the newer half and says where. */
static void put(ExportWords *words, Kept *kept, const char *bytes, size_t length) {
  memcpy(words->halves[words->round % 2] + words->used, bytes, length);
  kept->round = words->round;
  kept->offset = words->used;
  words->used += (uint32_t)length;
}

static bool find(ExportWords *words, Kept *kept, Text parts[PARTS]) {
  if (!kept || !kept->round || kept->round + 1 < words->round) return false;
  if (kept->round < words->round) {
    size_t length = length_of(kept);
    if (words->used + length > words->half) return false; /* a new round would be in the room that it is in */
    put(words, kept, words->halves[kept->round % 2] + kept->offset, length);
  }
  const char *at = words->halves[kept->round % 2] + kept->offset;
  for (int i = 0; i < PARTS; i++) {
    parts[i] = (Text){at, kept->lengths[i]};
    at += kept->lengths[i];
  }
  return true;
}

/* What was put together last. */
static void keep(ExportWords *words, Kind *kind, Kept *kept, Text parts[PARTS]) {
  words->list.length = 0;
  for (int i = 0; i < PARTS; i++) {
    parts[i] = text_built(&kind->parts[i]);
    text_append(&words->list, parts[i]);
  }
  size_t length = words->list.length;
  if (!kept || length > LONGEST) return;
  if (words->used + length > words->half) {
    words->round++;
    words->used = 0;
  }
  for (int i = 0; i < PARTS; i++) kept->lengths[i] = (uint32_t)parts[i].length;
  kept->named = kind->named;
  put(words, kept, text_built(&words->list).bytes, length);
}

/* ---- CSV ---- */

static void append_csv_text(ExportWords *words, TextBuilder *out, Text text) {
  text_append_char(out, ',');
  if (!text.length) return;
  words->field.length = 0;
  if (csv_needs_apostrophe(text)) text_append_char(&words->field, '\'');
  text_append(&words->field, text);
  csv_append_field(out, text_built(&words->field));
}

static void append_csv_truth(TextBuilder *out, Tristate truth) {
  text_append(out, truth == TRISTATE_TRUE ? TEXT_LITERAL(",true") : truth == TRISTATE_FALSE ? TEXT_LITERAL(",false") : TEXT_LITERAL(","));
}

static void make_csv(ExportWords *words, const StoreTrack *track, TextBuilder *front, TextBuilder *back) {
  append_csv_text(words, front, track->title);
  append_csv_text(words, front, track->artist_count ? track->artists[0] : (Text){"", 0});
  words->list.length = 0;
  for (uint32_t i = 0; i < track->artist_count; i++) {
    if (i) text_append(&words->list, TEXT_LITERAL("; "));
    csv_append_item(&words->list, track->artists[i]);
  }
  append_csv_text(words, front, text_built(&words->list));
  append_csv_text(words, front, track->album);
  append_csv_text(words, back, track->isrc);
  append_csv_text(words, back, track->mbid);
  append_csv_text(words, back, track->spotify_id);
}

/* ---- JSON ---- */

static void append_member(TextBuilder *json, const char *key, Text text) {
  if (!text.length) return;
  if (json->length && json->bytes[json->length - 1] != '{') text_append_char(json, ',');
  text_append_format(json, "\"%s\":", key);
  json_append_string(json, text);
}

static void make_json(ExportWords *words, const StoreTrack *track, TextBuilder *json) {
  words->list.length = 0;
  for (uint32_t i = 0; i < track->artist_count; i++) {
    if (i) text_append(&words->list, TEXT_LITERAL(", "));
    text_append(&words->list, track->artists[i]);
  }
  append_member(json, "artist_name", track->artist_count == 1 ? track->artists[0] : text_built(&words->list));
  append_member(json, "track_name", track->title);
  append_member(json, "release_name", track->album);
  text_append(json, json->length ? TEXT_LITERAL(",\"additional_info\":{") : TEXT_LITERAL("\"additional_info\":{"));
  append_member(json, "submission_client", TEXT_LITERAL("Narada"));
  append_member(json, "submission_client_version", TEXT_LITERAL(NARADA_VERSION));
  append_member(json, "recording_mbid", track->mbid);
  append_member(json, "isrc", track->isrc);
  words->list.length = 0;
  text_append(&words->list, TEXT_LITERAL("https://open.spotify.com/track/"));
  text_append(&words->list, track->spotify_id);
  if (track->spotify_id.length) append_member(json, "spotify_id", text_built(&words->list));
  if (track->duration_ms > 0) text_append_format(json, ",\"duration_ms\":%" PRId64, track->duration_ms);
}

/* ---- what is asked for ---- */

static void empty_parts(Kind *kind) {
  for (int i = 0; i < PARTS; i++) kind->parts[i].length = 0;
}

Status export_track_words(ExportWords *words, int64_t id, TrackWords *out, Error *error) {
  Kind *tracks = &words->tracks;
  Kept *kept = kept_of(tracks, id);
  Text parts[PARTS];
  bool named = kept && kept->named;
  if (!find(words, kept, parts)) {
    StoreTrack track;
    bool found;
    Status status = store_track(words->store, id, &track, &found, error);
    if (status != STATUS_OK) return status;
    if (!found) track = (StoreTrack){.duration_ms = -1};
    empty_parts(tracks);
    make_csv(words, &track, &tracks->parts[0], &tracks->parts[1]);
    make_json(words, &track, &tracks->parts[2]);
    named = tracks->named = track.title.length && track.artist_count && track.artists[0].length;
    keep(words, tracks, kept, parts);
  }
  *out = (TrackWords){parts[0], parts[1], parts[2], named};
  return STATUS_OK;
}

Status export_how_words(ExportWords *words, uint32_t context, HowWords *out, Error *error) {
  Kind *hows = &words->hows;
  Kept *kept = kept_of(hows, context);
  Text parts[PARTS];
  if (!find(words, kept, parts)) {
    const PlayContext *how;
    Status status = store_play_context(words->store, context, &how, error);
    if (status != STATUS_OK) return status;
    empty_parts(hows);
    const Text texts[] = {how->service, how->source, how->platform, how->country, how->reason_start, how->reason_end};
    const Tristate truths[] = {how->shuffle, how->skipped, how->offline, how->incognito};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) append_csv_text(words, &hows->parts[0], texts[i]);
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) append_csv_truth(&hows->parts[0], truths[i]);
    if (text_is(how->service, "spotify")) text_append(&hows->parts[1], TEXT_LITERAL(",\"music_service\":\"spotify.com\""));
    keep(words, hows, kept, parts);
  }
  *out = (HowWords){parts[0], parts[1]};
  return STATUS_OK;
}
