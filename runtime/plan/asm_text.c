#include "plan/asm_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

enum { SHOWN_MAX = 60, SIGNATURE_DIGITS = 16 };

static uint32_t column_of(const AsmText *from, size_t at) {
  uint32_t column = 1;
  for (size_t i = from->start; i < at; i++) column += ((unsigned char)from->text.bytes[i] & 0xC0) != 0x80;
  return column;
}

void asm_fault(AsmText *from, size_t at, PlanFault fault, const char *format, ...) {
  if (from->status != STATUS_OK) return;
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  refuse(from->error, fault, "%s", message);
  from->status = fail_context(from->error, "%s:%" PRIu32 ":%" PRIu32, from->name, from->line, column_of(from, at));
}

Status asm_fault_line(AsmText *from, uint32_t line) {
  return from->status = fail_context(from->error, "%s:%" PRIu32 ":1", from->name, line);
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool asm_more(AsmText *from) {
  if (from->status != STATUS_OK || from->over) return false;
  while (from->at < from->end && is_blank(from->text.bytes[from->at])) from->at++;
  return from->at < from->end && from->text.bytes[from->at] != ';';
}

static void take_line(AsmText *from, size_t start) {
  const char *newline = start < from->text.length ? memchr(from->text.bytes + start, '\n', from->text.length - start) : NULL;
  from->start = from->at = start;
  from->end = newline ? (size_t)(newline - from->text.bytes) : from->text.length;
  from->inner = start < from->end && is_blank(from->text.bytes[start]);
  from->line++;
}

/* Over lines without a word, from the current one on. */
static void skip_empty(AsmText *from) {
  while (from->status == STATUS_OK && !from->over && !asm_more(from)) {
    if (from->end == from->text.length) {
      from->over = true;
    } else {
      take_line(from, from->end + 1);
    }
  }
}

void asm_begin(AsmText *from) {
  take_line(from, 0);
  skip_empty(from);
}

static Text shown(const AsmText *from, size_t at) {
  size_t length = 0;
  while (at + length < from->end && !is_blank(from->text.bytes[at + length])) length++;
  if (length > SHOWN_MAX) {
    length = SHOWN_MAX;
    while (length && ((unsigned char)from->text.bytes[at + length] & 0xC0) == 0x80) length--;
  }
  return text_escaped(from->arena, (Text){from->text.bytes + at, length});
}

void asm_end_line(AsmText *from) {
  if (asm_more(from)) {
    asm_fault(from, from->at, FAULT_ASM_LEFT, "`" TEXT_FORMAT "` stands behind the end of this line; a comment begins with `;`",
              TEXT_ARG(shown(from, from->at)));
  }
  if (from->status != STATUS_OK || from->over) return;
  if (from->end == from->text.length) {
    from->over = true;
    return;
  }
  take_line(from, from->end + 1);
  skip_empty(from);
}

Text asm_word(AsmText *from, const char *what) {
  if (!asm_more(from)) {
    asm_fault(from, from->at, FAULT_ASM_ENDS, "%s ends and %s is missing", from->over ? "the text" : "the line", what);
    return (Text){"", 0};
  }
  size_t start = from->at;
  while (from->at < from->end && !is_blank(from->text.bytes[from->at])) from->at++;
  return (Text){from->text.bytes + start, from->at - start};
}

bool asm_take(AsmText *from, const char *word) {
  if (!asm_more(from)) return false;
  size_t start = from->at;
  if (text_is(asm_word(from, word), word)) return true;
  from->at = start;
  return false;
}

static void bad_digits(AsmText *from, Text word, const char *what, const char *wanted) {
  size_t at = (size_t)(word.bytes - from->text.bytes);
  if (from->status == STATUS_OK)
    asm_fault(from, at, FAULT_ASM_DIGITS, "`" TEXT_FORMAT "` is not %s, which is %s", TEXT_ARG(shown(from, at)), what, wanted);
}

/* False for what is not digits alone, begins with a needless zero, or is more than `most`. */
static bool decimal(Text word, uint64_t most, uint64_t *out) {
  *out = 0;
  if (word.length == 0 || (word.length > 1 && word.bytes[0] == '0')) return false;
  for (size_t i = 0; i < word.length; i++) {
    if (word.bytes[i] < '0' || word.bytes[i] > '9') return false;
    uint64_t digit = (uint64_t)(word.bytes[i] - '0');
    if (digit > most || *out > (most - digit) / 10) return false;
    *out = *out * 10 + digit;
  }
  return true;
}

uint64_t asm_number(AsmText *from, uint64_t most, const char *what) {
  Text word = asm_word(from, what);
  uint64_t value;
  if (from->status != STATUS_OK) return 0;
  if (decimal(word, most, &value)) return value;
  bad_digits(from, word, what, arena_format(from->arena, "a whole number from 0 to %" PRIu64, most));
  return 0;
}

int64_t asm_signed(AsmText *from, int64_t least, int64_t most, const char *what) {
  Text word = asm_word(from, what);
  if (from->status != STATUS_OK) return 0;
  bool negative = word.length && word.bytes[0] == '-';
  Text digits = negative ? (Text){word.bytes + 1, word.length - 1} : word;
  uint64_t value, room = negative ? (uint64_t)0 - (uint64_t)least : (uint64_t)most;
  if (decimal(digits, room, &value) && (value || !negative)) return negative ? (int64_t)((uint64_t)0 - value) : (int64_t)value;
  bad_digits(from, word, what, arena_format(from->arena, "a whole number from %" PRId64 " to %" PRId64, least, most));
  return 0;
}

static int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint64_t asm_hex(AsmText *from, unsigned digits, const char *what) {
  enum { WIDE = 8 };
  Text word = asm_word(from, what);
  uint64_t value = 0;
  bool good = digits ? word.length == digits : word.length >= 1 && word.length <= WIDE;
  for (size_t i = 0; i < word.length && good; i++) {
    int digit = hex_digit(word.bytes[i]);
    good = digit >= 0;
    value = value << 4 | (uint64_t)(digit & 0xF);
  }
  if (good && from->status == STATUS_OK) return value;
  if (digits) {
    bad_digits(from, word, what, arena_format(from->arena, "%u hexadecimal digits in lower case", digits));
  } else {
    bad_digits(from, word, what, "up to eight hexadecimal digits in lower case");
  }
  return 0;
}

Digest asm_digest(AsmText *from, const char *what) {
  Digest digest = {{0}};
  Text word = asm_word(from, what);
  if (from->status != STATUS_OK) return digest;
  bool good = word.length == 2 * SHA256_SIZE;
  for (size_t i = 0; good && i < word.length; i++) {
    int digit = hex_digit(word.bytes[i]);
    good = digit >= 0;
    digest.bytes[i / 2] = (uint8_t)(digest.bytes[i / 2] << 4 | (digit & 0xF));
  }
  if (!good) bad_digits(from, word, what, "64 hexadecimal digits in lower case");
  return digest;
}

/* The character behind a backslash at `from->at`; 0 after a fault. */
static uint32_t escaped(AsmText *from) {
  static const char letters[] = "\"\\/ntrbf", values[] = "\"\\/\n\t\r\b\f";
  size_t slash = from->at++;
  char c = from->at < from->end ? from->text.bytes[from->at++] : 0;
  const char *found = c ? strchr(letters, c) : NULL;
  if (found) return (unsigned char)values[found - letters];
  uint32_t value = 0;
  bool good = c == 'u' && from->end - from->at >= 4;
  for (int i = 0; i < 4 && good; i++) {
    int digit = hex_digit((char)(from->text.bytes[from->at] | (from->text.bytes[from->at] >= 'A' && from->text.bytes[from->at] <= 'F' ? 0x20 : 0)));
    from->at++;
    good = digit >= 0;
    value = value << 4 | (uint32_t)(digit & 0xF);
  }
  if (good && value && (value < 0xD800 || value > 0xDFFF)) return value;
  asm_fault(from, slash, FAULT_ASM_TEXT,
            "this is no escape; there are \\\" \\\\ \\/ \\n \\t \\r \\b \\f and \\u with four hexadecimal digits of a character");
  return 0;
}

Text asm_quoted(AsmText *from, const char *what) {
  TextBuilder text = {.arena = from->arena};
  if (!asm_more(from) || from->text.bytes[from->at] != '"') {
    asm_fault(from, from->at, FAULT_ASM_TEXT, "%s is missing; it is a text in double quotes", what);
    return (Text){"", 0};
  }
  size_t start = from->at++;
  while (from->status == STATUS_OK) {
    if (from->at >= from->end) {
      asm_fault(from, start, FAULT_ASM_TEXT, "%s is not closed on its line; write a line break as \\n", what);
      break;
    }
    const char *bytes = from->text.bytes + from->at;
    if (*bytes == '"') {
      from->at++;
      if (from->at < from->end && !is_blank(from->text.bytes[from->at]))
        asm_fault(from, from->at, FAULT_ASM_LEFT, "a blank belongs behind %s; a double quote within it is written \\\"", what);
      return text.length ? text_built(&text) : (Text){"", 0};
    }
    uint32_t code_point;
    size_t count = utf8_decode(bytes, from->end - from->at, &code_point);
    if (count == 0 || code_point == 0) {
      asm_fault(from, from->at, FAULT_ASM_TEXT, "%s is not UTF-8 without NUL here", what);
    } else if (*bytes == '\\') {
      text_append_code_point(&text, escaped(from));
    } else {
      text_append(&text, (Text){bytes, count});
      from->at += count;
    }
  }
  return (Text){"", 0};
}

uint32_t asm_reference(AsmText *from, char letter, bool optional) {
  Text word = asm_word(from, "a reference");
  uint64_t value;
  if (from->status != STATUS_OK) return PLAN_NONE;
  if (optional && text_is(word, "none")) return PLAN_NONE;
  bool good = word.bytes[0] == letter && decimal((Text){word.bytes + 1, word.length - 1}, PLAN_NONE - 1, &value);
  if (good) return (uint32_t)value;
  size_t at = (size_t)(word.bytes - from->text.bytes);
  asm_fault(from, at, FAULT_ASM_REFERENCE, "`" TEXT_FORMAT "` stands where a reference such as %c0%s belongs",
            TEXT_ARG(shown(from, at)), letter, optional ? " or `none`" : "");
  return PLAN_NONE;
}

static bool cut(Text *text, const char *start, const char *end) {
  size_t before = strlen(start), after = strlen(end);
  bool has = text->length >= before + after && memcmp(text->bytes, start, before) == 0 &&
             memcmp(text->bytes + text->length - after, end, after) == 0;
  if (has) *text = (Text){text->bytes + before, text->length - before - after};
  return has;
}

Type asm_type(AsmText *from) {
  Text word = asm_word(from, "a type"), base = word;
  if (from->status != STATUS_OK) return TYPE_OF(BOOL);
  Type optional = cut(&base, "", "?") ? TYPE_OPTIONAL : 0;
  TypeForm form = cut(&base, "list[", "]") ? FORM_LIST : cut(&base, "range[", "]") ? FORM_RANGE : FORM_ONE;
  BaseType found = type_base_named(base);
  if (found != BASE_COUNT) return (Type)(TYPE_MAKE(found, form) | optional);
  size_t at = (size_t)(word.bytes - from->text.bytes);
  TextBuilder names = {.arena = from->arena};
  for (int i = BASE_MISSING + 1; i < BASE_COUNT; i++) text_append_format(&names, "%s ", type_base_name((BaseType)i));
  asm_fault(from, at, FAULT_ASM_WORD, "there is no type `" TEXT_FORMAT "`; there are " TEXT_FORMAT "list[T] and range[T], with ? for what may be missing",
            TEXT_ARG(shown(from, at)), TEXT_ARG(text_built(&names)));
  return TYPE_OF(BOOL);
}

unsigned asm_choice(AsmText *from, const TextWords *words) {
  Text word = asm_word(from, words->what);
  for (unsigned i = 0; i < words->count && from->status == STATUS_OK; i++)
    if (text_is(word, words->items[i])) return i;
  if (from->status != STATUS_OK) return 0;
  TextBuilder all = {.arena = from->arena};
  for (unsigned i = 0; i < words->count; i++) text_append_format(&all, "%s%s", i ? ", " : "", words->items[i]);
  size_t at = (size_t)(word.bytes - from->text.bytes);
  asm_fault(from, at, FAULT_ASM_WORD, "`" TEXT_FORMAT "` is no %s; there are " TEXT_FORMAT, TEXT_ARG(shown(from, at)), words->what,
            TEXT_ARG(text_built(&all)));
  return 0;
}

/* ---- by the table ---- */

static void read_choice(AsmText *from, const TextField *field, void *item) {
  unsigned choice = asm_choice(from, field->words);
  uint32_t index = 0;
  if (field->letters[choice] == '#') {
    index = (uint32_t)asm_number(from, PLAN_NONE - 1, "the number of an input");
  } else if (field->letters[choice] != '-') {
    index = asm_reference(from, field->letters[choice], false);
  }
  text_member_set(item, field->offset, field->size, choice);
  text_member_set(item, field->second_offset, sizeof index, index);
}

static uint64_t read_field(AsmText *from, const TextField *field, void *item) {
  switch (field->kind) {
    case TEXT_REFERENCE:
      return asm_reference(from, field->letters[0], false);
    case TEXT_OPTIONAL:
      return asm_reference(from, field->letters[0], true);
    case TEXT_NUMBER:
      return asm_number(from, field->size == 1 ? UINT8_MAX : UINT32_MAX, "the number");
    case TEXT_SIGNATURE:
      return asm_more(from) ? asm_hex(from, SIGNATURE_DIGITS, "the signature") : 0;
    case TEXT_TYPE:
      return asm_type(from);
    case TEXT_WORD:
      return asm_choice(from, field->words);
    case TEXT_FLAG:
      return asm_take(from, field->word);
    case TEXT_TAIL:
      return asm_take(from, field->word) ? asm_reference(from, field->letters[0], false) : PLAN_NONE;
    case TEXT_CHOICE:
      break;
  }
  return text_member(item, field->offset, field->size);
}

void asm_fields(AsmText *from, const TextForm *form, void *item) {
  for (size_t i = 0; i < TEXT_FORM_MAX && form->fields[i].size; i++) {
    const TextField *field = &form->fields[i];
    if (field->kind == TEXT_CHOICE) {
      read_choice(from, field, item);
    } else {
      text_member_set(item, field->offset, field->size, read_field(from, field, item));
    }
  }
}
