#include "connectors/listenbrainz/listen_walk.h"

#include <inttypes.h>
#include <stdio.h>

#define SECOND_MOST (INSTANT_MAX / 1000)

/* What tells apart the listens of one second. */
static uint64_t print_of(const JsonNode *listen) {
  const JsonNode *metadata = json_get(listen, "track_metadata");
  const Text parts[] = {json_get_text(listen, "recording_msid"), json_get_text(metadata, "track_name"), json_get_text(metadata, "artist_name")};
  uint64_t print = 0;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) print = hash_bytes(parts[i].length ? parts[i].bytes : "", parts[i].length, print);
  return print;
}

static bool was_seen(const ListenWalk *walk, ListenSeen listen) {
  for (size_t i = 0; i < walk->seen.count; i++)
    if (walk->seen.items[i].second == listen.second && walk->seen.items[i].print == listen.print) return true;
  return false;
}

/* Only the listens of the oldest second can come again. */
static void forget_seen(ListenWalk *walk) {
  size_t kept = 0;
  for (size_t i = 0; i < walk->seen.count; i++)
    if (walk->seen.items[i].second == walk->oldest) walk->seen.items[kept++] = walk->seen.items[i];
  walk->seen.count = kept;
}

static Status visit_page(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error) {
  ListenWalk *walk = context;
  size_t known = walk->seen.count, largest = walk->largest;
  int64_t latest = walk->oldest;
  walk->fresh = 0;
  walk->rows = count;
  if (count > largest) walk->largest = count;
  for (size_t i = 0; i < count; i++) {
    ListenSeen listen = {0, print_of(&rows[i])};
    if (!json_whole(json_get(&rows[i], "listened_at"), &listen.second) || listen.second <= 0 || listen.second > SECOND_MOST) {
      walk->unusable++;
      continue;
    }
    if (listen.second > latest) return fail(error, STATUS_FAILED, "", "ListenBrainz: `listenbrainz.listens` gave a listen of a later time than was asked for");
    if (listen.second < walk->oldest) walk->oldest = listen.second;
    if (listen.second < walk->from) {
      walk->over = true;
      continue;
    }
    if (known && listen.second == latest && was_seen(walk, listen)) continue;
    walk->fresh++;
    walk->visited++;
    vec_push(walk->arena, &walk->seen, listen);
    Status status = walk->visit(walk->context, listen.second, json_get(&rows[i], "track_metadata"), error);
    if (status != STATUS_OK) return status;
  }
  /* More came behind pages that were all short: then this is how many rows a page has. */
  if (position && walk->fresh && largest < walk->page) walk->page = largest;
  return STATUS_OK;
}

static bool next_place(void *context, char place[PAGER_PLACE]) {
  ListenWalk *walk = context;
  bool full = walk->rows >= walk->page;
  if (walk->over || walk->oldest == INT64_MAX || (!walk->fresh && !full)) return false;
  forget_seen(walk);
  int64_t next = walk->oldest + 1;
  if (walk->place && next >= walk->place) {
    next = walk->place - 1;
    walk->crowded = walk->crowded || full;
  }
  walk->place = next;
  snprintf(place, PAGER_PLACE, "%" PRId64, next);
  return next > 1;
}

void listen_walk_start(ListenWalk *walk, Http *http, Arena *arena, Text user) {
  walk->arena = arena;
  walk->oldest = INT64_MAX;
  walk->page = (size_t)pages_def(ENDPOINT_LISTENBRAINZ_LISTENS)->most;
  Text *path = arena_array(arena, 1, sizeof *path);
  *path = user;
  walk->pager = pages_start(http, arena, &(PagesRequest){.request = {.endpoint = ENDPOINT_LISTENBRAINZ_LISTENS, .path = path, .path_count = 1},
                                                         .page = visit_page, .next = next_place, .context = walk});
}
