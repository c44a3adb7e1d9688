#include <stdlib.h>
#include <string.h>

#include "connectors/file/cell.h"
#include "connectors/file/csv.h"

enum { NUMBER_MAX = 64, SHOWN_MAX = 60, FEW_ITEMS = 16 };
/* What duration_pack holds without saturating: 48 bits. */
#define DURATION_MAX_MS ((INT64_C(1) << 47) - 1)

static Text trim(Text text) {
  while (text.length && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) text = (Text){text.bytes + 1, text.length - 1};
  while (text.length && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t')) text.length--;
  return text;
}

static bool take_sign(Text *text) {
  if (text->length == 0 || text->bytes[0] != '-') return false;
  *text = (Text){text->bytes + 1, text->length - 1};
  return true;
}

/* Digits only, at least one, not above `max`. */
static bool read_digits(Text text, uint64_t max, uint64_t *out) {
  uint64_t value = 0;
  for (size_t i = 0; i < text.length; i++) {
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return false;
    uint64_t digit = (uint64_t)(text.bytes[i] - '0');
    if (value > (max - digit) / 10) return false;
    value = value * 10 + digit;
  }
  *out = value;
  return text.length > 0;
}

static bool read_integer(Text text, int64_t *out) {
  bool negative = take_sign(&text);
  uint64_t value;
  if (!read_digits(text, negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &value)) return false;
  *out = negative ? (int64_t)(0 - value) : (int64_t)value;
  return true;
}

static size_t count_digits(const char *at) {
  size_t count = 0;
  while (at[count] >= '0' && at[count] <= '9') count++;
  return count;
}

/* JSON's grammar of numbers, with leading zeros. strtod alone would also take "nan", "0x10" and blanks. */
static bool read_number(Text text, double *out) {
  char copy[NUMBER_MAX + 1];
  if (text.length == 0 || text.length > NUMBER_MAX) return false;
  memcpy(copy, text.bytes, text.length);
  copy[text.length] = '\0';
  const char *at = copy + (copy[0] == '-');
  size_t digits = count_digits(at);
  at += digits;
  if (digits && *at == '.') {
    digits = count_digits(at + 1);
    at += 1 + digits;
  }
  if (digits && (*at == 'e' || *at == 'E')) {
    at += at[1] == '-' || at[1] == '+' ? 2 : 1;
    digits = count_digits(at);
    at += digits;
  }
  if (!digits || at != copy + text.length) return false;
  *out = strtod(copy, NULL);
  return *out - *out == 0; /* finite */
}

static bool read_bool(Text text, int64_t *out) {
  static const char *const words[] = {"false", "true"};
  for (int i = 0; i < 2; i++) {
    size_t at = 0, length = strlen(words[i]);
    if (text.length != length) continue;
    while (at < length && (text.bytes[at] | 0x20) == words[i][at]) at++;
    if (at < length) continue;
    *out = i;
    return true;
  }
  return false;
}

/* "3:33", "1:02:33": all but the first part have two digits below 60. */
static bool read_clock(Text text, int64_t *ms) {
  uint64_t seconds = 0;
  for (int part = 0; part < 3; part++) {
    const char *colon = text.length ? memchr(text.bytes, ':', text.length) : NULL;
    size_t length = colon ? (size_t)(colon - text.bytes) : text.length;
    uint64_t value;
    if (!read_digits((Text){text.bytes, length}, part ? 59 : DURATION_MAX_MS / 1000 / 3600, &value)) return false;
    if (part && length != 2) return false;
    seconds = seconds * 60 + value;
    if (!colon) {
      *ms = (int64_t)seconds * 1000;
      return part > 0;
    }
    text = (Text){colon + 1, text.length - length - 1};
  }
  return false;
}

static bool pack_ms(int64_t ms, int64_t *out) {
  if (ms > DURATION_MAX_MS || ms < -DURATION_MAX_MS) return false;
  *out = duration_pack((Duration){0, ms});
  return true;
}

static bool read_duration(Text text, int64_t *out) {
  int64_t ms;
  if (read_integer(text, &ms)) return pack_ms(ms, out);
  bool negative = take_sign(&text);
  if (read_clock(text, &ms)) return pack_ms(negative ? -ms : ms, out);
  Duration duration;
  if (duration_parse(text, &duration, NULL) || duration.ms > DURATION_MAX_MS) return false;
  if (duration.months > INT16_MAX) return false;
  *out = duration_pack(negative ? (Duration){-duration.months, -duration.ms} : duration);
  return true;
}

static bool read_date(Text text, int64_t *out) {
  Date date;
  if (date_parse(text, &date, NULL) || date.precision > DATE_DAY) return false;
  *out = date_pack(date);
  return true;
}

/* A value whose type is not text, from its text. */
static bool read_plain(const Run *run, BaseType base, Text text, Value *out) {
  text = trim(text);
  switch (base) {
    case BASE_BOOL:
      return read_bool(text, &out->integer);
    case BASE_INT:
      return read_integer(text, &out->integer);
    case BASE_FLOAT:
    case BASE_PERCENT:
      return read_number(text, &out->number);
    case BASE_DATE:
      return read_date(text, &out->integer);
    case BASE_TIME:
      return instant_parse(text, run->options.zone, &out->integer, NULL) == STATUS_OK;
    case BASE_DURATION:
      return read_duration(text, &out->integer);
    default:
      return false;
  }
}

static bool read_string(Run *run, BaseType base, Text text, Value *out) {
  if (type_is_text((Type)base)) {
    out->integer = text_intern(run->texts, text);
    return true;
  }
  return (base == BASE_DATE || base == BASE_TIME || base == BASE_DURATION) && read_plain(run, base, text, out);
}

static bool read_one(Run *run, BaseType base, const Cell *cell, Value *out) {
  *out = (Value){0};
  switch (cell->kind) {
    case CELL_PLAIN:
      if (type_is_text((Type)base)) return read_string(run, base, csv_text_decode(cell->text), out);
      return read_plain(run, base, cell->text, out);
    case CELL_STRING:
      return read_string(run, base, cell->text, out);
    case CELL_INTEGER:
      if (base == BASE_DURATION) return pack_ms(cell->integer, &out->integer);
      if (base == BASE_FLOAT || base == BASE_PERCENT)
        out->number = (double)cell->integer;
      else
        out->integer = cell->integer;
      return base == BASE_INT || base == BASE_FLOAT || base == BASE_PERCENT;
    case CELL_NUMBER:
      out->number = cell->number;
      return base == BASE_FLOAT || base == BASE_PERCENT;
    case CELL_BOOL:
      out->integer = cell->truth;
      return base == BASE_BOOL;
    default:
      return false;
  }
}

static bool read_plain_list(Run *run, BaseType base, Text field, TextBuilder *scratch, Value *out) {
  Value few[FEW_ITEMS], *items = few;
  uint32_t count = 0, capacity = FEW_ITEMS;
  Text rest = csv_text_decode(field);
  while (csv_next_item(&rest, scratch)) {
    if (count == CELL_MAX_ITEMS) return false;
    if (count == capacity) {
      Value *more = arena_array(run->arena, capacity * 2, sizeof *more);
      memcpy(more, items, count * sizeof *more);
      items = more;
      capacity *= 2;
    }
    const Cell item = {.kind = type_is_text((Type)base) ? CELL_STRING : CELL_PLAIN, .text = text_built(scratch)};
    if (!read_one(run, base, &item, &items[count++])) return false;
  }
  *out = list_add(run->lists, items, count);
  return true;
}

static bool read_list(Run *run, BaseType base, const Cell *cell, Value *out) {
  if (cell->item_count > CELL_MAX_ITEMS) return false;
  Value few[FEW_ITEMS], *items = few;
  if (cell->item_count > FEW_ITEMS) items = arena_array(run->arena, cell->item_count, sizeof *items);
  for (size_t i = 0; i < cell->item_count; i++) {
    if (!read_one(run, base, &cell->items[i], &items[i])) return false;
  }
  *out = list_add(run->lists, items, (uint32_t)cell->item_count);
  return true;
}

bool cell_value(Run *run, Type type, const Cell *cell, TextBuilder *scratch, Value *out) {
  BaseType base = type_base(type);
  if (type_form(type) == FORM_ONE) return read_one(run, base, cell, out);
  if (type_form(type) != FORM_LIST) return false;
  if (cell->kind == CELL_PLAIN) return read_plain_list(run, base, cell->text, scratch, out);
  return cell->kind == CELL_LIST && read_list(run, base, cell, out);
}

const char *cell_expected(Type type) {
  if (type_form(type) == FORM_LIST) return "a list";
  switch (type_base(type)) {
    case BASE_BOOL:
      return "true or false";
    case BASE_INT:
      return "a whole number";
    case BASE_FLOAT:
    case BASE_PERCENT:
      return "a number";
    case BASE_DATE:
      return "a date such as 2024-03-05, 2024-03 or 2024";
    case BASE_TIME:
      return "a time such as 2024-03-05T20:00:00Z";
    case BASE_DURATION:
      return "a length in milliseconds, or such as 3:33 or 90d";
    default:
      return "a text";
  }
}

Text text_cut(Text text, size_t max) {
  if (text.length <= max) return text;
  while (max && ((unsigned char)text.bytes[max] & 0xC0) == 0x80) max--;
  return (Text){text.bytes, max};
}

Text cell_shown(Arena *arena, const Cell *cell) {
  TextBuilder shown = {.arena = arena};
  if (cell->kind == CELL_INTEGER)
    text_append_format(&shown, "%lld", (long long)cell->integer);
  else if (cell->kind == CELL_NUMBER)
    text_append_format(&shown, "%g", cell->number);
  else if (cell->kind == CELL_BOOL)
    text_append_format(&shown, "%s", cell->truth ? "true" : "false");
  else if (cell->kind == CELL_LIST)
    text_append(&shown, TEXT_LITERAL("a list"));
  else if (cell->kind == CELL_OBJECT)
    text_append(&shown, TEXT_LITERAL("an object"));
  if (cell->kind != CELL_PLAIN && cell->kind != CELL_STRING) return text_built(&shown);
  Text cut = text_cut(cell->text, SHOWN_MAX);
  text_append_char(&shown, '"');
  text_append(&shown, text_escaped(arena, cut));
  text_append(&shown, cut.length < cell->text.length ? TEXT_LITERAL("…\"") : TEXT_LITERAL("\""));
  return text_built(&shown);
}
