#include "connectors/spotify/enricher.h"

#include "connectors/spotify/account.h"
#include "connectors/spotify/saved.h"
#include "connectors/spotify/things.h"
#include "connectors/spotify/track_json.h"

typedef struct Asking {
  Enrichment *enrichment;
  Text *ids;       /* of the items */
  bool *unanswered; /* of each: something it was asked for did not come */
  size_t from;     /* the first of those that are asked for now */
  bool told;       /* a popularity came */
  bool failed;     /* some could not be asked for, and why first */
  Error reason;
} Asking;

/* What is liked belongs to somebody. */
static Status key(Services *services, Arena *arena, EnrichItem *item, Error *error) {
  Text user;
  if (!spotify_is_id(item->clues.spotify_id)) return STATUS_OK;
  Status status = spotify_user(services, &user, error);
  if (status == STATUS_OK) item->key = text_of(arena_format(arena, TEXT_FORMAT "\x1f" TEXT_FORMAT, TEXT_ARG(user), TEXT_ARG(item->clues.spotify_id)));
  return status;
}

static void unanswered(Asking *asking, size_t item, const Error *error) {
  if (!asking->failed) asking->reason = *error;
  asking->failed = asking->unanswered[item] = true;
}

static void got_saved(void *context, size_t index, bool saved, const Error *error) {
  Asking *asking = context;
  if (error) unanswered(asking, index, error);
  else enrich_known(asking->enrichment, index, FIELD_SPOTIFY_LIKED, (Value){.integer = saved});
}

static void got_track(void *context, size_t index, const JsonNode *thing, HttpOutcome outcome, const Error *error) {
  Asking *asking = context;
  SpotifyTrack track;
  size_t item = asking->from + index;
  (void)outcome;
  spotify_track_read(thing, &track);
  if (error) {
    unanswered(asking, item, error);
  } else if (!thing) {
    enrich_absent(asking->enrichment, item, FIELD_SPOTIFY_POPULARITY);
  } else if (track.popularity >= 0) {
    enrich_known(asking->enrichment, item, FIELD_SPOTIFY_POPULARITY, (Value){.integer = track.popularity});
    asking->told = true;
  } else {
    asking->unanswered[item] = true;
  }
}

static Status ask_tracks(Asking *asking, size_t from, size_t count, bool many, Error *error) {
  Enrichment *enrichment = asking->enrichment;
  asking->from = from;
  return spotify_ask_things(enrichment->services, services_arena(enrichment->services),
                            &(SpotifyAsk){.many = ENDPOINT_SPOTIFY_TRACKS, .one = ENDPOINT_SPOTIFY_TRACK, .list = "tracks", .many_only = many, .ids = asking->ids + from, .count = count, .got = got_track, .context = asking},
                            error);
}

static bool cannot_ask_many(const SpotifyRegime *regime) {
  return spotify_regime(regime, CAPABILITY_SPOTIFY_BATCH_READS) == SPOTIFY_CANNOT;
}

/* An application that may not ask for many is one that may not be told either, mostly: the first track shows it, and the others need not be asked for. */
static Status ask_popularity(Asking *asking, Error *error) {
  size_t count = asking->enrichment->count, first = 0, most = (size_t)endpoint_def(ENDPOINT_SPOTIFY_TRACKS)->batch;
  bool failed = asking->failed;
  SpotifyRegime *regime;
  Status status = services_regime(asking->enrichment->services, &regime, error);
  if (status == STATUS_OK && !cannot_ask_many(regime)) {
    first = count < most ? count : most;
    status = ask_tracks(asking, 0, first, true, error);
  }
  if (status != STATUS_OK) return status;
  if (!cannot_ask_many(regime)) return first < count ? ask_tracks(asking, first, count - first, true, error) : STATUS_OK;
  for (size_t i = 0; i < first; i++) asking->unanswered[i] = false; /* it was the asking that was refused */
  asking->failed = failed;
  status = ask_tracks(asking, 0, 1, false, error);
  if (status == STATUS_OK && asking->told && count > 1) return ask_tracks(asking, 1, count - 1, false, error);
  for (size_t i = 1; i < count; i++) asking->unanswered[i] = true;
  return status;
}

static bool wants(const Enrichment *enrichment, FieldId field) {
  for (size_t i = 0; i < enrichment->field_count; i++)
    if (enrichment->fields[i] == field) return enrichment->wanted[i];
  return false;
}

static Status ask(Enrichment *enrichment, Error *error) {
  Arena *arena = services_arena(enrichment->services);
  Asking asking = {.enrichment = enrichment, .ids = arena_array(arena, enrichment->count, sizeof *asking.ids), .unanswered = arena_array(arena, enrichment->count, sizeof *asking.unanswered)};
  for (size_t i = 0; i < enrichment->count; i++) asking.ids[i] = enrichment->items[i].clues.spotify_id;
  Status status = STATUS_OK;
  if (wants(enrichment, FIELD_SPOTIFY_LIKED))
    status = spotify_ask_saved(enrichment->services, arena, &(SpotifySavedAsk){.ids = asking.ids, .count = enrichment->count, .got = got_saved, .context = &asking}, error);
  if (status == STATUS_OK && wants(enrichment, FIELD_SPOTIFY_POPULARITY)) status = ask_popularity(&asking, error);
  if (!asking.failed) fail(&asking.reason, STATUS_FAILED, "", "Spotify does not tell this application how popular tracks are, as all in its development mode");
  for (size_t i = 0; i < enrichment->count && status == STATUS_OK; i++) {
    if (!asking.unanswered[i]) {
      enrich_done(enrichment, i);
    } else {
      enrich_done_partly(enrichment, i);
      enrich_failed(enrichment, i, &asking.reason);
    }
  }
  return status;
}

const Enricher spotify_enricher = {.provider = PROVIDER_SPOTIFY, .key = key, .ask = ask};
