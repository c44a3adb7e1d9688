#include <stdio.h>

#include "base/digest.h"

/* As in digest.c: the old functions, whose object file stands alone. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>

void md5_hex(const void *bytes, size_t length, char *out) {
  unsigned char digest[MD5_DIGEST_LENGTH];
  MD5_CTX context;
  MD5_Init(&context);
  if (length) MD5_Update(&context, bytes, length);
  MD5_Final(digest, &context);
  for (size_t i = 0; i < sizeof digest; i++) snprintf(out + 2 * i, 3, "%02x", digest[i]);
}
