/* What an import tells of itself while it goes on, at given moments of a given clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cli/import/import_progress.h"

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define BEGAN  (5 * SECOND)

static void words_at_moments(void **state) {
  (void)state;
  static const struct {
    uint64_t files, ended, rows, total, done, part;
    int64_t spent;
    const char *words;
  } cases[] = {
      {1, 0, 0, 0, 0, 0, 0, "file 1 of 1, 0 rows"},
      {12, 2, 4096, 1000, 200, 0, SECOND / 10, "file 3 of 12, 4,096 rows"},
      {12, 2, 4096, 1000, 200, 0, SECOND / 2, "file 3 of 12, 4,096 rows, 8,192 a second"},
      {12, 2, 1000000, 1000, 200, 50, 2 * SECOND, "file 3 of 12, 1,000,000 rows, 500,000 a second, about 6 s left"},
      {12, 2, 1000000, 100000, 200, 50, 2 * SECOND, "file 3 of 12, 1,000,000 rows, 500,000 a second, about 13 min left"},
      {12, 2, 1000000, 10000000, 200, 50, 2 * SECOND, "file 3 of 12, 1,000,000 rows, 500,000 a second, about 22.2 h left"},
      {12, 2, 1000, 1000, 0, 0, 4 * SECOND, "file 3 of 12, 1,000 rows, 250 a second"},         /* nothing to go by yet */
      {12, 12, 1000, 1000, 1000, 0, 4 * SECOND, "file 12 of 12, 1,000 rows, 250 a second"},    /* all is read */
      {12, 11, 1000, 1000, 1200, 100, 4 * SECOND, "file 12 of 12, 1,000 rows, 250 a second"},  /* a file grew meanwhile */
      {UINT64_MAX, 0, UINT64_MAX, UINT64_MAX, 1, 0, 3 * SECOND, NULL},                         /* fits whatever comes */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ImportProgress progress = {.files = cases[i].files, .ended = cases[i].ended, .rows = cases[i].rows, .total = cases[i].total, .done = cases[i].done, .part = cases[i].part, .began = BEGAN};
    char words[PROGRESS_WORDS];
    import_progress_words(&progress, BEGAN + cases[i].spent, words);
    if (cases[i].words) assert_string_equal(words, cases[i].words);
    else assert_true(strlen(words) < PROGRESS_WORDS);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(words_at_moments)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
