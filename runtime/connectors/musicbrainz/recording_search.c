#include "connectors/musicbrainz/recording_search.h"

#include <stdlib.h>
#include <string.h>

#include "connectors/http/pager.h"

enum {
  TOLERATED_MS = 10000,
  NAMED_MOST = 400, /* hits of a query by names that are looked at: of a song that everybody has covered there are thousands */
};

typedef struct Search {
  Http *http;
  Arena *arena;
  SearchBy by;
  RecordingWanted *const *wanted; /* of this query */
  size_t count;
} Search;

/* ---- which of the recordings found is meant ---- */

static bool is_meant(const Search *search, const RecordingWanted *wanted, const Recording *recording, Arena *arena) {
  switch (search->by) {
    case BY_ISRC: return recording_has_isrc(recording, wanted->isrc);
    case BY_MBID: return text_is(text_of(recording->mbid), wanted->mbid);
    default: return text_equal(text_fold(arena, recording->title), wanted->folded_title) && recording_is_by(recording, arena, wanted->folded_artist);
  }
}

static int64_t day_of(const Date *date) {
  return days_of_civil(date->year, date->month, date->day);
}

static bool is_better(const RecordingWanted *old, const RecordingWanted *new) {
  if (!old->found) return true;
  if (new->right_title != old->right_title) return new->right_title;
  if (new->right_length != old->right_length) return new->right_length;
  if (new->has_released != old->has_released) return new->has_released;
  return new->has_released && day_of(&new->released) < day_of(&old->released);
}

static void consider(RecordingWanted *wanted, const Recording *recording, Arena *arena) {
  RecordingWanted found = *wanted;
  int64_t difference = wanted->length_ms && recording->length_ms ? llabs(wanted->length_ms - recording->length_ms) : INT64_MAX;
  found.found = true;
  found.right_title = wanted->folded_title.length && text_equal(text_fold(arena, recording->title), wanted->folded_title);
  found.right_length = difference <= TOLERATED_MS;
  found.has_released = recording->has_released;
  found.released = recording->released;
  memcpy(found.found_mbid, recording->mbid, sizeof found.found_mbid);
  if (is_better(wanted, &found)) *wanted = found;
}

static Status add_page(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  const Search *search = context;
  Arena *arena = arena_new(0);
  (void)position;
  if (!arena) return fail(error, STATUS_FAILED, "", "no memory is left for a page");
  for (size_t i = 0; i < count; i++) {
    Recording recording;
    if (!recording_read(&rows[i], &recording)) continue;
    for (size_t k = 0; k < search->count; k++)
      if (is_meant(search, search->wanted[k], &recording, arena)) consider(search->wanted[k], &recording, arena);
  }
  arena_free(arena);
  return STATUS_OK;
}

static void forget(void *context) {
  const Search *search = context;
  for (size_t k = 0; k < search->count; k++) search->wanted[k]->found = false;
}

/* ---- queries ---- */

/* Between quotes, only these two mean something. */
static void append_phrase(TextBuilder *query, Text text) {
  text_append_char(query, '"');
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] == '"' || text.bytes[i] == '\\') text_append_char(query, '\\');
    text_append_char(query, text.bytes[i]);
  }
  text_append_char(query, '"');
}

static void append_names(TextBuilder *query, const RecordingWanted *wanted) {
  text_append(query, TEXT_LITERAL("(recording:"));
  append_phrase(query, wanted->title);
  text_append(query, TEXT_LITERAL(" AND artist:"));
  append_phrase(query, wanted->artist);
  text_append_char(query, ')');
}

static Text query_of(const Search *search) {
  TextBuilder query = {.arena = search->arena};
  if (search->by != BY_NAMES) text_append(&query, search->by == BY_ISRC ? TEXT_LITERAL("isrc:(") : TEXT_LITERAL("rid:("));
  for (size_t i = 0; i < search->count; i++) {
    const RecordingWanted *wanted = search->wanted[i];
    if (i) text_append(&query, TEXT_LITERAL(" OR "));
    if (search->by == BY_NAMES) append_names(&query, wanted);
    else text_append(&query, text_of(search->by == BY_ISRC ? wanted->isrc : wanted->mbid));
  }
  if (search->by != BY_NAMES) text_append_char(&query, ')');
  return text_built(&query);
}

static Status judge(const PagesResult *result, Error *error) {
  if (result->outcome == HTTP_DONE) return STATUS_OK;
  if (error) *error = result->error;
  if (result->outcome == HTTP_PARKED) return STATUS_BUSY;
  return result->error.status ? result->error.status : STATUS_FAILED;
}

static Status ask_query(Search *search, bool *whole, Error *error) {
  const HttpParam params[] = {{"query", query_of(search)}};
  PagesRequest request = {.request = {.endpoint = ENDPOINT_MUSICBRAINZ_SEARCH, .params = params, .param_count = 1}, .most = search->by == BY_NAMES ? NAMED_MOST : 0,
                          .page = add_page, .again = forget, .context = search};
  forget(search);
  Pager *pager = pages_start(search->http, search->arena, &request);
  Status status = http_run(search->http, error);
  const PagesResult *result = pages_result(pager);
  if (status == STATUS_OK) status = judge(result, error);
  if (status != STATUS_OK) return status;
  if (!result->complete) return fail(error, STATUS_FAILED, "", "MusicBrainz: `musicbrainz.search` was answered strangely: " TEXT_FORMAT, TEXT_ARG(result->doubt));
  *whole = result->total <= result->rows;
  return STATUS_OK;
}

static Status ask(Search *search, Error *error) {
  bool whole = false;
  Status status = ask_query(search, &whole, error);
  for (size_t i = 0; i < search->count && status == STATUS_OK; i++) {
    Search alone = *search;
    alone.wanted = &search->wanted[i];
    alone.count = 1;
    if (!whole && search->count > 1 && !search->wanted[i]->found) status = ask_query(&alone, &(bool){false}, error);
    search->wanted[i]->asked = status == STATUS_OK;
  }
  return status;
}

/* ---- ids that the search does not have: merged ones, and new ones ---- */

static Status ask_id(Search *search, RecordingWanted *wanted, Error *error) {
  const Text path[] = {text_of(wanted->mbid)};
  HttpCall *call = http_submit(search->http, &(HttpRequest){.endpoint = ENDPOINT_MUSICBRAINZ_RECORDING, .path = path, .path_count = 1});
  Status status = http_wait(search->http, call, error);
  if (status != STATUS_OK) return status;
  const HttpReply *reply = http_reply(call);
  JsonDoc doc;
  Recording recording;
  if (reply->outcome == HTTP_DONE) {
    status = http_json(call, search->arena, &doc, error);
    if (status == STATUS_OK && recording_read(doc.root, &recording)) consider(wanted, &recording, search->arena);
    else if (status == STATUS_OK) status = fail(error, STATUS_FAILED, "", "MusicBrainz: `musicbrainz.recording` was answered without a recording");
  } else if (reply->outcome != HTTP_REFUSED || reply->verdict != VERDICT_ABSENT) {
    if (error) *error = reply->error;
    status = reply->outcome == HTTP_PARKED ? STATUS_BUSY : reply->error.status ? reply->error.status : STATUS_FAILED;
  }
  http_release(search->http, call);
  return status;
}

Status recordings_search(Http *http, Arena *arena, SearchBy by, RecordingWanted *const *wanted, size_t count, Error *error) {
  size_t most = by == BY_NAMES ? BOUND_MUSICBRAINZ_NAMES : (size_t)endpoint_def(ENDPOINT_MUSICBRAINZ_SEARCH)->batch;
  Status status = STATUS_OK;
  for (size_t i = 0; i < count; i++) {
    wanted[i]->folded_title = text_fold(arena, wanted[i]->title);
    wanted[i]->folded_artist = text_fold(arena, wanted[i]->artist);
  }
  for (size_t from = 0; from < count && status == STATUS_OK; from += most) {
    Search search = {.http = http, .arena = arena, .by = by, .wanted = wanted + from, .count = count - from < most ? count - from : most};
    status = ask(&search, error);
    for (size_t i = 0; by == BY_MBID && i < search.count && status == STATUS_OK; i++) {
      if (search.wanted[i]->found) continue;
      status = ask_id(&search, search.wanted[i], error);
      search.wanted[i]->asked = status == STATUS_OK;
    }
  }
  return status;
}
