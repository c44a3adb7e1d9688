/* digest.h: SHA-256, MD5 (libcrypto) and CRC-32 (zlib), in one place so that nothing else includes them. */
#ifndef NARADA_BASE_DIGEST_H
#define NARADA_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32 };

typedef struct Digest {
  uint8_t bytes[SHA256_SIZE];
} Digest;

Digest sha256(const void *bytes, size_t length);
/* Several pieces as one message. */
typedef struct DigestPart {
  const void *bytes;
  size_t length;
} DigestPart;
Digest sha256_parts(const DigestPart *parts, size_t count);
/* Bytes as they come, of any length. */
typedef struct Sha256 {
  uint64_t state[16]; /* of libcrypto */
} Sha256;
void sha256_begin(Sha256 *state);
void sha256_add(Sha256 *state, const void *bytes, size_t length);
Digest sha256_end(Sha256 *state);
/* Lower-case hexadecimal of the first `bytes` bytes, NUL-terminated, into `out` of 2 * bytes + 1. */
void digest_hex(const Digest *digest, size_t bytes, char *out);

/* Only for a service that signs its calls so: MD5 protects nothing. NUL-terminated, into `out` of MD5_HEX + 1. */
enum { MD5_HEX = 32 };
void md5_hex(const void *bytes, size_t length, char *out);

uint32_t crc32_of(const void *bytes, size_t length);

#endif
