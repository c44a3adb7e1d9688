#include "connectors/spotify/find_tracks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/map.h"
#include "base/track_ids.h"
#include "base/vec.h"
#include "connectors/http/pager.h"
#include "connectors/spotify/track_json.h"
#include "connectors/spotify/track_names.h"
#include "store/response_cache.h"

enum {
  AT_ONCE = 16,          /* searches submitted and not answered */
  HITS = 10,             /* of a search; what every application may ask for */
  QUERY_MOST = 100,      /* bytes of a name in a query */
  TOLERATED_MS = 10000,  /* between the lengths of a recording here and there */
  NEAR_MS = 2000,
  NAMED_MOST = 10,       /* rows that a notice names */
};
#define DAY_MS INT64_C(86400000)
#define FOUND_FOR (180 * DAY_MS)
#define ABSENT_FOR (7 * DAY_MS)

typedef enum Step { STEP_ISRC, STEP_NAMES, STEP_FIRST_ARTIST, STEP_OVER } Step;

typedef struct Hit {
  Text id;
  bool equal_title, near, same_album;
} Hit;

typedef struct Search Search;

/* Rows of the same clues are one item. */
typedef struct Item {
  Search *search;
  const TrackClues *clues;
  Text key; /* of the cache */
  char isrc[ISRC_LENGTH + 1]; /* "" = none */
  Step step;
  Hit hit;
  bool asked; /* in this run, to its end */
  SpotifySought outcome;
} Item;

struct Search {
  Run *run;
  Services *services;
  Http *http;
  Arena *arena;
  VEC(Item *) items; /* to be asked */
  size_t next, flying;
  Status status;
  Error error;
};

/* ---- what the cache knows ---- */

static Text key_of(Arena *arena, const TrackClues *clues) {
  return text_of(arena_format(arena, "find\x1f" TEXT_FORMAT "\x1f" TEXT_FORMAT "\x1f" TEXT_FORMAT "\x1f%" PRId64, TEXT_ARG(clues->isrc), TEXT_ARG(name_key(arena, clues->artist)),
                              TEXT_ARG(name_key(arena, clues->title)), clues->duration_ms > 0 ? (clues->duration_ms + 500) / 1000 : 0));
}

static void recall(Search *search, Store *cache, Item *item) {
  CachedReply reply;
  JsonDoc doc;
  bool found = false;
  if (!cache || store_cached_reply(cache, search->arena, TEXT_LITERAL("spotify"), item->key, &reply, &found, NULL) != STATUS_OK || !found) return;
  Instant age = services_now(search->services) - reply.fetched_at;
  if (age < 0 || json_doc_read(search->arena, reply.body, "the cache", &doc, NULL) != STATUS_OK) return;
  Text id = json_get_text(doc.root, "id");
  if (age >= (id.length ? FOUND_FOR : ABSENT_FOR) || (id.length && !spotify_is_id(id))) return;
  item->hit.id = id;
  item->outcome = id.length ? SOUGHT_FOUND : SOUGHT_NOWHERE;
  item->step = STEP_OVER;
}

/* A cache that cannot be written to only makes later runs slower. */
static void keep(Search *search, Store *cache) {
  Instant now = services_now(search->services);
  if (!cache || !search->items.count || search->run->options.dry_run || store_begin(cache, NULL) != STATUS_OK) return;
  Status status = STATUS_OK;
  for (size_t i = 0; i < search->items.count && status == STATUS_OK; i++) {
    const Item *item = search->items.items[i];
    if (!item->asked) continue;
    bool found = item->hit.id.length > 0;
    Text body = found ? text_of(arena_format(search->arena, "{\"id\":\"" TEXT_FORMAT "\"}", TEXT_ARG(item->hit.id))) : TEXT_LITERAL("{\"id\":null}");
    status = store_cache_reply(cache, TEXT_LITERAL("spotify"), item->key, body, now, now + (found ? FOUND_FOR : ABSENT_FOR), NULL);
  }
  if (status != STATUS_OK || store_commit(cache, NULL) != STATUS_OK) store_rollback(cache);
}

/* ---- which of the tracks found is meant ---- */

static bool is_meant(const Item *item, Arena *arena, const SpotifyTrack *track, Hit *out) {
  const TrackClues *clues = item->clues;
  int64_t apart = clues->duration_ms > 0 && track->duration_ms > 0 ? llabs(clues->duration_ms - track->duration_ms) : -1;
  TitlesAre titles = clues->title.length ? titles_are(arena, clues->title, track->title) : TITLES_DIFFER;
  bool by = clues->artist.length && artist_is_among(arena, clues->artist, track->artists, track->artist_count);
  if (track->thing != SPOTIFY_TRACK || apart > TOLERATED_MS) return false;
  if (item->step == STEP_ISRC) {
    char isrc[ISRC_LENGTH + 1];
    if (!isrc_read(track->isrc, isrc) || !text_is(text_of(isrc), item->isrc)) return false;
    /* One ISRC may stand on two recordings; names that differ altogether are the other one. */
    if (titles == TITLES_DIFFER && !by && clues->title.length && clues->artist.length) return false;
  } else if (titles == TITLES_DIFFER || !by) {
    return false;
  }
  *out = (Hit){track->id, titles == TITLES_EQUAL, apart >= 0 && apart <= NEAR_MS, clues->album.length && titles_are(arena, clues->album, track->album) != TITLES_DIFFER};
  return true;
}

/* Of hits that are equal in all this, the first: Spotify gives the most popular one first. */
static bool is_better(const Hit *old, const Hit *hit) {
  if (!old->id.length) return true;
  if (hit->equal_title != old->equal_title) return hit->equal_title;
  if (hit->near != old->near) return hit->near;
  return hit->same_album && !old->same_album;
}

/* ---- asking ---- */

/* Inside quotes, only a quote means something; a backslash is not known to mean anything. */
static void append_quoted(TextBuilder *query, Text text) {
  text_append_char(query, '"');
  size_t most = text.length < QUERY_MOST ? text.length : QUERY_MOST;
  while (most < text.length && most && ((unsigned char)text.bytes[most] & 0xC0) == 0x80) most--;
  for (size_t i = 0; i < most; i++) text_append_char(query, text.bytes[i] == '"' || text.bytes[i] == '\\' ? ' ' : text.bytes[i]);
  text_append_char(query, '"');
}

/* The query of the item's next step that there is one for; "" = there is none left. */
static Text next_query(Item *item) {
  TextBuilder query = {.arena = item->search->arena};
  const TrackClues *clues = item->clues;
  bool named = clues->title.length && clues->artist.length;
  Text artist = without_guests(clues->artist), first = first_artist(clues->artist);
  if (item->step == STEP_ISRC && !item->isrc[0]) item->step = STEP_NAMES;
  if (item->step == STEP_FIRST_ARTIST && text_equal(artist, first)) item->step = STEP_OVER;
  if (item->step == STEP_OVER || (item->step != STEP_ISRC && !named)) return (Text){"", 0};
  if (item->step == STEP_ISRC) {
    text_append_format(&query, "isrc:%s", item->isrc);
  } else {
    text_append(&query, TEXT_LITERAL("track:"));
    append_quoted(&query, title_core(clues->title));
    text_append(&query, TEXT_LITERAL(" artist:"));
    append_quoted(&query, item->step == STEP_NAMES ? artist : first);
  }
  return text_built(&query);
}

static void submit_more(Search *search);

static Status read_hits(Item *item, const HttpCall *call, Error *error) {
  JsonDoc doc;
  Arena *scratch = arena_new(0);
  if (!scratch) return fail(error, STATUS_FAILED, "", "no memory is left for a reply");
  Status status = http_json(call, scratch, &doc, error);
  const JsonNode *rows = status == STATUS_OK ? json_at(doc.root, text_of(pages_def(ENDPOINT_SPOTIFY_SEARCH_TRACKS)->items)) : NULL;
  if (status == STATUS_OK && (!rows || rows->kind != JSON_ARRAY))
    status = fail(error, STATUS_FAILED, "", "Spotify: `%s` was answered without a list", endpoint_def(ENDPOINT_SPOTIFY_SEARCH_TRACKS)->name);
  for (uint32_t i = 0; status == STATUS_OK && i < rows->count; i++) {
    SpotifyTrack track;
    Hit hit;
    spotify_track_read(&rows->items[i], &track);
    if (!is_meant(item, scratch, &track, &hit) || !is_better(&item->hit, &hit)) continue;
    item->hit = hit;
    item->hit.id = text_copy(item->search->arena, hit.id);
  }
  arena_free(scratch);
  return status;
}

static void ask(Item *item, Text query);

static void on_done(void *context, HttpCall *call) {
  Item *item = context;
  Search *search = item->search;
  Error error;
  search->flying--;
  Status status = http_judge(http_reply(call), &error);
  if (status == STATUS_OK) status = read_hits(item, call, &error);
  http_release(search->http, call);
  if (status != STATUS_OK) {
    if (search->status == STATUS_OK) search->error = error;
    if (search->status == STATUS_OK) search->status = status;
    return;
  }
  if (!item->hit.id.length) {
    item->step++;
    Text query = search->status == STATUS_OK ? next_query(item) : (Text){"", 0};
    if (query.length) {
      ask(item, query);
      return;
    }
  }
  item->asked = search->status == STATUS_OK || item->hit.id.length;
  item->outcome = item->hit.id.length ? SOUGHT_FOUND : SOUGHT_NOWHERE;
  submit_more(search);
}

static void ask(Item *item, Text query) {
  char limit[8];
  snprintf(limit, sizeof limit, "%d", HITS);
  const PagesDef *pages = pages_def(ENDPOINT_SPOTIFY_SEARCH_TRACKS);
  const HttpParam params[] = {{"q", query}, {pages->size, text_of(limit)}};
  item->search->flying++;
  http_submit(item->search->http, &(HttpRequest){.endpoint = ENDPOINT_SPOTIFY_SEARCH_TRACKS, .params = params, .param_count = 2, .done = on_done, .context = item});
}

static void submit_more(Search *search) {
  while (search->status == STATUS_OK && search->flying < AT_ONCE && search->next < search->items.count) {
    Item *item = search->items.items[search->next++];
    ask(item, next_query(item));
  }
}

static bool is_over(const void *context) {
  return ((const Search *)context)->flying == 0;
}

/* ---- rows to items ---- */

static Item *item_of(Search *search, const TrackClues *clues) {
  Item *item = arena_alloc(search->arena, sizeof *item);
  *item = (Item){.search = search, .clues = clues, .key = key_of(search->arena, clues), .outcome = SOUGHT_UNNAMED};
  if (!isrc_read(clues->isrc, item->isrc)) item->isrc[0] = '\0';
  return item;
}

static void plan(Search *search, Store *cache, Item *item) {
  recall(search, cache, item);
  if (item->outcome != SOUGHT_UNNAMED || !next_query(item).length) return;
  item->outcome = SOUGHT_LATER;
  if (search->items.count < BOUND_SPOTIFY_SOUGHT) vec_push(search->arena, &search->items, item);
}

Status spotify_find_tracks(Run *run, Services *services, SpotifyWanted *wanted, size_t count, Error *error) {
  Search search = {.run = run, .services = services, .arena = run->arena};
  if (!count) return STATUS_OK;
  Status status = services_http(services, &search.http, error);
  if (status != STATUS_OK) return status;
  Store *cache = services_cache(services, run);
  TextPool *keys = text_pool_new(run->arena);
  IntMap *numbers = int_map_new(run->arena, count);
  VEC(Item *) items = {0};
  Item **item_at = arena_array(run->arena, count, sizeof *item_at);
  for (size_t i = 0; i < count; i++) {
    Item *item = item_of(&search, &wanted[i].clues);
    TextId key = text_intern(keys, item->key);
    uint32_t at = int_map_get(numbers, key, UINT32_MAX);
    if (at == UINT32_MAX) {
      int_map_set(numbers, key, (uint32_t)items.count);
      vec_push(run->arena, &items, item);
      plan(&search, cache, item);
    } else {
      item = items.items[at];
    }
    item_at[i] = item;
  }
  submit_more(&search);
  status = http_run_until(search.http, is_over, &search, error);
  keep(&search, cache);
  if (status == STATUS_OK && search.status != STATUS_OK) {
    *error = search.error;
    status = search.status;
  }
  for (size_t i = 0; i < count && status == STATUS_OK; i++) {
    wanted[i].outcome = item_at[i]->outcome;
    wanted[i].id = item_at[i]->hit.id;
  }
  return status;
}

/* ---- telling ---- */

static const char *rows(size_t count) {
  return count == 1 ? "row" : "rows";
}

static void name_rows(TextBuilder *line, const SpotifyWanted *wanted, size_t count) {
  Arena *arena = line->arena;
  size_t named = 0;
  for (size_t i = 0; i < count; i++) {
    const TrackClues *clues = &wanted[i].clues;
    if (wanted[i].outcome != SOUGHT_NOWHERE || named++ >= NAMED_MOST) continue;
    text_append(line, named > 1 ? TEXT_LITERAL("; ") : TEXT_LITERAL(": "));
    if (clues->artist.length) text_append_format(line, TEXT_FORMAT ": ", TEXT_ARG(text_escaped(arena, clues->artist)));
    text_append(line, clues->title.length ? text_escaped(arena, clues->title) : clues->isrc);
  }
  if (named > NAMED_MOST) text_append_format(line, "; and %zu more", named - NAMED_MOST);
}

void spotify_tell_sought(Run *run, uint32_t node, const char *where, const SpotifyWanted *wanted, size_t count) {
  size_t counts[SOUGHT_LATER + 1] = {0};
  for (size_t i = 0; i < count; i++) counts[wanted[i].outcome]++;
  size_t found = counts[SOUGHT_FOUND], nowhere = counts[SOUGHT_NOWHERE], unnamed = counts[SOUGHT_UNNAMED], later = counts[SOUGHT_LATER];
  if (found)
    run_notice(run, node, false, "%s: %zu %s without Spotify's id %s found there by ISRC, or by artist and title", where, found, rows(found), found == 1 ? "was" : "were");
  if (nowhere) {
    TextBuilder line = {.arena = run->arena};
    text_append_format(&line, "%zu %s left out, because Spotify has no such track", nowhere, rows(nowhere));
    name_rows(&line, wanted, count);
    run_notice(run, node, true, "%s: " TEXT_FORMAT, where, TEXT_ARG(text_built(&line)));
  }
  if (unnamed)
    run_notice(run, node, true, "%s: %zu %s left out, with neither Spotify's id, nor an ISRC, nor artist and title", where, unnamed, rows(unnamed));
  if (later)
    run_notice(run, node, true, "%s: %zu %s left out for now: one run looks for %d tracks, the next goes on from there", where, later, rows(later), BOUND_SPOTIFY_SOUGHT);
}
