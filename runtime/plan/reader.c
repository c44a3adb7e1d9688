#include "plan/reader.h"

Status reader_fault(Reader *reader, PlanFault fault, const char *format, ...) {
  if (reader->status != STATUS_OK) return reader->status;
  char message[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return reader->status = refuse(reader->error, fault, "%s", message);
}

uint32_t reader_offset(const Reader *reader) {
  return reader->base + (uint32_t)reader->at;
}

/* Whether `count` more bytes are there. */
static bool ready(Reader *reader, size_t count) {
  if (reader->status != STATUS_OK) return false;
  if (count <= reader->length - reader->at) return true;
  reader_fault(reader, FAULT_PLAN_SECTION_ENDS, "the section ends within this item");
  return false;
}

uint8_t read_byte(Reader *reader) {
  return ready(reader, 1) ? reader->bytes[reader->at++] : 0;
}

uint64_t read_fixed(Reader *reader, size_t bytes) {
  uint64_t value = 0;
  if (!ready(reader, bytes)) return 0;
  for (size_t i = 0; i < bytes; i++) value |= (uint64_t)reader->bytes[reader->at++] << 8 * i;
  return value;
}

uint64_t read_varint(Reader *reader) {
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t byte = read_byte(reader);
    if (reader->status != STATUS_OK) return 0;
    if (shift == 63 && byte > 1) {
      reader_fault(reader, FAULT_PLAN_VARINT, "a number has more than 64 bits");
      return 0;
    }
    value |= (uint64_t)(byte & 0x7F) << shift;
    if (byte & 0x80) continue;
    if (byte == 0 && shift) reader_fault(reader, FAULT_PLAN_VARINT, "a number is not in its shortest form");
    return reader->status == STATUS_OK ? value : 0;
  }
}

int64_t read_signed(Reader *reader) {
  uint64_t value = read_varint(reader);
  return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

Text read_text(Reader *reader, size_t limit, const char *what) {
  Text text = {"", 0};
  uint64_t length = read_varint(reader);
  if (length > limit)
    reader_fault(reader, FAULT_PLAN_LIMIT, "%s has %llu bytes; at most %zu are possible", what,
                 (unsigned long long)length, limit);
  if (reader->status != STATUS_OK || !ready(reader, (size_t)length)) return text;
  text = (Text){(const char *)reader->bytes + reader->at, (size_t)length};
  size_t invalid = text_invalid_at(text);
  if (invalid < text.length) {
    reader_fault(reader, FAULT_PLAN_TEXT, "%s is not valid UTF-8 without NUL at its byte %zu", what, invalid);
    return (Text){"", 0};
  }
  reader->at += text.length;
  return text;
}

uint32_t read_count(Reader *reader, uint32_t limit, size_t least, const char *what) {
  uint64_t count = read_varint(reader);
  if (count > limit) {
    reader_fault(reader, FAULT_PLAN_LIMIT, "%llu %s; at most %u are possible", (unsigned long long)count, what, limit);
  } else if (count > (reader->length - reader->at) / least) {
    reader_fault(reader, FAULT_PLAN_SECTION_ENDS, "%llu %s are announced, more than the section has room for",
                 (unsigned long long)count, what);
  }
  return reader->status == STATUS_OK ? (uint32_t)count : 0;
}

static uint32_t checked_index(Reader *reader, uint64_t index, uint32_t count, const char *what) {
  if (index >= count)
    reader_fault(reader, FAULT_PLAN_INDEX, "refers to %s %llu of %u", what, (unsigned long long)index, count);
  return reader->status == STATUS_OK ? (uint32_t)index : 0;
}

uint32_t read_index(Reader *reader, uint32_t count, const char *what) {
  return checked_index(reader, read_varint(reader), count, what);
}

uint32_t read_optional(Reader *reader, uint32_t count, const char *what) {
  uint64_t index = read_varint(reader);
  return index == 0 ? PLAN_NONE : checked_index(reader, index - 1, count, what);
}

unsigned read_kind(Reader *reader, unsigned count, const char *what) {
  unsigned kind = read_byte(reader);
  if (kind >= count) reader_fault(reader, FAULT_PLAN_TAG, "there is no %s %u", what, kind);
  return reader->status == STATUS_OK ? kind : 0;
}

Type read_type(Reader *reader) {
  Type type = read_byte(reader);
  if (!type_is_valid(type)) reader_fault(reader, FAULT_PLAN_TYPE, "there is no type 0x%02x", (unsigned)type);
  return reader->status == STATUS_OK ? type : TYPE_OF(BOOL);
}

Status reader_end(Reader *reader) {
  if (reader->status == STATUS_OK && reader->at != reader->length) {
    reader_fault(reader, FAULT_PLAN_SECTION_LEFT, "%zu bytes stand behind the last item", reader->length - reader->at);
  }
  return reader->status;
}
