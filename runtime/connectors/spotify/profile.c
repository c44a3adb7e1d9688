#include "connectors/spotify/profile.h"

Status spotify_profile(Arena *arena, Http *http, SpotifyRegime *regime, Text scopes, SpotifyProfile *out, Error *error) {
  JsonDoc doc;
  HttpCall *call = http_submit(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_PROFILE});
  Status status = http_wait(http, call, error);
  if (status) return status;
  const HttpReply *reply = http_reply(call);
  if (reply->outcome != HTTP_DONE) {
    if (error) *error = reply->error;
    status = reply->error.status ? reply->error.status : STATUS_FAILED;
  }
  if (!status) status = http_json(call, arena, &doc, error);
  if (!status) {
    out->user_id = json_get_text(doc.root, "id");
    out->name = json_get_text(doc.root, "display_name");
    if (!out->user_id.length) status = fail(error, STATUS_FAILED, "", "Spotify: `spotify.profile` was answered without a user");
  }
  if (!status && regime) spotify_regime_of_profile(regime, doc.root, scopes);
  http_release(http, call);
  return status;
}
