#include "connectors/listenbrainz/listen_parcel.h"

#include <inttypes.h>

#include "base/json.h"
#include "connectors/file/track_links.h"

/* Calls of one sending that may be spent on looking for listens that are not taken. */
enum { SPLITS_MOST = 100 };

static const char head[] = "{\"listen_type\":\"import\",\"payload\":[", tail[] = "]}";

static void add_text(TextBuilder *json, const char *key, Text text) {
  if (!text.length) return;
  text_append_format(json, "%s\"%s\":", json->bytes[json->length - 1] == '{' ? "" : ",", key);
  json_append_string(json, text);
}

static void add_spotify(TextBuilder *json, Text id) {
  TextBuilder link = {.arena = json->arena};
  text_append(&link, text_of(place_url(PLACE_SPOTIFY_TRACK)));
  text_append(&link, id);
  if (track_link(text_built(&link)).kind == LINK_SPOTIFY) add_text(json, "spotify_id", text_built(&link));
}

bool listen_write(TextBuilder *json, int64_t second, const RowFacts *facts) {
  size_t from = json->length;
  text_append_format(json, "{\"listened_at\":%" PRId64 ",\"track_metadata\":{", second);
  add_text(json, "artist_name", facts->artist);
  add_text(json, "track_name", facts->title);
  add_text(json, "release_name", facts->album);
  text_append(json, TEXT_LITERAL(",\"additional_info\":{"));
  add_text(json, "recording_mbid", text_of(facts->mbid));
  add_text(json, "isrc", text_of(facts->isrc));
  add_spotify(json, facts->spotify_id);
  if (facts->on_spotify) add_text(json, "music_service", TEXT_LITERAL("spotify.com"));
  add_text(json, "submission_client", TEXT_LITERAL("narada"));
  add_text(json, "submission_client_version", TEXT_LITERAL(NARADA_VERSION));
  if (facts->duration_ms > 0 && facts->duration_ms <= BOUND_LISTENBRAINZ_LONGEST) text_append_format(json, ",\"duration_ms\":%" PRId64, facts->duration_ms);
  text_append(json, TEXT_LITERAL("}}}"));
  return json->length - from <= BOUND_LISTENBRAINZ_LISTEN - sizeof head - sizeof tail;
}

typedef struct Parcel {
  ListenSender *sender;
  size_t from, count;
  Arena *arena;
  HttpCall *call;
} Parcel;

static Status submit(void *context, Error *error) {
  Parcel *parcel = context;
  TextBuilder json = {.arena = parcel->arena};
  text_append(&json, text_of(head));
  for (size_t i = 0; i < parcel->count; i++) {
    if (i) text_append_char(&json, ',');
    Status status = parcel->sender->write(parcel->sender->context, parcel->from + i, &json, error);
    if (status != STATUS_OK) return status;
  }
  text_append(&json, text_of(tail));
  parcel->call = http_submit(parcel->sender->http, &(HttpRequest){.endpoint = ENDPOINT_LISTENBRAINZ_SUBMIT, .body = text_built(&json)});
  return STATUS_OK;
}

static Status end(ListenSender *sender, size_t from, size_t count, const Error *refusal, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < count && status == STATUS_OK; i++) status = sender->ended(sender->context, from + i, refusal, error);
  return status;
}

static Status send(ListenSender *sender, size_t from, size_t count, Error *error);

static Status take_apart(ListenSender *sender, size_t from, size_t count, const Error *refusal, Error *error) {
  if (count == 1 || sender->splits == 0) return end(sender, from, count, refusal, error);
  sender->splits--;
  Status status = send(sender, from, count / 2, error);
  return status == STATUS_OK ? send(sender, from + count / 2, count - count / 2, error) : status;
}

static Status judge(ListenSender *sender, size_t from, size_t count, const HttpReply *reply, Error *error) {
  if (reply->outcome == HTTP_DONE) return end(sender, from, count, NULL, error);
  Error refusal = reply->error;
  if (reply->outcome == HTTP_REFUSED && reply->verdict == VERDICT_INVALID) return take_apart(sender, from, count, &refusal, error);
  if (error) *error = refusal;
  if (reply->outcome == HTTP_PARKED) return STATUS_BUSY;
  return refusal.status == STATUS_LOGIN ? STATUS_LOGIN : STATUS_FAILED;
}

static Status send(ListenSender *sender, size_t from, size_t count, Error *error) {
  Parcel parcel = {.sender = sender, .from = from, .count = count, .arena = arena_new(0)};
  if (!parcel.arena) return fail(error, STATUS_FAILED, "", "no memory is left for the listens");
  Status status = arena_protect(parcel.arena, submit, &parcel, error);
  arena_free(parcel.arena);
  if (status == STATUS_OK) status = http_wait(sender->http, parcel.call, error);
  if (status != STATUS_OK) return status;
  HttpReply reply = *http_reply(parcel.call);
  http_release(sender->http, parcel.call);
  return judge(sender, from, count, &reply, error);
}

Status listens_send(ListenSender *sender, Error *error) {
  size_t most = (size_t)endpoint_def(ENDPOINT_LISTENBRAINZ_SUBMIT)->batch;
  Status status = STATUS_OK;
  sender->splits = SPLITS_MOST;
  for (size_t from = 0, count; from < sender->count && status == STATUS_OK; from += count) {
    count = sender->count - from < most ? sender->count - from : most;
    status = send(sender, from, count, error);
    http_progress(sender->http, endpoint_def(ENDPOINT_LISTENBRAINZ_SUBMIT)->name, from + count, sender->count);
  }
  return status;
}
