#include "workflow.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/random.h"

enum { MAX_TASKS = 40 };

typedef enum ValueKind {
  VALUE_ID, VALUE_CONNECTOR, VALUE_LIMIT, VALUE_FROM, VALUE_ORDER, VALUE_DAYS, VALUE_DAYS_1, VALUE_STATE, VALUE_HOURS, VALUE_METRICS, VALUE_YEAR, VALUE_BOOL, VALUE_MS,
  VALUE_OTHER, VALUE_METRIC, VALUE_NUMBER, VALUE_COUNT, VALUE_INSTANT, VALUE_SERVICE, VALUE_EXPLICIT, VALUE_STATES, VALUE_TAGS, VALUE_MATCH, VALUE_NAMESPACE, VALUE_TAILS,
  VALUE_SHARE, VALUE_SEED, VALUE_METHOD, VALUE_PERCENT, VALUE_STREAMS, VALUE_NAME, VALUE_TEXT, VALUE_OPERATION, VALUE_ANY
} ValueKind;

typedef struct KeyValue {
  const char *key;
  ValueKind kind;
} KeyValue;
/* Keys that have no meaning here take anything. */
static const KeyValue key_values[] = {
    {"playlist_id", VALUE_ID}, {"connector", VALUE_CONNECTOR}, {"limit", VALUE_LIMIT}, {"connector_filter", VALUE_FROM}, {"sort_by", VALUE_ORDER}, {"state", VALUE_STATE},
    {"max_age_hours", VALUE_HOURS}, {"metrics", VALUE_METRICS}, {"period_days", VALUE_DAYS_1}, {"min_age_days", VALUE_DAYS}, {"max_age_days", VALUE_DAYS},
    {"min_year", VALUE_YEAR}, {"max_year", VALUE_YEAR}, {"include_missing", VALUE_BOOL}, {"min_ms", VALUE_MS}, {"max_ms", VALUE_MS}, {"exclusion_source", VALUE_OTHER},
    {"reference", VALUE_OTHER}, {"exclude_all_artists", VALUE_BOOL}, {"metric_name", VALUE_METRIC}, {"min_value", VALUE_NUMBER}, {"max_value", VALUE_NUMBER},
    {"min_plays", VALUE_COUNT}, {"max_plays", VALUE_COUNT}, {"start_date", VALUE_INSTANT}, {"end_date", VALUE_INSTANT}, {"after_date", VALUE_INSTANT},
    {"before_date", VALUE_INSTANT}, {"not_played_in_days", VALUE_DAYS}, {"played_within_days", VALUE_DAYS_1}, {"days_back", VALUE_DAYS_1}, {"days_forward", VALUE_DAYS},
    {"min_days_back", VALUE_DAYS}, {"max_days_back", VALUE_DAYS_1}, {"service", VALUE_SERVICE}, {"is_liked", VALUE_BOOL}, {"keep", VALUE_EXPLICIT}, {"include", VALUE_STATES},
    {"exclude", VALUE_STATES}, {"tags", VALUE_TAGS}, {"match_mode", VALUE_MATCH}, {"namespace", VALUE_NAMESPACE}, {"values", VALUE_TAILS}, {"reverse", VALUE_BOOL},
    {"ascending", VALUE_BOOL}, {"shuffle_strength", VALUE_SHARE}, {"seed", VALUE_SEED}, {"count", VALUE_COUNT}, {"method", VALUE_METHOD}, {"percentage", VALUE_PERCENT},
    {"sources", VALUE_STREAMS}, {"order", VALUE_STREAMS}, {"deduplicate", VALUE_BOOL}, {"name", VALUE_NAME}, {"description", VALUE_TEXT}, {"append", VALUE_BOOL},
    {"operation_type", VALUE_OPERATION}, {"dry_run", VALUE_BOOL}};

typedef struct GenTask {
  Text id;
  NodeType type;
  size_t inputs[4];
  size_t input_count;
  int64_t period; /* days of the nearest enricher upstream that counts them; 0 = none */
  bool read;
} GenTask;

typedef struct Gen {
  Arena *arena;
  Random random;
  WorkflowUse *use;
  TextBuilder out;
  GenTask tasks[MAX_TASKS];
  size_t count;
  bool with_params;
  unsigned outputs, unnamed;
  bool number_only; /* the metric of the task must be a number: bounds are given */
} Gen;

static unsigned below(Gen *gen, unsigned bound) {
  return (unsigned)random_below(&gen->random, bound);
}

static bool chance(Gen *gen, unsigned percent) {
  return below(gen, 100) < percent;
}

static const char *pick(Gen *gen, const char *const *words, unsigned count) {
  return words[below(gen, count)];
}
#define PICK(gen, ...) pick((gen), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void put(Gen *gen, const char *text) {
  text_append(&gen->out, text_of(text));
}

static void put_text(Gen *gen, const char *text) {
  json_append_string(&gen->out, text_of(text));
}

/* ---- values ---- */

static void coerced(Gen *gen, Coercion coercion) {
  gen->use->coercions[coercion]++;
}

static void put_bool(Gen *gen, bool value) {
  bool text = chance(gen, 30);
  coerced(gen, text ? BOOL_TEXT : BOOL_PLAIN);
  text_append_format(&gen->out, text ? "\"%s\"" : "%s", value ? "true" : "false");
}

static void put_integer(Gen *gen, int64_t value) {
  unsigned way = below(gen, 10);
  bool exact = value < (INT64_C(1) << 50) && value > -(INT64_C(1) << 50);
  coerced(gen, exact && way == 0 ? NUMBER_TEXT : exact && way == 1 ? NUMBER_FLOAT : NUMBER_PLAIN);
  text_append_format(&gen->out, exact && way == 0 ? "\"%" PRId64 "\"" : exact && way == 1 ? "%" PRId64 ".0" : "%" PRId64, value);
}

static void put_list(Gen *gen, const char *const *items, size_t count) {
  bool commas = chance(gen, 50);
  coerced(gen, commas ? LIST_COMMAS : LIST_PLAIN);
  put(gen, commas ? "\"" : "[");
  for (size_t i = 0; i < count; i++) {
    text_append_format(&gen->out, "%s", i ? PICK(gen, ", ", ",") : "");
    if (commas) put(gen, items[i]);
    else put_text(gen, items[i]);
  }
  put(gen, commas ? "\"" : "]");
}

static void put_some(Gen *gen, const char *const *words, unsigned count) {
  const char *items[3];
  size_t number = 1 + below(gen, 3);
  for (size_t i = 0; i < number; i++) items[i] = words[below(gen, count)];
  put_list(gen, items, number);
}
#define PUT_SOME(gen, ...) put_some((gen), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void put_template(Gen *gen, const char *stem) {
  TextBuilder text = {.arena = gen->arena};
  text_append_format(&text, "%s %u", stem, ++gen->outputs);
  for (unsigned i = below(gen, 4); i > 0; i--) {
    static const char *const plain[] = {" {date}", " {x}", " \"q\" \\ ", " {track_count}", " é", "{", "}", " {time} {datetime}", " {{date}"};
    static const char *const params[] = {" {parameters.who}", " {parameters.who|me {you}", " {parameters.most}", " {parameters.share}"};
    gen->use->templates++;
    text_append(&text, text_of(gen->with_params && chance(gen, 50) ? pick(gen, params, 4) : pick(gen, plain, 9)));
  }
  json_append_string(&gen->out, text_built(&text));
}

static void put_instant(Gen *gen) {
  put_text(gen, PICK(gen, "2024-01-31", "2024", "2023-06", "2024-01-31T12:00:00Z", "2024-01-31 12:00", "2024-02-29T23:30:00+02:00", "2024-01-31T12:00:00.250Z", "1970-01-01", "2020-01-01T00:00:00"));
}

static void put_metric(Gen *gen, const GenTask *task) {
  if (task->period && chance(gen, 40)) {
    put_text(gen, "period_plays");
    return;
  }
  for (;;) {
    size_t i = below(gen, (unsigned)workflow_metric_count);
    const Metric *metric = &workflow_metrics[i];
    bool number = strstr(metric->name, "play") && !strstr(metric->name, "dates") && !strstr(metric->name, "last_played") && !strstr(metric->name, "first_played");
    number = number || strcmp(metric->name, "duration_ms") == 0 || strstr(metric->name, "popularity") || strcmp(metric->name, "lastfm_listeners") == 0;
    if (gen->number_only && !number) continue;
    gen->use->metrics[i]++;
    put_text(gen, metric->name);
    return;
  }
}

static void put_streams(Gen *gen, const GenTask *task) {
  size_t order[4];
  const char *ids[4];
  for (size_t i = 0; i < task->input_count; i++) {
    size_t at = below(gen, (unsigned)i + 1);
    order[i] = order[at];
    order[at] = i;
  }
  bool commas = false;
  for (size_t i = 0; i < task->input_count; i++) {
    Text id = gen->tasks[task->inputs[order[i]]].id;
    ids[i] = id.bytes;
    commas = commas || memchr(id.bytes, ',', id.length) || memchr(id.bytes, ' ', id.length) || memchr(id.bytes, '"', id.length) || memchr(id.bytes, '\\', id.length);
  }
  if (!commas) {
    put_list(gen, ids, task->input_count);
    return;
  }
  put(gen, "[");
  for (size_t i = 0; i < task->input_count; i++) {
    put(gen, i ? ", " : "");
    put_text(gen, ids[i]);
  }
  put(gen, "]");
}

static void put_order(Gen *gen, NodeType type) {
  for (;;) {
    const OrderRow *row = &workflow_orders[below(gen, (unsigned)workflow_order_count)];
    if (row->node != type) continue;
    put_text(gen, row->word);
    return;
  }
}

static void put_number(Gen *gen) {
  if (chance(gen, 60)) put_integer(gen, below(gen, 100000));
  else text_append_format(&gen->out, "%u.%u", below(gen, 500), 1 + below(gen, 99));
}

static void put_value(Gen *gen, GenTask *task, const char *key, ValueKind kind) {
  static const char *const tags[] = {"mood:chill", "Mood:  Chill", "b", "x y", "time:late night", "A-b_c"};
  static const char *const states[] = {"star", "yah", "hmm", "nah"};
  switch (kind) {
    case VALUE_ID:
      if (chance(gen, 30)) put_template(gen, "spotify:playlist:x");
      else text_append_format(&gen->out, "\"%s%04u\"", PICK(gen, "37i9dQZF1DX0XUsux", "https://open.spotify.com/playlist/", "12345678-1234-1234-1234-12345678"), ++gen->outputs);
      return;
    case VALUE_CONNECTOR:
      if (chance(gen, 30)) coerced(gen, CONNECTOR_EMPTY);
      put(gen, chance(gen, 70) ? "\"spotify\"" : "\"\"");
      return;
    case VALUE_LIMIT: put_integer(gen, below(gen, 4) ? below(gen, 2000) : 0); return;
    case VALUE_FROM:
      if (task->type == NODE_SOURCE_LIKED) put_text(gen, PICK(gen, "spotify", "lastfm", "mixd"));
      else put_text(gen, PICK(gen, "spotify", "lastfm", "my \"own\""));
      return;
    case VALUE_ORDER: put_order(gen, task->type); return;
    case VALUE_DAYS: put_integer(gen, below(gen, 4) ? below(gen, 400) : 0); return;
    case VALUE_DAYS_1: put_integer(gen, 1 + below(gen, 400)); return;
    case VALUE_STATE: put_text(gen, pick(gen, states, 4)); return;
    case VALUE_HOURS:
      if (chance(gen, 50)) put_integer(gen, below(gen, 200));
      else put(gen, PICK(gen, "0.5", "1.25", "0.001", "0.0166", "\"2.75\"", "1e-3", "33.3333333"));
      return;
    case VALUE_METRICS: PUT_SOME(gen, "total_plays", "last_played_dates", "first_played_dates", "period_plays"); return;
    case VALUE_YEAR: put_integer(gen, strcmp(key, "min_year") == 0 ? 1950 + below(gen, 40) : 1990 + below(gen, 40)); return;
    case VALUE_BOOL: put_bool(gen, chance(gen, 50)); return;
    case VALUE_MS: put_integer(gen, (int64_t)below(gen, 1000) * (below(gen, 2) ? 60000 : below(gen, 2) ? 1000 : 1)); return;
    case VALUE_OTHER: json_append_string(&gen->out, gen->tasks[task->inputs[task->input_count - 1]].id); return;
    case VALUE_METRIC: put_metric(gen, task); return;
    case VALUE_NUMBER: put_number(gen); return;
    case VALUE_COUNT: put_integer(gen, below(gen, 40)); return;
    case VALUE_INSTANT: put_instant(gen); return;
    case VALUE_SERVICE: put_text(gen, PICK(gen, "spotify", "lastfm", "mixd")); return;
    case VALUE_EXPLICIT: put_text(gen, PICK(gen, "explicit", "clean", "all")); return;
    case VALUE_STATES: put_some(gen, states, 4); return;
    case VALUE_TAGS: put_some(gen, tags, 6); return;
    case VALUE_MATCH: put_text(gen, PICK(gen, "any", "all")); return;
    case VALUE_NAMESPACE: put_text(gen, PICK(gen, "mood", "time", "a b")); return;
    case VALUE_TAILS: PUT_SOME(gen, "chill", "Late  Night", "x"); return;
    case VALUE_SHARE: put(gen, PICK(gen, "0", "0.5", "1", "\"0.8\"", "0.333", "1.0", "0.1e0")); return;
    case VALUE_SEED: put_integer(gen, (int64_t)(random_next(&gen->random) >> 14) - (INT64_C(1) << 49)); return;
    case VALUE_METHOD: put_text(gen, PICK(gen, "first", "last", "random")); return;
    case VALUE_PERCENT: put_integer(gen, 1 + below(gen, 100)); return;
    case VALUE_STREAMS: put_streams(gen, task); return;
    case VALUE_NAME: put_template(gen, "List"); return;
    case VALUE_TEXT: put_text(gen, PICK(gen, "what it is", "two\nlines", "  \t", "\"q\" ## {date}", "ünï", "\x7F")); return;
    case VALUE_OPERATION: put_text(gen, PICK(gen, "update_internal", "update_spotify", "sync_bidirectional")); return;
    case VALUE_ANY: put(gen, PICK(gen, "1", "\"x\"", "true", "[1, {}]", "{\"a\": [null]}", "-2.5e3")); return;
  }
}

/* ---- tasks ---- */

static ValueKind kind_of(const ConfigKey *key) {
  for (size_t i = 0; key->need != IGNORED && i < sizeof key_values / sizeof *key_values; i++)
    if (strcmp(key_values[i].key, key->key) == 0) return key_values[i].kind;
  return VALUE_ANY;
}

/* What must stand in the config for the task to mean something. */
static bool is_needed(Gen *gen, const GenTask *task, const ConfigKey *key, const char *chosen) {
  if (task->type == NODE_CREATE_PLAYLIST && strcmp(key->key, "name") == 0) return gen->unnamed++ > 0; /* one may have the standard name */
  if (key->need == REQUIRED || strcmp(key->key, chosen) == 0) return true;
  bool other = strcmp(key->key, "exclusion_source") == 0 && task->input_count == 1;
  return other;
}

/* A key that makes the task mean something, of those that need one of several. */
static const char *choose_key(Gen *gen, NodeType type) {
  switch (type) {
    case NODE_FILTER_HISTORY: return PICK(gen, "min_plays", "max_plays", "start_date", "not_played_in_days", "played_within_days", "min_days_back", "max_days_back", "days_back");
    case NODE_FILTER_FIRST_PLAYED: return PICK(gen, "start_date", "end_date", "not_played_in_days", "played_within_days");
    case NODE_FILTER_RELEASE_YEAR: return PICK(gen, "min_year", "max_year");
    case NODE_FILTER_PREFERENCE: return PICK(gen, "include", "exclude");
    default: return "";
  }
}

static void put_config(Gen *gen, GenTask *task) {
  const char *chosen = choose_key(gen, task->type);
  bool any = false, primary = task->input_count > 1 && node_category(task->type) != CATEGORY_COMBINER;
  bool bounds = task->type == NODE_FILTER_METRIC && chance(gen, 70);
  gen->number_only = bounds;
  primary = primary && task->type != NODE_FILTER_TRACKS && task->type != NODE_FILTER_ARTISTS;
  unsigned share = below(gen, 100);
  size_t start = gen->out.length;
  put(gen, ", \"config\": {");
  if (primary) {
    put(gen, "\"primary_input\": ");
    json_append_string(&gen->out, gen->tasks[task->inputs[below(gen, (unsigned)task->input_count)]].id);
    any = true;
  }
  for (size_t i = 0; i < workflow_key_count; i++) {
    const ConfigKey *key = &workflow_keys[i];
    if (key->type != task->type) continue;
    bool needed = is_needed(gen, task, key, chosen);
    bool exclusive = (task->type == NODE_FILTER_PREFERENCE && !needed) || (!bounds && task->type == NODE_FILTER_METRIC && strstr(key->key, "_value"));
    bool combined = (strcmp(key->key, "order") == 0 || strcmp(key->key, "sources") == 0) && task->input_count == 0;
    if ((!needed && !chance(gen, share)) || exclusive || combined) continue;
    gen->use->keys[i]++;
    if (any) put(gen, ", ");
    any = true;
    put_text(gen, key->key);
    put(gen, ": ");
    if (!needed && chance(gen, 5)) {
      coerced(gen, VALUE_NULL);
      put(gen, "null");
      continue;
    }
    size_t value = gen->out.length;
    put_value(gen, task, key->key, kind_of(key));
    if (strcmp(key->key, "period_days") == 0) {
      Text days = {gen->out.bytes + value, gen->out.length - value};
      int64_t number = 0;
      for (size_t d = 0; d < days.length && days.bytes[d] != '.'; d++)
        if (days.bytes[d] >= '0' && days.bytes[d] <= '9') number = number * 10 + days.bytes[d] - '0';
      task->period = number;
    }
  }
  put(gen, "}");
  if (any) return;
  gen->out.length = start;
  unsigned way = below(gen, 3);
  if (way == 0) coerced(gen, CONFIG_ABSENT);
  if (way == 1) coerced(gen, CONFIG_NULL);
  put(gen, way == 0 ? "" : way == 1 ? ", \"config\": null" : ", \"config\": {}");
}

static void put_type(Gen *gen, GenTask *task) {
  gen->use->types[task->type]++;
  for (size_t i = 0; i < workflow_alias_count; i++) {
    if (workflow_aliases[i].type != task->type || !chance(gen, 30)) continue;
    gen->use->aliases[i]++;
    put_text(gen, workflow_aliases[i].seen);
    return;
  }
  put_text(gen, node_type_name(task->type));
}

static Text new_id(Gen *gen) {
  static const char *const ids[] = {"liked", "new ones!", "from", "sort", "plays", "a-b", "9 lives", "ü", "let", "x", "source_1", "very_long_name_of_a_task_that_goes_on_and_on_and_on_and_never_ends_at_all"};
  Text id = text_of(arena_format(gen->arena, "%s%s", pick(gen, ids, 12), chance(gen, 20) ? "_" : ""));
  for (size_t i = 0; i < gen->count; i++)
    if (text_equal(gen->tasks[i].id, id)) return text_of(arena_format(gen->arena, "task %zu", gen->count));
  return id;
}

static bool is_stream(const Gen *gen, size_t i) {
  return node_category(gen->tasks[i].type) != CATEGORY_DESTINATION;
}

static void choose_inputs(Gen *gen, GenTask *task, NodeCategory category) {
  size_t wanted = 1;
  if (category == CATEGORY_COMBINER) wanted = 1 + below(gen, 4);
  else if (task->type == NODE_FILTER_TRACKS || task->type == NODE_FILTER_ARTISTS) wanted = 1 + below(gen, 2);
  else if (chance(gen, 5)) wanted = 2;
  for (unsigned tries = 0; task->input_count < wanted && tries < 20; tries++) {
    size_t input = chance(gen, 60) ? gen->count - 1 : below(gen, (unsigned)gen->count);
    bool again = !is_stream(gen, input) && !chance(gen, 10);
    for (size_t i = 0; i < task->input_count; i++) again = again || task->inputs[i] == input;
    if (!again) task->inputs[task->input_count++] = input;
  }
  if (!task->input_count) task->inputs[task->input_count++] = 0;
  for (size_t i = 0; i < task->input_count; i++) {
    gen->tasks[task->inputs[i]].read = true;
    if (i == 0) task->period = gen->tasks[task->inputs[0]].period;
  }
}

static void put_task(Gen *gen, NodeType type) {
  GenTask *task = &gen->tasks[gen->count];
  *task = (GenTask){.type = type, .id = new_id(gen)};
  NodeCategory category = node_category(type);
  if (category != CATEGORY_SOURCE) choose_inputs(gen, task, category);
  text_append_format(&gen->out, "%s\n    {\"id\": ", gen->count ? "," : "");
  json_append_string(&gen->out, task->id);
  put(gen, ", \"type\": ");
  put_type(gen, task);
  if (task->input_count || chance(gen, 10)) {
    put(gen, ", \"upstream\": [");
    for (size_t i = 0; i < task->input_count; i++) {
      put(gen, i ? ", " : "");
      json_append_string(&gen->out, gen->tasks[task->inputs[i]].id);
    }
    put(gen, "]");
  }
  put_config(gen, task);
  put(gen, "}");
  gen->count++;
}

static NodeType random_type(Gen *gen) {
  for (;;) {
    NodeType type = (NodeType)below(gen, NODE_TYPE_COUNT);
    NodeCategory category = node_category(type);
    if (category == CATEGORY_SOURCE && !chance(gen, 50)) continue;
    if (category == CATEGORY_DESTINATION && !chance(gen, 20)) continue;
    return type;
  }
}

static void put_head(Gen *gen) {
  if (chance(gen, 80)) put(gen, "  \"id\": \"w\",\n");
  if (chance(gen, 80)) text_append_format(&gen->out, "  \"name\": \"%s\",\n", PICK(gen, "A mix", "Öl & \\\"Essig\\\"", "a\\nb", "{date}"));
  if (chance(gen, 60)) text_append_format(&gen->out, "  \"description\": \"%s\",\n", PICK(gen, "What I forgot", "A mix", "one\\ntwo\\r\\nthree", "# not a title"));
  if (chance(gen, 60)) text_append_format(&gen->out, "  \"version\": %s,\n", PICK(gen, "\"1.0\"", "1.2", "3"));
  gen->with_params = chance(gen, 40);
  if (!gen->with_params) return;
  put(gen, "  \"parameters\": [\n");
  put(gen, "    {\"name\": \"who\", \"type\": \"string\"");
  if (chance(gen, 50)) text_append_format(&gen->out, ", \"required\": %s", PICK(gen, "true", "false"));
  if (chance(gen, 40)) text_append_format(&gen->out, ", \"default\": %s", PICK(gen, "\"x {y} z\"", "\"\"", "\"{date}\"", "\"q\\\"\\n\"", "null"));
  if (chance(gen, 40)) put(gen, ", \"description\": \"who it is for\"");
  text_append_format(&gen->out, "},\n    {\"name\": \"most\", \"type\": \"integer\", \"default\": %d},\n", (int)below(gen, 100) - 50);
  text_append_format(&gen->out, "    {\"name\": \"share\", \"type\": \"%s\", \"required\": true}\n  ],\n", PICK(gen, "number", "boolean", "float", "string"));
}

Text generate_workflow(Arena *arena, uint64_t seed, WorkflowUse *use) {
  Gen *gen = arena_alloc(arena, sizeof *gen);
  *gen = (Gen){.arena = arena, .random = random_seeded(seed), .use = use ? use : arena_alloc(arena, sizeof *use), .out = {.arena = arena}};
  put(gen, "{\n");
  put_head(gen);
  put(gen, "  \"tasks\": [");
  put_task(gen, (NodeType)below(gen, NODE_ENRICH_LASTFM));
  for (unsigned rest = 1 + below(gen, 14); rest > 0; rest--) put_task(gen, random_type(gen));
  for (unsigned ends = 1 + below(gen, 2); ends > 0; ends--) put_task(gen, chance(gen, 50) ? NODE_CREATE_PLAYLIST : NODE_UPDATE_PLAYLIST);
  put(gen, "\n  ]\n}\n");
  return text_built(&gen->out);
}
