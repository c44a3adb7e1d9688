#include "connectors/spotify/profile.h"

Status spotify_profile(Arena *arena, Http *http, SpotifyRegime *regime, Text scopes, SpotifyProfile *out, Error *error) {
  JsonDoc doc;
  Status status = http_ask(http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_PROFILE}, arena, &doc, error);
  if (!status) {
    out->user_id = json_get_text(doc.root, "id");
    out->name = json_get_text(doc.root, "display_name");
    if (!out->user_id.length) status = fail(error, STATUS_FAILED, "", "Spotify: `spotify.profile` was answered without a user");
  }
  if (!status && regime) spotify_regime_of_profile(regime, doc.root, scopes);
  return status;
}
