#include "connectors/spotify_export/history_row.h"

#include <stdarg.h>
#include <string.h>

typedef enum KeyKind { KIND_TEXT, KIND_INTEGER, KIND_FLAG, KIND_PRIVATE } KeyKind;

typedef struct KeyRow {
  const char *name;
  uint8_t length;
  uint8_t kind;
} KeyRow;

static const KeyRow key_rows[KEY_COUNT] = {
#define KEY(id, key, kind) {key, sizeof(key) - 1, KIND_##kind},
#include "history_keys.def"
#undef KEY
};
_Static_assert(KEY_COUNT <= 32, "HistoryFields.seen has a bit for each key");

void history_fields_begin(HistoryFields *fields) {
  fields->seen = 0;
  fields->nulls = 0;
  fields->unknown_count = 0;
  fields->repeated = (Text){0};
  fields->too_many = false;
}

HistoryKey history_key_of(Text name) {
  for (int key = 0; key < KEY_COUNT; key++) {
    if (key_rows[key].length == name.length && memcmp(key_rows[key].name, name.bytes, name.length) == 0) {
      return (HistoryKey)key;
    }
  }
  return KEY_UNKNOWN;
}

static void note_unknown(HistoryFields *fields, Text name) {
  for (uint32_t i = 0; i < fields->unknown_count; i++) {
    if (text_equal(fields->unknown[i], name) && !fields->repeated.bytes) {
      fields->repeated = name;
    }
  }
  if (fields->unknown_count == HISTORY_MAX_UNKNOWN) {
    fields->too_many = true;
  } else {
    fields->unknown[fields->unknown_count++] = name;
  }
}

bool history_key_is_text(HistoryKey key) {
  return key < KEY_COUNT && key_rows[key].kind == KIND_TEXT;
}

HistoryValue *history_odd_field(HistoryFields *fields, HistoryKey key, Text name) {
  if (key == KEY_UNKNOWN) {
    note_unknown(fields, name);
  } else if (!fields->repeated.bytes) {
    fields->repeated = (Text){key_rows[key].name, key_rows[key].length};
  }
  return &fields->values[KEY_UNKNOWN];
}

/* ---- reasons ---- */

Text history_reason(HistoryScratch *scratch, const char *format, ...) {
  size_t room = (size_t)(scratch->end - scratch->at);
  if (room > HISTORY_MAX_REASON) {
    room = HISTORY_MAX_REASON;
  }
  if (room == 0) {
    return (Text){0};
  }
  va_list arguments;
  va_start(arguments, format);
  int wanted = vsnprintf(scratch->at, room, format, arguments);
  va_end(arguments);
  size_t length = wanted < 0 ? 0 : (size_t)wanted;
  if (length >= room) {
    length = room - 1;
    while (length > 0 && ((unsigned char)scratch->at[length] & 0xC0) == 0x80) length--;
  }
  Text reason = {scratch->at, length};
  scratch->at += length;
  return reason;
}

enum { QUOTE_SHOWN = 60, QUOTE_SIZE = QUOTE_SHOWN * 4 + 8 };

/* `text` in quotes, control characters as \xNN, at most QUOTE_SHOWN bytes of it. */
static const char *quoted(Text text, char out[QUOTE_SIZE]) {
  size_t shown = text.length;
  if (shown > QUOTE_SHOWN) {
    shown = QUOTE_SHOWN;
    while (shown > 0 && ((unsigned char)text.bytes[shown] & 0xC0) == 0x80) shown--;
  }
  size_t at = 0;
  out[at++] = '"';
  for (size_t i = 0; i < shown; i++) {
    unsigned char byte = (unsigned char)text.bytes[i];
    if (byte < 0x20 || byte == 0x7F) {
      at += (size_t)snprintf(out + at, 5, "\\x%02X", (unsigned)byte);
    } else {
      out[at++] = (char)byte;
    }
  }
  if (shown < text.length) {
    memcpy(out + at, "...", 3);
    at += 3;
  }
  out[at++] = '"';
  out[at] = '\0';
  return out;
}

/* How a message names the value. */
static const char *value_shown(const HistoryValue *value, char out[QUOTE_SIZE]) {
  switch (value->kind) {
    case VALUE_ABSENT:
      return "missing";
    case VALUE_NULL:
      return "null";
    case VALUE_TEXT:
      return quoted(value->text, out);
    case VALUE_LONG:
      return "a text of more than 64 KiB";
    case VALUE_INTEGER:
      snprintf(out, QUOTE_SIZE, "%lld", (long long)value->integer);
      return out;
    case VALUE_NUMBER:
      snprintf(out, QUOTE_SIZE, "%.*s", (int)(value->text.length > 64 ? 64 : value->text.length), value->text.bytes);
      return out;
    case VALUE_TRUE:
      return "true";
    case VALUE_FALSE:
      return "false";
    case VALUE_OBJECT:
      return "an object";
    case VALUE_ARRAY:
      return "an array";
  }
  return "";
}

/* ---- judging ---- */

typedef struct Judge {
  const HistoryFields *fields;
  HistoryScratch *scratch;
  Text reason; /* of the rejection; empty while the row is good */
} Judge;

static const HistoryValue *field(const Judge *judge, HistoryKey key) {
  static const HistoryValue absent = {.kind = VALUE_ABSENT}, null = {.kind = VALUE_NULL};
  const HistoryFields *fields = judge->fields;
  if (fields->seen & history_key_bit(key)) return &fields->values[key];
  return fields->nulls & history_key_bit(key) ? &null : &absent;
}

static void refuse(Judge *judge, HistoryKey key, const char *expected) {
  if (judge->reason.length == 0) {
    char shown[QUOTE_SIZE];
    judge->reason = history_reason(judge->scratch, "%s is %s, not %s", key_rows[key].name,
                                   value_shown(field(judge, key), shown), expected);
  }
}

static Text text_field(Judge *judge, HistoryKey key) {
  const HistoryValue *value = field(judge, key);
  if (value->kind == VALUE_TEXT) {
    return value->text;
  }
  if (value->kind > VALUE_NULL) {
    refuse(judge, key, value->kind == VALUE_LONG ? "a text of at most 64 KiB" : "a text or null");
  }
  return (Text){0};
}

static Tristate flag_field(Judge *judge, HistoryKey key) {
  const HistoryValue *value = field(judge, key);
  switch (value->kind) {
    case VALUE_TRUE:
      return TRISTATE_TRUE;
    case VALUE_FALSE:
      return TRISTATE_FALSE;
    case VALUE_ABSENT:
    case VALUE_NULL:
      return TRISTATE_MISSING;
    default:
      refuse(judge, key, "true, false or null");
      return TRISTATE_MISSING;
  }
}

static int digits(const char *bytes, int count, bool *good) {
  int number = 0;
  for (int i = 0; i < count; i++) {
    unsigned digit = (unsigned)(bytes[i] - '0');
    *good = *good && digit <= 9;
    number = number * 10 + (int)(digit & 15);
  }
  return number;
}

/* "2024-03-05T20:00:00Z", or with milliseconds before the Z. */
static bool read_time(Text text, Instant *out) {
  if ((text.length != 20 && text.length != 24) || text.bytes[text.length - 1] != 'Z') {
    return false;
  }
  const char *s = text.bytes;
  bool good =
      s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':' && (text.length == 20 || s[19] == '.');
  int year = digits(s, 4, &good), month = digits(s + 5, 2, &good), day = digits(s + 8, 2, &good);
  int hour = digits(s + 11, 2, &good), minute = digits(s + 14, 2, &good), second = digits(s + 17, 2, &good);
  int millisecond = text.length == 24 ? digits(s + 20, 3, &good) : 0;
  if (!good || year < 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) {
    return false;
  }
  if (day > 28 && day > days_in_month(year, month)) {
    return false;
  }
  int64_t seconds = (int64_t)days_of_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
  *out = seconds * 1000 + millisecond;
  return true;
}

/* `ts` is when the stream ended. */
static void judge_time(Judge *judge, PlayObservation *play) {
  const HistoryValue *ts = field(judge, KEY_TS), *ms = field(judge, KEY_MS_PLAYED);
  Instant end = 0;
  if (ts->kind <= VALUE_NULL || (ts->kind == VALUE_TEXT && !read_time(ts->text, &end)) || ts->kind > VALUE_TEXT) {
    refuse(judge, KEY_TS, "a time such as 2024-03-05T20:00:00Z");
    return;
  }
  if (ms->kind != VALUE_INTEGER || ms->integer < 0) {
    refuse(judge, KEY_MS_PLAYED, "a whole number of milliseconds from 0");
    return;
  }
  if (ms->integer > end - INSTANT_MIN) {
    refuse(judge, KEY_MS_PLAYED, "a length of play that begins after the year 1");
    return;
  }
  play->ms_played = ms->integer;
  play->played_at = end - ms->integer;
}

/* 10 digits are seconds, 13 are milliseconds; both are in use. Zero and other magnitudes say nothing. */
static void judge_offline_time(Judge *judge, PlayObservation *play) {
  const HistoryValue *value = field(judge, KEY_OFFLINE_TIMESTAMP);
  if (value->kind == VALUE_INTEGER) {
    if (value->integer >= INT64_C(1000000000) && value->integer <= INT64_C(9999999999)) {
      play->has_offline_at = true;
      play->offline_at = value->integer * 1000;
    } else if (value->integer >= INT64_C(1000000000000) && value->integer <= INT64_C(9999999999999)) {
      play->has_offline_at = true;
      play->offline_at = value->integer;
    }
  } else if (value->kind > VALUE_NULL) {
    refuse(judge, KEY_OFFLINE_TIMESTAMP, "a whole number or null");
  }
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

/* The high bit of each byte that lies in the range; of bytes below 0x80. */
static uint64_t in_range(uint64_t word, unsigned first, unsigned last) {
  return (word + EACH(0x80 - first)) & ~(word + EACH(0x7F - last));
}

/* Whether all eight bytes are letters or digits. */
static bool are_alphanumeric(const char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  uint64_t good = in_range(word, '0', '9') | in_range(word | EACH(0x20), 'a', 'z');
  return (good & ~word & EACH(0x80)) == EACH(0x80);
}

static bool is_id(Text text) {
  char padded[8] = "00000000";
  if (text.length == 0 || text.length > 64) return false;
  if (text.length < 8) return are_alphanumeric(memcpy(padded, text.bytes, text.length));
  bool good = are_alphanumeric(text.bytes + text.length - 8);
  for (size_t at = 0; at + 8 < text.length; at += 8) good &= are_alphanumeric(text.bytes + at);
  return good;
}

static bool begins(Text text, Text prefix) {
  return text.length >= prefix.length && memcmp(text.bytes, prefix.bytes, prefix.length) == 0;
}

/* The length of "spotify:" and the word after it with its colon; 0 when the text is not of this form. */
static size_t any_prefix(Text uri) {
  const Text scheme = TEXT_LITERAL("spotify:");
  if (!begins(uri, scheme)) return 0;
  const char *word = uri.bytes + scheme.length, *colon = memchr(word, ':', uri.length - scheme.length);
  return colon && colon > word ? (size_t)(colon - uri.bytes) + 1 : 0;
}

/* The id after the prefix; an empty one stands for any word of Spotify's. Empty when the field is, or is a local
 * file's. */
static Text uri_id(Judge *judge, HistoryKey key, Text prefix, const char *expected) {
  Text uri = text_field(judge, key);
  if (uri.length == 0 || begins(uri, TEXT_LITERAL("spotify:local:"))) return (Text){0};
  size_t at = prefix.length == 0 ? any_prefix(uri) : begins(uri, prefix) ? prefix.length : 0;
  Text id = {uri.bytes + at, uri.length - at};
  if (at && is_id(id)) return id;
  refuse(judge, key, expected);
  return (Text){0};
}

static bool says(const Judge *judge, HistoryKey key) {
  const HistoryValue *value = field(judge, key);
  return value->kind > VALUE_TEXT || (value->kind == VALUE_TEXT && value->text.length > 0);
}

static uint8_t kind_of(const Judge *judge) {
  if (says(judge, KEY_TRACK_URI) || says(judge, KEY_TRACK_NAME)) {
    return PLAY_TRACK;
  }
  if (says(judge, KEY_EPISODE_URI) || says(judge, KEY_EPISODE_NAME)) {
    return PLAY_EPISODE;
  }
  if (says(judge, KEY_CHAPTER_URI) || says(judge, KEY_CHAPTER_TITLE) || says(judge, KEY_AUDIOBOOK_URI) ||
      says(judge, KEY_AUDIOBOOK_TITLE)) {
    return PLAY_CHAPTER;
  }
  return HISTORY_KIND_UNKNOWN;
}

static void judge_names(Judge *judge, uint8_t kind, PlayObservation *play) {
  switch (kind) {
    case PLAY_TRACK:
      play->kind = PLAY_TRACK;
      play->connector_track_id = uri_id(judge, KEY_TRACK_URI, TEXT_LITERAL("spotify:track:"),
                                        "a track such as spotify:track:4uLU6hMCjMI75M1A2tKUQC");
      play->title = text_field(judge, KEY_TRACK_NAME);
      play->artist = text_field(judge, KEY_ARTIST_NAME);
      play->album = text_field(judge, KEY_ALBUM_NAME);
      break;
    case PLAY_EPISODE:
      play->kind = PLAY_EPISODE;
      play->connector_track_id = uri_id(judge, KEY_EPISODE_URI, TEXT_LITERAL("spotify:episode:"),
                                        "an episode such as spotify:episode:512ojhOuo1ktJprKbVcKyQ");
      play->title = text_field(judge, KEY_EPISODE_NAME);
      play->artist = text_field(judge, KEY_SHOW_NAME);
      break;
    case PLAY_CHAPTER:
      play->kind = PLAY_CHAPTER;
      /* Spotify writes chapters as spotify:episode: or spotify:chapter:. */
      play->connector_track_id =
          uri_id(judge, KEY_CHAPTER_URI, (Text){0}, "a chapter such as spotify:chapter:0IsXVP0JmcB2adSE338GkK");
      play->title = text_field(judge, KEY_CHAPTER_TITLE);
      play->artist = text_field(judge, KEY_AUDIOBOOK_TITLE);
      if (play->title.length == 0) {
        play->title = play->artist;
      }
      break;
    default:
      break;
  }
  if (judge->reason.length == 0 && play->connector_track_id.length == 0 && play->title.length == 0) {
    judge->reason = TEXT_LITERAL("names no track, episode or audiobook");
  }
}

static void judge_context(Judge *judge, PlayContext *context) {
  context->service = TEXT_LITERAL("spotify");
  context->source = TEXT_LITERAL("spotify_export");
  context->platform = text_field(judge, KEY_PLATFORM);
  context->country = text_field(judge, KEY_COUNTRY);
  context->reason_start = text_field(judge, KEY_REASON_START);
  context->reason_end = text_field(judge, KEY_REASON_END);
  context->shuffle = flag_field(judge, KEY_SHUFFLE);
  context->skipped = flag_field(judge, KEY_SKIPPED);
  context->offline = flag_field(judge, KEY_OFFLINE);
  context->incognito = flag_field(judge, KEY_INCOGNITO);
}

void history_judge(const HistoryFields *fields, HistoryScratch *scratch, HistoryRow *row) {
  Judge judge = {.fields = fields, .scratch = scratch};
  row->kind = kind_of(&judge);
  row->play = (PlayObservation){0};
  if (fields->repeated.bytes) {
    char shown[QUOTE_SIZE];
    judge.reason = history_reason(scratch, "the key %s occurs twice", quoted(fields->repeated, shown));
  } else if (fields->too_many) {
    judge.reason = history_reason(scratch, "more than %d keys that are not Spotify's", HISTORY_MAX_UNKNOWN);
  }
  judge_time(&judge, &row->play);
  judge_names(&judge, row->kind, &row->play);
  judge_context(&judge, &row->play.context);
  judge_offline_time(&judge, &row->play);
  row->reason = judge.reason;
  row->event = judge.reason.length == 0 ? HISTORY_PLAY : HISTORY_REJECTED;
}
