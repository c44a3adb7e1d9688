/* Arbitrary bytes as the text of a plan: memory stays within a multiple of the length, every refusal has an N8 code and begins with its place, and what is
 * assembled loads, and shown as text and assembled again is the same, byte for byte. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_FACTOR = 256, MEMORY_BASE = 8 << 20 };

typedef struct Assembling {
  Arena *arena;
  Text text, bytes;
} Assembling;

static Status assemble_under_guard(void *context, Error *error) {
  Assembling *assembling = context;
  return plan_assemble(assembling->arena, assembling->text, "fuzz", &assembling->bytes, error);
}

static void check_again(Text bytes) {
  Arena *arena = arena_new(0);
  Error error = {0};
  Plan *plan = NULL;
  char *shown = NULL;
  size_t length = 0;
  Text again = {0};
  if (plan_load(arena, bytes.bytes, bytes.length, &plan, &error) != STATUS_OK) abort();
  FILE *out = open_memstream(&shown, &length);
  if (!out) abort();
  plan_disassemble(plan, out);
  fclose(out);
  if (plan_assemble(arena, (Text){shown, length}, "shown", &again, &error) != STATUS_OK) abort();
  if (!text_equal(bytes, again)) abort();
  free(shown);
  arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Assembling assembling = {arena_new(MEMORY_BASE + MEMORY_FACTOR * size), {(const char *)data, size}, {0}};
  Error error = {0};
  Status status = arena_protect(assembling.arena, assemble_under_guard, &assembling, &error);
  if (status == STATUS_OK) {
    check_again(assembling.bytes);
  } else if (status != STATUS_BAD_PLAN || strncmp(error.code, "N8", 2) != 0 || strncmp(error.message, "fuzz:", 5) != 0) {
    abort();
  }
  arena_free(assembling.arena);
  return 0;
}
