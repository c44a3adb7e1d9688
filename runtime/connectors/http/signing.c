#include "connectors/http/signing.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/vec.h"

typedef struct Param {
  Text name, value;
} Param;

typedef VEC(Param) Params;

static int compare_params(const void *a, const void *b) {
  return text_compare(((const Param *)a)->name, ((const Param *)b)->name);
}

static void add(Arena *arena, Params *params, Text name, Text value) {
  if (!text_is(name, "format") && !text_is(name, "callback")) vec_push(arena, params, (Param){name, value});
}

/* The fixed ones hold nothing that would be encoded. */
static void add_fixed(Arena *arena, Params *params, const char *fixed) {
  while (*fixed) {
    size_t length = strcspn(fixed, "&"), name = strcspn(fixed, "=");
    add(arena, params, (Text){fixed, name}, (Text){fixed + name + 1, length - name - 1});
    fixed += length;
    if (*fixed) fixed++;
  }
}

Text lastfm_signature(Arena *arena, const char *fixed, const HttpParam *params, size_t count, Text shared_secret) {
  Params all = {0};
  TextBuilder b = {.arena = arena};
  add_fixed(arena, &all, fixed);
  for (size_t i = 0; i < count; i++) add(arena, &all, text_of(params[i].name), params[i].value);
  if (all.count) qsort(all.items, all.count, sizeof *all.items, compare_params);
  for (size_t i = 0; i < all.count; i++) {
    text_append(&b, all.items[i].name);
    text_append(&b, all.items[i].value);
  }
  text_append(&b, shared_secret);
  char *hex = arena_alloc(arena, MD5_HEX + 1);
  md5_hex(b.bytes, b.length, hex);
  memset(b.bytes, 0, b.length); /* it ends in the secret */
  return (Text){hex, MD5_HEX};
}

Text base64url(Arena *arena, const void *bytes, size_t length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const uint8_t *in = bytes;
  TextBuilder b = {.arena = arena};
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t three = (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (left > 2 ? in[i + 2] : 0);
    for (size_t digit = 0; digit < (left > 2 ? 4 : left + 1); digit++) text_append_char(&b, digits[three >> (18 - 6 * digit) & 63]);
  }
  return length ? text_built(&b) : TEXT_LITERAL("");
}

Text pkce_verifier(Arena *arena, const uint8_t random[OAUTH_RANDOM]) {
  return base64url(arena, random, OAUTH_RANDOM);
}

Text pkce_challenge(Arena *arena, Text verifier) {
  Digest digest = sha256(verifier.bytes, verifier.length);
  return base64url(arena, digest.bytes, SHA256_SIZE);
}

static bool same_in_constant_time(Text a, Text b) {
  if (a.length != b.length || a.length == 0) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.length; i++) difference |= (unsigned)(a.bytes[i] ^ b.bytes[i]);
  return difference == 0;
}

static int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static Text decoded(Arena *arena, Text text) {
  TextBuilder b = {.arena = arena};
  for (size_t i = 0; i < text.length; i++) {
    int high = i + 2 < text.length ? hex_digit(text.bytes[i + 1]) : -1, low = i + 2 < text.length ? hex_digit(text.bytes[i + 2]) : -1;
    if (text.bytes[i] == '%' && high >= 0 && low >= 0) {
      text_append_char(&b, (char)(high * 16 + low));
      i += 2;
    } else {
      text_append_char(&b, text.bytes[i] == '+' ? ' ' : text.bytes[i]);
    }
  }
  return text.length ? text_built(&b) : TEXT_LITERAL("");
}

bool oauth_read_return(Arena *arena, Text query, Text state, OAuthReturn *out) {
  Text found[3] = {{0}};
  static const char *const names[3] = {"code", "error", "state"};
  const char *mark = query.length ? memchr(query.bytes, '?', query.length) : NULL;
  size_t at = mark ? (size_t)(mark - query.bytes) + 1 : 0;
  *out = (OAuthReturn){TEXT_LITERAL(""), TEXT_LITERAL("")};
  while (at < query.length && query.bytes[at] != '#') {
    size_t end = at, name = at;
    while (end < query.length && query.bytes[end] != '&' && query.bytes[end] != '#') end++;
    while (name < end && query.bytes[name] != '=') name++;
    for (int i = 0; i < 3; i++) {
      if (!text_is((Text){query.bytes + at, name - at}, names[i])) continue;
      if (found[i].bytes) return false;
      found[i] = name < end ? decoded(arena, (Text){query.bytes + name + 1, end - name - 1}) : TEXT_LITERAL("");
    }
    at = end < query.length && query.bytes[end] == '&' ? end + 1 : end;
  }
  if (!same_in_constant_time(found[2].bytes ? found[2] : TEXT_LITERAL(""), state)) return false;
  if (found[0].bytes) out->code = found[0];
  if (found[1].bytes) out->error = found[1];
  return true;
}
