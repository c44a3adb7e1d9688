#include "connectors/spotify/regime.h"

#include <string.h>

#include "connectors/spotify/login_int.h"

#define BELIEVED_MS (INT64_C(30) * 24 * 3600 * 1000)

/* The tracks of the example in the documentation of Spotify; one that is gone is answered with null. */
#define PROBE_TRACKS "7ouMYWpwJ422jRcDASZB7P,4VqPOruhp5EdPBeR92t6lQ"

struct SpotifyRegime {
  Arena *arena;
  Credentials *credentials;
  const char *place; /* the name of an account that no user has: those hold no space */
  Instant now;
  SpotifyKnown known[CAPABILITY_COUNT];
  Instant seen[CAPABILITY_COUNT];
};

/* "yes 2026-06-01T12:00:00Z" */
static void read_one(SpotifyRegime *regime, Capability capability, Text value) {
  size_t word = 0;
  while (word < value.length && value.bytes[word] != ' ') word++;
  Text said = {value.bytes, word};
  bool yes = text_is(said, "yes");
  if ((!yes && !text_is(said, "no")) || word == value.length) return;
  Instant seen = spotify_read_instant((Text){value.bytes + word + 1, value.length - word - 1});
  if (seen <= 0 || regime->now - seen > BELIEVED_MS) return;
  regime->known[capability] = yes ? SPOTIFY_CAN : SPOTIFY_CANNOT;
  regime->seen[capability] = seen;
}

SpotifyRegime *spotify_regime_open(Arena *arena, Credentials *credentials, const char *account, Instant now) {
  SpotifyRegime *regime = arena_alloc(arena, sizeof *regime);
  static const char *const client_id = "client_id";
  const char *names[CAPABILITY_COUNT];
  Secret client, values[CAPABILITY_COUNT];
  *regime = (SpotifyRegime){.arena = arena, .credentials = credentials, .now = now};
  for (int i = 0; i < CAPABILITY_COUNT; i++) names[i] = capability_def((Capability)i)->name;
  if (credentials_read(credentials, SERVICE_SPOTIFY, account, &client_id, 1, &client, NULL) || !secret_reveal(client).length) return regime;
  regime->place = arena_format(arena, "app " TEXT_FORMAT, TEXT_ARG(secret_reveal(client)));
  if (credentials_read(credentials, SERVICE_SPOTIFY, regime->place, names, CAPABILITY_COUNT, values, NULL) == STATUS_OK)
    for (int i = 0; i < CAPABILITY_COUNT; i++) read_one(regime, (Capability)i, secret_reveal(values[i]));
  return regime;
}

SpotifyKnown spotify_regime(const SpotifyRegime *regime, Capability capability) {
  return regime->known[capability];
}

Instant spotify_regime_seen(const SpotifyRegime *regime, Capability capability) {
  return regime->seen[capability];
}

void spotify_regime_learn(SpotifyRegime *regime, Capability capability, bool can) {
  SpotifyKnown known = can ? SPOTIFY_CAN : SPOTIFY_CANNOT;
  if (regime->known[capability] == known) return;
  regime->known[capability] = known;
  regime->seen[capability] = regime->now;
  if (!regime->place) return;
  Error ignored;
  Text value = text_of(arena_format(regime->arena, "%s " TEXT_FORMAT, can ? "yes" : "no", TEXT_ARG(instant_format(regime->arena, regime->now))));
  credentials_save(regime->credentials, SERVICE_SPOTIFY, regime->place, &(CredentialValue){capability_def(capability)->name, value}, 1, &ignored);
}

bool spotify_regime_heed(SpotifyRegime *regime, const HttpCall *call, int rows) {
  const HttpReply *reply = http_reply(call);
  if (!reply || (reply->outcome != HTTP_DONE && reply->outcome != HTTP_REFUSED)) return false;
  bool done = reply->outcome == HTTP_DONE;
  switch (http_endpoint(call)) {
    case ENDPOINT_SPOTIFY_TRACKS:
    case ENDPOINT_SPOTIFY_ALBUMS:
    case ENDPOINT_SPOTIFY_ARTISTS:
      /* A user who is not registered with the application is refused with 403 too, in other words. */
      if (!done && (reply->status != 403 || !strstr(reply->error.message, "\"Forbidden\""))) return false;
      spotify_regime_learn(regime, CAPABILITY_SPOTIFY_BATCH_READS, done);
      return true;
    case ENDPOINT_SPOTIFY_SEARCH_TRACKS:
      if (rows <= capability_def(CAPABILITY_SPOTIFY_WIDE_SEARCH)->without || (!done && (reply->status != 400 || !strstr(reply->error.message, "nvalid limit")))) return false;
      spotify_regime_learn(regime, CAPABILITY_SPOTIFY_WIDE_SEARCH, done);
      return true;
    default: return false;
  }
}

bool spotify_regime_of_profile(SpotifyRegime *regime, const JsonNode *profile, Text scopes) {
  bool full = json_get(profile, "product") || json_get(profile, "country");
  if (!full && !scope_granted(scopes, TEXT_LITERAL("user-read-private"))) return false;
  spotify_regime_learn(regime, CAPABILITY_SPOTIFY_FULL_PROFILE, full);
  return true;
}

int spotify_regime_most(const SpotifyRegime *regime, Capability capability) {
  const CapabilityDef *def = capability_def(capability);
  return regime->known[capability] == SPOTIFY_CAN ? def->with : def->without;
}

Status spotify_regime_forget(SpotifyRegime *regime, Error *error) {
  for (int i = 0; i < CAPABILITY_COUNT; i++) regime->known[i] = SPOTIFY_UNKNOWN;
  return regime->place ? credentials_forget(regime->credentials, SERVICE_SPOTIFY, regime->place, error) : STATUS_OK;
}

static Status try_one(SpotifyRegime *regime, Http *http, Endpoint endpoint, const HttpParam *params, size_t count, int rows, Error *error) {
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = endpoint, .params = params, .param_count = count});
  Status status = http_wait(http, call, error);
  if (status) return status;
  if (!spotify_regime_heed(regime, call, rows)) status = http_judge(http_reply(call), error);
  http_release(http, call);
  return status;
}

Status spotify_regime_probe(SpotifyRegime *regime, Http *http, Error *error) {
  Status status = STATUS_OK;
  if (!regime->known[CAPABILITY_SPOTIFY_WIDE_SEARCH]) {
    int rows = capability_def(CAPABILITY_SPOTIFY_WIDE_SEARCH)->without + 1;
    const HttpParam params[] = {{"q", TEXT_LITERAL("year:1959")}, {pages_def(ENDPOINT_SPOTIFY_SEARCH_TRACKS)->size, text_of(arena_format(regime->arena, "%d", rows))}};
    status = try_one(regime, http, ENDPOINT_SPOTIFY_SEARCH_TRACKS, params, 2, rows, error);
  }
  if (!status && !regime->known[CAPABILITY_SPOTIFY_BATCH_READS])
    status = try_one(regime, http, ENDPOINT_SPOTIFY_TRACKS, &(HttpParam){"ids", TEXT_LITERAL(PROBE_TRACKS)}, 1, 0, error);
  return status;
}

const char *spotify_regime_name(const SpotifyRegime *regime) {
  bool can = false, cannot = false;
  for (int i = 0; i < CAPABILITY_COUNT; i++) {
    can = can || regime->known[i] == SPOTIFY_CAN;
    cannot = cannot || regime->known[i] == SPOTIFY_CANNOT;
  }
  if (can && cannot) return "partly restricted";
  if (cannot) return "development mode";
  return can ? "extended quota, or development mode from before February 2026" : "not known yet";
}
