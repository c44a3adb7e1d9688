#include "connectors/library/library.h"
#include "connectors/spotify/find_tracks.h"
#include "connectors/spotify/remote_list.h"
#include "connectors/spotify/saved.h"

typedef struct Liking {
  StageCall *call;
  Services *services;
  Arena *arena;
  VEC(Text) ids;    /* each once; the last row first, so that the first row is liked last and stands at the top */
  bool *saved;      /* of each */
  VEC(Text) asked;  /* those whose saving was read back */
  bool *accepted;
  VEC(SpotifyWanted) sought; /* rows without an id */
  Status status;    /* of the first id that could not be asked about */
  Error reason;
} Liking;

/* A row without an id is looked for by what is known of it. */
static Status row_id(const Liking *liking, size_t column, size_t row, TrackClues *clues, Error *error) {
  Run *run = liking->call->run;
  const Batch *input = liking->call->inputs[0];
  *clues = (TrackClues){0};
  Status status = input->tracks && input->tracks[row] ? track_clues(run->tracks, input->tracks[row], clues, error) : STATUS_OK;
  Text id = library_text(run, input, column, row);
  if (id.length) clues->spotify_id = id;
  return status;
}

static Status collect(Liking *liking, Error *error) {
  Run *run = liking->call->run;
  const Batch *input = liking->call->inputs[0];
  size_t column = library_column(run, input, FIELD_SPOTIFY_ID), sought = 0;
  TextPool *seen = text_pool_new(liking->arena);
  VEC(Text) ids = {0}; /* of the rows, the last first; "" = it is sought */
  for (size_t i = input->selected; i-- > 0;) {
    TrackClues clues;
    Status status = row_id(liking, column, batch_row(input, i), &clues, error);
    if (status != STATUS_OK) return status;
    bool known = spotify_is_id(clues.spotify_id);
    vec_push(liking->arena, &ids, known ? clues.spotify_id : (Text){"", 0});
    if (!known) vec_push(liking->arena, &liking->sought, ((SpotifyWanted){.clues = clues}));
  }
  Status status = spotify_find_tracks(run, liking->services, liking->sought.items, liking->sought.count, error);
  if (status != STATUS_OK) return fail_context(error, "likes on Spotify: not all tracks could be looked for, so none is added");
  for (size_t i = 0; i < ids.count; i++) {
    Text id = ids.items[i].length ? ids.items[i] : liking->sought.items[sought++].id;
    if (!id.length || text_interned(seen, id) != UINT32_MAX) continue;
    text_intern(seen, id);
    vec_push(liking->arena, &liking->ids, id);
  }
  return STATUS_OK;
}

static void note(Liking *liking, const Error *error) {
  if (liking->status != STATUS_OK) return;
  liking->reason = *error;
  liking->status = error->status ? error->status : STATUS_FAILED;
}

static void got_saved(void *context, size_t index, bool saved, const Error *error) {
  Liking *liking = context;
  if (error) note(liking, error);
  liking->saved[index] = saved;
}

static void got_accepted(void *context, size_t index, bool saved, const Error *error) {
  Liking *liking = context;
  if (error) note(liking, error);
  liking->accepted[index] = saved;
}

static Status ask(Liking *liking, const Text *ids, size_t count, void (*got)(void *, size_t, bool, const Error *), Error *error) {
  Status status = spotify_ask_saved(liking->services, liking->arena, &(SpotifySavedAsk){.ids = ids, .count = count, .got = got, .context = liking}, error);
  if (status != STATUS_OK || liking->status == STATUS_OK) return status;
  *error = liking->reason;
  return liking->status;
}

static Status save(Liking *liking, const Text *ids, size_t count, Error *error) {
  Http *http;
  size_t most = (size_t)endpoint_def(ENDPOINT_SPOTIFY_LIBRARY_ADD)->batch;
  Status status = services_http(liking->services, &http, error);
  for (size_t from = 0; from < count && status == STATUS_OK; from += most) {
    HttpParam uris = {"uris", spotify_track_uris(liking->arena, ids + from, count - from < most ? count - from : most)};
    HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_LIBRARY_ADD, .params = &uris, .param_count = 1});
    status = http_wait(http, call, error);
    if (status == STATUS_OK) status = http_judge(http_reply(call), error);
    http_release(http, call);
  }
  return status;
}

static void tell(const Liking *liking, size_t added, size_t refused, bool dry) {
  Run *run = liking->call->run;
  run_notice(run, liking->call->node, false, "likes on Spotify: %zu %s, %zu already there", added, dry ? "would be added" : "added", liking->ids.count - liking->asked.count);
  if (refused)
    run_notice(run, liking->call->node, true, "likes on Spotify: %zu %s not taken, though Spotify did not say why", refused, refused == 1 ? "track was" : "tracks were");
  spotify_tell_sought(run, liking->call->node, "likes on Spotify", liking->sought.items, liking->sought.count);
}

Status stage_run_TO_SPOTIFY_LIKES(StageCall *call, const Batch **out, Error *error) {
  Liking liking = {.call = call, .arena = call->run->arena};
  Error local;
  size_t refused = 0;
  if (!error) error = &local;
  *out = call->inputs[0];
  Status status = run_services(call->run, &liking.services, error);
  if (status == STATUS_OK) status = collect(&liking, error);
  if (status != STATUS_OK) return status;
  liking.saved = arena_array(liking.arena, liking.ids.count, sizeof *liking.saved);
  status = ask(&liking, liking.ids.items, liking.ids.count, got_saved, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < liking.ids.count; i++)
    if (!liking.saved[i]) vec_push(liking.arena, &liking.asked, liking.ids.items[i]);
  if (!call->run->options.dry_run && liking.asked.count) {
    liking.accepted = arena_array(liking.arena, liking.asked.count, sizeof *liking.accepted);
    status = save(&liking, liking.asked.items, liking.asked.count, error);
    if (status == STATUS_OK) status = ask(&liking, liking.asked.items, liking.asked.count, got_accepted, error);
    if (status != STATUS_OK) return status;
    for (size_t i = 0; i < liking.asked.count; i++) refused += !liking.accepted[i];
  }
  tell(&liking, liking.asked.count - refused, refused, call->run->options.dry_run);
  return STATUS_OK;
}
