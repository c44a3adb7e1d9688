#include <string.h>

#include "base/json.h"
#include "store/store_int.h"

/* A scratch arena is replaced after this many uses: folding a million names must not keep a million names. */
enum { SCRATCH_USES = 512, MAX_NAMES = 1024 };

Text names_json(TextBuilder *builder, const Text *names, size_t count) {
  builder->length = 0;
  text_append_char(builder, '[');
  for (size_t i = 0; i < count; i++) {
    if (i) text_append_char(builder, ',');
    json_append_string(builder, names[i]);
  }
  text_append_char(builder, ']');
  return text_built(builder);
}

/* ---- reading the list ---- */

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
  return at;
}

/* The four digits of a \u escape at `at`, or -1. */
static int32_t read_hex(const char *at, const char *end) {
  static const char digits[] = "0123456789abcdefABCDEF";
  int32_t value = 0;
  if (end - at < 4) return -1;
  for (int i = 0; i < 4; i++) {
    const char *digit = memchr(digits, at[i], sizeof digits - 1);
    if (!digit) return -1;
    int32_t number = (int32_t)(digit - digits);
    value = value * 16 + (number < 16 ? number : number - 6);
  }
  return value;
}

/* Appends what the escape after a backslash at `at` means; returns where it ends, NULL if it is none. */
static const char *read_escape(TextBuilder *out, const char *at, const char *end) {
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  if (at == end) return NULL;
  const char *letter = memchr(letters, *at, sizeof letters - 1);
  if (letter) {
    text_append_char(out, meanings[letter - letters]);
    return at + 1;
  }
  int32_t point = *at == 'u' ? read_hex(at + 1, end) : -1;
  if (point < 0) return NULL;
  at += 5;
  if (point >= 0xD800 && point < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
    int32_t low = read_hex(at + 2, end);
    if (low >= 0xDC00 && low < 0xE000) {
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      at += 6;
    }
  }
  text_append_code_point(out, (uint32_t)point);
  return at;
}

/* The string whose opening quote was read. One without escapes is borrowed from the JSON, another is put into `out`.
 * Returns where it ends, NULL if it does not. */
static const char *read_string(TextBuilder *out, const char *at, const char *end, Text *text) {
  const char *begin = at;
  while (at < end && *at != '"' && *at != '\\') at++;
  if (at == end) return NULL;
  *text = (Text){begin, (size_t)(at - begin)};
  if (*at == '"') return at + 1;
  size_t start = out->length;
  text_append(out, *text);
  while (at && at < end && *at != '"') {
    if (*at == '\\') {
      at = read_escape(out, at + 1, end);
    } else {
      text_append_char(out, *at++);
    }
  }
  if (!at || at == end) return NULL;
  *text = (Text){NULL, out->length - start}; /* placed when the builder moves no more */
  return at + 1;
}

/* A column that a foreign tool filled with something else gives the names up to where it stops being a list of texts.
 */
void store_artists(Store *store, Text json, const Text **out, uint32_t *count) {
  const char *at = json.bytes, *end = json.bytes + json.length;
  store->artists.count = 0;
  store->artist_texts.arena = store->arena;
  store->artist_texts.length = 0;
  at = skip_blanks(at, end);
  bool more = at < end && *at++ == '[';
  while (more && store->artists.count < MAX_NAMES) {
    Text name;
    at = skip_blanks(at, end);
    if (at == end || *at != '"') break;
    at = read_string(&store->artist_texts, at + 1, end, &name);
    if (!at) break;
    vec_push(store->arena, &store->artists, name);
    at = skip_blanks(at, end);
    more = at < end && *at++ == ',';
  }
  const char *decoded = store->artist_texts.bytes;
  for (size_t i = 0; i < store->artists.count; i++) {
    if (store->artists.items[i].bytes) continue;
    store->artists.items[i].bytes = decoded;
    decoded += store->artists.items[i].length;
  }
  *out = store->artists.items;
  *count = (uint32_t)store->artists.count;
}

/* ---- folding ---- */

static Status with_scratch(Store *store, Status (*body)(void *context, Error *error), void *context, Error *error) {
  if (store->scratch && ++store->scratch_uses > SCRATCH_USES) {
    arena_free(store->scratch);
    store->scratch = NULL;
  }
  if (!store->scratch) {
    store->scratch = arena_new(0);
    store->scratch_uses = 0;
  }
  if (!store->scratch) return fail(error, STATUS_FAILED, "", "memory ran out");
  return arena_protect(store->scratch, body, context, error);
}

typedef struct Folding {
  const Store *store;
  Text artist, title;
  int64_t hash;
} Folding;

static Status fold_and_hash(void *context, Error *error) {
  Folding *folding = context;
  (void)error;
  TextBuilder key = {.arena = folding->store->scratch};
  text_append(&key, text_fold(folding->store->scratch, folding->artist));
  text_append_char(&key, '\x1f');
  text_append(&key, text_fold(folding->store->scratch, folding->title));
  uint64_t hash = hash_bytes(key.bytes, key.length, 0);
  memcpy(&folding->hash, &hash, sizeof hash);
  return STATUS_OK;
}

Status names_hash(Store *store, Text artist, Text title, int64_t *out, Error *error) {
  Folding folding = {store, artist, title, 0};
  Status status = with_scratch(store, fold_and_hash, &folding, error);
  *out = folding.hash;
  return status;
}

/* names_hash_of(ARTISTS, TITLE) */
static void hash_names(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  Store *store = sqlite3_user_data(context);
  const Text *artists;
  uint32_t artist_count;
  int64_t hash;
  const char *json = (const char *)sqlite3_value_text(values[0]), *title = (const char *)sqlite3_value_text(values[1]);
  if (!title || !*title) return; /* NULL */
  store_artists(store, text_of(json ? json : ""), &artists, &artist_count);
  Text artist = artist_count ? artists[0] : (Text){"", 0};
  Status status = names_hash(store, artist, (Text){title, (size_t)sqlite3_value_bytes(values[1])}, &hash, NULL);
  if (status == STATUS_OK) sqlite3_result_int64(context, names_column(hash));
  else sqlite3_result_error_nomem(context);
}

Status names_define(Store *store, Error *error) {
  int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  int code = sqlite3_create_function_v2(store->db, "names_hash_of", 2, flags, store, hash_names, NULL, NULL, NULL);
  return code == SQLITE_OK ? STATUS_OK : store_fail(store, error, "opening it");
}

typedef struct Comparison {
  const Store *store;
  Text a, b;
  bool equal;
} Comparison;

static Status fold_and_compare(void *context, Error *error) {
  Comparison *comparison = context;
  (void)error;
  comparison->equal = text_equal(text_fold(comparison->store->scratch, comparison->a),
                                 text_fold(comparison->store->scratch, comparison->b));
  return STATUS_OK;
}

Status names_equal(Store *store, Text a, Text b, bool *out, Error *error) {
  Comparison comparison = {store, a, b, false};
  Status status = with_scratch(store, fold_and_compare, &comparison, error);
  *out = comparison.equal;
  return status;
}
