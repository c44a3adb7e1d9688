#include "base/digest.h"

/* libcrypto's SHA256_* functions and not EVP: a static link takes only their object file, which needs no provider to be
 * loaded and no initialisation at program start. OpenSSL 3 marks them deprecated in favour of EVP. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <zlib.h>

Digest sha256_parts(const DigestPart *parts, size_t count) {
  Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  for (size_t i = 0; i < count; i++) {
    if (parts[i].length) SHA256_Update(&context, parts[i].bytes, parts[i].length);
  }
  SHA256_Final(digest.bytes, &context);
  return digest;
}

_Static_assert(sizeof(SHA256_CTX) <= sizeof(Sha256) && _Alignof(SHA256_CTX) <= _Alignof(Sha256), "room for libcrypto's state");

void sha256_begin(Sha256 *state) {
  SHA256_Init((SHA256_CTX *)state);
}

void sha256_add(Sha256 *state, const void *bytes, size_t length) {
  if (length) SHA256_Update((SHA256_CTX *)state, bytes, length);
}

Digest sha256_end(Sha256 *state) {
  Digest digest;
  SHA256_Final(digest.bytes, (SHA256_CTX *)state);
  return digest;
}

Digest sha256(const void *bytes, size_t length) {
  DigestPart whole = {bytes, length};
  return sha256_parts(&whole, 1);
}

void digest_hex(const Digest *digest, size_t bytes, char *out) {
  static const char digits[] = "0123456789abcdef";
  if (bytes > SHA256_SIZE) bytes = SHA256_SIZE;
  for (size_t i = 0; i < bytes; i++) {
    out[2 * i] = digits[digest->bytes[i] >> 4];
    out[2 * i + 1] = digits[digest->bytes[i] & 15];
  }
  out[2 * bytes] = '\0';
}

uint32_t crc32_of(const void *bytes, size_t length) {
  return length ? (uint32_t)crc32_z(0, bytes, length) : 0;
}
