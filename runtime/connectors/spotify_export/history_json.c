/* The careful way to read a history: token by token, with messages that say where and why. */
#include <stdlib.h>
#include <string.h>

#include "connectors/spotify_export/history_feed.h"

/* The JSON reader gets the bytes that the scanner did not use. Before them stands what makes its lines, columns and
 * offsets those of the file: spaces, as many newlines as were read, spaces up to the column, `[{}` where the last row
 * ended. */
typedef struct Replay {
  const char *head, *tail;
  uint64_t filling, newlines, spaces;
  Text rest;
  Input *input;
  Input replay;
} Replay;

static size_t replay_run(uint64_t *left, char byte, char *buffer, size_t size) {
  size_t count = *left < size ? (size_t)*left : size;
  memset(buffer, byte, count);
  *left -= count;
  return count;
}

static size_t replay_text(const char **text, char *buffer, size_t size) {
  size_t count = strlen(*text);
  count = count < size ? count : size;
  memcpy(buffer, *text, count);
  *text += count;
  return count;
}

static Status replay_read(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Replay *replay = input->context;
  if (*replay->head) {
    *got = replay_text(&replay->head, buffer, size);
  } else if (replay->filling > 0) {
    *got = replay_run(&replay->filling, ' ', buffer, size);
  } else if (replay->newlines > 0) {
    *got = replay_run(&replay->newlines, '\n', buffer, size);
  } else if (replay->spaces > 0) {
    *got = replay_run(&replay->spaces, ' ', buffer, size);
  } else if (*replay->tail) {
    *got = replay_text(&replay->tail, buffer, size);
  } else if (replay->rest.length > 0) {
    *got = replay->rest.length < size ? replay->rest.length : size;
    memcpy(buffer, replay->rest.bytes, *got);
    replay->rest.bytes += *got;
    replay->rest.length -= *got;
  } else {
    return replay->input->read(replay->input, buffer, size, got, error);
  }
  return STATUS_OK;
}

typedef struct HandOver {
  HistoryFeed *feed;
  Text rest;
} HandOver;

static Status hand_over_body(void *context, Error *error) {
  HandOver *hand_over = context;
  HistoryFeed *feed = hand_over->feed;
  (void)error;
  Replay *replay = arena_alloc(feed->file_arena, sizeof *replay);
  *replay =
      (Replay){.head = "", .tail = "", .rest = text_copy(feed->file_arena, hand_over->rest), .input = feed->input};
  if (!feed->scan.first) {
    /* The closing brace stands where the last row's stood, what opens beside it as far as its line has room; the file
     * has the rest before that line. */
    static const char *const heads[] = {"\xEF\xBB\xBF", "\xEF\xBB\xBF[", "\xEF\xBB\xBF[{"};
    static const char *const tails[] = {"[{}", "{}", "}"};
    size_t mark = feed->byte_order_mark ? 3 : 0;
    size_t before = feed->column >= 3 ? 0 : feed->column == 2 ? 1 : 2;
    replay->head = heads[before] + 3 - mark;
    replay->tail = tails[before];
    replay->newlines = feed->line - 1;
    replay->spaces = feed->column - (3 - before);
    replay->filling = feed->offset - mark - 3 - replay->newlines - replay->spaces;
    feed->json_dummy = true;
  }
  replay->replay = (Input){.read = replay_read, .context = replay, .name = feed->files[feed->file_index].name.bytes};
  feed->json = json_reader_new(feed->file_arena, &replay->replay);
  json_reader_mend_strings(feed->json);
  return STATUS_OK;
}

/* ---- messages ---- */

/* The message of the JSON reader without the file's name, which the row carries: "LINE:COLUMN: WHAT". */
static const char *without_name(const HistoryFeed *feed, const char *message) {
  Text name = feed->files[feed->file_index].name;
  return strncmp(message, name.bytes, name.length) == 0 && message[name.length] == ':' ? message + name.length + 1
                                                                                       : message;
}

/* The line of such a message, or `otherwise`. */
static uint64_t line_told(const HistoryFeed *feed, const char *message, uint64_t otherwise) {
  const char *place = without_name(feed, message);
  char *end;
  unsigned long long line = place == message ? 0 : strtoull(place, &end, 10);
  return line > 0 ? line : otherwise;
}

/* ---- the beginning ---- */

static void refuse_file(HistoryFeed *feed, HistoryBlock *block, JsonToken token) {
  static const char ask[] =
      "ask Spotify for the \"Extended streaming history\" at https://www.spotify.com/account/privacy";
  const char *what = token == JSON_OBJECT
                         ? "one object, as YourLibrary.json, Playlist1.json and other account data have it"
                         : "a single value";
  feed_file_end(feed, block,
                history_reason(&feed->scratch, "this is %s, not the list of plays of an extended streaming history; %s",
                               what, ask));
}

/* Reads into the array. Sets *inside to false when the file ended here. */
static Status enter_array(HistoryFeed *feed, HistoryBlock *block, bool *inside, Error *error) {
  JsonToken token;
  *inside = false;
  Error detail = {0};
  Status status = json_next(feed->json, &token, &detail);
  if (status != STATUS_OK) {
    feed_file_end(feed, block, history_reason(&feed->scratch, "broken JSON at %s", without_name(feed, detail.message)));
    return STATUS_OK;
  }
  if (token != JSON_ARRAY) {
    refuse_file(feed, block, token);
    return STATUS_OK;
  }
  if (feed->json_dummy && ((status = json_next(feed->json, &token, error)) != STATUS_OK ||
                           (status = json_skip(feed->json, error)) != STATUS_OK)) {
    return status;
  }
  *inside = true;
  return STATUS_OK;
}

static Status after_hand_over(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  bool inside;
  Status status = enter_array(feed, block, &inside, error);
  if (status == STATUS_OK && inside) {
    feed->state = FEED_JSON;
  }
  return status;
}

Status feed_hand_over(HistoryFeed *feed, HistoryBlock *block, const char *at, Error *error) {
  HandOver hand_over = {feed, {at, (size_t)(block->bytes + block->length - at)}};
  Status status = arena_protect(feed->file_arena, hand_over_body, &hand_over, error);
  return status == STATUS_OK ? after_hand_over(feed, block, error) : status;
}

/* ---- rows ---- */

/* A row needs at most ROW_BYTES: each text that is kept, the beginnings of unknown keys, and of a value of the wrong
 * type what a message shows. */
#define IS_TEXT            1
#define IS_INTEGER         0
#define IS_FLAG            0
#define IS_PRIVATE         0
#define KEY(id, key, kind) +IS_##kind
enum {
  TEXT_KEYS =
#include "history_keys.def"
};
#undef KEY
enum {
  SHOWN_BYTES = 64,
  NAME_KEPT = SHOWN_BYTES + 8,
  ROW_BYTES = TEXT_KEYS * HISTORY_MAX_TEXT + KEY_COUNT * SHOWN_BYTES + HISTORY_MAX_UNKNOWN * NAME_KEPT
};
_Static_assert((int)ROW_BYTES <= (int)BLOCK_BYTES, "a row's texts fit a block");

static Text keep(HistoryBlock *block, Text text, size_t most) {
  size_t room = BLOCK_BYTES - block->length;
  most = most < room ? most : room;
  size_t length = text.length < most ? text.length : most;
  char *copy = block->bytes + block->length;
  memcpy(copy, text.bytes, length);
  block->length += length;
  return (Text){copy, length};
}

/* What tells a key from others: a long one is known by its beginning and a hash. */
static Text keep_name(HistoryBlock *block, Text name) {
  if (name.length <= NAME_KEPT) {
    return keep(block, name, NAME_KEPT);
  }
  char kept[NAME_KEPT];
  uint64_t hash = hash_bytes(name.bytes, name.length, 0);
  memcpy(kept, name.bytes, NAME_KEPT - sizeof hash);
  memcpy(kept + NAME_KEPT - sizeof hash, &hash, sizeof hash);
  return keep(block, (Text){kept, NAME_KEPT}, NAME_KEPT);
}

static Status read_value(HistoryFeed *feed, HistoryBlock *block, HistoryKey key, HistoryValue *value, Error *error) {
  JsonToken token;
  Status status = json_next(feed->json, &token, error);
  if (status != STATUS_OK) {
    return status;
  }
  Text text = json_text(feed->json);
  switch (token) {
    case JSON_STRING:
      value->kind = text.length > HISTORY_MAX_TEXT ? VALUE_LONG : VALUE_TEXT;
      value->text = text.length > HISTORY_MAX_TEXT || key == KEY_UNKNOWN
                        ? (Text){"", 0}
                        : keep(block, text, history_key_is_text(key) ? HISTORY_MAX_TEXT : SHOWN_BYTES);
      return STATUS_OK;
    case JSON_INTEGER:
      value->kind = VALUE_INTEGER;
      value->integer = json_integer(feed->json);
      return STATUS_OK;
    case JSON_NUMBER:
      value->kind = VALUE_NUMBER;
      value->text = key == KEY_UNKNOWN ? (Text){"", 0} : keep(block, text, SHOWN_BYTES);
      return STATUS_OK;
    case JSON_TRUE:
      value->kind = VALUE_TRUE;
      return STATUS_OK;
    case JSON_FALSE:
      value->kind = VALUE_FALSE;
      return STATUS_OK;
    case JSON_NULL:
      value->kind = VALUE_NULL;
      return STATUS_OK;
    default:
      value->kind = token == JSON_OBJECT ? VALUE_OBJECT : VALUE_ARRAY;
      return json_skip(feed->json, error);
  }
}

static Status read_object(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  history_fields_begin(&feed->fields);
  for (;;) {
    JsonToken token;
    Status status = json_next(feed->json, &token, error);
    if (status != STATUS_OK || token == JSON_OBJECT_END) {
      return status;
    }
    Text name = json_text(feed->json);
    HistoryKey key = history_key_of(name);
    bool kept = key == KEY_UNKNOWN && feed->fields.unknown_count < HISTORY_MAX_UNKNOWN;
    HistoryValue *value = history_field(&feed->fields, key, kept ? keep_name(block, name) : (Text){"", 0});
    /* The value of a repeated key goes where those of unknown keys do. */
    key = value == &feed->fields.values[KEY_UNKNOWN] ? KEY_UNKNOWN : key;
    status = read_value(feed, block, key, value, error);
    if (status != STATUS_OK) {
      return status;
    }
  }
}

static const char *token_shown(JsonToken token) {
  switch (token) {
    case JSON_STRING:
      return "a text";
    case JSON_INTEGER:
    case JSON_NUMBER:
      return "a number";
    case JSON_ARRAY:
      return "an array";
    case JSON_NULL:
      return "null";
    default:
      return "true or false";
  }
}

static Status reject_element(HistoryFeed *feed, HistoryBlock *block, JsonToken token, Error *error) {
  HistoryRow *row = feed_event(feed, block, HISTORY_REJECTED);
  row->line = json_line(feed->json);
  row->row = ++feed->row;
  row->reason = history_reason(&feed->scratch, "is %s, not an object with the keys of a play", token_shown(token));
  return json_skip(feed->json, error);
}

static void reject_broken(HistoryFeed *feed, HistoryBlock *block, uint64_t line, const Error *error) {
  HistoryRow *row = feed_event(feed, block, HISTORY_REJECTED);
  row->line = line;
  row->row = ++feed->row;
  row->reason = history_reason(&feed->scratch, "broken JSON at %s", without_name(feed, error->message));
}

/* Goes on behind a row that is broken at `line`; false where the file ends with it, as one does whose download broke
 * off. */
static bool pass_broken(HistoryFeed *feed, HistoryBlock *block, uint64_t line) {
  if (json_next_row(feed->json, (JsonRowArray){.depth = 1})) return true;
  feed->line = line;
  feed_file_end(feed, block,
                history_reason(&feed->scratch, "rows after line %llu could not be read", (unsigned long long)line));
  return false;
}

static Status finish_array(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  JsonToken token;
  Error detail = {0};
  (void)error;
  if (json_next(feed->json, &token, &detail) == STATUS_OK) {
    feed_file_end(feed, block, (Text){0});
  } else {
    feed_file_end(feed, block, history_reason(&feed->scratch, "broken JSON at %s", without_name(feed, detail.message)));
  }
  return STATUS_OK;
}

static Status read_element(HistoryFeed *feed, HistoryBlock *block, bool *more, Error *error) {
  JsonToken token;
  Error detail = {0};
  uint64_t line = 0;
  uint64_t row = feed->row;
  *more = false;
  Status status = json_next(feed->json, &token, &detail);
  if (status == STATUS_OK) {
    if (token == JSON_ARRAY_END) {
      return finish_array(feed, block, error);
    }
    feed->line = line = json_line(feed->json);
    if (token == JSON_OBJECT) {
      status = read_object(feed, block, &detail);
      if (status == STATUS_OK) {
        *more = feed_row(feed, block, line);
      }
    } else {
      *more = true;
      status = reject_element(feed, block, token, &detail);
    }
  }
  if (status != STATUS_OK) {
    uint64_t broken_line = line_told(feed, detail.message, line ? line : feed->line);
    bool counted = feed->row != row; /* the element itself */
    if (!counted) reject_broken(feed, block, line ? line : broken_line, &detail);
    *more = pass_broken(feed, block, broken_line);
  }
  return STATUS_OK;
}

typedef struct Fill {
  HistoryFeed *feed;
  HistoryBlock *block;
} Fill;

static Status fill_body(void *context, Error *error) {
  Fill *fill = context;
  bool more = true;
  while (more && fill->block->count < BLOCK_ROWS - 3 && BLOCK_BYTES - fill->block->length >= ROW_BYTES) {
    Status status = read_element(fill->feed, fill->block, &more, error);
    if (status != STATUS_OK) {
      return status;
    }
  }
  return STATUS_OK;
}

Status feed_json_fill(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  Fill fill = {feed, block};
  Error detail = {0};
  (void)error;
  block->length = 0; /* what the scanner read there was handed over */
  if (arena_protect(feed->file_arena, fill_body, &fill, &detail) != STATUS_OK) {
    feed_file_end(feed, block, history_reason(&feed->scratch, "%s", detail.message));
  }
  return STATUS_OK;
}
