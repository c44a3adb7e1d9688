#include "store/plays/listens.h"

enum { SLAB_THINGS = 1024 };

/* By id. A thing's place never moves: observations point to it. */
struct ListenKnown {
  Store *store;
  ListenChannel *channels;
  ListenThing **slabs; /* of SLAB_THINGS each; NULL = none of them was asked for */
  size_t slab_count;
  ListenContext *contexts;
  size_t context_size;
};

ListenKnown *listen_known_new(Store *store) {
  ListenKnown *known = arena_alloc(store->arena, sizeof *known);
  known->store = store;
  return known;
}

static bool starts_with(Text text, Text start) {
  return text.length >= start.length && text_equal((Text){text.bytes, start.length}, start);
}

static bool is_names_only(Text id) {
  return starts_with(id, TEXT_LITERAL("names:")) || starts_with(id, TEXT_LITERAL("episode-names:")) ||
         starts_with(id, TEXT_LITERAL("chapter-names:"));
}

/* What settles ties: a hash of the service's own id. */
static void name_thing(ListenThing *thing, Text connector, Text id) {
  thing->order = hash_bytes(id.bytes, id.length, hash_bytes(connector.bytes, connector.length, 0));
  thing->names_only = is_names_only(id);
}

static Status read_thing(ListenKnown *known, sqlite3_stmt *read, ListenThing *out, Error *error) {
  Store *store = known->store;
  Text title = column_text(read, 2), artists = column_text(read, 3);
  out->track = column_number(read, 4, 0);
  name_thing(out, column_text(read, 0), column_text(read, 1));
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
  return status;
}

/* Where the thing is kept, known or not. */
static ListenThing *place_of(ListenKnown *known, int64_t connector_track) {
  size_t at = (size_t)connector_track, slab = at / SLAB_THINGS;
  if (slab >= known->slab_count) {
    size_t count = slab + 1 + known->slab_count / 2;
    known->slabs = arena_grow(known->store->arena, known->slabs, known->slab_count * sizeof *known->slabs, count * sizeof *known->slabs);
    known->slab_count = count;
  }
  if (!known->slabs[slab]) known->slabs[slab] = arena_table(known->store->arena, SLAB_THINGS, sizeof **known->slabs);
  return &known->slabs[slab][at % SLAB_THINGS];
}

static const ListenThing *kept(const ListenKnown *known, int64_t connector_track) {
  size_t at = (size_t)connector_track, slab = at / SLAB_THINGS;
  return slab < known->slab_count && known->slabs[slab] ? &known->slabs[slab][at % SLAB_THINGS] : NULL;
}

void listen_thing_prefetch(const ListenKnown *known, int64_t connector_track) {
  const ListenThing *thing = kept(known, connector_track);
  if (thing) __builtin_prefetch(thing);
}

const ListenThing *listen_thing_known(const ListenKnown *known, int64_t connector_track) {
  const ListenThing *thing = kept(known, connector_track);
  return thing && thing->loaded ? thing : NULL;
}

Status listen_thing(ListenKnown *known, int64_t connector_track, const ListenThing **out, Error *error) {
  ListenThing *thing = place_of(known, connector_track);
  *out = thing;
  if (thing->loaded) return STATUS_OK;
  Status status = load_thing(known, connector_track, thing, error);
  thing->loaded = status == STATUS_OK;
  return status;
}

void listen_know_thing(ListenKnown *known, const ListenNewThing *thing) {
  ListenThing *out = place_of(known, thing->id);
  *out = (ListenThing){.id = thing->id, .track = thing->track, .names = (uint64_t)thing->names, .loaded = true};
  name_thing(out, thing->connector, thing->connector_track_id);
}

static ListenContext *context_of(ListenKnown *known, uint32_t context) {
  if (context >= known->context_size) {
    size_t size = (size_t)context + 64 + known->context_size;
    known->contexts = arena_grow(known->store->arena, known->contexts, known->context_size * sizeof *known->contexts, size * sizeof *known->contexts);
    known->context_size = size;
  }
  return &known->contexts[context];
}

void listen_know_context(ListenKnown *known, uint32_t context, Text source, Text reason_end) {
  ListenContext *mine = context_of(known, context);
  mine->how = !reason_end.length ? END_UNKNOWN : text_is(reason_end, "trackdone") ? END_COMPLETED : END_BROKEN_OFF;
  mine->channel = listen_channel(known->store->arena, &known->channels, source);
}

Status listen_context(ListenKnown *known, uint32_t context, const ListenContext **out, Error *error) {
  ListenContext *mine = context_of(known, context);
  *out = mine;
  if (mine->channel) return STATUS_OK;
  Store *store = known->store;
  sqlite3_stmt *read = store_use(store, SQL_CONTEXT_READ, error);
  if (!read) return STATUS_FAILED;
  sqlite3_bind_int64(read, 1, context);
  bool row = false;
  Status status = store_step(store, read, &row, "reading the listens", error);
  if (status != STATUS_OK) return status;
  listen_know_context(known, context, row ? column_text(read, 1) : (Text){"", 0}, row ? column_text(read, 5) : (Text){"", 0});
  store_done(read);
  return STATUS_OK;
}

void listen_forget_thing(ListenKnown *known, int64_t connector_track) {
  place_of(known, connector_track)->loaded = false;
}

void listen_forget_all(ListenKnown *known) {
  for (size_t i = 0; i < known->slab_count; i++)
    for (size_t at = 0; known->slabs[i] && at < SLAB_THINGS; at++) known->slabs[i][at].loaded = false;
  for (size_t i = 0; i < known->context_size; i++) known->contexts[i].channel = NULL;
}
