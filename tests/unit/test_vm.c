#include "engine_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* An operand or a result: "missing" or a value of a type by letter. */
typedef struct Operand {
  char letter;
  bool missing;
  Value value;
} Operand;

static Operand whole(int64_t value) {
  return (Operand){'i', false, {.integer = value}};
}
static Operand number(double value) {
  return (Operand){'f', false, {.number = value}};
}
static Operand moment(int64_t value) {
  return (Operand){'t', false, {.integer = value}};
}
static Operand length(int32_t months, int64_t ms) {
  return (Operand){'d', false, {.integer = duration_pack((Duration){months, ms})}};
}
static Operand truth(bool value) {
  return (Operand){'b', false, {.integer = value}};
}
static Operand none(char letter) {
  return (Operand){letter, true, {0}};
}

static uint32_t operand_constant(Rig *rig, Operand operand) {
  bool real = operand.letter == 'f';
  return rig_constant(rig, type_required(type_of_letter(operand.letter)), real ? 0 : operand.value.integer,
                      real ? operand.value.number : 0, NULL);
}

static void emit_operand(Rig *rig, CodeBuilder *code, Operand operand, uint32_t column, bool constant) {
  if (!constant) {
    code_emit_index(code, OPCODE_COL, column);
  } else if (operand.missing) {
    code_emit_index(code, OPCODE_MISSING, type_required(type_of_letter(operand.letter)));
  } else {
    code_emit_index(code, OPCODE_CONST, operand_constant(rig, operand));
  }
}

/* The operation on columns (mask 0), constants (mask 3) or one of each: folded and fused code must agree with plain
 * code. */
static VmResult evaluate(Opcode opcode, const Operand *operands, uint32_t count, unsigned mask, char result) {
  char columns[32] = "";
  for (uint32_t i = 0; i < count; i++) {
    char column[] = {' ', (char)('a' + i), ':', operands[i].letter, '\0'};
    strcat(columns, i ? column : column + 1);
  }
  Rig rig = rig_new(ROWS_TRACK, columns);
  CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
  for (uint32_t i = 0; i < count; i++) emit_operand(&rig, code, operands[i], i, mask >> i & 1);
  code_emit(code, opcode);
  uint32_t index = code_finish(code, (Type)(type_required(type_of_letter(result)) | TYPE_OPTIONAL));
  rig_start(&rig);
  Batch *batch = rig_batch(&rig, 1);
  for (uint32_t i = 0; i < count; i++) {
    batch_values(batch, i)[0] = operands[i].value;
    if (operands[i].missing) rig_set_missing(&rig, batch, i, 0);
  }
  Expression expression = vm_bind(rig.run, index, batch);
  VmResult out = vm_evaluate(&expression, 0);
  rig_free(&rig);
  return out;
}

static void expect_same(VmResult got, Operand want, bool met) {
  assert_int_equal(got.missing, want.missing);
  assert_int_equal(got.met_missing, met);
  if (!want.missing) assert_int_equal(got.value.integer, want.value.integer);
}

static void check2(Opcode opcode, Operand a, Operand b, Operand want) {
  Operand operands[] = {a, b};
  bool met = want.letter == 'b' && (a.missing || b.missing);
  for (unsigned mask = 0; mask < 4; mask++) expect_same(evaluate(opcode, operands, 2, mask, want.letter), want, met);
}

static void check1(Opcode opcode, Operand a, Operand want) {
  for (unsigned mask = 0; mask < 2; mask++) expect_same(evaluate(opcode, &a, 1, mask, want.letter), want, false);
}

static void whole_numbers_never_wrap(void **state) {
  (void)state;
  check2(OPCODE_ADD_I, whole(INT64_MAX), whole(0), whole(INT64_MAX));
  check2(OPCODE_ADD_I, whole(INT64_MAX), whole(1), none('i'));
  check2(OPCODE_ADD_I, whole(INT64_MIN), whole(-1), none('i'));
  check2(OPCODE_ADD_I, whole(INT64_MIN), whole(INT64_MAX), whole(-1));
  check2(OPCODE_SUB_I, whole(INT64_MIN), whole(1), none('i'));
  check2(OPCODE_SUB_I, whole(0), whole(INT64_MIN), none('i'));
  check2(OPCODE_SUB_I, whole(-1), whole(INT64_MIN), whole(INT64_MAX));
  check2(OPCODE_MUL_I, whole(INT64_MIN), whole(-1), none('i'));
  check2(OPCODE_MUL_I, whole(-1), whole(INT64_MIN), none('i'));
  check2(OPCODE_MUL_I, whole(INT64_MIN), whole(1), whole(INT64_MIN));
  check2(OPCODE_MUL_I, whole(INT64_MIN), whole(0), whole(0));
  check2(OPCODE_MUL_I, whole(INT64_C(3037000500)), whole(INT64_C(3037000500)), none('i'));
  check2(OPCODE_MUL_I, whole(INT64_C(3037000499)), whole(INT64_C(-3037000499)), whole(INT64_C(-9223372030926249001)));
  check2(OPCODE_MUL_I, whole(INT64_C(1) << 62), whole(-2), whole(INT64_MIN));
  check2(OPCODE_MUL_I, whole(-2), whole(INT64_C(1) << 62), whole(INT64_MIN));
  check2(OPCODE_MUL_I, whole(-4), whole(INT64_C(1) << 62), none('i'));
  check1(OPCODE_NEG_I, whole(INT64_MIN), none('i'));
  check1(OPCODE_NEG_I, whole(INT64_MAX), whole(-INT64_MAX));
  check2(OPCODE_ADD_I, none('i'), whole(1), none('i'));
}

static void numbers_are_finite(void **state) {
  (void)state;
  check2(OPCODE_ADD_F, number(1e308), number(1e308), none('f'));
  check2(OPCODE_MUL_F, number(1e200), number(-1e200), none('f'));
  check2(OPCODE_DIV_F, number(1), number(0), none('f'));
  check2(OPCODE_DIV_F, number(0), number(0), none('f'));
  check2(OPCODE_DIV_F, number(1e308), number(1e-308), none('f'));
  check2(OPCODE_DIV_F, number(1), number(4), number(0.25));
  check1(OPCODE_INT_FLOAT, whole(3), number(3));
}

static void missing_compares_as_false_and_marks(void **state) {
  (void)state;
  static const Opcode comparisons[] = {OPCODE_EQ_I, OPCODE_NE_I, OPCODE_LT_I, OPCODE_LE_I};
  for (size_t i = 0; i < 4; i++) {
    check2(comparisons[i], none('i'), whole(1), truth(false));
    check2(comparisons[i], whole(1), none('i'), truth(false));
    check2(comparisons[i], none('i'), none('i'), truth(false));
  }
  check2(OPCODE_LE_I, whole(2), whole(2), truth(true));
  check2(OPCODE_LT_I, whole(2), whole(2), truth(false));
  check2(OPCODE_LT_I, whole(1), whole(2), truth(true));
  check2(OPCODE_LT_I, whole(3), whole(2), truth(false));
  check2(OPCODE_LE_I, whole(3), whole(2), truth(false));
  check2(OPCODE_LT_F, number(1.5), number(2), truth(true));
  check2(OPCODE_LE_F, number(2.5), number(2), truth(false));
  check2(OPCODE_LT_F, none('f'), number(2), truth(false));
  check2(OPCODE_EQ_F, number(0.0), number(-0.0), truth(true));
  check2(OPCODE_NE_F, number(0.5), number(0.25), truth(true));
  check2(OPCODE_LT_T, moment(5), moment(6), truth(true));
  check2(OPCODE_LE_T, moment(7), moment(6), truth(false));
  check1(OPCODE_IS_MISSING, none('i'), truth(true));
  check1(OPCODE_IS_MISSING, whole(0), truth(false));
  check2(OPCODE_ELSE_VAL, none('i'), whole(4), whole(4));
  check2(OPCODE_ELSE_VAL, whole(3), whole(4), whole(3));
  check2(OPCODE_ELSE_VAL, none('i'), none('i'), none('i'));
}

static void durations_and_times(void **state) {
  (void)state;
  const int64_t day = 86400000;
  check2(OPCODE_ADD_D, length(1, 5), length(2, -7), length(3, -2));
  check2(OPCODE_ADD_D, length(INT16_MAX, 0), length(1, 0), none('d'));
  check2(OPCODE_SUB_D, length(0, (INT64_C(1) << 47) - 1), length(0, -1), none('d'));
  check2(OPCODE_MUL_DF, length(0, 1000), number(1.5), length(0, 1500));
  check2(OPCODE_MUL_DF, length(2, 0), number(3), length(6, 0));
  check2(OPCODE_MUL_DF, length(1, 0), number(0.5), none('d'));
  check2(OPCODE_MUL_DF, length(0, 1000), number(1e300), none('d'));
  check2(OPCODE_MUL_DF, length(1, 0), number(1e300), none('d'));
  check2(OPCODE_DIV_DF, length(0, 1000), number(0), none('d'));
  check2(OPCODE_DIV_DF, length(1, 0), number(2), none('d'));
  check2(OPCODE_DIV_DF, length(0, 1000), number(4), length(0, 250));
  check2(OPCODE_DIV_DD, length(0, 90000), length(0, 60000), number(1.5));
  check2(OPCODE_DIV_DD, length(12, 0), length(1, 0), number(12));
  check2(OPCODE_DIV_DD, length(0, 1), length(0, 0), none('f'));
  check2(OPCODE_EQ_D, length(1, 0), length(0, INT64_C(2629746000)), truth(true));
  check2(OPCODE_LT_D, length(0, 30 * day), length(1, 0), truth(true));
  check1(OPCODE_NEG_D, length(2, -5), length(-2, 5));
  check1(OPCODE_NEG_D, length(INT16_MIN, 0), none('d'));
  check2(OPCODE_ADD_TD, moment(0), length(0, day), moment(day));
  check2(OPCODE_ADD_TD, moment(30 * day), length(1, 0), moment(58 * day)); /* 31 January to 28 February 1970 */
  check2(OPCODE_SUB_TD, moment(INSTANT_MIN), length(0, day), moment(INSTANT_MIN));
  check2(OPCODE_SUB_TT, moment(day), moment(0), length(0, day));
  check2(OPCODE_SUB_TT, moment(INSTANT_MAX), moment(INSTANT_MIN), none('d'));
  check1(OPCODE_AGO, length(0, day), moment(INT64_C(1718452800000) - day));
  check1(OPCODE_AGO, none('d'), none('t'));
}

static void dates_cover_what_they_name(void **state) {
  (void)state;
  Operand february = {
      'y', false, {.integer = date_pack((Date){.year = 2024, .month = 2, .day = 1, .precision = DATE_MONTH})}};
  check1(OPCODE_DATE_START, february, moment(INT64_C(1706745600000)));
  check1(OPCODE_DATE_END, february, moment(INT64_C(1709251200000)));
  check1(OPCODE_DATE_END, none('y'), none('t'));
}

static void packing_round_trips(void **state) {
  (void)state;
  static const Duration durations[] = {
      {0, 0}, {-1, 1}, {1, -1}, {INT16_MIN, -(INT64_C(1) << 47)}, {INT16_MAX, (INT64_C(1) << 47) - 1}};
  for (size_t i = 0; i < 5; i++) {
    Duration back = duration_unpack(duration_pack(durations[i]));
    assert_int_equal(back.months, durations[i].months);
    assert_int_equal(back.ms, durations[i].ms);
  }
  assert_int_equal(duration_unpack(duration_pack((Duration){INT32_MAX, INT64_MAX})).months, INT16_MAX);
  assert_int_equal(duration_unpack(duration_pack((Duration){0, INT64_MIN})).ms, -(INT64_C(1) << 47));
  static const Date dates[] = {{.year = 1, .month = 1, .day = 1, .precision = DATE_YEAR},
                               {.year = 1969, .month = 12, .day = 31, .precision = DATE_DAY},
                               {.year = 9999, .month = 12, .day = 1, .precision = DATE_MONTH}};
  for (size_t i = 0; i < 3; i++) {
    Date back = date_unpack(date_pack(dates[i]));
    assert_int_equal(back.year, dates[i].year);
    assert_int_equal(back.month, dates[i].month);
    assert_int_equal(back.day, dates[i].day);
    assert_int_equal(back.precision, dates[i].precision);
  }
}

/* `a > 0 and b > 0 or flag`: the jumps, and that what they skip marks nothing. */
static void logic_short_cuts(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "a:i b:i flag:b");
  CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
  code_emit_index(code, OPCODE_CONST, rig_int(&rig, 0));
  code_emit_index(code, OPCODE_COL, 0);
  code_emit(code, OPCODE_LT_I);
  uint32_t both = code_emit_jump(code, OPCODE_AND);
  code_emit_index(code, OPCODE_CONST, rig_int(&rig, 0));
  code_emit_index(code, OPCODE_COL, 1);
  code_emit(code, OPCODE_LT_I);
  code_bind(code, both);
  uint32_t either = code_emit_jump(code, OPCODE_OR);
  code_emit_index(code, OPCODE_COL, 2);
  code_emit(code, OPCODE_TRUTH);
  code_bind(code, either);
  uint32_t index = code_finish(code, TYPE_OF(BOOL));
  rig_start(&rig);
  Batch *batch = rig_batch(&rig, 27);
  for (int row = 0; row < 27; row++) {
    int parts[] = {row / 9, row / 3 % 3, row % 3}; /* 0 false, 1 true, 2 missing */
    for (size_t i = 0; i < 3; i++) {
      rig_set_int(batch, i, (size_t)row, parts[i] == 1);
      if (parts[i] == 2) rig_set_missing(&rig, batch, i, (size_t)row);
    }
  }
  Expression expression = vm_bind(rig.run, index, batch);
  for (int row = 0; row < 27; row++) {
    int a = row / 9, b = row / 3 % 3, flag = row % 3;
    VmResult got = vm_evaluate(&expression, (size_t)row);
    bool pair = a == 1 && b == 1;
    assert_false(got.missing);
    assert_int_equal(got.value.integer, pair || flag == 1);
    assert_int_equal(got.met_missing, a == 2 || (a == 1 && b == 2) || (!pair && flag == 2));
  }
  rig_free(&rig);
}

/* vm_filter narrows conjunctions column by column; row by row must give the same. */
static void filters_agree_with_rows(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "a:i b:f c:t");
  static const Opcode opcodes[3][4] = {{OPCODE_EQ_I, OPCODE_NE_I, OPCODE_LT_I, OPCODE_LE_I},
                                       {OPCODE_EQ_F, OPCODE_NE_F, OPCODE_LT_F, OPCODE_LE_F},
                                       {OPCODE_EQ_T, OPCODE_NE_T, OPCODE_LT_T, OPCODE_LE_T}};
  uint32_t constants[] = {rig_int(&rig, 4), rig_constant(&rig, TYPE_OF(FLOAT), 0, 4, NULL),
                          rig_constant(&rig, TYPE_OF(TIME), 4, 0, NULL)};
  uint32_t codes[64];
  Random random = random_seeded(11);
  for (size_t i = 0; i < 64; i++) {
    CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
    for (size_t part = 0; part <= i % 3; part++) {
      uint32_t mark = part ? code_emit_jump(code, OPCODE_AND) : 0;
      uint32_t column = (uint32_t)random_below(&random, 3);
      bool constant_first = random_below(&random, 2);
      if (constant_first) code_emit_index(code, OPCODE_CONST, constants[column]);
      code_emit_index(code, OPCODE_COL, column);
      if (!constant_first) code_emit_index(code, OPCODE_CONST, constants[column]);
      code_emit(code, opcodes[column][random_below(&random, 4)]);
      if (part) code_bind(code, mark);
    }
    codes[i] = code_finish(code, TYPE_OF(BOOL));
  }
  rig_start(&rig);
  enum { ROWS = 200 };
  Batch *batch = rig_batch(&rig, ROWS);
  for (size_t row = 0; row < ROWS; row++) {
    rig_set_int(batch, 0, row, (int64_t)random_below(&random, 9));
    rig_set_number(batch, 1, row, (double)random_below(&random, 9));
    rig_set_int(batch, 2, row, (int64_t)random_below(&random, 9));
    for (size_t column = 0; column < 3; column++) {
      if (random_below(&random, 5) == 0) rig_set_missing(&rig, batch, column, row);
    }
  }
  for (size_t i = 0; i < 128; i++) {
    Expression expression = vm_bind(rig.run, codes[i / 2], batch);
    bool wanted = i % 2 == 0;
    uint32_t got[ROWS];
    uint64_t lost = 0, lost_want = 0;
    size_t kept = vm_filter(&expression, wanted, got, &lost), want = 0;
    for (size_t row = 0; row < ROWS; row++) {
      VmResult result = vm_evaluate(&expression, row);
      if ((result.value.integer != 0) == wanted) {
        assert_true(want < kept);
        assert_int_equal(got[want++], row);
      } else {
        lost_want += result.met_missing;
      }
    }
    assert_int_equal(kept, want);
    assert_int_equal(lost, lost_want);
  }
  rig_free(&rig);
}

static void texts_and_functions(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "name:x n:i at:t");
  CodeBuilder *code = code_builder_new(rig.builder, rig.schema);
  code_emit_index(code, OPCODE_CONST, rig_constant(&rig, TYPE_OF(TEXT), 0, 0, "<"));
  code_emit_index(code, OPCODE_COL, 0);
  code_emit(code, OPCODE_TO_TEXT);
  code_emit_index(code, OPCODE_COL, 1);
  code_emit(code, OPCODE_TO_TEXT);
  code_emit_index(code, OPCODE_CONCAT, 3);
  uint32_t joined = code_finish(code, TYPE_OF(TEXT));
  code = code_builder_new(rig.builder, rig.schema);
  code_emit_index(code, OPCODE_COL, 0);
  code_emit_index(code, OPCODE_CONST, rig_constant(&rig, TYPE_OF(TEXT), 0, 0, "BJ\xC3\x96"));
  code_emit_index(code, OPCODE_CALL, plan_build_function(rig.builder, FUNCTION_CONTAINS_TEXT));
  uint32_t contains = code_finish(code, TYPE_OF(BOOL) | TYPE_OPTIONAL);
  code = code_builder_new(rig.builder, rig.schema);
  code_emit_index(code, OPCODE_COL, 2);
  code_emit_index(code, OPCODE_CALL, plan_build_function(rig.builder, FUNCTION_WEEKDAY_TIME));
  uint32_t weekday = code_finish(code, TYPE_OF(INT) | TYPE_OPTIONAL);
  rig_start(&rig);
  Batch *batch = rig_batch(&rig, 2);
  rig_set_text(&rig, batch, 0, 0, "a bj\xC3\xB6rk b");
  rig_set_int(batch, 1, 0, -7);
  rig_set_int(batch, 2, 0, INT64_C(1718452800000));
  for (size_t column = 0; column < 3; column++) rig_set_missing(&rig, batch, column, 1);
  Expression expression = vm_bind(rig.run, joined, batch);
  assert_true(
      text_is(text_at(rig.run->texts, (TextId)vm_evaluate(&expression, 0).value.integer), "<a bj\xC3\xB6rk b-7"));
  assert_true(text_is(text_at(rig.run->texts, (TextId)vm_evaluate(&expression, 1).value.integer), "<"));
  expression = vm_bind(rig.run, contains, batch);
  assert_int_equal(vm_evaluate(&expression, 0).value.integer, 1);
  assert_true(vm_evaluate(&expression, 1).missing);
  expression = vm_bind(rig.run, weekday, batch);
  assert_int_equal(vm_evaluate(&expression, 0).value.integer, 6);
  assert_true(vm_evaluate(&expression, 1).missing);
  rig_free(&rig);
}

static void canonical_texts(void **state) {
  (void)state;
  Rig rig = rig_new(ROWS_TRACK, "n:i");
  rig_start(&rig);
  Run *run = rig.run;
  Value two[] = {{.integer = text_intern(run->texts, TEXT_LITERAL("a"))},
                 {.integer = text_intern(run->texts, TEXT_LITERAL("b"))}};
  assert_true(text_is(vm_text(run, TYPE_OF(FLOAT), (Value){.number = 3}), "3"));
  assert_true(text_is(vm_text(run, TYPE_OF(FLOAT), (Value){.number = 0.1}), "0.1"));
  assert_true(text_is(vm_text(run, TYPE_OF(PERCENT), (Value){.number = 0.07}), "7%"));
  assert_true(text_is(vm_text(run, TYPE_OF(PERCENT), (Value){.number = 0.2}), "20%"));
  assert_true(text_is(vm_text(run, TYPE_OF(BOOL), (Value){.integer = 1}), "true"));
  assert_true(text_is(vm_text(run, TYPE_OF(INT), (Value){.integer = INT64_MIN}), "-9223372036854775808"));
  assert_true(text_is(vm_text(run, TYPE_OF(TIME), (Value){.integer = 0}), "1970-01-01T00:00:00Z"));
  assert_true(
      text_is(vm_text(run, TYPE_OF(DATE), (Value){.integer = date_pack((Date){2024, 3, 1, .precision = DATE_MONTH})}),
              "2024-03"));
  Duration duration = {18, INT64_C(5400000)}, back;
  assert_int_equal(
      duration_parse(vm_text(run, TYPE_OF(DURATION), (Value){.integer = duration_pack(duration)}), &back, NULL),
      STATUS_OK);
  assert_int_equal(back.months, duration.months);
  assert_int_equal(back.ms, duration.ms);
  assert_true(text_is(vm_text(run, TYPE_LIST_OF(TEXT), list_add(run->lists, two, 2)), "a, b"));
  assert_true(text_is(vm_text(run, TYPE_LIST_OF(TEXT), list_add(run->lists, NULL, 0)), ""));
  RangeEnds ends = {.has_low = true, .low = {.integer = 2010}};
  assert_true(text_is(vm_text(run, TYPE_RANGE_OF(INT), range_add(run->lists, ends)), "2010.."));
  rig_free(&rig);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_numbers_never_wrap),
      cmocka_unit_test(numbers_are_finite),
      cmocka_unit_test(missing_compares_as_false_and_marks),
      cmocka_unit_test(durations_and_times),
      cmocka_unit_test(dates_cover_what_they_name),
      cmocka_unit_test(packing_round_trips),
      cmocka_unit_test(logic_short_cuts),
      cmocka_unit_test(filters_agree_with_rows),
      cmocka_unit_test(texts_and_functions),
      cmocka_unit_test(canonical_texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
