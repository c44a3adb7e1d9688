#include "base/text.h"

#include <stdarg.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

Text text_of(const char *string) {
  return string ? (Text){string, strlen(string)} : (Text){"", 0};
}

Text text_copy(Arena *arena, Text text) {
  return (Text){arena_copy(arena, text.bytes, text.length), text.length};
}

bool text_equal(Text a, Text b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

bool text_is(Text a, const char *string) {
  return text_equal(a, text_of(string));
}

int text_compare(Text a, Text b) {
  size_t shorter = a.length < b.length ? a.length : b.length;
  int order = shorter ? memcmp(a.bytes, b.bytes, shorter) : 0;
  if (order) return order;
  return (a.length > b.length) - (a.length < b.length);
}

/* Eight bytes at a time while they are ASCII and not NUL; nearly every text is. */
static size_t plain_prefix(Text text, size_t at) {
  while (text.length - at >= 8) {
    uint64_t word;
    memcpy(&word, text.bytes + at, 8);
    uint64_t has_zero = (word - UINT64_C(0x0101010101010101)) & ~word;
    if ((word | has_zero) & UINT64_C(0x8080808080808080)) break;
    at += 8;
  }
  return at;
}

size_t text_invalid_at(Text text) {
  size_t at = 0;
  while (at < text.length) {
    at = plain_prefix(text, at);
    if (at == text.length) break;
    uint32_t c;
    size_t count = utf8_decode(text.bytes + at, text.length - at, &c);
    if (count == 0 || c == 0) return at;
    at += count;
  }
  return text.length;
}

static Text fold_ascii(Arena *arena, Text text) {
  char *folded = arena_copy(arena, text.bytes, text.length);
  for (size_t i = 0; i < text.length; i++) {
    if (folded[i] >= 'A' && folded[i] <= 'Z') folded[i] = (char)(folded[i] + ('a' - 'A'));
  }
  return (Text){folded, text.length};
}

Text text_fold(Arena *arena, Text text) {
  enum { SHORT = 256 };
  const utf8proc_option_t options = UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE | UTF8PROC_STABLE;
  if (plain_prefix(text, 0) + 8 > text.length) {
    size_t at = plain_prefix(text, 0);
    while (at < text.length && (unsigned char)text.bytes[at] < 0x80) at++;
    if (at == text.length) return fold_ascii(arena, text);
  }
  /* utf8proc's two steps instead of utf8proc_map: its result is a malloc that an exhausted arena would lose. */
  int32_t few[SHORT];
  const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.bytes;
  utf8proc_ssize_t count = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.length, few, SHORT - 1, options);
  if (count < 0) return fold_ascii(arena, text); /* not UTF-8: still something that compares the same every time */
  int32_t *points = few;
  if (count >= SHORT) {
    points = arena_array(arena, (size_t)count + 1, sizeof *points);
    count = utf8proc_decompose(bytes, (utf8proc_ssize_t)text.length, points, count, options);
  }
  utf8proc_ssize_t length = utf8proc_reencode(points, count, options);
  if (points == few) return text_copy(arena, (Text){(const char *)points, (size_t)length});
  return (Text){(const char *)points, (size_t)length};
}

size_t text_width(Text text) {
  size_t width = 0;
  for (size_t at = 0; at < text.length;) {
    if (text.bytes[at] >= 0x20 && text.bytes[at] < 0x7F) {
      width++;
      at++;
      continue;
    }
    char escape[UTF8_ESCAPE_SIZE];
    size_t count = utf8_escape(text.bytes + at, text.length - at, escape);
    if (escape[0]) {
      width += strlen(escape);
    } else {
      uint32_t c = 0;
      utf8_decode(text.bytes + at, count, &c);
      width += (size_t)utf8proc_charwidth((int32_t)c);
    }
    at += count;
  }
  return width;
}

/* Length of the part from `at` that may be printed as it is. */
static size_t harmless(Text text, size_t at, char escape[UTF8_ESCAPE_SIZE], size_t *escaped) {
  size_t end = at;
  *escaped = 0;
  while (end < text.length) {
    unsigned char byte = (unsigned char)text.bytes[end];
    if (byte >= 0x20 && byte < 0x7F) {
      end++;
      continue;
    }
    size_t count = utf8_escape(text.bytes + end, text.length - end, escape);
    if (escape[0]) {
      *escaped = count;
      break;
    }
    end += count;
  }
  return end - at;
}

void text_print(FILE *out, Text text) {
  for (size_t at = 0; at < text.length;) {
    char escape[UTF8_ESCAPE_SIZE];
    size_t escaped, plain = harmless(text, at, escape, &escaped);
    if (plain) fwrite(text.bytes + at, 1, plain, out);
    if (escaped) fputs(escape, out);
    at += plain + escaped;
  }
}

void text_print_lines(FILE *out, Text text) {
  for (size_t start = 0; start <= text.length;) {
    size_t end = start;
    while (end < text.length && text.bytes[end] != '\n') end++;
    text_print(out, (Text){text.bytes + start, end - start});
    fputc('\n', out);
    start = end + 1;
  }
}

Text text_escaped(Arena *arena, Text text) {
  TextBuilder builder = {.arena = arena};
  for (size_t at = 0; at < text.length;) {
    char escape[UTF8_ESCAPE_SIZE];
    size_t escaped, plain = harmless(text, at, escape, &escaped);
    text_append(&builder, (Text){text.bytes + at, plain});
    if (escaped) text_append(&builder, text_of(escape));
    at += plain + escaped;
  }
  return text_built(&builder);
}

/* Room for `extra` more bytes and the NUL. */
static void reserve(TextBuilder *builder, size_t extra) {
  if (builder->bytes && extra < builder->capacity - builder->length) return;
  if (extra > SIZE_MAX / 4) arena_array(builder->arena, SIZE_MAX, 2); /* counts as exhaustion, does not return */
  size_t capacity = builder->capacity ? builder->capacity * 2 : 64;
  while (capacity - builder->length <= extra) capacity *= 2;
  builder->bytes = arena_grow(builder->arena, builder->bytes, builder->capacity, capacity);
  builder->capacity = capacity;
}

void text_append(TextBuilder *builder, Text text) {
  reserve(builder, text.length);
  if (text.length) memcpy(builder->bytes + builder->length, text.bytes, text.length);
  builder->length += text.length;
  builder->bytes[builder->length] = '\0';
}

void text_append_char(TextBuilder *builder, char c) {
  text_append(builder, (Text){&c, 1});
}

void text_append_integer(TextBuilder *builder, int64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (number < 0) digits[--at] = '-';
  text_append(builder, (Text){digits + at, sizeof digits - at});
}

void text_append_percent(TextBuilder *builder, double share) {
  text_append_format(builder, "%.15g%%", share * 100);
}

void text_append_format(TextBuilder *builder, const char *format, ...) {
  reserve(builder, 0);
  for (int attempt = 0; attempt < 2; attempt++) {
    size_t room = builder->capacity - builder->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(builder->bytes + builder->length, room, format, arguments);
    va_end(arguments);
    if (length < 0) break;
    if ((size_t)length < room) {
      builder->length += (size_t)length;
      return;
    }
    reserve(builder, (size_t)length);
  }
  builder->bytes[builder->length] = '\0';
}

void text_append_code_point(TextBuilder *builder, uint32_t code_point) {
  char bytes[UTF8_MAX];
  size_t length = utf8_encode(code_point, bytes);
  text_append(builder, (Text){bytes, length});
}

Text text_built(const TextBuilder *builder) {
  return builder->bytes ? (Text){builder->bytes, builder->length} : (Text){"", 0};
}
