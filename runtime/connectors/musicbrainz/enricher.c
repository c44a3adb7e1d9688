#include "connectors/musicbrainz/enricher.h"

#include <string.h>

#include "base/vec.h"
#include "connectors/listenbrainz/recording_lookup.h"
#include "connectors/musicbrainz/recording_search.h"

/* Bytes; longer ones are no names, and eight of them no address. */
enum { NAMES_MOST = 500 };

typedef VEC(RecordingWanted *) WantedList;

typedef struct Asking {
  Enrichment *enrichment;
  Arena *arena;
  RecordingWanted *wanted; /* of each item */
  bool *told;              /* of each item */
} Asking;

/* The title belongs to it: one ISRC may stand on different songs. */
static Status key(Services *services, Arena *arena, EnrichItem *item, Error *error) {
  const TrackClues *clues = &item->clues;
  char isrc[ISRC_LENGTH + 1], mbid[MBID_LENGTH + 1];
  (void)services;
  (void)error;
  if (mbid_read(clues->mbid, mbid)) {
    item->key = text_of(arena_format(arena, "mbid\x1f%s", mbid));
  } else if (isrc_read(clues->isrc, isrc)) {
    item->key = text_of(arena_format(arena, "isrc\x1f%s\x1f" TEXT_FORMAT, isrc, TEXT_ARG(text_fold(arena, clues->title))));
  } else if (clues->title.length && clues->artist.length) {
    item->key = text_of(arena_format(arena, "names\x1f" TEXT_FORMAT "\x1f" TEXT_FORMAT, TEXT_ARG(text_fold(arena, clues->artist)), TEXT_ARG(text_fold(arena, clues->title))));
  }
  return STATUS_OK;
}

static RecordingWanted wanted_of(const TrackClues *clues) {
  RecordingWanted wanted = {.length_ms = clues->duration_ms};
  if (clues->title.length + clues->artist.length <= NAMES_MOST) wanted.title = clues->title, wanted.artist = clues->artist;
  if (!mbid_read(clues->mbid, wanted.mbid)) wanted.mbid[0] = '\0';
  if (!isrc_read(clues->isrc, wanted.isrc)) wanted.isrc[0] = '\0';
  return wanted;
}

static bool has_names(const RecordingWanted *wanted) {
  return wanted->title.length && wanted->artist.length;
}

/* Tells what is known by now; what another way may still find waits for it. */
static void tell_found(Asking *asking, const WantedList *list, bool last) {
  for (size_t i = 0; i < list->count; i++) {
    RecordingWanted *wanted = list->items[i];
    size_t item = (size_t)(wanted - asking->wanted);
    if (!wanted->asked || (!wanted->found && !last)) continue;
    if (wanted->found && wanted->has_released) enrich_known(asking->enrichment, item, FIELD_MUSICBRAINZ_FIRST_RELEASED, (Value){.integer = date_pack(wanted->released)});
    enrich_done(asking->enrichment, item);
    asking->told[item] = true;
  }
}

static Status search(Asking *asking, SearchBy by, const WantedList *list, Error *error) {
  if (!list->count) return STATUS_OK;
  for (size_t i = 0; i < list->count; i++) list->items[i]->asked = false;
  Status status = recordings_search(asking->enrichment->http, asking->arena, by, list->items, list->count, error);
  bool last = by == BY_NAMES;
  tell_found(asking, list, last);
  return status;
}

/* Those that are still open and fulfil `fits`. */
static WantedList those(Asking *asking, bool (*fits)(const RecordingWanted *wanted)) {
  WantedList list = {0};
  for (size_t i = 0; i < asking->enrichment->count; i++)
    if (!asking->told[i] && fits(&asking->wanted[i])) vec_push(asking->arena, &list, &asking->wanted[i]);
  return list;
}

static bool has_mbid(const RecordingWanted *wanted) {
  return wanted->mbid[0];
}

static bool has_isrc(const RecordingWanted *wanted) {
  return wanted->isrc[0];
}

static bool any(const RecordingWanted *wanted) {
  (void)wanted;
  return true;
}

/* Without a token, or while ListenBrainz is away, MusicBrainz' own search does it. */
static void look_up(Asking *asking) {
  Enrichment *enrichment = asking->enrichment;
  Secret token;
  bool found = false;
  if (services_secret(enrichment->services, SERVICE_LISTENBRAINZ, "token", &token, &found, NULL) != STATUS_OK || !found) return;
  WantedList list = those(asking, has_names);
  RecordingLookup *lookups = arena_array(asking->arena, list.count, sizeof *lookups);
  for (size_t i = 0; i < list.count; i++) lookups[i] = (RecordingLookup){.title = list.items[i]->title, .artist = list.items[i]->artist};
  listenbrainz_lookup(enrichment->services, enrichment->call->run, lookups, list.count, NULL);
  for (size_t i = 0; i < list.count; i++)
    if (lookups[i].answer == LOOKUP_FOUND) memcpy(list.items[i]->mbid, lookups[i].mbid, sizeof lookups[i].mbid);
}

static void end_unnamed(Asking *asking) {
  WantedList list = those(asking, any);
  for (size_t i = 0; i < list.count; i++) {
    if (has_names(list.items[i])) continue;
    size_t item = (size_t)(list.items[i] - asking->wanted);
    enrich_done(asking->enrichment, item);
    asking->told[item] = true;
  }
}

static Status ask_all(Asking *asking, Error *error) {
  WantedList list = those(asking, has_mbid);
  Status status = search(asking, BY_MBID, &list, error);
  for (size_t i = 0; i < list.count; i++) list.items[i]->mbid[0] = '\0'; /* what is still open is none of MusicBrainz' */
  list = those(asking, has_isrc);
  if (status == STATUS_OK) status = search(asking, BY_ISRC, &list, error);
  if (status != STATUS_OK) return status;
  end_unnamed(asking);
  look_up(asking);
  list = those(asking, has_mbid);
  status = search(asking, BY_MBID, &list, error);
  list = those(asking, has_names);
  return status == STATUS_OK ? search(asking, BY_NAMES, &list, error) : status;
}

static Status ask(Enrichment *enrichment, Error *error) {
  Arena *arena = enrichment->call->run->arena;
  Asking asking = {.enrichment = enrichment, .arena = arena, .wanted = arena_array(arena, enrichment->count, sizeof(RecordingWanted)), .told = arena_array(arena, enrichment->count, 1)};
  Secret contact;
  Status status = services_want(enrichment->services, SERVICE_MUSICBRAINZ, "contact", &contact, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < enrichment->count; i++) asking.wanted[i] = wanted_of(&enrichment->items[i].clues);
  Error reason = {0};
  status = ask_all(&asking, &reason);
  for (size_t i = 0; i < enrichment->count && status != STATUS_OK; i++)
    if (!asking.told[i]) enrich_failed(enrichment, i, &reason);
  return STATUS_OK;
}

const Enricher musicbrainz_enricher = {PROVIDER_MUSICBRAINZ, key, ask};
