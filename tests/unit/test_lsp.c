/* The language server under hostile bytes: a seeded slice of tests/fuzz/fuzz_lsp.c; and without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/random.h"
#include "compiler/lsp/server.h"

#include <cmocka.h> /* last: it has a macro `fail` */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Of the allocations every STEP-th fails, until ENOUGH in a row were not reached. */
enum { MUTATIONS = 2000, STEP = 13, ENOUGH = 20 };

static const char *const transcripts[] = {"actions", "completion", "hover", "inlay_hints", "names", "rename", "semantic_tokens", "workflow", "malformed"};

/* What the client of a transcript says, a message a line. */
static Text client_of(Arena *arena, const char *name) {
  Text transcript;
  Error error = {0};
  TextBuilder client = {.arena = arena};
  assert_int_equal(file_read_all(arena, arena_format(arena, "tests/lsp/%s.txt", name), 1 << 24, &transcript, &error), STATUS_OK);
  for (size_t at = 0; at < transcript.length;) {
    size_t end = at;
    while (end < transcript.length && transcript.bytes[end] != '\n') end++;
    if (transcript.bytes[at] == '>') text_append_format(&client, TEXT_FORMAT "\n", (int)(end - at - 2), transcript.bytes + at + 2);
    at = end + 1;
  }
  return text_built(&client);
}

static void mutate(Random *random, TextBuilder *text, Text other) {
  size_t at = (size_t)random_below(random, text->length);
  size_t from = (size_t)random_below(random, other.length), count = (size_t)random_below(random, 60);
  if (count > other.length - from) count = other.length - from;
  if (count > text->length - at) count = text->length - at;
  switch (random_below(random, 3)) {
    case 0: text->bytes[at] = (char)random_next(random); break;
    case 1: memmove(text->bytes + at, other.bytes + from, count); break;
    default: memset(text->bytes + at, "\"{}[]:,0-\\"[random_below(random, 10)], count < 3 ? count : 3);
  }
}

static void mutated_conversations(void **state) {
  (void)state;
  enum { COUNT = sizeof transcripts / sizeof *transcripts };
  Arena *arena = arena_new(0);
  Text clients[COUNT];
  Random random = random_seeded(1);
  for (size_t i = 0; i < COUNT; i++) clients[i] = client_of(arena, transcripts[i]);
  for (int i = 0; i < MUTATIONS; i++) {
    Arena *trial = arena_new(0);
    TextBuilder text = {.arena = trial};
    text_append(&text, clients[random_below(&random, COUNT)]);
    for (uint64_t times = 1 + random_below(&random, 6); times > 0; times--) mutate(&random, &text, clients[random_below(&random, COUNT)]);
    assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)text.bytes, text.length), 0);
    arena_free(trial);
  }
  arena_free(arena);
}

/* Somebody types, asks and deletes at random. */
static void random_editing(void **state) {
  (void)state;
  static const char *const words[] = {"from library.played | keep plays > 3", "\n| take 5 per: artist", "\nlet x = from library.liked", "\n| show", "\"a {", "}\"",
                                      "é\x01", "\x01", "\x01\x01", "stage f(n: int) = take n\n", "# x\n", "{\"tasks\":[", "]}", "lastfm.plays", "\r\n"};
  Random random = random_seeded(2);
  for (int i = 0; i < MUTATIONS; i++) {
    uint8_t bytes[600] = {'E'};
    size_t length = 1;
    while (length < sizeof bytes - 64) {
      const char *word = words[random_below(&random, sizeof words / sizeof *words)];
      bytes[length++] = (uint8_t)random_below(&random, 24);
      for (uint64_t few = random_below(&random, 5); few > 0; few--) bytes[length++] = (uint8_t)random_below(&random, 12);
      memcpy(bytes + length, word, strlen(word));
      length += strlen(word);
    }
    assert_int_equal(LLVMFuzzerTestOneInput(bytes, length), 0);
  }
}

/* ---- without memory ---- */

static Status serve(Text client, char **said) {
  size_t length = 0;
  Error error = {0};
  FILE *in = fmemopen((char *)(uintptr_t)client.bytes, client.length, "rb"), *out = open_memstream(said, &length);
  assert_true(in && out);
  Status status = lsp_serve(in, out, &error);
  fclose(in);
  fclose(out);
  return status;
}

static Text framed(Arena *arena, Text lines) {
  TextBuilder out = {.arena = arena};
  for (size_t at = 0; at < lines.length;) {
    size_t end = at;
    while (end < lines.length && lines.bytes[end] != '\n') end++;
    text_append_format(&out, "Content-Length: %zu\r\n\r\n" TEXT_FORMAT, end - at, (int)(end - at), lines.bytes + at);
    at = end + 1;
  }
  return text_built(&out);
}

/* Whichever allocation fails: the server answers an error or ends with a status; and after the last of them it says all it has to say. */
static void allocations_fail(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  char *whole = NULL;
  Text client = framed(arena, client_of(arena, "inlay_hints"));
  assert_int_equal(serve(client, &whole), STATUS_OK);
  unsigned same = 0, failed = 0;
  for (unsigned long n = 1; same < ENOUGH; n += STEP) {
    char *said = NULL;
    arena_test_fail_at(n);
    Status status = serve(client, &said);
    arena_test_fail_at(0);
    assert_true(status == STATUS_OK || status == STATUS_FAILED);
    same = status == STATUS_OK && strcmp(said, whole) == 0 ? same + 1 : 0;
    failed += status == STATUS_FAILED;
    free(said);
  }
  assert_true(failed > 0);
  free(whole);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(mutated_conversations), cmocka_unit_test(random_editing), cmocka_unit_test(allocations_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
