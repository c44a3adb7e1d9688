#include "sync/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_consent(void **state) {
  (void)state;
  static const struct {
    uint64_t before, removed, after;
    bool consent;
  } cases[] = {
      {15, 10, 5, false}, {20, 11, 9, true}, {22, 11, 11, false}, {23, 12, 11, true}, {5, 5, 0, true}, {1, 1, 0, true}, {0, 0, 0, false}, {0, 0, 7, false},
      {5, 5, 5, false},   {11, 11, 11, true}, {10, 10, 10, false}, {10000, 0, 10000, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_int_equal(guard_wants_consent(cases[i].before, cases[i].removed, cases[i].after), cases[i].consent);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_consent)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
