#include "connectors/services/enrich_ask.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/json_doc.h"
#include "base/map.h"
#include "base/vec.h"
#include "connectors/library/library.h"
#include "connectors/services/services_int.h"
#include "store/response_cache.h"

/* Answers that may be lost when a run is killed. */
enum { KEEP_EVERY = 200 };
/* Values that do not go stale: that there was none is asked again after this. */
#define ABSENT_MS (INT64_C(7) * 86400000)
#define NO_ITEM UINT32_MAX

typedef struct Enriching {
  Run *run;
  const Enricher *enricher;
  FieldId fields[ENRICH_FIELDS];
  bool wanted[ENRICH_FIELDS];
  size_t field_count;
  Instant oldest; /* that a value may be by `max_age`; INSTANT_MIN = its field says it */
  VEC(EnrichItem) items;
  VEC(uint32_t) asked; /* of those items: the index of each that is asked */
  size_t answered;
  EnrichItem *stale;   /* of each item: what the cache has and is too old */
  Store *cache;
  size_t unkept, failed, aged, bare; /* aged, bare: values that are too old, and that are not there, because it could not be asked */
  Error reason;                      /* of the first failure, else of the first that says when to come again */
} Enriching;

static Text connector_of(const Enriching *enriching) {
  return text_of(provider_name(enriching->enricher->provider));
}

static size_t index_of(const Enriching *enriching, FieldId field) {
  size_t at = 0;
  while (at < enriching->field_count && enriching->fields[at] != field) at++;
  return at;
}

/* ---- what this run has asked already: two stages that want the same ask once, with or without a store ---- */

typedef struct Answers {
  TextPool *keys; /* the provider and the item's key */
  IntMap *numbers;
  VEC(CachedReply) replies;
} Answers;

static int64_t answer_key(const Enriching *enriching, Answers *answers, Text key) {
  return text_intern(answers->keys, text_of(arena_format(enriching->run->arena, TEXT_FORMAT "\x1e" TEXT_FORMAT, TEXT_ARG(connector_of(enriching)), TEXT_ARG(key))));
}

static Answers *answers_of(const Enriching *enriching) {
  Services *services = enriching->run->options.services;
  if (services->answers) return services->answers;
  Answers *answers = services->answers = arena_alloc(services->arena, sizeof *answers);
  answers->keys = text_pool_new(services->arena);
  answers->numbers = int_map_new(services->arena, 64);
  return answers;
}

static bool recall(const Enriching *enriching, Text key, CachedReply *out) {
  Answers *answers = answers_of(enriching);
  uint32_t at = int_map_get(answers->numbers, answer_key(enriching, answers, key), UINT32_MAX);
  if (at != UINT32_MAX) *out = answers->replies.items[at];
  return at != UINT32_MAX;
}

static void remember(const Enriching *enriching, Text key, Text body) {
  Answers *answers = answers_of(enriching);
  int_map_set(answers->numbers, answer_key(enriching, answers, key), (uint32_t)answers->replies.count);
  vec_push(enriching->run->options.services->arena, &answers->replies, ((CachedReply){body, enriching->run->options.now}));
}

/* ---- the cache: one JSON object an item, {"lastfm.plays":3,"lastfm.loved":null} ---- */

static void write_value(TextBuilder *json, const Run *run, FieldId field, Value value) {
  switch (type_base(field_def(field)->type)) {
    case BASE_BOOL: text_append(json, text_of(value.integer ? "true" : "false")); return;
    case BASE_DATE: json_append_string(json, date_format(run->arena, date_unpack(value.integer))); return;
    case BASE_TEXT: json_append_string(json, text_at(run->texts, (TextId)value.integer)); return;
    default: text_append_format(json, "%" PRId64, value.integer); return;
  }
}

static bool read_value(Run *run, FieldId field, const JsonNode *node, Value *out) {
  Date date;
  switch (type_base(field_def(field)->type)) {
    case BASE_BOOL:
      out->integer = node->kind == JSON_TRUE;
      return node->kind == JSON_TRUE || node->kind == JSON_FALSE;
    case BASE_DATE:
      if (node->kind != JSON_STRING || date_parse(node->text, &date, NULL) != STATUS_OK) return false;
      out->integer = date_pack(date);
      return true;
    case BASE_TEXT:
      if (node->kind != JSON_STRING) return false;
      out->integer = text_intern(run->texts, node->text);
      return true;
    default:
      out->integer = node->integer;
      return node->kind == JSON_INTEGER;
  }
}

static Text body_of(const Enriching *enriching, const EnrichItem *item) {
  TextBuilder json = {.arena = enriching->run->arena};
  text_append_char(&json, '{');
  for (size_t i = 0; i < enriching->field_count; i++) {
    if (item->state[i] == ENRICH_OPEN) continue;
    if (json.length > 1) text_append_char(&json, ',');
    json_append_string(&json, text_of(field_def(enriching->fields[i])->name));
    text_append_char(&json, ':');
    if (item->state[i] == ENRICH_ABSENT) {
      text_append(&json, TEXT_LITERAL("null"));
    } else {
      write_value(&json, enriching->run, enriching->fields[i], item->value[i]);
    }
  }
  text_append_char(&json, '}');
  return text_built(&json);
}

static bool is_fresh(const Enriching *enriching, const FieldDef *def, bool absent, Instant fetched_at) {
  Instant age = enriching->run->options.now - fetched_at;
  if (enriching->oldest != INSTANT_MIN) return age >= 0 && fetched_at >= enriching->oldest;
  if (!def->ttl_s && !absent) return true;
  return age >= 0 && age < (def->ttl_s ? (Instant)def->ttl_s * 1000 : ABSENT_MS);
}

static void read_body(Enriching *enriching, EnrichItem *item, EnrichItem *stale, const CachedReply *reply) {
  JsonDoc doc;
  if (json_doc_read(enriching->run->arena, reply->body, "the cache", &doc, NULL) != STATUS_OK) return;
  for (size_t i = 0; i < enriching->field_count; i++) {
    const FieldDef *def = field_def(enriching->fields[i]);
    const JsonNode *node = json_get(doc.root, def->name);
    Value value = {0};
    if (!node || (node->kind != JSON_NULL && !read_value(enriching->run, enriching->fields[i], node, &value))) continue;
    EnrichItem *to = is_fresh(enriching, def, node->kind == JSON_NULL, reply->fetched_at) ? item : stale;
    to->state[i] = node->kind == JSON_NULL ? ENRICH_ABSENT : ENRICH_KNOWN;
    to->value[i] = value;
  }
}

static Instant expiry(const Enriching *enriching) {
  int64_t longest = 0;
  for (size_t i = 0; i < enriching->field_count; i++) {
    int32_t ttl = field_def(enriching->fields[i])->ttl_s;
    if (!ttl) return INSTANT_MAX;
    if (ttl > longest) longest = ttl;
  }
  return enriching->run->options.now + longest * 1000;
}

static Status keep_items(Enriching *enriching, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < enriching->asked.count && status == STATUS_OK; i++) {
    EnrichItem *item = &enriching->items.items[enriching->asked.items[i]];
    if (!item->changed) continue;
    status = store_cache_reply(enriching->cache, connector_of(enriching), item->key, body_of(enriching, item), enriching->run->options.now, expiry(enriching), error);
    item->changed = false;
  }
  return status;
}

/* A cache that cannot be written to only makes later runs slower. */
static void keep(Enriching *enriching) {
  enriching->unkept = 0;
  if (!enriching->cache || enriching->run->options.dry_run || store_begin(enriching->cache, NULL) != STATUS_OK) return;
  if (keep_items(enriching, NULL) == STATUS_OK && store_commit(enriching->cache, NULL) == STATUS_OK) return;
  store_rollback(enriching->cache);
  enriching->cache = NULL;
}

/* ---- what the enricher tells ---- */

void enrich_known(Enrichment *enrichment, size_t item, FieldId field, Value value) {
  size_t at = index_of(enrichment->own, field);
  if (at == enrichment->field_count) return;
  enrichment->items[item].state[at] = ENRICH_KNOWN;
  enrichment->items[item].value[at] = value;
}

void enrich_absent(Enrichment *enrichment, size_t item, FieldId field) {
  size_t at = index_of(enrichment->own, field);
  if (at < enrichment->field_count) enrichment->items[item].state[at] = ENRICH_ABSENT;
}

static EnrichItem *take_item(Enrichment *enrichment, size_t item) {
  Enriching *own = enrichment->own;
  EnrichItem *kept = &own->items.items[own->asked.items[item]];
  Text key = kept->key;
  *kept = enrichment->items[item];
  kept->key = key;
  kept->changed = true;
  http_progress(enrichment->http, provider_name(own->enricher->provider), ++own->answered, own->asked.count);
  return kept;
}

void enrich_done(Enrichment *enrichment, size_t item) {
  Enriching *own = enrichment->own;
  EnrichItem *kept = take_item(enrichment, item);
  for (size_t i = 0; i < own->field_count; i++)
    if (own->wanted[i] && kept->state[i] == ENRICH_OPEN) kept->state[i] = ENRICH_ABSENT;
  remember(own, kept->key, body_of(own, kept));
  if (++own->unkept >= KEEP_EVERY) keep(own);
}

void enrich_done_partly(Enrichment *enrichment, size_t item) {
  take_item(enrichment, item);
  if (++enrichment->own->unkept >= KEEP_EVERY) keep(enrichment->own);
}

void enrich_failed(Enrichment *enrichment, size_t item, const Error *error) {
  (void)item;
  Enriching *own = enrichment->own;
  if (own->failed++ == 0 || (error->status == STATUS_BUSY && own->reason.status != STATUS_BUSY)) own->reason = *error;
}

/* ---- from rows to items ---- */

static void add_fields(Enriching *enriching, const Batch *batch, const size_t *fill, size_t count) {
  for (int i = 0; i < FIELD_COUNT && enriching->field_count < ENRICH_FIELDS; i++)
    if (field_def((FieldId)i)->provider == enriching->enricher->provider) enriching->fields[enriching->field_count++] = (FieldId)i;
  for (size_t i = 0; i < count; i++) {
    size_t at = index_of(enriching, library_field(enriching->run, &batch->schema->columns[fill[i]]));
    if (at < enriching->field_count) enriching->wanted[at] = true;
  }
}

/* What the row itself says fills what is not known of its track. */
static void add_row_clues(const Enriching *enriching, const Batch *batch, size_t row, TrackClues *clues) {
  Run *run = enriching->run;
  if (!clues->title.length) clues->title = library_text(run, batch, library_column(run, batch, FIELD_TITLE), row);
  if (!clues->artist.length) clues->artist = library_text(run, batch, library_column(run, batch, FIELD_ARTIST), row);
  if (!clues->isrc.length) clues->isrc = library_text(run, batch, library_column(run, batch, FIELD_ISRC), row);
  if (!clues->mbid.length) clues->mbid = library_text(run, batch, library_column(run, batch, FIELD_MBID), row);
  if (!clues->spotify_id.length) clues->spotify_id = library_text(run, batch, library_column(run, batch, FIELD_SPOTIFY_ID), row);
}

/* `item_of`: for each row of the batch its item, or NO_ITEM. Tracks that the service knows by one key share one. */
static Status make_items(Enriching *enriching, const Batch *batch, uint32_t *item_of, Error *error) {
  Run *run = enriching->run;
  Arena *arena = run->arena;
  IntMap *by_track = int_map_new(arena, batch->selected), *by_key = int_map_new(arena, batch->selected);
  TextPool *keys = text_pool_new(arena);
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    TrackHandle track = batch->tracks ? batch->tracks[row] : 0;
    uint32_t at = track ? int_map_get(by_track, track, NO_ITEM - 1) : NO_ITEM - 1;
    if (at == NO_ITEM - 1) {
      EnrichItem item = {0};
      Status status = track_clues(run->tracks, track, &item.clues, error);
      if (status == STATUS_OK) add_row_clues(enriching, batch, row, &item.clues);
      if (status == STATUS_OK) status = enriching->enricher->key(run->options.services, arena, &item, error);
      if (status != STATUS_OK) return status;
      bool added = false;
      at = item.key.length ? int_map_add(by_key, text_intern(keys, item.key), (uint32_t)enriching->items.count, &added) : NO_ITEM;
      if (added) vec_push(arena, &enriching->items, item);
      if (track) int_map_set(by_track, track, at);
    }
    item_of[row] = at;
  }
  return STATUS_OK;
}

static Status look_up(Enriching *enriching, Error *error) {
  for (size_t i = 0; i < enriching->items.count; i++) {
    EnrichItem *item = &enriching->items.items[i];
    CachedReply reply;
    bool found = false;
    found = recall(enriching, item->key, &reply);
    Status status = enriching->cache && !found ? store_cached_reply(enriching->cache, enriching->run->arena, connector_of(enriching), item->key, &reply, &found, error) : STATUS_OK;
    if (status != STATUS_OK) return status;
    if (found) read_body(enriching, item, &enriching->stale[i], &reply);
    for (size_t f = 0; f < enriching->field_count; f++) {
      if (!enriching->wanted[f] || item->state[f] != ENRICH_OPEN) continue;
      vec_push(enriching->run->arena, &enriching->asked, (uint32_t)i);
      break;
    }
  }
  return STATUS_OK;
}

static Status ask(Enriching *enriching, StageCall *call, Error *error) {
  Arena *arena = enriching->run->arena;
  Enrichment enrichment = {.call = call, .services = enriching->run->options.services, .fields = enriching->fields, .field_count = enriching->field_count,
                           .wanted = enriching->wanted, .count = enriching->asked.count, .own = enriching};
  enrichment.items = arena_array(arena, enrichment.count, sizeof *enrichment.items);
  for (size_t i = 0; i < enrichment.count; i++) {
    EnrichItem *item = &enrichment.items[i];
    *item = enriching->items.items[enriching->asked.items[i]];
    /* All of an item's values are asked for together, and kept with one time. */
    memset(item->state, 0, sizeof item->state);
  }
  Error reason = {0};
  Status status = services_http(enrichment.services, &enrichment.http, &reason);
  if (status == STATUS_OK) status = enriching->enricher->ask(&enrichment, &reason);
  keep(enriching);
  if (enrichment.http) http_progress(enrichment.http, provider_name(enriching->enricher->provider), enriching->asked.count, enriching->asked.count);
  if (status == STATUS_LOGIN) {
    if (error) *error = reason;
    return status;
  }
  if (status != STATUS_OK && (!enriching->failed++ || status == STATUS_BUSY)) enriching->reason = reason;
  if (status == STATUS_BUSY) enriching->reason.status = STATUS_BUSY;
  return STATUS_OK;
}

/* ---- back to the rows ---- */

static void fill_item(Enriching *enriching, Batch *batch, const size_t *fill, size_t count, size_t row, uint32_t at, bool *lacks, bool *lacking) {
  for (size_t i = 0; i < count; i++) {
    size_t f = index_of(enriching, library_field(enriching->run, &batch->schema->columns[fill[i]]));
    if (f == enriching->field_count || at == NO_ITEM) continue;
    const EnrichItem *item = &enriching->items.items[at];
    if (item->state[f] == ENRICH_OPEN) {
      *lacks = lacking[i] = true;
      item = &enriching->stale[at];
      enriching->aged += item->state[f] == ENRICH_KNOWN;
      enriching->bare += item->state[f] == ENRICH_OPEN;
    }
    if (item->state[f] != ENRICH_KNOWN) continue;
    batch_values(batch, fill[i])[row] = item->value[f];
    batch_missing(enriching->run->arena, batch, fill[i])[row] = 0;
  }
}

static Text lacking_names(const Enriching *enriching, const Batch *batch, const size_t *fill, size_t count, const bool *lacking, size_t *named_out) {
  TextBuilder names = {.arena = enriching->run->arena};
  size_t named = 0;
  for (size_t i = 0; i < count; i++)
    if (lacking[i]) text_append_format(&names, "%s`" TEXT_FORMAT "`", named++ ? ", " : "", TEXT_ARG(plan_string(enriching->run->plan, batch->schema->columns[fill[i]].name)));
  *named_out = named;
  return text_built(&names);
}

/* Whether what becomes of these rows is written anywhere. */
static bool is_written(const StageCall *call) {
  const Plan *plan = call->run->plan;
  bool *reached = arena_array(call->run->arena, plan->node_count, sizeof *reached);
  reached[call->node] = true;
  for (uint32_t i = call->node + 1; i < plan->node_count; i++) {
    for (uint32_t k = 0; k < plan->nodes[i].input_count; k++) reached[i] = reached[i] || reached[plan->nodes[i].inputs[k]];
    if (reached[i] && plan_stage(plan, i)->effect == EFFECT_WRITE) return true;
  }
  return false;
}

/* Tells what is missing. A service that will answer at a known time is waited for by whoever writes: a list ordered or chosen by half of the values is not what
 * was asked for, and what is here by now is kept for the run that goes on. */
static Status tell(const Enriching *enriching, const StageCall *call, const Batch *batch, const size_t *fill, size_t count, const bool *lacking, size_t rows, Error *error) {
  const RunOptions *options = &enriching->run->options;
  const char *why = enriching->reason.message[0] ? enriching->reason.message : "no answer came";
  size_t named;
  if (!rows) return STATUS_OK;
  Text names = lacking_names(enriching, batch, fill, count, lacking, &named);
  if (enriching->bare && enriching->reason.status == STATUS_BUSY && !options->dry_run && !options->yes && is_written(call))
    return fail(error, STATUS_BUSY, "", TEXT_FORMAT " %s missing for %zu of %zu rows, so nothing is written (--yes writes without): %s", TEXT_ARG(names), named == 1 ? "is" : "are", rows,
                batch->selected, why);
  run_notice(enriching->run, call->node, true, TEXT_FORMAT " %s for %zu of %zu rows: %s", TEXT_ARG(names),
             enriching->aged ? "could not be asked for anew, so older values stand" : named == 1 ? "is missing" : "are missing", rows, batch->selected, why);
  return STATUS_OK;
}

Status enrich_ask(StageCall *call, const Enricher *enricher, Batch *batch, const size_t *fill, size_t count, Error *error) {
  Run *run = call->run;
  Services *services;
  Status status = run_services(run, &services, error);
  if (status != STATUS_OK) return status;
  Enriching *enriching = arena_alloc(run->arena, sizeof *enriching);
  *enriching = (Enriching){.run = run, .enricher = enricher, .cache = services_cache(services, run), .oldest = INSTANT_MIN};
  if (call_given(call, "max_age")) enriching->oldest = call_window(call, "max_age").lo;
  add_fields(enriching, batch, fill, count);
  uint32_t *item_of = arena_array(run->arena, batch->row_count, sizeof *item_of);
  status = make_items(enriching, batch, item_of, error);
  if (status != STATUS_OK) return status;
  enriching->stale = arena_array(run->arena, enriching->items.count, sizeof *enriching->stale);
  status = look_up(enriching, error);
  if (status == STATUS_OK && enriching->asked.count) status = ask(enriching, call, error);
  if (status != STATUS_OK) return status;
  size_t rows = 0;
  bool *lacking = arena_array(run->arena, count, sizeof *lacking); /* of the columns */
  for (size_t i = 0; i < batch->selected; i++) {
    size_t row = batch_row(batch, i);
    bool lacks = false;
    fill_item(enriching, batch, fill, count, row, item_of[row], &lacks, lacking);
    rows += lacks;
  }
  return tell(enriching, call, batch, fill, count, lacking, rows, error);
}
