#include "connectors/listenbrainz/enricher.h"

#include "connectors/listenbrainz/listen_counts.h"
#include "connectors/listenbrainz/loved_set.h"
#include "connectors/listenbrainz/recording_lookup.h"
#include "connectors/listenbrainz/user.h"
#include "connectors/services/service_reading.h"

static Status key(Services *services, Arena *arena, EnrichItem *item, Error *error) {
  const TrackClues *clues = &item->clues;
  char mbid[MBID_LENGTH + 1] = "";
  Http *http;
  Text user;
  bool known = mbid_read(clues->mbid, mbid);
  if (!known && !(clues->title.length && clues->artist.length)) return STATUS_OK;
  Status status = services_http(services, &http, error);
  if (status == STATUS_OK) status = listenbrainz_user(services, http, &user, error);
  if (status != STATUS_OK) return status;
  item->key = text_of(arena_format(arena, TEXT_FORMAT "\x1f%s\x1f" TEXT_FORMAT "\x1f" TEXT_FORMAT, TEXT_ARG(text_fold(arena, user)), known ? mbid : "", TEXT_ARG(text_fold(arena, clues->artist)),
                                   TEXT_ARG(text_fold(arena, clues->title))));
  return STATUS_OK;
}

/* In its one spelling; "" = none. */
static Text mbid_of(const TrackClues *clues, char room[MBID_LENGTH + 1]) {
  return mbid_read(clues->mbid, room) ? text_of(room) : TEXT_LITERAL("");
}

static bool wants(const Enrichment *enrichment, FieldId field) {
  for (size_t i = 0; i < enrichment->field_count; i++)
    if (enrichment->fields[i] == field) return enrichment->wanted[i];
  return false;
}

static Status ask_plays(Enrichment *enrichment, Text user, Error *error) {
  Run *run = enrichment->call->run;
  PlayCounts *counts;
  Status status = listen_counts_read(enrichment->services, run, enrichment->http, user, &counts, error);
  for (size_t i = 0; i < enrichment->count && status == STATUS_OK; i++) {
    const TrackClues *clues = &enrichment->items[i].clues;
    char room[MBID_LENGTH + 1];
    enrich_known(enrichment, i, FIELD_LISTENBRAINZ_PLAYS, (Value){.integer = listen_counts_of(counts, run->arena, mbid_of(clues, room), clues->artist, clues->title)});
  }
  return status;
}

/* A track without an id that is not loved under its names may be loved under others: its id is looked up. */
static Status look_up(Enrichment *enrichment, const LovedSet *loved, Error *error) {
  Arena *arena = enrichment->call->run->arena;
  RecordingLookup *lookups = arena_array(arena, enrichment->count, sizeof *lookups);
  for (size_t i = 0; i < enrichment->count; i++) {
    const TrackClues *clues = &enrichment->items[i].clues;
    char room[MBID_LENGTH + 1];
    if (!mbid_of(clues, room).length && !loved_set_has_names(loved, arena, clues->artist, clues->title)) lookups[i] = (RecordingLookup){.title = clues->title, .artist = clues->artist};
  }
  Status status = text_pool_count(loved->mbids) > 1 ? listenbrainz_lookup(enrichment->services, enrichment->call->run, lookups, enrichment->count, error) : STATUS_OK;
  for (size_t i = 0; i < enrichment->count && status == STATUS_OK; i++) {
    const TrackClues *clues = &enrichment->items[i].clues;
    char room[MBID_LENGTH + 1];
    bool is = loved_set_has_mbid(loved, mbid_of(clues, room)) || loved_set_has_mbid(loved, text_of(lookups[i].mbid)) || loved_set_has_names(loved, arena, clues->artist, clues->title);
    enrich_known(enrichment, i, FIELD_LISTENBRAINZ_LOVED, (Value){.integer = is});
  }
  return status;
}

static Status ask_loved(Enrichment *enrichment, Text user, Error *error) {
  LovedSet loved;
  loved_set_start(&loved, enrichment->http, enrichment->call->run->arena, user);
  Status status = http_run(enrichment->http, error);
  if (status == STATUS_OK) status = service_pages_judge(loved.pager, error);
  return status == STATUS_OK ? look_up(enrichment, &loved, error) : status;
}

static Status ask(Enrichment *enrichment, Error *error) {
  Text user;
  Status status = listenbrainz_user(enrichment->services, enrichment->http, &user, error);
  if (status == STATUS_OK && wants(enrichment, FIELD_LISTENBRAINZ_PLAYS)) status = ask_plays(enrichment, user, error);
  if (status == STATUS_OK && wants(enrichment, FIELD_LISTENBRAINZ_LOVED)) status = ask_loved(enrichment, user, error);
  for (size_t i = 0; i < enrichment->count && status == STATUS_OK; i++) enrich_done(enrichment, i);
  return status;
}

const Enricher listenbrainz_enricher = {PROVIDER_LISTENBRAINZ, key, ask};
