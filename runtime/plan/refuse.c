#include "plan/plan_int.h"

static const char *const codes[FAULT_COUNT] = {
#define DIAGNOSTIC(code, name, severity, title, explanation) code,
#include "diagnostics.def"
#undef DIAGNOSTIC
};

Status refuse(Error *error, PlanFault fault, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fail_with(error, STATUS_BAD_PLAN, codes[fault], format, arguments);
  va_end(arguments);
  return STATUS_BAD_PLAN;
}

Status place_fault(const PlanPlaces *places, PlanSection section, uint32_t item, Error *error) {
  static const char *const nouns[SECTION_SINK + 1] = {
      [SECTION_META] = "part",     [SECTION_STRS] = "string",    [SECTION_CONS] = "constant", [SECTION_IMPT] = "import",
      [SECTION_ROWS] = "schema",   [SECTION_PARM] = "parameter", [SECTION_EFCT] = "effect",   [SECTION_NODE] = "node",
      [SECTION_SUBG] = "sub-plan", [SECTION_CODE] = "code",      [SECTION_SINK] = "sink",
  };
  if (places && places->fault) *places->fault = (PlanPlace){section, item};
  if (!places || !places->offsets[section] || places->fault) {
    fail_context(error, "section %s, %s %u", section_name(section), nouns[section], item);
  } else {
    fail_context(error, "section %s, byte %u, %s %u", section_name(section), places->offsets[section][item],
                 nouns[section], item);
  }
  return STATUS_BAD_PLAN;
}
