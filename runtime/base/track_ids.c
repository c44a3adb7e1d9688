#include "base/track_ids.h"

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool isrc_read(Text text, char out[ISRC_LENGTH + 1]) {
  size_t length = 0;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c == '-') continue;
    if (c >= 'a' && c <= 'z') c = (char)(c & ~0x20);
    bool fits = length < 2 ? is_upper(c) : length < 5 ? is_upper(c) || is_digit(c) : is_digit(c);
    if (length == ISRC_LENGTH || !fits) return false;
    out[length++] = c;
  }
  out[length] = '\0';
  return length == ISRC_LENGTH;
}

bool mbid_read(Text text, char out[MBID_LENGTH + 1]) {
  if (text.length < MBID_LENGTH) return false;
  for (size_t i = 0; i < MBID_LENGTH; i++) {
    char c = text.bytes[i];
    if (is_upper(c)) c = (char)(c | 0x20);
    bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? c != '-' : !is_digit(c) && !(c >= 'a' && c <= 'f')) return false;
    out[i] = c;
  }
  out[MBID_LENGTH] = '\0';
  return true;
}

Text isrc_spelling(Text text, char room[ISRC_LENGTH + 1]) {
  return isrc_read(text, room) ? (Text){room, ISRC_LENGTH} : text;
}

Text mbid_spelling(Text text, char room[MBID_LENGTH + 1]) {
  return text.length == MBID_LENGTH && mbid_read(text, room) ? (Text){room, MBID_LENGTH} : text;
}
