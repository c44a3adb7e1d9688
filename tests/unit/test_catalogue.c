/* The tables of stdlib keep their own rules, whatever is added to them. */
#include "plan/catalogue.h"
#include "plan/opcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static bool is_name(const char *name) {
  if (!(*name >= 'a' && *name <= 'z')) return false;
  for (const char *c = name; *c; c++) {
    bool word = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_' || *c == '.';
    if (!word) return false;
  }
  return true;
}

static bool is_sentence(const char *doc) {
  return strlen(doc) >= 3;
}

static void test_types(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  for (int base = 0; base < BASE_COUNT; base++) {
    assert_int_equal(type_base_named(type_name(arena, TYPE_MAKE(base, FORM_ONE))), base);
  }
  assert_int_equal(type_base_named(text_of("nothing")), BASE_COUNT);
  assert_string_equal(type_name(arena, TYPE_LIST_OF(TEXT)).bytes, "list[text]");
  assert_string_equal(type_name(arena, TYPE_RANGE_OF(DATE) | TYPE_OPTIONAL).bytes, "range[date]?");
  assert_string_equal(type_name(arena, TYPE_OF(INT) | TYPE_OPTIONAL).bytes, "int?");
  assert_string_equal(type_name(arena, 0x4F).bytes, "type 0x4f");
  assert_int_equal(type_required(TYPE_OF(INT) | TYPE_OPTIONAL), TYPE_OF(INT));
  int valid = 0;
  for (int type = 0; type < 256; type++) valid += type_is_valid((Type)type);
  assert_int_equal(valid, BASE_COUNT * 3 * 2);
  assert_true(type_is_text(TYPE_OF(PLAYLIST)));
  assert_false(type_is_text(TYPE_LIST_OF(TEXT)));
  assert_true(type_is_value(TYPE_LIST_OF(DATE)));
  assert_false(type_is_value(TYPE_LIST_OF(PATH)));
  assert_false(type_is_value(TYPE_RANGE_OF(TEXT)));
  assert_false(type_is_value(TYPE_OF(MISSING)));
  assert_true(type_fits_letter(TYPE_OF(PERCENT), 'f'));
  assert_true(type_fits_letter(TYPE_OF(PATH) | TYPE_OPTIONAL, 'x'));
  assert_false(type_fits_letter(TYPE_OF(INT), 'f'));
  assert_false(type_fits_letter(TYPE_LIST_OF(INT), 'i'));
  arena_free(arena);
}

static void test_connectors(void **state) {
  (void)state;
  for (int id = 0; id < CONNECTOR_COUNT; id++) {
    const ConnectorDef *def = connector_def((ConnectorId)id);
    assert_true(is_name(def->name) && is_sentence(def->doc));
    for (int other = 0; other < id; other++)
      assert_string_not_equal(def->name, connector_def((ConnectorId)other)->name);
  }
  assert_int_equal(provider_connector(PROVIDER_SOURCE), CONNECTOR_COUNT);
  for (int provider = PROVIDER_SOURCE + 1; provider < PROVIDER_COUNT; provider++) {
    assert_in_range(provider_connector((Provider)provider), 0, CONNECTOR_COUNT - 1);
  }
}

static void test_fields(void **state) {
  (void)state;
  for (int id = 0; id < FIELD_COUNT; id++) {
    const FieldDef *def = field_def((FieldId)id);
    assert_true(is_name(def->name) && is_sentence(def->doc));
    assert_int_equal(field_find(text_of(def->name)), id);
    assert_true(type_is_value(def->type));
    assert_true(def->rows != 0 && (def->rows & ~(ON_TRACK | ON_PLAY | ON_PLAYLIST)) == 0);
    assert_true(def->ttl_s >= 0);
    if (def->provider == PROVIDER_TRACK) assert_true(type_is_optional(def->type));
    if (def->windowed) assert_int_equal(def->provider, PROVIDER_LIBRARY);
  }
  assert_int_equal(field_find(text_of("lastfm")), FIELD_COUNT);
  assert_int_equal(field_def(FIELD_ARTISTS)->type, TYPE_LIST_OF(TEXT) | TYPE_OPTIONAL);
}

static void test_functions(void **state) {
  (void)state;
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) {
    const FunctionDef *def = function_def((FunctionId)id);
    assert_true(is_name(def->name) && is_sentence(def->doc));
    assert_int_equal(strlen(def->result), 1);
    assert_true(type_is_value(type_of_letter(def->result[0])));
    assert_int_equal(strspn(def->args, "bifxtdyl"), strlen(def->args));
    if (def->aggregate) assert_true(strlen(def->args) <= 1);
    /* Overloads are neighbours and differ in their arguments. */
    FunctionId first = function_find(text_of(def->name));
    assert_true((int)first <= id);
    for (int other = (int)first; other < id; other++) {
      assert_string_equal(function_def((FunctionId)other)->name, def->name);
      assert_string_not_equal(function_def((FunctionId)other)->args, def->args);
    }
  }
  assert_int_equal(function_find(text_of("nothing")), FUNCTION_ID_COUNT);
}

static void test_opcodes(void **state) {
  (void)state;
  assert_true(OPCODE_COUNT <= 128);
  for (int opcode = 0; opcode < OPCODE_COUNT; opcode++) {
    const OpcodeDef *def = opcode_def((Opcode)opcode);
    assert_true(is_name(def->name) && is_sentence(def->doc));
    assert_int_equal(opcode_find(text_of(def->name)), opcode);
    assert_true(strlen(def->immediates) <= 1 && strlen(def->pushes) <= 1 && strlen(def->pops) <= 2);
    assert_int_equal(strspn(def->immediates, "cpkjnfy"), strlen(def->immediates));
    assert_int_equal(strspn(def->pops, "bifxtdylr*="), strlen(def->pops));
    assert_int_equal(strspn(def->pushes, "bifxtdyl*="), strlen(def->pushes));
  }
  assert_int_equal(opcode_find(text_of("halt")), OPCODE_COUNT);
}

static StageId find_again(StageId id) {
  const char *prefix = stage_prefix(id);
  Text name = text_of(stage_def(id)->name);
  if (strcmp(prefix, "from ") == 0) return stage_find_source(name);
  if (strcmp(prefix, "to ") == 0) return stage_find_destination(name);
  return stage_find(name);
}

static void test_stages(void **state) {
  (void)state;
  for (int i = 0; i < STAGEID_COUNT; i++) {
    StageId id = (StageId)i;
    const StageDef *def = stage_def(id);
    assert_true(is_name(def->name) && is_sentence(def->doc));
    assert_int_equal(find_again(id), id);
    assert_int_equal(def->group == GROUP_SOURCE, def->inputs == INPUTS_NONE);
    assert_int_equal(def->input_rows == 0, def->inputs == INPUTS_NONE);
    if (def->effect == EFFECT_WRITE) assert_int_equal(def->group, GROUP_DESTINATION);
    if (def->group == GROUP_DESTINATION) assert_true(def->connector != CONNECTOR_COUNT && def->output == OUTPUT_SAME);
    if (def->group == GROUP_SOURCE) assert_int_equal(def->effect, EFFECT_READ);
    assert_in_range(def->param_count, 0, STAGE_MAX_PARAMS);
  }
  assert_int_equal(stage_find(text_of("show")), STAGEID_SHOW);
  assert_int_equal(stage_find(text_of("file.csv")), STAGEID_COUNT);
  assert_int_equal(stage_find_source(text_of("file.csv")), STAGEID_FROM_FILE_CSV);
  assert_int_equal(stage_find_destination(text_of("file.csv")), STAGEID_TO_FILE_CSV);
  assert_int_equal(stage_find_destination(text_of("show")), STAGEID_COUNT);
}

static void check_param(const StageDef *stage, unsigned index) {
  const ParamDef *def = &stage->params[index];
  assert_true(is_name(def->name) && is_sentence(def->doc));
  bool wants_words = def->kind == PARAM_WORD || def->kind == PARAM_IDENTITY || def->kind == PARAM_PROVIDER ||
                     def->kind == PARAM_SINCE;
  assert_int_equal(def->words[0] != '\0', wants_words);
  bool ranged = def->kind == PARAM_INT || def->kind == PARAM_COUNT || def->kind == PARAM_NUMBER ||
                def->kind == PARAM_WEIGHTS;
  if (ranged) assert_true(def->min < def->max);
  if (!ranged) assert_true(def->min == 0 && def->max == 0);
  if (def->kind == PARAM_STREAM) assert_int_equal(stage->inputs, INPUTS_SET);
  if (def->kind == PARAM_WEIGHTS) assert_int_equal(stage->inputs, INPUTS_SET);
  if (def->flags & (PARAM_EITHER | PARAM_WITH_FIRST)) assert_false(def->flags & PARAM_REQUIRED);
  if (def->flags & PARAM_WITH_FIRST) assert_true(index > 0);
  for (unsigned other = 0; other < index; other++) assert_string_not_equal(def->name, stage->params[other].name);
}

static void test_params(void **state) {
  (void)state;
  unsigned total = 0;
  const ParamDef *next = stage_def((StageId)0)->params;
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *stage = stage_def((StageId)id);
    assert_ptr_equal(stage->params, next); /* contiguous, in the order of the stages */
    next += stage->param_count;
    total += stage->param_count;
    bool optional_seen = false, named_seen = false, repeated_seen = false;
    for (unsigned i = 0; i < stage->param_count; i++) {
      const ParamDef *param = &stage->params[i];
      assert_int_equal(param->stage, id);
      check_param(stage, i);
      bool positional = (param->flags & PARAM_POSITIONAL) != 0, required = (param->flags & PARAM_REQUIRED) != 0;
      if (positional) assert_false(named_seen || repeated_seen || (optional_seen && required));
      if (!positional) named_seen = true;
      if (positional && !required) optional_seen = true;
      if (param->flags & PARAM_REPEATED) repeated_seen = true;
      if (param->flags & PARAM_REPEATED) assert_true(positional);
    }
  }
  assert_true(total > 30);
  const StageDef *top = stage_def(STAGEID_TOP);
  assert_int_equal(top->param_count, 2);
  assert_string_equal(top->params[1].name, "by");
  assert_int_equal(stage_def(STAGEID_REVERSE)->param_count, 0);
}

static void test_signatures(void **state) {
  (void)state;
  for (int id = 0; id < STAGEID_COUNT; id++) {
    assert_int_equal(stage_signature((StageId)id), stage_signature((StageId)id));
    for (int other = 0; other < id; other++)
      assert_true(stage_signature((StageId)id) != stage_signature((StageId)other));
  }
  for (int id = 1; id < FIELD_COUNT; id++)
    assert_true(field_signature((FieldId)id) != field_signature((FieldId)(id - 1)));
  for (int id = 1; id < FUNCTION_ID_COUNT; id++) {
    assert_true(function_signature((FunctionId)id) != function_signature((FunctionId)(id - 1)));
  }
  Digest first = catalogue_digest(), second = catalogue_digest();
  assert_memory_equal(&first, &second, sizeof first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_types),     cmocka_unit_test(test_connectors), cmocka_unit_test(test_fields),
      cmocka_unit_test(test_functions), cmocka_unit_test(test_opcodes),    cmocka_unit_test(test_stages),
      cmocka_unit_test(test_params),    cmocka_unit_test(test_signatures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
