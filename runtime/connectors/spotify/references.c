#include "connectors/spotify/references.h"

#include <string.h>

#include "connectors/spotify/track_json.h"

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* `prefix` in lower case; schemes and hosts count in any. */
static bool take(Text *text, const char *prefix) {
  size_t length = strlen(prefix);
  if (text->length < length) return false;
  for (size_t i = 0; i < length; i++)
    if (lower(text->bytes[i]) != prefix[i]) return false;
  *text = (Text){text->bytes + length, text->length - length};
  return true;
}

/* Up to one of `stops`, which is taken too. */
static Text take_part(Text *text, const char *stops) {
  size_t length = 0;
  while (length < text->length && !strchr(stops, text->bytes[length])) length++;
  Text part = {text->bytes, length};
  size_t used = length < text->length ? length + 1 : length;
  *text = (Text){text->bytes + used, text->length - used};
  return part;
}

static const char *article(Text kind) {
  return kind.length && strchr("aeiou", kind.bytes[0]) ? "an" : "a";
}

static Status wrong_id(Text given, Text kind, Error *error) {
  return fail(error, STATUS_USAGE, "", "\"" TEXT_FORMAT "\" has no id of %s " TEXT_FORMAT " in it; one has %d letters and digits", TEXT_ARG(given), article(kind), TEXT_ARG(kind),
              SPOTIFY_ID_LENGTH);
}

/* kind:id with one of two separators, and before it perhaps the user, as older links have. */
static Status read_parts(Text given, Text rest, const char *stops, const char *kind, SpotifyReference *out, Error *error) {
  Text word = take_part(&rest, stops);
  if (text_is(word, "user")) {
    take_part(&rest, stops);
    word = take_part(&rest, stops);
  }
  if (!text_is(word, kind))
    return fail(error, STATUS_USAGE, "", "\"" TEXT_FORMAT "\" leads to %s \"" TEXT_FORMAT "\", and %s %s is wanted here", TEXT_ARG(given), article(word), TEXT_ARG(word),
                article(text_of(kind)), kind);
  out->id = take_part(&rest, stops);
  return spotify_is_id(out->id) ? STATUS_OK : wrong_id(given, text_of(kind), error);
}

Status spotify_reference(Text given, const char *kind, SpotifyReference *out, Error *error) {
  Text rest = given;
  *out = (SpotifyReference){0};
  if (take(&rest, "spotify:")) return read_parts(given, rest, ":", kind, out, error);
  if (take(&rest, "https://") || take(&rest, "http://")) {
    if (take(&rest, "open.spotify.com/") || take(&rest, "play.spotify.com/")) {
      if (take(&rest, "intl-")) take_part(&rest, "/");
      return read_parts(given, rest, "/?#", kind, out, error);
    }
    if (take(&rest, "spotify.link/") || take(&rest, "spotify.app.link/"))
      return fail(error, STATUS_USAGE, "", "\"" TEXT_FORMAT "\" is a short link; open it in a browser and copy the address it leads to, at open.spotify.com", TEXT_ARG(given));
    return fail(error, STATUS_USAGE, "", "\"" TEXT_FORMAT "\" is no address of Spotify's; links to %s %s begin with https://open.spotify.com/%s/", TEXT_ARG(given),
                article(text_of(kind)), kind, kind);
  }
  if (spotify_is_id(given)) out->id = given;
  return STATUS_OK;
}

Status spotify_reference_id(Text given, const char *kind, Text *id, Error *error) {
  SpotifyReference reference;
  Status status = spotify_reference(given, kind, &reference, error);
  *id = reference.id;
  if (status != STATUS_OK || id->length) return status;
  return fail(error, STATUS_USAGE, "", "\"" TEXT_FORMAT "\" is neither a link nor an id of %s %s; in Spotify, Share has the link", TEXT_ARG(given), article(text_of(kind)), kind);
}
