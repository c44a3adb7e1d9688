#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/vec.h"
#include "connectors/import/import_record.h"

/* Of one record; each new one copies those before it. */
enum { ADDRESSES_MOST = 4096 };

/* The value of a field in `bytes`; `rank` is that of the path it came by, from 1; 0 = none. */
typedef struct Found {
  size_t at, length;
  unsigned rank;
} Found;

typedef struct Walk {
  const ImportFormat *format;
  JsonReader *json;
  ImportVisit *visit;
  void *context;
  TextBuilder path;
  size_t record;     /* length of the record's path, while one is open */
  bool in_record;
  bool has_records;  /* a record was found inside the one that was open: it is no record but holds them */
  uint64_t line;     /* where the record begins */
  TextBuilder bytes; /* its values */
  Found found[IMPORT_FIELD_COUNT];
  TextBuilder key, first_key; /* the first of the record, and of the first record that was read */
  TextBuilder group;
  bool in_group, stopped; /* stopped: by a visit */
  bool by_lines; /* no document goes on in the next line */
} Walk;

static Status walk_value(Walk *walk, JsonToken token, Error *error);

static Text path_of(const Walk *walk) {
  return (Text){walk->path.bytes, walk->path.length};
}

/* ---- values ---- */

static Text scalar(const Walk *walk, JsonToken token, char room[32]) {
  switch (token) {
    case JSON_STRING:
    case JSON_NUMBER: return json_text(walk->json);
    case JSON_INTEGER: return (Text){room, (size_t)snprintf(room, 32, "%" PRId64, json_integer(walk->json))};
    case JSON_TRUE: return TEXT_LITERAL("true");
    case JSON_FALSE: return TEXT_LITERAL("false");
    default: return (Text){"", 0};
  }
}

static void note_group(Walk *walk, Text value) {
  const char *path = import_group_path(walk->format->id);
  Text here = path_of(walk);
  size_t length = path ? strlen(path) : 0;
  if (!path || here.length <= length + 1 || memcmp(here.bytes, path, length) != 0 || here.bytes[length] != '.') return;
  if (!text_is((Text){here.bytes + length + 1, here.length - length - 1}, import_group_name(walk->format->id))) return;
  walk->group.length = 0;
  text_append(&walk->group, value);
}

/* The addresses of a record are kept together, one a line. */
static void append_address(Walk *walk, Found before, Text value) {
  size_t at = walk->bytes.length;
  if (before.length + value.length >= ADDRESSES_MOST) return;
  for (size_t i = 0; i < before.length; i++) text_append_char(&walk->bytes, walk->bytes.bytes[before.at + i]); /* the bytes may move */
  text_append_char(&walk->bytes, '\n');
  text_append(&walk->bytes, value);
  walk->found[IMPORT_FIELD_ADDRESS] = (Found){at, before.length + 1 + value.length, before.rank};
}

static void note_value(Walk *walk, JsonToken token) {
  char room[32];
  Text value = scalar(walk, token, room);
  if (!walk->in_record) {
    note_group(walk, value);
    return;
  }
  if (walk->path.length == walk->record) return; /* the record itself is a single value */
  Text path = {walk->path.bytes + walk->record, walk->path.length - walk->record};
  if (path.bytes[0] == '.') path = (Text){path.bytes + 1, path.length - 1};
  unsigned rank = 0;
  ImportField field = import_field_at(walk->format->id, path, &rank);
  if (field == IMPORT_FIELD_COUNT || !value.length) return;
  Found before = walk->found[field];
  if (field == IMPORT_FIELD_ADDRESS && before.rank) {
    append_address(walk, before, value);
    return;
  }
  if (before.rank && before.rank <= rank + 1) return;
  walk->found[field] = (Found){walk->bytes.length, value.length, rank + 1};
  text_append(&walk->bytes, value);
}

/* ---- records ---- */

static Status visit_record(Walk *walk, ImportEvent event, Error *error) {
  ImportRecord record = {.event = event, .line = walk->line, .group = {walk->group.bytes, walk->group.length}};
  for (int i = 0; i < IMPORT_FIELD_COUNT && event == IMPORT_RECORD; i++)
    if (walk->found[i].rank) record.fields[i] = (Text){walk->bytes.bytes + walk->found[i].at, walk->found[i].length};
  Status status = walk->visit(walk->context, &record, error);
  walk->stopped = status != STATUS_OK;
  return status;
}

static void begin_record(Walk *walk) {
  walk->in_record = true;
  walk->has_records = false;
  walk->record = walk->path.length;
  walk->line = json_line(walk->json);
  walk->bytes.length = walk->key.length = 0;
  memset(walk->found, 0, sizeof walk->found);
}

static Status walk_object(Walk *walk, Error *error) {
  size_t length = walk->path.length;
  for (;;) {
    JsonToken token;
    Status status = json_next(walk->json, &token, error);
    if (status != STATUS_OK || token == JSON_OBJECT_END) return status;
    if (walk->in_record && length == walk->record && !walk->key.length) text_append(&walk->key, json_text(walk->json));
    if (length) text_append_char(&walk->path, '.');
    text_append(&walk->path, json_text(walk->json)); /* a key */
    status = json_next(walk->json, &token, error);
    if (status == STATUS_OK) status = walk_value(walk, token, error);
    if (status != STATUS_OK) return status;
    walk->path.length = length;
  }
}

/* Where a record should be is something that cannot be read. */
static Status visit_broken(Walk *walk, uint64_t line, const Error *problem, Error *error) {
  *error = (Error){0};
  const char *reason = strstr(problem->message, ": "); /* behind the file and the place, which the report has */
  ImportRecord record = {.event = IMPORT_NO_RECORD, .line = line, .problem = text_of(reason ? reason + 2 : problem->message)};
  Status status = walk->visit(walk->context, &record, error);
  walk->stopped = status != STATUS_OK;
  return status;
}

/* Goes on with the record after one that is broken. */
static Status pass_record(Walk *walk, uint32_t depth, Error *error) {
  if (walk->stopped || !import_is_record(walk->format->id, path_of(walk))) return error->status;
  Error problem = *error;
  uint64_t line = walk->in_record ? walk->line : json_line(walk->json);
  const TextBuilder *key = walk->first_key.length || !walk->in_record ? &walk->first_key : &walk->key;
  JsonRowArray rows = {depth, {key->bytes, key->length}, strcmp(walk->format->service, "spotify") == 0};
  if (!json_next_row(walk->json, rows)) return problem.status;
  walk->in_record = false;
  return visit_broken(walk, line, &problem, error);
}

static Status walk_array(Walk *walk, Error *error) {
  size_t length = walk->path.length;
  uint32_t depth = json_depth(walk->json);
  text_append(&walk->path, TEXT_LITERAL("[]"));
  walk->has_records = walk->has_records || import_is_record(walk->format->id, path_of(walk)); /* were it without any */
  for (;;) {
    JsonToken token;
    Status status = json_next(walk->json, &token, error);
    if (status == STATUS_OK && token != JSON_ARRAY_END) status = walk_value(walk, token, error);
    if (status != STATUS_OK) {
      walk->path.length = length + 2;
      token = JSON_NULL;
      status = pass_record(walk, depth, error);
    }
    if (status != STATUS_OK || token == JSON_ARRAY_END) {
      walk->path.length = length;
      return status;
    }
  }
}

static Status walk_contents(Walk *walk, JsonToken token, Error *error) {
  if (token == JSON_OBJECT) return walk_object(walk, error);
  if (token == JSON_ARRAY) return walk_array(walk, error);
  note_value(walk, token);
  return STATUS_OK;
}

static Status walk_record(Walk *walk, JsonToken token, Error *error) {
  begin_record(walk);
  uint64_t line = walk->line;
  Status status = walk_contents(walk, token, error);
  bool holds_records = walk->has_records;
  walk->in_record = false;
  walk->has_records = true; /* of the one around it */
  if (status != STATUS_OK || holds_records) return status;
  if (!walk->first_key.length) text_append(&walk->first_key, (Text){walk->key.bytes, walk->key.length});
  walk->line = line;
  return visit_record(walk, token == JSON_OBJECT ? IMPORT_RECORD : IMPORT_NO_RECORD, error);
}

static Status walk_value(Walk *walk, JsonToken token, Error *error) {
  const char *group = import_group_path(walk->format->id);
  bool is_group = group && token == JSON_OBJECT && text_is(path_of(walk), group);
  if (is_group) walk->group.length = 0;
  walk->in_group = walk->in_group || is_group;
  Status status = import_is_record(walk->format->id, path_of(walk)) ? walk_record(walk, token, error) : walk_contents(walk, token, error);
  if (status != STATUS_OK || !is_group) return status;
  walk->in_group = false;
  return visit_record(walk, IMPORT_GROUP_END, error);
}

/* One document. */
static Status read_document(Walk *walk, bool *end, Error *error) {
  JsonToken token;
  Status status = json_next(walk->json, &token, error);
  if (walk->format->text == IMPORT_LINES && !walk->by_lines && status == STATUS_OK && token != JSON_ARRAY) {
    json_reader_strict_lines(walk->json);
    walk->by_lines = true;
  }
  *end = status == STATUS_OK && token == JSON_END;
  if (status == STATUS_OK && !*end) status = walk_value(walk, token, error);
  if (status == STATUS_OK && !*end) status = json_next(walk->json, &token, error); /* the end of the document */
  return status;
}

/* A list whose end did not come is called as it said before. */
static Status end_cut_group(Walk *walk, Error *error) {
  Error problem = *error;
  if (walk->stopped || !walk->in_group || !walk->group.length || problem.status == STATUS_INTERRUPTED) return problem.status;
  Status status = visit_record(walk, IMPORT_GROUP_END, error);
  if (status == STATUS_OK) *error = problem;
  return status == STATUS_OK ? problem.status : status;
}

/* Of JSON Lines each line is a record by itself: what is wrong with one is told of that one, and the others are read. */
static Status pass_line(Walk *walk, Error *error) {
  Error problem = *error;
  uint64_t line = json_first_line(walk->json);
  if (!json_next_line(walk->json)) return problem.status;
  walk->in_record = false;
  return visit_broken(walk, line, &problem, error);
}

Status import_read_json(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error) {
  Walk walk = {.format = format, .json = json_reader_new(arena, input), .visit = visit, .context = context};
  walk.path.arena = walk.bytes.arena = walk.key.arena = walk.first_key.arena = walk.group.arena = arena;
  json_reader_mend_strings(walk.json);
  json_reader_lines(walk.json); /* answers of a service, one appended to the other, or records */
  for (bool end = false;;) {
    Status status = read_document(&walk, &end, error);
    if (status != STATUS_OK && walk.by_lines) status = pass_line(&walk, error);
    if (status != STATUS_OK) return end_cut_group(&walk, error);
    if (end) return STATUS_OK;
    walk.path.length = 0;
  }
}
