#include "connectors/import/import_front.h"

#include <string.h>

#include "base/utf8.h"

/* ---- the front ---- */

typedef struct Front {
  Input input;
  Text rest;
  Input *behind;
} Front;

static Status read_front(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Front *front = input->context;
  if (!front->rest.length) return front->behind->read(front->behind, buffer, size, got, error);
  *got = size < front->rest.length ? size : front->rest.length;
  memcpy(buffer, front->rest.bytes, *got);
  front->rest = (Text){front->rest.bytes + *got, front->rest.length - *got};
  return STATUS_OK;
}

Input *input_before(Arena *arena, Text front, Input *behind) {
  Front *before = arena_alloc(arena, sizeof *before);
  *before = (Front){.rest = front, .behind = behind};
  before->input = (Input){read_front, before, behind->name};
  return &before->input;
}

Status input_with_front(Arena *arena, Input *input, size_t most, Text *front, Input **out, Error *error) {
  char *bytes = arena_alloc(arena, most);
  size_t length = 0, got = 1;
  while (length < most && got) {
    Status status = input->read(input, bytes + length, most - length, &got, error);
    if (status) return status;
    length += got;
  }
  *front = (Text){bytes, length};
  *out = input_before(arena, *front, input);
  return STATUS_OK;
}

/* ---- other encodings ---- */

typedef enum Encoding { UTF16_LE, UTF16_BE, WINDOWS_1252 } Encoding;
enum { CODED = 16 << 10, UTF8_PER_BYTE = 3 };

typedef struct Decoder {
  Input input;
  Input *coded;
  Encoding encoding;
  uint32_t high;    /* a high surrogate that waits for its other half */
  uint8_t odd;      /* the first byte of a unit */
  bool has_odd, ended;
  uint8_t bytes[CODED];
  char text[CODED * UTF8_PER_BYTE + 16];
  size_t length, at;
} Decoder;

/* 0x80 to 0x9F of Windows-1252; 0 = not given, which stands for itself. */
static const uint16_t windows_1252[32] = {0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                          0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                          0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

static void put(Decoder *decoder, uint32_t code_point) {
  decoder->length += utf8_encode(code_point, decoder->text + decoder->length);
}

static void put_unit(Decoder *decoder, uint32_t unit) {
  bool low = unit >= 0xDC00 && unit <= 0xDFFF;
  uint32_t high = decoder->high;
  decoder->high = 0;
  if (high && low) {
    put(decoder, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
    return;
  }
  if (high) put(decoder, 0xFFFD);
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    decoder->high = unit;
  } else if (unit != 0xFEFF) {
    put(decoder, low ? 0xFFFD : unit);
  }
}

static void put_byte(Decoder *decoder, uint8_t byte) {
  if (decoder->encoding == WINDOWS_1252) {
    uint32_t mapped = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : 0;
    put(decoder, mapped ? mapped : byte);
    return;
  }
  if (!decoder->has_odd) {
    decoder->odd = byte;
    decoder->has_odd = true;
    return;
  }
  decoder->has_odd = false;
  put_unit(decoder, decoder->encoding == UTF16_LE ? (uint32_t)(decoder->odd | byte << 8) : (uint32_t)(decoder->odd << 8 | byte));
}

static Status decode_more(Decoder *decoder, Error *error) {
  size_t got;
  Status status = decoder->coded->read(decoder->coded, decoder->bytes, CODED, &got, error);
  if (status) return status;
  decoder->length = decoder->at = 0;
  for (size_t i = 0; i < got; i++) put_byte(decoder, decoder->bytes[i]);
  decoder->ended = got == 0;
  if (decoder->ended && (decoder->high || decoder->has_odd)) put(decoder, 0xFFFD);
  return STATUS_OK;
}

static Status read_decoded(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Decoder *decoder = input->context;
  while (decoder->at == decoder->length && !decoder->ended) {
    Status status = decode_more(decoder, error);
    if (status) return status;
  }
  *got = decoder->length - decoder->at;
  if (*got > size) *got = size;
  memcpy(buffer, decoder->text + decoder->at, *got);
  decoder->at += *got;
  return STATUS_OK;
}

/* ---- UTF-8 with bytes of Windows-1252 in it ---- */

typedef struct Mender {
  Input input, *behind;
  char bytes[CODED], mended[UTF8_MAX];
  size_t at, good, filled; /* of the bytes: given, whole characters, all */
  size_t mended_at, mended_length;
  bool ended;
} Mender;

static void mend_byte(Mender *mender) {
  uint8_t byte = (uint8_t)mender->bytes[mender->at++];
  uint32_t mapped = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : 0;
  mender->mended_at = 0;
  mender->mended_length = utf8_encode(mapped ? mapped : byte, mender->mended);
}

static Status find_good(Mender *mender, Error *error) {
  size_t rest = mender->filled - mender->at;
  if (rest >= UTF8_MAX || (rest && mender->ended)) {
    mend_byte(mender);
  } else {
    size_t got = 0;
    memmove(mender->bytes, mender->bytes + mender->at, rest);
    Status status = mender->behind->read(mender->behind, mender->bytes + rest, CODED - rest, &got, error);
    if (status) return status;
    mender->at = 0;
    mender->filled = rest + got;
    mender->ended = got == 0;
  }
  mender->good = mender->at + text_invalid_at((Text){mender->bytes + mender->at, mender->filled - mender->at});
  return STATUS_OK;
}

static Status read_mended(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Mender *mender = input->context;
  while (mender->mended_at == mender->mended_length && mender->at == mender->good && !(mender->ended && mender->at == mender->filled)) {
    Status status = find_good(mender, error);
    if (status) return status;
  }
  bool mended = mender->mended_at < mender->mended_length;
  size_t left = mended ? mender->mended_length - mender->mended_at : mender->good - mender->at;
  *got = left < size ? left : size;
  memcpy(buffer, mended ? mender->mended + mender->mended_at : mender->bytes + mender->at, *got);
  *(mended ? &mender->mended_at : &mender->at) += *got;
  return STATUS_OK;
}

static Input *input_mended(Arena *arena, Input *input) {
  Mender *mender = arena_alloc(arena, sizeof *mender);
  mender->behind = input;
  mender->input = (Input){read_mended, mender, input->name};
  return &mender->input;
}

/* A character that the end of the front cuts in two is no fault, if the file goes on there. */
static bool is_utf8(Text front, bool whole) {
  size_t at = text_invalid_at(front);
  return at == front.length || front.bytes[at] == '\0' || (!whole && at + UTF8_MAX > front.length);
}

bool text_is_utf16(Text front, bool *little_endian) {
  const char *bytes = front.bytes;
  *little_endian = front.length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || (bytes[0] && !bytes[1]));
  if (front.length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) return true;
  if (front.length < 4) return false;
  return *little_endian ? bytes[2] && !bytes[3] : !bytes[0] && bytes[1] && !bytes[2] && bytes[3];
}

Input *input_decoded(Arena *arena, Input *input, Text front, bool whole, bool windows) {
  Encoding encoding = WINDOWS_1252;
  bool little_endian;
  if (text_is_utf16(front, &little_endian)) {
    encoding = little_endian ? UTF16_LE : UTF16_BE;
  } else if (!windows || is_utf8(front, whole)) {
    return input_mended(arena, input);
  }
  Decoder *decoder = arena_alloc(arena, sizeof *decoder);
  decoder->coded = input;
  decoder->encoding = encoding;
  decoder->input = (Input){read_decoded, decoder, input->name};
  return &decoder->input;
}
