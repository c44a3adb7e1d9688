#include "base/map.h"
#include "base/vec.h"
#include "connectors/library/resolve.h"

enum { MBID_CONFIDENCE = 95, ISRC_CONFIDENCE = 95, UNKNOWN_LENGTH_PENALTY = 10, SUSPECT_CONFIDENCE = 50 };
enum { TOLERATED_MS = 1000, SUSPECT_MS = 10000 };

/* What an id leads to; the same id is looked up once. */
typedef struct Found {
  Match match;
  int64_t duration_ms; /* of the track, for ISRCs; -1 = not known */
} Found;

typedef Status Lookup(Store *store, Text id, Found *out, Error *error);

typedef struct KnownId {
  size_t columns[2]; /* of the batch; SIZE_MAX where there is none */
  Lookup *look_up;
  IntMap *places; /* TextId to an index of `found` */
  VEC(Found) found;
} KnownId;

enum { BY_SERVICE, BY_MBID, BY_ISRC, ID_KINDS };

typedef struct IdTier {
  Run *run;
  Store *store;
  const Batch *batch;
  size_t duration; /* column */
  KnownId ids[ID_KINDS];
} IdTier;

static Status look_up_spotify(Store *store, Text id, Found *out, Error *error) {
  Status status =
      store_find_mapping(store, TEXT_LITERAL("spotify"), id, &out->match.track, &out->match.confidence, error);
  if (status != STATUS_OK || out->match.track) return status;
  out->match.confidence = 100;
  return store_find_by_spotify_id(store, id, &out->match.track, error);
}

static Status look_up_mbid(Store *store, Text id, Found *out, Error *error) {
  out->match.confidence = MBID_CONFIDENCE;
  return store_find_by_mbid(store, id, &out->match.track, error);
}

static Status look_up_isrc(Store *store, Text id, Found *out, Error *error) {
  out->match.confidence = ISRC_CONFIDENCE;
  Status status = store_find_by_isrc(store, id, &out->match.track, error);
  if (status != STATUS_OK || !out->match.track) return status;
  StoreTrack track;
  bool found = false;
  status = store_track(store, out->match.track, &track, &found, error);
  if (status == STATUS_OK && found) out->duration_ms = track.duration_ms;
  return status;
}

static int isrc_confidence(int64_t a, int64_t b) {
  if (a <= 0 || b <= 0) return ISRC_CONFIDENCE - UNKNOWN_LENGTH_PENALTY;
  int64_t difference = a > b ? a - b : b - a;
  if (difference > SUSPECT_MS) return SUSPECT_CONFIDENCE;
  if (difference <= TOLERATED_MS) return ISRC_CONFIDENCE;
  return ISRC_CONFIDENCE - (int)((difference - TOLERATED_MS + 999) / 1000);
}

static int64_t length_of(const IdTier *tier, size_t row) {
  if (tier->duration == SIZE_MAX || column_is_missing(&tier->batch->columns[tier->duration], row)) return -1;
  Duration duration = duration_unpack(tier->batch->columns[tier->duration].values[row].integer);
  return duration.months ? -1 : duration.ms;
}

/* The id of a row, 0 = none. */
static TextId id_of(const IdTier *tier, const KnownId *id, size_t row) {
  for (int i = 0; i < 2; i++) {
    size_t column = id->columns[i];
    if (column == SIZE_MAX || column_is_missing(&tier->batch->columns[column], row)) continue;
    return (TextId)tier->batch->columns[column].values[row].integer;
  }
  return 0;
}

static Status find(IdTier *tier, KnownId *id, TextId text, const Found **out, Error *error) {
  uint32_t place = int_map_get(id->places, text, UINT32_MAX);
  if (place == UINT32_MAX) {
    Found found = {.duration_ms = -1};
    Status status = id->look_up(tier->store, text_at(tier->run->texts, text), &found, error);
    if (status != STATUS_OK) return status;
    place = (uint32_t)id->found.count;
    int_map_add(id->places, text, place, NULL);
    vec_push(tier->run->arena, &id->found, found);
  }
  *out = &id->found.items[place];
  return STATUS_OK;
}

static Status resolve(void *context, size_t row, Match *out, Error *error) {
  IdTier *tier = context;
  *out = (Match){0};
  for (int kind = 0; kind < ID_KINDS; kind++) {
    TextId text = id_of(tier, &tier->ids[kind], row);
    const Found *found;
    if (!text) continue;
    Status status = find(tier, &tier->ids[kind], text, &found, error);
    if (status != STATUS_OK) return status;
    Match match = found->match;
    if (!match.track) continue;
    if (kind == BY_ISRC) match.confidence = isrc_confidence(length_of(tier, row), found->duration_ms);
    if (match.confidence > out->confidence) *out = match;
  }
  return STATUS_OK;
}

ResolveTier resolve_by_ids(Run *run, Store *store, const Batch *batch) {
  static const struct {
    FieldId fields[2];
    Lookup *look_up;
  } kinds[ID_KINDS] = {[BY_SERVICE] = {{FIELD_SPOTIFY_ID, FIELD_SPOTIFY_ID}, look_up_spotify},
                       [BY_MBID] = {{FIELD_MBID, FIELD_MUSICBRAINZ_ID}, look_up_mbid},
                       [BY_ISRC] = {{FIELD_ISRC, FIELD_ISRC}, look_up_isrc}};
  IdTier *tier = arena_alloc(run->arena, sizeof *tier);
  tier->run = run;
  tier->store = store;
  tier->batch = batch;
  tier->duration = library_column(run, batch, FIELD_DURATION);
  for (int kind = 0; kind < ID_KINDS; kind++) {
    KnownId *id = &tier->ids[kind];
    for (int i = 0; i < 2; i++) id->columns[i] = library_column(run, batch, kinds[kind].fields[i]);
    id->look_up = kinds[kind].look_up;
    id->places = int_map_new(run->arena, 64);
  }
  return (ResolveTier){resolve, tier};
}
