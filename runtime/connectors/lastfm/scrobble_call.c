#include "connectors/lastfm/scrobble_call.h"

#include <inttypes.h>

#include "base/json.h"
#include "base/json_doc.h"
#include "connectors/lastfm/sent_row.h"

enum { PARAMS_EACH = 5 };

const char *scrobble_verdict_text(ScrobbleVerdict verdict) {
  switch (verdict) {
    case SCROBBLE_ARTIST: return "Last.fm does not take this artist";
    case SCROBBLE_TRACK: return "Last.fm does not take this title";
    case SCROBBLE_TOO_OLD: return "older than Last.fm takes, which is about 14 days";
    case SCROBBLE_TOO_NEW: return "in the future, as Last.fm's clock has it";
    case SCROBBLE_DAY_FULL: return "Last.fm takes no more for today";
    default: return "";
  }
}

Text scrobble_write(Arena *arena, const ScrobbleWish *wish) {
  TextBuilder json = {.arena = arena};
  text_append(&json, TEXT_LITERAL("{\"artist\":"));
  json_append_string(&json, wish->artist);
  text_append(&json, TEXT_LITERAL(",\"track\":"));
  json_append_string(&json, wish->title);
  if (wish->album.length) text_append(&json, TEXT_LITERAL(",\"album\":"));
  if (wish->album.length) json_append_string(&json, wish->album);
  if (wish->duration_s) text_append_format(&json, ",\"duration\":%" PRId64, wish->duration_s);
  text_append_format(&json, ",\"timestamp\":%" PRId64 "}", wish->second);
  return text_built(&json);
}

bool scrobble_read(Arena *arena, Text json, ScrobbleWish *out) {
  JsonDoc doc;
  *out = (ScrobbleWish){.second = 0};
  if (json_doc_read(arena, json, "a wish", &doc, NULL) != STATUS_OK || !json_whole(json_get(doc.root, "timestamp"), &out->second)) return false;
  if (!json_whole(json_get(doc.root, "duration"), &out->duration_s)) out->duration_s = 0;
  out->artist = json_get_text(doc.root, "artist");
  out->title = json_get_text(doc.root, "track");
  out->album = json_get_text(doc.root, "album");
  return out->artist.length && out->title.length;
}

static void add(Arena *arena, HttpParam *params, size_t *count, const char *name, size_t number, Text value) {
  if (value.length) params[(*count)++] = (HttpParam){arena_format(arena, "%s[%zu]", name, number), value};
}

HttpCall *scrobble_submit(Http *http, Arena *arena, const LastfmAccount *account, const ScrobbleWish *wishes, size_t count) {
  HttpParam *params = arena_array(arena, count * PARAMS_EACH + LASTFM_OWN_PARAMS, sizeof *params);
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    const ScrobbleWish *wish = &wishes[i];
    Text seconds = {"", 0};
    if (wish->duration_s) seconds = text_of(arena_format(arena, "%" PRId64, wish->duration_s));
    add(arena, params, &used, "artist", i, wish->artist);
    add(arena, params, &used, "track", i, wish->title);
    add(arena, params, &used, "timestamp", i, text_of(arena_format(arena, "%" PRId64, wish->second)));
    add(arena, params, &used, "album", i, wish->album);
    add(arena, params, &used, "duration", i, seconds);
  }
  return lastfm_submit(http, arena, account, ENDPOINT_LASTFM_SCROBBLE, params, used, NULL, NULL);
}

/* {"corrected": ..., "#text": "as it was sent, or as it was corrected to"}. */
static Text told(const JsonNode *row, const char *name) {
  return json_get_text(json_get(row, name), "#text");
}

/* The wish that a verdict is about: of those of its second without one the first, the one of its names before all others. */
static size_t find(Arena *arena, const JsonNode *row, const ScrobbleWish *wishes, size_t count, const ScrobbleVerdict *verdicts) {
  int64_t second;
  size_t best = count;
  if (!json_whole(json_get(row, "timestamp"), &second)) return count;
  Text names = sent_names_key(arena, told(row, "artist"), told(row, "track"));
  for (size_t i = 0; i < count; i++) {
    if (wishes[i].second != second || verdicts[i] != SCROBBLE_UNTOLD) continue;
    if (text_equal(names, sent_names_key(arena, wishes[i].artist, wishes[i].title))) return i;
    if (best == count) best = i;
  }
  return best;
}

Status scrobble_verdicts(const HttpCall *call, Arena *arena, const ScrobbleWish *wishes, size_t count, ScrobbleVerdict *out, Error *error) {
  JsonDoc doc;
  for (size_t i = 0; i < count; i++) out[i] = SCROBBLE_UNTOLD;
  Status status = http_json(call, arena, &doc, error);
  if (status != STATUS_OK) return status;
  const JsonNode *rows = json_at(doc.root, TEXT_LITERAL("/scrobbles/scrobble"));
  size_t row_count = !rows ? 0 : rows->kind == JSON_ARRAY ? rows->count : 1;
  for (size_t i = 0; i < row_count; i++) {
    const JsonNode *row = rows->kind == JSON_ARRAY ? &rows->items[i] : rows;
    int64_t code = 0;
    size_t at = find(arena, row, wishes, count, out);
    if (at == count || !json_whole(json_at(row, TEXT_LITERAL("/ignoredMessage/code")), &code) || code < SCROBBLE_TAKEN || code > SCROBBLE_DAY_FULL) continue;
    out[at] = (ScrobbleVerdict)code;
  }
  return STATUS_OK;
}
