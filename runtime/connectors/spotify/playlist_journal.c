#include "connectors/spotify/playlist_journal.h"

#include <inttypes.h>

#include "base/digest.h"

#define OPERATION TEXT_LITERAL("playlist")
#define CONNECTOR TEXT_LITERAL("spotify")

/* Entries that are no more have no URI: null. */
static Text list_json(Arena *arena, const RemoteNames *names, EntryList list) {
  TextBuilder json = {.arena = arena};
  text_append(&json, TEXT_LITERAL("{\"uris\":["));
  for (size_t i = 0; i < list.count; i++) {
    Text uri = remote_uri(names, list.keys[i]);
    if (i) text_append_char(&json, ',');
    if (uri.length) json_append_string(&json, uri);
    else text_append(&json, TEXT_LITERAL("null"));
  }
  text_append(&json, TEXT_LITERAL("]}"));
  return text_built(&json);
}

typedef struct Search {
  Store *store;
  Text target, request;
  int64_t same; /* 0 = there is none */
  Status status;
  Error *error;
} Search;

static bool visit(void *context, const OutboxEntry *entry) {
  Search *search = context;
  if (!text_equal(entry->target, search->target)) return true;
  if (!search->same && text_equal(entry->request, search->request)) {
    search->same = entry->id;
    return true;
  }
  search->status = outbox_end(search->store, entry->id, OUTBOX_CANCELLED, (Text){"", 0}, TEXT_LITERAL("something else was wanted before it was finished"), search->error);
  return search->status == STATUS_OK;
}

/* Each writing is a wish of its own: the same change may be wanted again after somebody undid it. */
static Text key_of(const PlaylistWrite *write, Instant at, Text before, Text request) {
  char hex[2 * 16 + 1];
  Digest digest = sha256_parts((const DigestPart[]){{before.bytes, before.length}, {request.bytes, request.length}}, 2);
  digest_hex(&digest, 16, hex);
  return text_of(arena_format(write->run->arena, "playlist " TEXT_FORMAT " %" PRId64 " %s", TEXT_ARG(write->id), at, hex));
}

Status playlist_journal_open(const PlaylistWrite *write, EntryList before, EntryList wanted, PlaylistJournal *out, Error *error) {
  Arena *arena = write->run->arena;
  Text account = text_of(services_account(write->services, SERVICE_SPOTIFY));
  Http *http;
  Status status = services_http(write->services, &http, error);
  if (status == STATUS_OK) status = services_outbox(write->services, write->run, &out->store, error);
  if (status != STATUS_OK) return status;
  Search search = {.store = out->store, .target = write->id, .request = list_json(arena, write->names, wanted), .error = error};
  status = outbox_each_open(out->store, CONNECTOR, account, OPERATION, visit, &search, error);
  if (status == STATUS_OK) status = search.status;
  out->entry = search.same;
  if (status == STATUS_OK && !search.same) {
    OutboxState state;
    Text image = list_json(arena, write->names, before);
    OutboxWish wish = {.connector = CONNECTOR, .account = account, .operation = OPERATION, .target = write->id, .key = key_of(write, http_now(http), image, search.request), .request = search.request, .before_image = image};
    status = outbox_queue(out->store, &wish, &out->entry, &state, error);
  }
  return status == STATUS_OK ? outbox_begin(out->store, &out->entry, 1, error) : status;
}

Status playlist_journal_settle(const PlaylistWrite *write, EntryList wanted, Error *error) {
  Text account = text_of(services_account(write->services, SERVICE_SPOTIFY));
  OutboxWish has = {.connector = CONNECTOR, .account = account, .operation = OPERATION, .target = write->id, .request = list_json(write->run->arena, write->names, wanted)};
  return services_settle(write->services, write->run, &has, error);
}

Status playlist_journal_close(const PlaylistJournal *journal, Status ended, const char *message, Error *error) {
  OutboxState state = ended == STATUS_OK ? OUTBOX_SENT : ended == STATUS_BUSY || ended == STATUS_INTERRUPTED ? OUTBOX_PENDING : OUTBOX_FAILED;
  Status status = outbox_end(journal->store, journal->entry, state, (Text){"", 0}, text_of(message), error);
  if (status == STATUS_OK && ended == STATUS_OK) status = outbox_verified(journal->store, journal->entry, error);
  return status;
}
