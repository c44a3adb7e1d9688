/* A seeded slice of tests/fuzz/fuzz_parse.c: mutated programs give a tree and messages, and nothing breaks. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#include <cmocka.h> /* last: it has a macro `fail` */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MUTATIONS = 15000, MAX_PROGRAMS = 256, MAX_BYTES = 4096 };

typedef struct Program {
  uint8_t bytes[MAX_BYTES];
  size_t length;
} Program;

static const char *const pieces[] = {"(",
                                     ")",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     "\"",
                                     "'",
                                     "|",
                                     "\n",
                                     "\n| ",
                                     "\nfrom ",
                                     "\nlet ",
                                     "..",
                                     "=",
                                     "==",
                                     " not ",
                                     " in ",
                                     " is ",
                                     " ago",
                                     "##",
                                     "#",
                                     "\"{",
                                     "}\"",
                                     ":",
                                     ",",
                                     ".",
                                     "-",
                                     "@2024-",
                                     "5m",
                                     "90days",
                                     "9999999999999999999",
                                     "\\u{",
                                     "\\",
                                     ";",
                                     "&&",
                                     "null",
                                     "desc",
                                     "\xC2\xA0",
                                     "\xE2\x80\x9C",
                                     "\xFF",
                                     "\r\n",
                                     "\t",
                                     "narada 2",
                                     "x:",
                                     "stage f(",
                                     "1 < 2 < 3 < 4"};

static int by_name(const void *a, const void *b) {
  return strcmp(a, b);
}

/* Sorted by name, so that a seed means the same everywhere. */
static size_t read_programs(const char *folder, Program *programs) {
  static const char suffix[] = ".nrd";
  char(*names)[256] = calloc(MAX_PROGRAMS, sizeof *names);
  assert_non_null(names);
  size_t count = 0, read = 0;
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  for (struct dirent *entry = readdir(directory); entry && count < MAX_PROGRAMS; entry = readdir(directory)) {
    size_t length = strlen(entry->d_name);
    if (length <= strlen(suffix) || strcmp(entry->d_name + length - strlen(suffix), suffix) != 0) continue;
    snprintf(names[count++], sizeof *names, "%s", entry->d_name);
  }
  closedir(directory);
  qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; i < count; i++) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    programs[read].length = fread(programs[read].bytes, 1, MAX_BYTES, file);
    if (programs[read].length > 0) read++;
    fclose(file);
  }
  free(names);
  return read;
}

static void insert(Program *program, size_t at, const void *bytes, size_t length) {
  if (program->length + length > MAX_BYTES) return;
  memmove(program->bytes + at + length, program->bytes + at, program->length - at);
  memcpy(program->bytes + at, bytes, length);
  program->length += length;
}

static void mutate(Program *program, const Program *other, Random *random) {
  size_t at = (size_t)random_below(random, program->length + 1);
  size_t rest = program->length - at;
  switch (random_below(random, 5)) {
    case 0: {
      const char *piece = pieces[random_below(random, sizeof pieces / sizeof *pieces)];
      insert(program, at, piece, strlen(piece));
      break;
    }
    case 1: {
      size_t cut = (size_t)random_below(random, (rest < 12 ? rest : 12) + 1);
      memmove(program->bytes + at, program->bytes + at + cut, rest - cut);
      program->length -= cut;
      break;
    }
    case 2:
      if (rest > 0) program->bytes[at] = (uint8_t)random_next(random);
      break;
    case 3: {
      size_t from = (size_t)random_below(random, other->length);
      size_t length = (size_t)random_below(random, other->length - from + 1);
      insert(program, at, other->bytes + from, length < 80 ? length : 80);
      break;
    }
    default:
      program->length = at;
      break;
  }
}

static void mutated_programs(void **state) {
  (void)state;
  Program *programs = calloc(MAX_PROGRAMS, sizeof *programs);
  assert_non_null(programs);
  size_t count = read_programs("tests/errors/syntax", programs);
  assert_true(count >= 40);
  Random random = random_seeded(1);
  for (int i = 0; i < MUTATIONS; i++) {
    Program program = programs[random_below(&random, count)];
    for (uint64_t times = 1 + random_below(&random, 4); times > 0; times--) {
      mutate(&program, &programs[random_below(&random, count)], &random);
    }
    assert_int_equal(LLVMFuzzerTestOneInput(program.bytes, program.length), 0);
  }
  free(programs);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(mutated_programs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
