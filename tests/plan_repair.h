/* plan_repair.h: makes size, plan id and checksum of a plan's bytes right again, so that a test or a fuzzer reaches
 * what lies behind them. */
#ifndef NARADA_TESTS_PLAN_REPAIR_H
#define NARADA_TESTS_PLAN_REPAIR_H

#include <string.h>

#include "plan/plan.h"

static inline uint64_t plan_get(const uint8_t *bytes, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count; i++) value |= (uint64_t)bytes[i] << 8 * i;
  return value;
}

static inline void plan_put(uint8_t *bytes, uint64_t value, size_t count) {
  for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(value >> 8 * i);
}

static inline void plan_repair_checksum(uint8_t *bytes, size_t length) {
  plan_put(bytes + 28, 0, 4);
  plan_put(bytes + 28, crc32_of(bytes, length), 4);
}

/* The directory is taken as it is; entries beyond the file are left out. Needs a whole header. */
static inline void plan_repair(uint8_t *bytes, size_t length) {
  enum { ENTRY = 24, MOST = 64 };
  uint8_t heads[MOST][16];
  DigestPart parts[2 * MOST];
  size_t used = 0;
  uint64_t count = plan_get(bytes + 24, 4);
  plan_put(bytes + 16, length, 8);
  for (uint64_t i = 0; i < count && i < MOST; i++) {
    uint64_t at = PLAN_HEADER_SIZE + i * ENTRY;
    if (at + ENTRY > length) break;
    uint64_t offset = plan_get(bytes + at + 8, 8), size = plan_get(bytes + at + 16, 8);
    bool critical = plan_get(bytes + at + 4, 4) & 1;
    if (!critical || offset > length || size > length - offset) continue;
    memcpy(heads[i], bytes + at, 8);
    plan_put(heads[i] + 8, size, 8);
    parts[used++] = (DigestPart){heads[i], sizeof heads[i]};
    parts[used++] = (DigestPart){bytes + offset, (size_t)size};
  }
  Digest id = sha256_parts(parts, used);
  memcpy(bytes + 32, id.bytes, SHA256_SIZE);
  plan_repair_checksum(bytes, length);
}

#endif
