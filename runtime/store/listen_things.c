#include "store/listens.h"

/* By id. A thing's place never moves: observations point to it. */
struct ListenKnown {
  Store *store;
  ListenClusters *clusters;
  ListenChannel *channels;
  ListenThing **things; /* names_loaded is in `loaded` */
  bool *loaded;
  size_t thing_size;
  ListenContext *contexts;
  size_t context_size;
};

ListenKnown *listen_known_new(Store *store, ListenClusters *clusters) {
  ListenKnown *known = arena_alloc(store->arena, sizeof *known);
  known->store = store;
  known->clusters = clusters;
  return known;
}

static bool starts_with(Text text, Text start) {
  return text.length >= start.length && text_equal((Text){text.bytes, start.length}, start);
}

static bool is_names_only(Text id) {
  return starts_with(id, TEXT_LITERAL("names:")) || starts_with(id, TEXT_LITERAL("episode-names:")) ||
         starts_with(id, TEXT_LITERAL("chapter-names:"));
}

static Status read_thing(ListenKnown *known, sqlite3_stmt *read, ListenThing *out, Error *error) {
  Store *store = known->store;
  Text connector = column_text(read, 0), id = column_text(read, 1), title = column_text(read, 2), artists = column_text(read, 3);
  out->track = column_number(read, 4, 0);
  out->order = hash_bytes(id.bytes, id.length, hash_bytes(connector.bytes, connector.length, 0));
  out->names_only = is_names_only(id);
  out->names = 0;
  if (!title.length) return STATUS_OK;
  const Text *names = NULL;
  uint32_t count = 0;
  int64_t hash = 0;
  store_artists(store, artists, &names, &count);
  Status status = names_hash(store, count ? names[0] : (Text){"", 0}, title, &hash, error);
  out->names = (uint64_t)hash;
  return status;
}

static Status load_thing(ListenKnown *known, int64_t connector_track, ListenThing *out, Error *error) {
  Store *store = known->store;
  sqlite3_stmt *read = store_use(store, SQL_LISTEN_THING, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, connector_track);
  bool row = false;
  Status status = store_step(store, read, &row, "reading the listens", error);
  if (status != STATUS_OK) return status;
  *out = (ListenThing){.id = connector_track};
  if (row) status = read_thing(known, read, out, error);
  store_done(read);
  if (status == STATUS_OK) clusters_prepare(known->clusters, out);
  return status;
}

Status listen_thing(ListenKnown *known, int64_t connector_track, const ListenThing **out, Error *error) {
  size_t at = (size_t)connector_track;
  if (at >= known->thing_size) {
    size_t size = at + 64 + known->thing_size;
    known->things = arena_grow(known->store->arena, known->things, known->thing_size * sizeof *known->things, size * sizeof *known->things);
    known->loaded = arena_grow(known->store->arena, known->loaded, known->thing_size * sizeof *known->loaded, size * sizeof *known->loaded);
    known->thing_size = size;
  }
  if (!known->things[at]) known->things[at] = arena_alloc(known->store->arena, sizeof **known->things);
  *out = known->things[at];
  if (known->loaded[at]) return STATUS_OK;
  Status status = load_thing(known, connector_track, known->things[at], error);
  known->loaded[at] = status == STATUS_OK;
  return status;
}

Status listen_context(ListenKnown *known, uint32_t context, const ListenContext **out, Error *error) {
  if (context >= known->context_size) {
    size_t size = (size_t)context + 64 + known->context_size;
    known->contexts = arena_grow(known->store->arena, known->contexts, known->context_size * sizeof *known->contexts, size * sizeof *known->contexts);
    known->context_size = size;
  }
  ListenContext *mine = &known->contexts[context];
  *out = mine;
  if (mine->channel) return STATUS_OK;
  Store *store = known->store;
  sqlite3_stmt *read = store_use(store, SQL_CONTEXT_READ, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, context);
  bool row = false;
  Status status = store_step(store, read, &row, "reading the listens", error);
  if (status != STATUS_OK) return status;
  Text source = row ? column_text(read, 1) : (Text){"", 0}, reason = row ? column_text(read, 5) : (Text){"", 0};
  mine->how = !reason.length ? END_UNKNOWN : text_is(reason, "trackdone") ? END_COMPLETED : END_BROKEN_OFF;
  mine->channel = listen_channel(store->arena, &known->channels, source);
  store_done(read);
  return STATUS_OK;
}

void listen_forget_thing(ListenKnown *known, int64_t connector_track) {
  if ((size_t)connector_track < known->thing_size) known->loaded[connector_track] = false;
}

void listen_forget_all(ListenKnown *known) {
  for (size_t i = 0; i < known->thing_size; i++) known->loaded[i] = false;
  for (size_t i = 0; i < known->context_size; i++) known->contexts[i].channel = NULL;
}
