/* The clock: dates that exist, ranges across a DST change, calendar arithmetic, durations. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static Arena *arena;
static Error error;

static int set_up(void **state) {
  (void)state;
  arena = arena_new(0);
  return arena ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  return 0;
}

static Zone zone_of(const char *name) {
  Zone zone;
  assert_int_equal(zone_use(name, &zone, &error), STATUS_OK);
  return zone;
}

static Date date_of(const char *text) {
  Date date;
  if (date_parse(text_of(text), &date, &error)) fail_msg("%s", error.message);
  return date;
}

static Instant instant_of(const char *text, Zone zone) {
  Instant instant;
  if (instant_parse(text_of(text), zone, &instant, &error)) fail_msg("%s", error.message);
  return instant;
}

static Duration duration_of(const char *text) {
  Duration duration;
  if (duration_parse(text_of(text), &duration, &error)) fail_msg("%s", error.message);
  return duration;
}

static const char *shown(Instant instant) {
  return instant_format(arena, instant).bytes;
}

static void assert_message(const char *part) {
  if (!strstr(error.message, part)) fail_msg("\"%s\" is not in \"%s\"", part, error.message);
}

static void days_and_dates_agree_over_all_years(void **state) {
  (void)state;
  int32_t days = days_of_civil(1, 1, 1);
  assert_int_equal((int64_t)days * 86400000, INSTANT_MIN);
  assert_int_equal(days_of_civil(1970, 1, 1), 0);
  for (int year = 1; year <= 9999; year++) {
    for (int month = 1; month <= 12; month++) {
      int last = days_in_month(year, month);
      for (int day = 1; day <= last; day++, days++) {
        int y, m, d;
        civil_of_days(days, &y, &m, &d);
        if (y != year || m != month || d != day || days_of_civil(year, month, day) != days) {
          fail_msg("%04d-%02d-%02d", year, month, day);
        }
      }
    }
  }
  assert_int_equal((int64_t)days * 86400000, INSTANT_MAX + 1);
}

static void leap_years_follow_the_three_rules(void **state) {
  (void)state;
  assert_int_equal(days_in_month(2024, 2), 29);
  assert_int_equal(days_in_month(2023, 2), 28);
  assert_int_equal(days_in_month(1900, 2), 28);
  assert_int_equal(days_in_month(2000, 2), 29);
  assert_int_equal(days_in_month(2024, 4), 30);
}

static void dates_read_back_as_written(void **state) {
  (void)state;
  static const char *const canonical[] = {
      "0001",
      "9999",
      "2024-03",
      "2024-02-29",
      "2024-03-05T20:00",
      "2024-03-05T20:00:59",
      "2024-03-05T20:00:00.007",
      "2024-03-05T20:00Z",
      "2024-03-05T20:00:00+05:30",
      "2024-03-05T20:00:00.120-23:59",
  };
  for (size_t i = 0; i < sizeof canonical / sizeof *canonical; i++) {
    assert_string_equal(date_format(arena, date_of(canonical[i])).bytes, canonical[i]);
  }
  assert_string_equal(date_format(arena, date_of("2024-03-05T20:00+02")).bytes, "2024-03-05T20:00+02:00");
  assert_string_equal(date_format(arena, date_of("2024-03-05T20:00-00:00")).bytes, "2024-03-05T20:00Z");
  Date date = date_of("2024-03-05T20:01:02.003-01:30");
  assert_int_equal(date.offset_minutes, -90);
  assert_int_equal(date.millisecond, 3);
  assert_int_equal(date.precision, DATE_MILLISECOND);
}

static void wrong_dates_say_why(void **state) {
  (void)state;
  static const char *const wrong[][2] = {
      {"2024-02-31", "February 2024 has 29 days"},
      {"2023-02-29", "February 2023 has 28 days"},
      {"2024-04-31", "April 2024 has 30 days"},
      {"2024-01-00", "January 2024 has 31 days"},
      {"2024-13", "no month 13"},
      {"2024-00", "no month 00"},
      {"0000", "0001 to 9999"},
      {"2024-03-05T24:00", "hours run from 00 to 23"},
      {"2024-03-05T23:60", "minutes run from 00 to 59"},
      {"2024-03-05T23:59:60", "seconds run from 00 to 59"},
      {"2024-03-05T20:00+24:00", "less than 24:00"},
      {"2024-03-05T20:00+01:60", "less than 24:00"},
      {"", "is not a date"},
      {"24", "is not a date"},
      {"20245", "is not a date"},
      {"2024-3-5", "is not a date"},
      {"2024-", "is not a date"},
      {"2024-03-", "is not a date"},
      {"2024-03-05T", "is not a date"},
      {"2024-03-05T20", "is not a date"},
      {"2024-03-05 20:00", "is not a date"},
      {"2024-03-05T20:00:", "is not a date"},
      {"2024-03-05T20:00:00.", "is not a date"},
      {"2024-03-05T20:00:00.12", "is not a date"},
      {"2024-03-05T20:00:00.1234", "is not a date"},
      {"2024-03-05T20:00z", "is not a date"},
      {"2024-03-05T20:00+1", "is not a date"},
      {"2024-03-05T20:00+01:", "is not a date"},
      {"2024-03-05T20:00+0130", "is not a date"},
      {"2024-03-05Z", "is not a date"},
      {" 2024", "is not a date"},
      {"2024 ", "is not a date"},
      {"-2024", "is not a date"},
      {"2024-03-05\n", "\\x0a"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Date date;
    if (!date_parse(text_of(wrong[i][0]), &date, &error)) fail_msg("%s was accepted", wrong[i][0]);
    assert_message(wrong[i][1]);
  }
  char cut[] = "2024-03-05T20:00";
  Date date;
  assert_int_equal(date_parse((Text){cut, 4}, &date, &error), STATUS_OK);
  assert_int_equal(date.precision, DATE_YEAR);
  assert_int_not_equal(date_parse((Text){cut, 11}, &date, &error), STATUS_OK);
  assert_int_not_equal(date_parse((Text){NULL, 0}, &date, &error), STATUS_OK);
}

static void assert_range(const char *date, Zone zone, const char *lo, const char *hi) {
  InstantRange range = date_range(date_of(date), zone);
  assert_string_equal(shown(range.lo), lo);
  assert_string_equal(shown(range.hi), hi);
}

static void ranges_cover_what_is_written(void **state) {
  (void)state;
  Zone utc = zone_of("UTC");
  assert_range("2024", utc, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
  assert_range("2024-12", utc, "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z");
  assert_range("2024-02", utc, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
  assert_range("2024-02-28", utc, "2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z");
  assert_range("2024-12-31", utc, "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z");
  assert_range("2024-03-05T20:00", utc, "2024-03-05T20:00:00Z", "2024-03-05T20:01:00Z");
  assert_range("2024-03-05T20:00:07", utc, "2024-03-05T20:00:07Z", "2024-03-05T20:00:08Z");
  assert_range("2024-03-05T20:00:07.999", utc, "2024-03-05T20:00:07.999Z", "2024-03-05T20:00:08Z");
  assert_range("2024-03-05T20:00+05:30", utc, "2024-03-05T14:30:00Z", "2024-03-05T14:31:00Z");
}

static void ranges_follow_the_zone_across_dst(void **state) {
  (void)state;
  Zone berlin = zone_of("Europe/Berlin");
  assert_range("2024", berlin, "2023-12-31T23:00:00Z", "2024-12-31T23:00:00Z");
  assert_range("2024-07", berlin, "2024-06-30T22:00:00Z", "2024-07-31T22:00:00Z");
  assert_range("2024-03-31", berlin, "2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z"); /* 23 hours */
  assert_range("2024-10-27", berlin, "2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z"); /* 25 hours */
  assert_range("2024-03-31T02:30", berlin, "2024-03-31T01:30:00Z", "2024-03-31T01:31:00Z");
  assert_range("2024-10-27T02:30", berlin, "2024-10-27T00:30:00Z", "2024-10-27T00:31:00Z");
  assert_range("2024-10-27T02:30+01:00", berlin, "2024-10-27T01:30:00Z", "2024-10-27T01:31:00Z");
}

static void ranges_survive_odd_zones(void **state) {
  (void)state;
  /* A day that begins at 01:00, a day that never was, a zone with a half-hour change. */
  assert_range("2017-10-15", zone_of("America/Sao_Paulo"), "2017-10-15T03:00:00Z", "2017-10-16T02:00:00Z");
  InstantRange samoa = date_range(date_of("2011-12-30"), zone_of("Pacific/Apia"));
  assert_true(samoa.lo == samoa.hi);
  assert_range("2024-04-07", zone_of("Australia/Lord_Howe"), "2024-04-06T13:00:00Z", "2024-04-07T13:30:00Z");
}

static void ranges_stop_at_the_ends_of_time(void **state) {
  (void)state;
  Zone utc = zone_of("UTC");
  assert_true(date_range(date_of("0001"), utc).lo == INSTANT_MIN);
  assert_true(date_range(date_of("9999"), utc).hi == INSTANT_MAX + 1);
  assert_true(date_range(date_of("9999-12-31"), utc).hi == INSTANT_MAX + 1);
  assert_true(date_range(date_of("0001-01-01T00:00+10:00"), utc).lo == INSTANT_MIN);
  Zone tokyo = zone_of("Asia/Tokyo");
  assert_true(date_range(date_of("0001-01-01"), tokyo).lo == INSTANT_MIN);
  Zone new_york = zone_of("America/New_York");
  assert_true(date_range(date_of("9999-12-31"), new_york).hi == INSTANT_MAX + 1);
}

static void instants_parse_strictly(void **state) {
  (void)state;
  Zone utc = zone_of("UTC");
  assert_true(instant_of("1970-01-01T00:00:00Z", utc) == 0);
  assert_true(instant_of("1970-01-01T00:00:00.001Z", utc) == 1);
  assert_true(instant_of("1969-12-31T23:59:59.999Z", utc) == -1);
  assert_true(instant_of("0001-01-01", utc) == INSTANT_MIN);
  assert_true(instant_of("9999-12-31T23:59:59.999Z", utc) == INSTANT_MAX);
  assert_true(instant_of("2024-03-05T20:00+02:00", utc) == instant_of("2024-03-05T18:00Z", utc));
  Instant instant;
  assert_int_not_equal(instant_parse(TEXT_LITERAL("2024-03"), utc, &instant, &error), STATUS_OK);
  assert_message("at least a day");
  assert_int_not_equal(instant_parse(TEXT_LITERAL("0001-01-01T00:00+01:00"), utc, &instant, &error), STATUS_OK);
  assert_message("outside the years");
  assert_int_not_equal(instant_parse(TEXT_LITERAL("yesterday"), utc, &instant, &error), STATUS_OK);
  assert_int_not_equal(instant_parse(TEXT_LITERAL("2024-02-30T00:00:00Z"), utc, &instant, &error), STATUS_OK);
  assert_message("February 2024 has 29 days");
  Zone berlin = zone_of("Europe/Berlin");
  assert_string_equal(shown(instant_of("2024-07-01", berlin)), "2024-06-30T22:00:00Z");
  assert_string_equal(shown(instant_of("2024-07-01T12:00", berlin)), "2024-07-01T10:00:00Z");
  assert_string_equal(shown(instant_of("2024-07-01T12:00Z", berlin)), "2024-07-01T12:00:00Z");
}

static void instants_print_in_utc_and_locally(void **state) {
  (void)state;
  Zone berlin = zone_of("Europe/Berlin");
  assert_string_equal(shown(INSTANT_MIN), "0001-01-01T00:00:00Z");
  assert_string_equal(shown(INSTANT_MAX), "9999-12-31T23:59:59.999Z");
  assert_string_equal(shown(-1), "1969-12-31T23:59:59.999Z");
  assert_string_equal(shown(1709668800120), "2024-03-05T20:00:00.120Z");
  assert_string_equal(instant_format_local(arena, 1709668800120, berlin).bytes, "2024-03-05 21:00");
  Civil civil = instant_civil(instant_of("2024-03-31T22:30:00Z", berlin), berlin);
  assert_int_equal(civil.month, 4);
  assert_int_equal(civil.day, 1);
  assert_int_equal(civil.hour, 0);
  assert_int_equal(civil.minute, 30);
  assert_int_equal(civil.weekday, 1); /* a Monday */
  Zone utc = zone_of("UTC");
  assert_int_equal(instant_civil(0, utc).weekday, 4);
  assert_int_equal(instant_civil(INSTANT_MIN, utc).weekday, 1);
  assert_int_equal(instant_civil(-1, utc).weekday, 3);
}

static void civil_and_instant_are_inverse_except_in_folds(void **state) {
  (void)state;
  Zone berlin = zone_of("Europe/Berlin");
  Instant from = instant_of("2024-03-29", berlin), to = instant_of("2024-04-02", berlin);
  for (Instant t = from; t < to; t += 7 * 60000 + 13) assert_true(civil_instant(instant_civil(t, berlin), berlin) == t);
  Instant fold = instant_of("2024-10-27T01:30:00Z", berlin); /* the second 02:30 */
  assert_true(civil_instant(instant_civil(fold, berlin), berlin) == fold - 3600000);
}

static void assert_added(const char *from, const char *duration, int sign, Zone zone, const char *to) {
  assert_string_equal(shown(instant_add(instant_of(from, zone), duration_of(duration), sign, zone)), to);
}

static void calendar_units_keep_to_the_month(void **state) {
  (void)state;
  Zone utc = zone_of("UTC");
  assert_added("2024-01-31", "1mo", 1, utc, "2024-02-29T00:00:00Z");
  assert_added("2023-01-31", "1mo", 1, utc, "2023-02-28T00:00:00Z");
  assert_added("2024-03-31", "1mo", -1, utc, "2024-02-29T00:00:00Z");
  assert_added("2024-02-29", "1y", 1, utc, "2025-02-28T00:00:00Z");
  assert_added("2024-02-29", "4y", -1, utc, "2020-02-29T00:00:00Z");
  assert_added("2024-01-15", "1mo", -1, utc, "2023-12-15T00:00:00Z");
  assert_added("2024-12-15", "13mo", 1, utc, "2026-01-15T00:00:00Z");
  assert_added("2024-01-31", "1mo1d", 1, utc, "2024-03-01T00:00:00Z");
  assert_added("2024-03-01", "90d", -1, utc, "2023-12-02T00:00:00Z");
  assert_added("2024-03-01T00:00:00Z", "1w2h3min4s5ms", 1, utc, "2024-03-08T02:03:04.005Z");
}

static void arithmetic_follows_dst_for_months_only(void **state) {
  (void)state;
  Zone berlin = zone_of("Europe/Berlin");
  assert_added("2024-03-15T12:00", "1mo", 1, berlin, "2024-04-15T10:00:00Z"); /* noon stays noon */
  assert_added("2024-03-30T12:00", "1d", 1, berlin, "2024-03-31T11:00:00Z");  /* a day is 24 hours */
  assert_added("2024-02-29T02:30", "1mo2d", 1, berlin, "2024-03-31T01:30:00Z");
  assert_added("2024-04-30T02:30", "1mo", -1, berlin, "2024-03-30T01:30:00Z");
  assert_added("2024-05-31T02:30", "2mo", -1, berlin, "2024-03-31T01:30:00Z"); /* skipped: 03:30 */
}

static void arithmetic_is_clamped(void **state) {
  (void)state;
  Zone utc = zone_of("UTC");
  assert_true(instant_add(0, duration_of("9999y"), 1, utc) == INSTANT_MAX);
  assert_true(instant_add(0, duration_of("9999y"), -1, utc) == INSTANT_MIN);
  assert_true(instant_add(INSTANT_MAX, duration_of("1ms"), 1, utc) == INSTANT_MAX);
  assert_true(instant_add(INSTANT_MIN, duration_of("1ms"), -1, utc) == INSTANT_MIN);
  assert_true(instant_add(INT64_MAX, (Duration){INT32_MAX, INT64_MAX}, 1, utc) == INSTANT_MAX);
  assert_true(instant_add(INT64_MIN, (Duration){INT32_MIN, INT64_MIN}, 1, utc) == INSTANT_MIN);
  assert_true(instant_add(0, (Duration){0, INT64_MIN}, -1, utc) == INSTANT_MAX);
}

static void durations_read_back(void **state) {
  (void)state;
  static const char *const canonical[] = {"90d", "1y6mo", "1h30min", "250ms", "1y6mo90d", "1y11mo6d23h59min59s999ms",
                                          "0s"};
  for (size_t i = 0; i < sizeof canonical / sizeof *canonical; i++) {
    assert_string_equal(duration_format(arena, duration_of(canonical[i])).bytes, canonical[i]);
  }
  assert_string_equal(duration_format(arena, duration_of("2w")).bytes, "14d");
  assert_string_equal(duration_format(arena, duration_of("18mo")).bytes, "1y6mo");
  assert_string_equal(duration_format(arena, duration_of("90min")).bytes, "1h30min");
  assert_string_equal(duration_format(arena, (Duration){-6, -1000}).bytes, "-6mo1s");
  assert_string_equal(duration_format(arena, (Duration){0, INT64_MIN}).bytes, "-106751991167d7h12min55s808ms");
  assert_int_equal(duration_of("2y3mo").months, 27);
  assert_true(duration_of("1w1d").ms == INT64_C(8) * 86400000);
}

static void wrong_durations_say_why(void **state) {
  (void)state;
  static const char *const wrong[][2] = {
      {"5m", "minutes"},
      {"5m", "months"},
      {"", "a number and a unit"},
      {"90", "units y mo w d"},
      {"d", "numbers"},
      {"90 d", "units"},
      {"90D", "units"},
      {"1d1d", "each unit may stand once"},
      {"6mo1y", "largest"},
      {"1s1min", "largest"},
      {"10000y", "9999 years"},
      {"99999999999999999999d", "9999 years"},
      {"-5d", "numbers"},
      {"1.5h", "units"},
      {"1d ", "numbers"},
      {"9999y1mo", "9999 years"},
      {"1min5", "units"},
      {"1y6", "units"},
      {"3652059d1ms", "9999 years"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Duration duration;
    if (!duration_parse(text_of(wrong[i][0]), &duration, &error)) fail_msg("%s was accepted", wrong[i][0]);
    assert_message(wrong[i][1]);
  }
  Duration duration;
  assert_int_not_equal(duration_parse((Text){NULL, 0}, &duration, &error), STATUS_OK);
}

static void zones_are_checked(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "Europe/Berln", "europe/../Europe/Berlin", "/etc/localtime", "../zoneinfo/UTC", "Europe", "UTC0\n", "CET-1CEST",
      "a b"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Zone zone;
    if (zone_use(wrong[i], &zone, &error) != STATUS_USAGE) fail_msg("%s was accepted", wrong[i]);
    assert_message("IANA");
  }
  char longest[100];
  memset(longest, 'A', sizeof longest);
  longest[sizeof longest - 1] = '\0';
  Zone zone;
  assert_int_equal(zone_use(longest, &zone, &error), STATUS_USAGE);
  Zone berlin = zone_of("Europe/Berlin");
  assert_string_equal(berlin.name, "Europe/Berlin");
  assert_string_equal(instant_format_local(arena, 0, berlin).bytes, "1970-01-01 01:00");
  Zone machine = zone_of(NULL); /* TZ=UTC, set by the test's registration */
  assert_string_equal(instant_format_local(arena, 0, machine).bytes, "1970-01-01 00:00");
  assert_string_equal(zone_of("").name, machine.name);
}

static void now_is_within_reason(void **state) {
  (void)state;
  assert_true(clock_now() > INT64_C(1700000000000));
  assert_true(clock_now() < INSTANT_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_and_dates_agree_over_all_years),
      cmocka_unit_test(leap_years_follow_the_three_rules),
      cmocka_unit_test(dates_read_back_as_written),
      cmocka_unit_test(wrong_dates_say_why),
      cmocka_unit_test(ranges_cover_what_is_written),
      cmocka_unit_test(ranges_follow_the_zone_across_dst),
      cmocka_unit_test(ranges_survive_odd_zones),
      cmocka_unit_test(ranges_stop_at_the_ends_of_time),
      cmocka_unit_test(instants_parse_strictly),
      cmocka_unit_test(instants_print_in_utc_and_locally),
      cmocka_unit_test(civil_and_instant_are_inverse_except_in_folds),
      cmocka_unit_test(calendar_units_keep_to_the_month),
      cmocka_unit_test(arithmetic_follows_dst_for_months_only),
      cmocka_unit_test(arithmetic_is_clamped),
      cmocka_unit_test(durations_read_back),
      cmocka_unit_test(wrong_durations_say_why),
      cmocka_unit_test(zones_are_checked),
      cmocka_unit_test(now_is_within_reason),
  };
  return cmocka_run_group_tests_name("clock", tests, set_up, tear_down);
}
