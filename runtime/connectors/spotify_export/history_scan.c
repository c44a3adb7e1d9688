#include "connectors/spotify_export/history_scan.h"

#include <string.h>

void history_scan_begin(HistoryScan *scan) {
  scan->first = true;
  scan->has_nulls = 0;
  for (int i = 0; i < SCAN_MAX_SLOTS; i++) {
    scan->slots[i].length = 0;
  }
}

typedef struct Cursor {
  const char *at, *end;
  uint32_t lines;
} Cursor;

static uint64_t load(const char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { LITTLE_ENDIAN_WORDS = 1 };
#else
enum { LITTLE_ENDIAN_WORDS = 0 };
#endif

/* The first `count` < 8 bytes of a loaded word. */
static uint64_t first_bytes(unsigned count) {
  uint64_t low = (UINT64_C(1) << 8 * count) - 1;
  return LITTLE_ENDIAN_WORDS ? low : ~(UINT64_MAX >> 8 * count);
}

/* Equality of `length` > 0 bytes, eight at a time; 8 of both sides are readable. */
static bool same_bytes(const char *a, const char *b, size_t length) {
  if (length < 8) return ((load(a) ^ load(b)) & first_bytes((unsigned)length)) == 0;
  uint64_t different = load(a + length - 8) ^ load(b + length - 8);
  for (size_t at = 0; at + 8 < length; at += 8) different |= load(a + at) ^ load(b + at);
  return different == 0;
}

static void skip_space(Cursor *cursor) {
  for (;;) {
    char c = *cursor->at;
    if (c == '\n') {
      cursor->lines++;
    } else if (c != ' ' && c != '\r' && c != '\t') {
      return;
    }
    cursor->at++;
  }
}

/* SHORT when the bytes ended here, else OTHER. */
static ScanResult stopped(const Cursor *cursor) {
  return cursor->at >= cursor->end ? SCAN_SHORT : SCAN_OTHER;
}

/* ---- texts ---- */

#define EACH(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

/* The high bit of each byte that ends a run of plain characters: a quote, a backslash, a control character, or one
 * beyond ASCII. False marks are possible after a true one, never before it. */
static uint64_t special_bytes(uint64_t word) {
  uint64_t quote = word ^ EACH('"'), slash = word ^ EACH('\\');
  return ((word - EACH(0x20)) | (quote - EACH(1)) | (slash - EACH(1)) | word) & EACH(0x80);
}

/* Passes plain characters; eight at a time while none of them is special. */
static const char *pass_plain(const char *at) {
  uint64_t special = special_bytes(load(at));
  while (special == 0) special = special_bytes(load(at += 8));
  if (LITTLE_ENDIAN_WORDS) return at + __builtin_ctzll(special) / 8;
  while ((unsigned char)*at >= 0x20 && *at != '"' && *at != '\\' && (unsigned char)*at < 0x80) at++;
  return at;
}

static const char *pass_text(const char *at, bool *beyond_ascii) {
  for (;;) {
    at = pass_plain(at);
    if ((unsigned char)*at < 0x80) {
      return at;
    }
    *beyond_ascii = true;
    while ((unsigned char)*at >= 0x80) at++;
  }
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex_unit(const char *at) {
  int32_t unit = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(at[i]);
    if (digit < 0) {
      return -1;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

static char *put_code_point(char *out, uint32_t code) {
  if (code < 0x80) {
    *out++ = (char)code;
  } else if (code < 0x800) {
    *out++ = (char)(0xC0 | code >> 6);
    *out++ = (char)(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = (char)(0xE0 | code >> 12);
    *out++ = (char)(0x80 | (code >> 6 & 0x3F));
    *out++ = (char)(0x80 | (code & 0x3F));
  } else {
    *out++ = (char)(0xF0 | code >> 18);
    *out++ = (char)(0x80 | (code >> 12 & 0x3F));
    *out++ = (char)(0x80 | (code >> 6 & 0x3F));
    *out++ = (char)(0x80 | (code & 0x3F));
  }
  return out;
}

/* The escape after a backslash at `cursor->at`; false leaves it to the JSON reader, or asks for more bytes. */
static bool read_escape(Cursor *cursor, char **out) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  char c = cursor->at[1];
  const char *name = c ? strchr(names, c) : NULL;
  if (name) {
    *(*out)++ = values[name - names];
    cursor->at += 2;
    return true;
  }
  if (c != 'u' || cursor->end - cursor->at < 6) {
    if (cursor->end - cursor->at < 6) {
      cursor->at = cursor->end;
    }
    return false;
  }
  int32_t unit = hex_unit(cursor->at + 2);
  if (unit <= 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) {
    return false;
  }
  uint32_t code = (uint32_t)unit;
  size_t length = 6;
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    if (cursor->end - cursor->at < 12) {
      cursor->at = cursor->end;
      return false;
    }
    int32_t low = cursor->at[6] == '\\' && cursor->at[7] == 'u' ? hex_unit(cursor->at + 8) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
      return false;
    }
    code = 0x10000 + ((code & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
    length = 12;
  }
  *out = put_code_point(*out, code);
  cursor->at += length;
  return true;
}

/* The rest of a text whose first escape is at `cursor->at`. Decoding never lengthens. */
static ScanResult read_escaped(Cursor *cursor, const char *begin, HistoryScratch *scratch, Text *out,
                               bool *beyond_ascii) {
  char *decoded = scratch->at, *to = decoded;
  for (;;) {
    size_t plain = (size_t)(cursor->at - begin);
    if ((size_t)(scratch->end - to) < plain + 4) {
      return SCAN_OTHER;
    }
    memcpy(to, begin, plain);
    to += plain;
    if (*cursor->at == '"') {
      break;
    }
    if (*cursor->at != '\\' || cursor->at >= cursor->end || !read_escape(cursor, &to)) {
      return stopped(cursor);
    }
    begin = cursor->at;
    cursor->at = pass_text(cursor->at, beyond_ascii);
  }
  *out = (Text){decoded, (size_t)(to - decoded)};
  scratch->at = to;
  return SCAN_ROW;
}

/* The text whose quote is at `cursor->at`. */
static ScanResult read_text(Cursor *cursor, HistoryScratch *scratch, HistoryValue *value) {
  const char *begin = cursor->at + 1;
  bool beyond_ascii = false;
  Text text;
  cursor->at = pass_text(begin, &beyond_ascii);
  if (cursor->at >= cursor->end) {
    return SCAN_SHORT;
  }
  if (*cursor->at == '"') {
    text = (Text){begin, (size_t)(cursor->at - begin)};
  } else {
    ScanResult result = read_escaped(cursor, begin, scratch, &text, &beyond_ascii);
    if (result != SCAN_ROW) {
      return result;
    }
  }
  if (cursor->at >= cursor->end) {
    return SCAN_SHORT;
  }
  if ((beyond_ascii && text_invalid_at(text) != text.length) || text.length > HISTORY_MAX_TEXT) {
    return SCAN_OTHER;
  }
  cursor->at++;
  value->kind = VALUE_TEXT;
  value->text = text;
  return SCAN_ROW;
}

/* ---- other values ---- */

static ScanResult read_integer(Cursor *cursor, HistoryValue *value) {
  const char *at = cursor->at;
  bool negative = *at == '-';
  at += negative;
  const char *digits = at;
  int64_t number = 0;
  while (*at >= '0' && *at <= '9' && at - digits < 18) {
    number = number * 10 + (*at++ - '0');
  }
  if (at >= cursor->end) {
    return SCAN_SHORT;
  }
  bool ends = *at == ',' || *at == '}' || *at == '\n' || *at == ' ' || *at == '\r' || *at == '\t';
  if (!ends || at == digits || (*digits == '0' && at - digits > 1)) {
    return SCAN_OTHER;
  }
  cursor->at = at;
  value->kind = VALUE_INTEGER;
  value->integer = negative ? -number : number;
  return SCAN_ROW;
}

static ScanResult read_word(Cursor *cursor, const char *word, size_t length, HistoryValueKind kind,
                            HistoryValue *value) {
  if ((size_t)(cursor->end - cursor->at) < length) {
    return SCAN_SHORT;
  }
  if (memcmp(cursor->at, word, length) != 0) {
    return SCAN_OTHER;
  }
  cursor->at += length;
  value->kind = kind;
  return SCAN_ROW;
}

static ScanResult read_value(Cursor *cursor, HistoryScratch *scratch, HistoryValue *value) {
  switch (*cursor->at) {
    case '"':
      return read_text(cursor, scratch, value);
    case 'n':
      return read_word(cursor, "null", 4, VALUE_NULL, value);
    case 't':
      return read_word(cursor, "true", 4, VALUE_TRUE, value);
    case 'f':
      return read_word(cursor, "false", 5, VALUE_FALSE, value);
    default:
      return read_integer(cursor, value);
  }
}

/* ---- what stands between values ---- */

/* A byte that must come next. */
static ScanResult expect(Cursor *cursor, char byte) {
  if (*cursor->at != byte || cursor->at >= cursor->end) {
    return stopped(cursor);
  }
  cursor->at++;
  return SCAN_ROW;
}

/* A key with its colon, and the space before its value. */
static ScanResult read_key(Cursor *cursor, Text *name) {
  ScanResult result = expect(cursor, '"');
  if (result != SCAN_ROW) {
    return result;
  }
  const char *begin = cursor->at;
  cursor->at = pass_plain(begin);
  *name = (Text){begin, (size_t)(cursor->at - begin)};
  if ((result = expect(cursor, '"')) != SCAN_ROW) {
    return result;
  }
  skip_space(cursor);
  if ((result = expect(cursor, ':')) != SCAN_ROW) {
    return result;
  }
  skip_space(cursor);
  return cursor->at >= cursor->end ? SCAN_SHORT : SCAN_ROW;
}

static void learn(ScanSlot *slot, const char *begin, const Cursor *cursor, uint32_t lines_before, uint32_t row_line,
                  Text name, HistoryKey key, bool closes) {
  size_t length = (size_t)(cursor->at - begin);
  uint32_t lines = cursor->lines - lines_before;
  if (length == 0 || length > SCAN_MAX_LITERAL || lines > UINT8_MAX) {
    slot->length = 0;
    return;
  }
  memcpy(slot->literal, begin, length);
  slot->length = (uint8_t)length;
  slot->lines = (uint8_t)lines;
  slot->row_line = (uint8_t)row_line;
  slot->closes = closes;
  slot->key = (uint8_t)key;
  slot->name_at = (uint8_t)(closes ? 0 : name.bytes - begin);
  slot->name_length = (uint8_t)name.length;
}

/* Reads the way from one value to the next, or to the end of the row, byte by byte; `index` 0 is the way into the row.
 */
static ScanResult read_between(HistoryScan *scan, Cursor *cursor, uint32_t index, HistoryKey *key, Text *name,
                               bool *closes, uint32_t *row_line) {
  const char *begin = cursor->at;
  uint32_t lines_before = cursor->lines;
  ScanResult result = SCAN_ROW;
  *closes = false;
  skip_space(cursor);
  if (index == 0) {
    if (*cursor->at == ']' && cursor->at < cursor->end) {
      cursor->at++;
      return SCAN_CLOSE;
    }
    if (!scan->first) {
      if ((result = expect(cursor, ',')) != SCAN_ROW) {
        return result;
      }
      skip_space(cursor);
    }
    *row_line = cursor->lines - lines_before;
    if ((result = expect(cursor, '{')) != SCAN_ROW) {
      return result;
    }
  } else if (*cursor->at == '}' && cursor->at < cursor->end) {
    cursor->at++;
    *closes = true;
  } else if ((result = expect(cursor, ',')) != SCAN_ROW) {
    return result;
  }
  if (!*closes) {
    skip_space(cursor);
    if ((result = read_key(cursor, name)) != SCAN_ROW) {
      return result;
    }
    *key = history_key_of(*name);
  }
  if (index < SCAN_MAX_SLOTS && !(index == 0 && scan->first)) {
    learn(&scan->slots[index], begin, cursor, lines_before, index == 0 ? *row_line : 0, *name, *key, *closes);
  }
  return SCAN_ROW;
}

/* The same by comparing with what the row before had there. */
static bool is_learned(const ScanSlot *slot, const char *at, const char *end) {
  return slot->length && (size_t)(end - at) > slot->length && same_bytes(at, slot->literal, slot->length);
}

/* Nulls that stand one after the other, while a row is read. */
typedef struct NullsRead {
  const char *begin; /* of the way to the first of them */
  uint32_t index, lines_before;
  uint32_t keys; /* 0 = there are none */
} NullsRead;

/* `at` is before the next value, whose index is given. */
static void learn_nulls(HistoryScan *scan, const NullsRead *read, const char *at, uint32_t lines, uint32_t index,
                        HistoryKey key, bool closes) {
  ScanNulls *nulls = &scan->nulls[read->index];
  size_t length = (size_t)(at - read->begin);
  if (length > SCAN_MAX_NULLS || lines - read->lines_before > UINT8_MAX || (key == KEY_UNKNOWN && !closes)) return;
  memcpy(nulls->literal, read->begin, length);
  nulls->length = (uint16_t)length;
  nulls->lines = (uint8_t)(lines - read->lines_before);
  nulls->count = (uint8_t)(index - read->index);
  nulls->closes = closes;
  nulls->key = (uint8_t)key;
  nulls->nulls = read->keys;
  scan->has_nulls |= UINT64_C(1) << read->index;
}

/* The nulls that a row before had here, if they are here again; else NULL. */
static const ScanNulls *find_nulls(const HistoryScan *scan, uint32_t index, const char *at, const char *end,
                                   const HistoryFields *fields) {
  const ScanNulls *nulls = &scan->nulls[index];
  bool same = (size_t)(end - at) > nulls->length && memcmp(at, nulls->literal, nulls->length) == 0;
  return same && !((fields->seen | fields->nulls) & nulls->nulls) ? nulls : NULL;
}

ScanResult history_scan_row(HistoryScan *scan, const char *at, const char *end, HistoryScratch *scratch,
                            HistoryFields *fields, ScanRow *out) {
  uint32_t lines = 0, row_line = 0;
  NullsRead read = {.keys = 0};
  history_fields_begin(fields);
  for (uint32_t index = 0; index < SCAN_MAX_SLOTS; index++) {
    HistoryKey key = KEY_UNKNOWN;
    Text name = {0};
    bool closes = false;
    const char *before = at;
    uint32_t lines_before = lines;
    const ScanNulls *nulls = scan->has_nulls >> index & 1 ? find_nulls(scan, index, at, end, fields) : NULL;
    const ScanSlot *slot = &scan->slots[index];
    if (nulls) {
      fields->nulls |= nulls->nulls;
      if (read.keys) read.keys |= nulls->nulls;
      index += nulls->count;
      key = (HistoryKey)nulls->key;
      closes = nulls->closes;
      lines += nulls->lines;
      at += nulls->length;
    } else if (is_learned(slot, at, end)) {
      key = (HistoryKey)slot->key;
      name = (Text){at + slot->name_at, slot->name_length};
      closes = slot->closes;
      if (index == 0) row_line = slot->row_line;
      lines += slot->lines;
      at += slot->length;
    } else {
      Cursor cursor = {at, end, lines};
      ScanResult result = read_between(scan, &cursor, index, &key, &name, &closes, &row_line);
      at = cursor.at;
      lines = cursor.lines;
      if (result == SCAN_CLOSE) *out = (ScanRow){.next = at, .lines = lines};
      if (result != SCAN_ROW) return result;
    }
    if (read.keys && *at != 'n') {
      learn_nulls(scan, &read, at, lines, index, key, closes);
      read.keys = 0;
    }
    if (closes) {
      scan->first = false;
      *out = (ScanRow){.next = at, .lines = lines, .row_line = row_line};
      return SCAN_ROW;
    }
    HistoryValue *value = history_field(fields, key, name);
    const char *quote = *at == '"' ? pass_plain(at + 1) : at;
    if (*quote == '"' && quote < end && quote - at <= HISTORY_MAX_TEXT) {
      value->kind = VALUE_TEXT;
      value->text = (Text){at + 1, (size_t)(quote - at) - 1};
      at = quote + 1;
      continue;
    }
    Cursor cursor = {at, end, lines};
    skip_space(&cursor); /* more of it than the row before had */
    ScanResult result = read_value(&cursor, scratch, value);
    if (result != SCAN_ROW) return result;
    at = cursor.at;
    lines = cursor.lines;
    if (value->kind != VALUE_NULL || index == 0) continue;
    if (nulls || value == &fields->values[KEY_UNKNOWN]) {
      read.keys = 0;
      continue;
    }
    if (!read.keys) read = (NullsRead){before, index, lines_before, 0};
    read.keys |= history_key_bit(key);
  }
  return SCAN_OTHER;
}
