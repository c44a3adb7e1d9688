/* What counts as a play: each rule at its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "store/plays/counting.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

static void rules_with_a_name(void **state) {
  (void)state;
  static const struct {
    HeardPlay play;
    const char *expected; /* of spotify, lastfm, listenbrainz, strict, all: play, skip or not at all */
  } cases[] = {
      {{30000, -1, false, false}, "psssp"},      {{29999, -1, false, false}, "ssssp"},
      {{0, -1, false, false}, "ssssp"},          {{-1, -1, false, false}, "ppppp"},
      {{239999, 480000, false, false}, "psssp"}, {{240000, 480000, false, false}, "ppppp"},
      {{240000, 900000, false, false}, "ppppp"}, {{119999, 240000, false, false}, "psssp"},
      {{120000, 240000, false, false}, "ppppp"}, {{60000, -1, false, false}, "psssp"},
      {{60000, -1, true, false}, "pppsp"},       {{240000, -1, false, false}, "ppppp"},
      {{25000, 30000, false, false}, "ssppp"},   {{25000, 31000, false, false}, "spppp"},
      {{15499, 31000, false, false}, "ssssp"},   {{200000, 200000, true, true}, "pppnp"},
      {{-1, -1, false, true}, "pppnp"},          {{59999, 120001, false, false}, "psssp"},
      {{60000, 120001, false, false}, "ppppp"}, /* the half of a track is a whole number of milliseconds */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (int rule = 0; rule < COUNTING_RULES; rule++) {
      Counted counted = counting_judge((CountingRule)rule, &cases[i].play);
      if ("psn"[counted] != cases[i].expected[rule])
        print_message("case %zu, rule %s\n", i, counting_def((CountingRule)rule)->name);
      assert_int_equal("psn"[counted], cases[i].expected[rule]);
    }
  }
  CountingRule found;
  assert_true(counting_find(text_of("strict"), &found));
  assert_int_equal(found, COUNTING_STRICT);
  assert_false(counting_find(text_of("Strict"), &found));
}

/* 's' = skip, 'p' = play, '!' = no such rule. */
static char judge(const char *rule, HeardPlay play) {
  OwnRule own;
  return own_rule_parse(text_of(rule), &own) ? "ps"[own_rule_judge(own, &play)] : '!';
}

static void rules_of_ones_own(void **state) {
  (void)state;
  static const struct {
    const char *rule;
    HeardPlay play;
    char expected;
  } cases[] = {
      {"45s", {45000, -1, false, false}, 'p'},
      {"45s", {44999, -1, false, false}, 's'},
      {"45s", {44999, 44999, true, false}, 's'},
      {"0s", {0, -1, false, false}, 'p'},
      {"45s", {-1, -1, false, false}, 'p'},
      {"50%", {-1, 200000, false, false}, 'p'}, /* a scrobble says that it was played */
      {"50%", {100000, 200000, false, false}, 'p'},
      {"50%", {99999, 200000, false, false}, 's'},
      {"33%", {33000, 100001, false, false}, 's'},
      {"33%", {33001, 100001, false, false}, 'p'},
      {"100%", {200000, 200000, false, false}, 'p'},
      {"100%", {199999, 200000, false, false}, 's'},
      {"100%", {60000, -1, true, false}, 'p'},
      {"1%", {60000, -1, false, false}, 's'}, /* played to its end it has its length */
      {"50%", {60000, 200000, true, false}, 's'},
      {"50%", {0, 0, false, false}, 's'},
      {"50% or 45s", {45000, 200000, false, false}, 'p'},
      {"45s or 50%", {20000, 40000, false, false}, 'p'},
      {"50% or 45s", {44999, 100000, false, false}, 's'},
      {"0%", {0, 0, false, false}, '!'},
      {"101%", {0, 0, false, false}, '!'},
      {"1000%", {0, 0, false, false}, '!'},
      {"50% or 40%", {0, 0, false, false}, '!'},
      {"45s or 50s", {0, 0, false, false}, '!'},
      {"1mo", {0, 0, false, false}, '!'},
      {"%", {0, 0, false, false}, '!'},
      {"", {0, 0, false, false}, '!'},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char got = judge(cases[i].rule, cases[i].play);
    if (got != cases[i].expected) print_message("case %zu, \"%s\"\n", i, cases[i].rule);
    assert_int_equal(got, cases[i].expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_with_a_name),
      cmocka_unit_test(rules_of_ones_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
