#include "engine/tracks.h"

#include "base/map.h"
#include "base/track_ids.h"
#include "base/vec.h"
#include "store/store.h"

struct TrackRegistry {
  Run *run;
  bool uses_library;
  TextPool *clues;  /* all clues of a row as one text */
  TextBuilder row;  /* the clues of the row at hand */
  IntMap *answered; /* TextId in `clues` to an index of `answers`: a file names the same track many times */
  VEC(TrackHandle) answers;
  TextPool *keys;  /* of the tracks of this run */
  IntMap *numbers; /* TextId in `keys` to n, whose handle is -n */
  uint32_t count;
  IntMap *known; /* TrackHandle to an index of `told`; NULL where no service could ask */
  VEC(TrackClues) told;
};

static bool plan_uses_library(const Plan *plan) {
  for (uint32_t i = 0; i < plan->effect_count; i++) {
    if (plan->effects[i].connector == CONNECTOR_LIBRARY) return true;
  }
  return false;
}

static bool plan_uses_services(const Plan *plan) {
  for (uint32_t i = 0; i < plan->effect_count; i++) {
    if (connector_def(plan->effects[i].connector)->calls) return true;
  }
  return false;
}

TrackRegistry *track_registry_new(Run *run) {
  TrackRegistry *registry = arena_alloc(run->arena, sizeof *registry);
  registry->run = run;
  registry->uses_library = plan_uses_library(run->plan);
  registry->clues = text_pool_new(run->arena);
  registry->row.arena = run->arena;
  registry->answered = int_map_new(run->arena, 64);
  registry->keys = text_pool_new(run->arena);
  registry->numbers = int_map_new(run->arena, 64);
  if (run->options.services && plan_uses_services(run->plan)) registry->known = int_map_new(run->arena, 64);
  return registry;
}

static TextId intern_clues(TrackRegistry *registry, const TrackClues *clues) {
  const Text parts[] = {clues->spotify_id, clues->isrc, clues->mbid, clues->title, clues->artist};
  TextBuilder *all = &registry->row;
  all->length = 0;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    text_append_char(all, '\x1f');
    text_append(all, parts[i]);
  }
  return text_intern(registry->clues, text_built(all));
}

static Status find_in_store(TrackRegistry *registry, const TrackClues *clues, TrackHandle *out, Error *error) {
  Store *store = NULL;
  *out = 0;
  if (!registry->uses_library) return STATUS_OK;
  Status status = run_store(registry->run, &store, error);
  if (status != STATUS_OK || !store) return status;
  status = store_find_by_spotify_id(store, clues->spotify_id, out, error);
  if (status == STATUS_OK && !*out) status = store_find_by_mbid(store, clues->mbid, out, error);
  if (status == STATUS_OK && !*out) status = store_find_by_isrc(store, clues->isrc, out, error);
  if (status == STATUS_OK && !*out) status = store_find_by_names(store, clues->title, clues->artist, out, error);
  return status;
}

/* What tells tracks of this run apart: the first known of the ids, else the names. Empty when nothing is known. */
static Text key_of(const TrackRegistry *registry, const TrackClues *clues) {
  Arena *arena = registry->run->arena;
  TextBuilder key = {.arena = arena};
  if (clues->spotify_id.length) {
    text_append_format(&key, "spotify:" TEXT_FORMAT, TEXT_ARG(clues->spotify_id));
  } else if (clues->mbid.length) {
    text_append_format(&key, "mbid:" TEXT_FORMAT, TEXT_ARG(clues->mbid));
  } else if (clues->isrc.length) {
    text_append_format(&key, "isrc:" TEXT_FORMAT, TEXT_ARG(clues->isrc));
  } else if (clues->title.length) {
    text_append(&key, TEXT_LITERAL("names:"));
    text_append(&key, text_fold(arena, clues->artist));
    text_append_char(&key, '\x1f');
    text_append(&key, text_fold(arena, clues->title));
  } else {
    return (Text){"", 0};
  }
  return text_built(&key);
}

static TrackHandle handle_of_run(TrackRegistry *registry, const TrackClues *clues) {
  Text key = key_of(registry, clues);
  if (!key.length) return 0;
  bool added = false;
  uint32_t number = int_map_add(registry->numbers, text_intern(registry->keys, key), registry->count + 1, &added);
  if (added) registry->count++;
  return -(TrackHandle)number;
}

/* ---- what is known of a track ---- */

static void add_text(const Run *run, Text *known, Text more) {
  if (!known->length && more.length) *known = text_at(run->texts, text_intern(run->texts, more));
}

static void add_clues(const Run *run, TrackClues *known, const TrackClues *more) {
  add_text(run, &known->spotify_id, more->spotify_id);
  add_text(run, &known->isrc, more->isrc);
  add_text(run, &known->mbid, more->mbid);
  add_text(run, &known->title, more->title);
  add_text(run, &known->artist, more->artist);
  add_text(run, &known->album, more->album);
  if (!known->duration_ms) known->duration_ms = more->duration_ms;
}

static void remember(TrackRegistry *registry, TrackHandle track, const TrackClues *clues) {
  if (!registry->known || !track) return;
  bool added = false;
  uint32_t at = int_map_add(registry->known, track, (uint32_t)registry->told.count, &added);
  if (added) vec_push(registry->run->arena, &registry->told, ((TrackClues){0}));
  add_clues(registry->run, &registry->told.items[at], clues);
}

Status track_clues(TrackRegistry *registry, TrackHandle track, TrackClues *out, Error *error) {
  Run *run = registry->run;
  uint32_t at = registry->known ? int_map_get(registry->known, track, UINT32_MAX) : UINT32_MAX;
  *out = at == UINT32_MAX ? (TrackClues){0} : registry->told.items[at];
  if (track <= 0 || !run->store) return STATUS_OK;
  StoreTrack stored;
  bool found = false;
  Status status = store_track(run->store, track, &stored, &found, error);
  if (status != STATUS_OK || !found) return status;
  TrackClues more = {.spotify_id = stored.spotify_id, .isrc = stored.isrc, .mbid = stored.mbid, .title = stored.title, .album = stored.album,
                     .duration_ms = stored.duration_ms > 0 ? stored.duration_ms : 0};
  if (stored.artist_count) more.artist = stored.artists[0];
  add_clues(run, out, &more);
  return STATUS_OK;
}

Status track_identify(TrackRegistry *registry, const TrackClues *as_given, TrackHandle *out, Error *error) {
  char isrc[ISRC_LENGTH + 1], mbid[MBID_LENGTH + 1];
  TrackClues spelled = *as_given;
  const TrackClues *clues = &spelled;
  spelled.isrc = isrc_spelling(as_given->isrc, isrc);
  spelled.mbid = mbid_spelling(as_given->mbid, mbid);
  TextId id = intern_clues(registry, clues);
  uint32_t at = int_map_get(registry->answered, id, UINT32_MAX);
  if (at != UINT32_MAX) {
    *out = registry->answers.items[at];
    remember(registry, *out, clues);
    return STATUS_OK;
  }
  Status status = find_in_store(registry, clues, out, error);
  if (status != STATUS_OK) return status;
  if (!*out) *out = handle_of_run(registry, clues);
  remember(registry, *out, clues);
  int_map_add(registry->answered, id, (uint32_t)registry->answers.count, NULL);
  vec_push(registry->run->arena, &registry->answers, *out);
  return STATUS_OK;
}
