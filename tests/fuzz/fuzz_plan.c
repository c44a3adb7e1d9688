/* Arbitrary bytes as a plan. The first byte chooses: odd, the rest is the file as it is; even, size, plan id and
 * checksum are made right first, so that what lies behind them is reached; a multiple of four, directory and header are
 * made too, and the rest is the content of the sections, each led by its length in two bytes. Whatever happens, memory
 * stays within a multiple of the length, and a plan that loads encodes to the same bytes and is assembled to them from its text.
 */
#include <stdint.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "tests/plan_repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Memory for loading: a constant, for codes the verifier steps through, and a factor of the length. */
enum { HEADER = PLAN_HEADER_SIZE, ENTRY = 24, SECTIONS = 13, MEMORY_FACTOR = 128, MEMORY_BASE = 4 << 20 };

static uint8_t *assemble(const uint8_t *data, size_t size, size_t *length) {
  static const uint8_t start[] = {0x89, 'N',        'R', 'D',        0x0D, 0x0A,      0x1A,
                                  0x0A, PLAN_MAJOR, 0,   PLAN_MINOR, 0,    PLAN_LEVEL};
  size_t at = HEADER + SECTIONS * ENTRY;
  uint8_t *file = calloc(1, at + size + SECTIONS * 8);
  if (!file) return NULL;
  memcpy(file, start, sizeof start);
  plan_put(file + 24, SECTIONS, 4);
  for (uint32_t i = 0; i < SECTIONS; i++) {
    size_t wanted = size >= 2 ? (size_t)plan_get(data, 2) : 0, used = size >= 2 ? 2 : size;
    data += used;
    size -= used;
    if (wanted > size) wanted = size;
    uint8_t *entry = file + HEADER + i * ENTRY;
    plan_put(entry, i < SECTION_SINK ? i + 1 : SECTION_DBUG + i - SECTION_SINK, 4);
    plan_put(entry + 4, i < SECTION_SINK, 4);
    plan_put(entry + 8, at, 8);
    plan_put(entry + 16, wanted, 8);
    memcpy(file + at, data, wanted);
    data += wanted;
    size -= wanted;
    at += (wanted + 7) / 8 * 8;
  }
  *length = at;
  return file;
}

static void check_loaded(Arena *arena, Plan *plan, Text loaded) {
  Error error = {0};
  Text bytes = {0};
  char *shown = NULL;
  size_t length = 0;
  if (plan_encode(arena, plan, &bytes, &error) != STATUS_OK || !text_equal(bytes, loaded)) abort(); /* one plan, one way to write it */
  FILE *out = open_memstream(&shown, &length);
  if (!out) return;
  plan_disassemble(plan, out);
  fclose(out);
  if (plan_assemble(arena, (Text){shown, length}, "shown", &bytes, &error) != STATUS_OK || !text_equal(bytes, loaded)) abort();
  free(shown);
}

typedef struct Loading {
  Arena *arena;
  const uint8_t *bytes;
  size_t length;
  Plan *plan;
} Loading;

static Status load_under_guard(void *context, Error *error) {
  Loading *loading = context;
  return plan_load(loading->arena, loading->bytes, loading->length, &loading->plan, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  unsigned mode = data[0];
  size_t length = size - 1;
  uint8_t *bytes;
  if (mode % 4 == 0) {
    bytes = assemble(data + 1, size - 1, &length);
  } else {
    bytes = malloc(length ? length : 1);
    if (bytes) memcpy(bytes, data + 1, length);
  }
  if (!bytes) return 0;
  if (mode % 2 == 0 && length >= HEADER) plan_repair(bytes, length);
  Loading loading = {arena_new(MEMORY_BASE + MEMORY_FACTOR * length), bytes, length, NULL};
  Error error = {0};
  Status status = arena_protect(loading.arena, load_under_guard, &loading, &error);
  if (status != STATUS_OK && (status != STATUS_BAD_PLAN || error.code[0] != 'N' || error.code[1] != '8')) abort();
  if (status == STATUS_OK) {
    Arena *arena = arena_new(0);
    check_loaded(arena, loading.plan, (Text){(const char *)bytes, length});
    arena_free(arena);
  }
  arena_free(loading.arena);
  free(bytes);
  return 0;
}
