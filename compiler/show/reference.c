#include "compiler/show/reference.h"

#include <inttypes.h>
#include <string.h>

#include "compiler/source/diag.h"
#include "compiler/check/stage_form.h"
#include "plan/opcode.h"
#include "plan/plan.h"

static const Example examples[] = {
#define EXAMPLE(kind, name, program) {EXAMPLE_##kind, name, program},
#include "examples.def"
#undef EXAMPLE
};
enum { EXAMPLES = sizeof examples / sizeof *examples };

const Example *reference_examples(size_t *count) {
  *count = EXAMPLES;
  return examples;
}

const Example *reference_example(ExampleKind kind, const char *name) {
  for (size_t i = 0; i < EXAMPLES; i++)
    if (examples[i].kind == kind && strcmp(examples[i].name, name) == 0) return &examples[i];
  return NULL;
}

static void write_examples(FILE *out, ExampleKind kind, const char *name) {
  for (size_t i = 0; i < EXAMPLES; i++)
    if (examples[i].kind == kind && strcmp(examples[i].name, name) == 0) fprintf(out, "```\n%s\n```\n\n", examples[i].program);
}

/* Text within a cell of a table: a bar would end it. */
static void write_cell(FILE *out, const char *text) {
  for (; *text; text++) {
    if (*text == '|') fputc('\\', out);
    fputc(*text, out);
  }
}

/* ---- stages ---- */

static const char *written_name(Arena *arena, StageId id) {
  return arena_format(arena, "%s%s", stage_prefix(id), stage_def(id)->name);
}

static void write_range(FILE *out, const ParamDef *param) {
  bool bounded = param->kind == PARAM_INT || param->kind == PARAM_COUNT || param->kind == PARAM_NUMBER || param->kind == PARAM_WEIGHTS;
  if (!bounded || (param->min == INT64_MIN && param->max == INT64_MAX)) return;
  if (param->max == INT64_MAX) {
    fprintf(out, ", from %" PRId64, param->min);
  } else {
    fprintf(out, ", %" PRId64 " to %" PRId64, param->min, param->max);
  }
}

static void write_param(FILE *out, const ParamDef *param) {
  if (param->flags & PARAM_HIDDEN) return;
  fprintf(out, "| `%s` | `", param->name);
  write_cell(out, param_sample(param));
  fputc('`', out);
  write_range(out, param);
  fputs(param->flags & PARAM_REQUIRED ? " | yes | " : param->flags & PARAM_EITHER ? " | one of them | " : " | no | ", out);
  write_cell(out, param->doc);
  fputs(" |\n", out);
}

static void write_stage(Arena *arena, StageId id, FILE *out) {
  const StageDef *def = stage_def(id);
  const char *name = written_name(arena, id);
  Text form = stage_form(arena, id);
  fprintf(out, "#### %s\n\n`%s" TEXT_FORMAT "`\n\n%s", name, def->inputs == INPUTS_NONE ? "from " : "", TEXT_ARG(form), def->doc);
  if (def->inputs != INPUTS_NONE && def->input_rows != ACCEPTS_ANY) {
    const char *between = " Takes ";
    for (int kind = 0; kind < ROWS_ANY; kind++) {
      if (!(def->input_rows & 1 << kind)) continue;
      fprintf(out, "%s%s", between, row_kind_name((RowKind)kind));
      between = " and ";
    }
    fputc('.', out);
  }
  fputs("\n\n", out);
  bool any = false;
  for (unsigned i = 0; i < def->param_count; i++) {
    if (!any && !(def->params[i].flags & PARAM_HIDDEN)) {
      fputs("| argument | takes | needed | |\n|---|---|---|---|\n", out);
      any = true;
    }
    write_param(out, &def->params[i]);
  }
  if (any) fputc('\n', out);
  write_examples(out, EXAMPLE_STAGE, name);
}

static void write_stages(Arena *arena, FILE *out) {
  fputs("## Stages\n\n", out);
  for (int group = 0; group <= GROUP_DESTINATION; group++) {
    fprintf(out, "### %s\n\n", stage_group_name((StageGroup)group));
    for (int id = 0; id < STAGEID_COUNT; id++)
      if (stage_def((StageId)id)->group == (StageGroup)group && stage_is_written((StageId)id)) write_stage(arena, (StageId)id, out);
  }
}

/* ---- fields ---- */

static void write_age(FILE *out, int32_t seconds) {
  enum { HOUR = 3600, DAY = 86400 };
  if (seconds >= DAY) {
    fprintf(out, "%d d", seconds / DAY);
  } else if (seconds) {
    fprintf(out, "%d h", seconds / HOUR);
  }
}

static void write_field(Arena *arena, const FieldDef *field, FILE *out) {
  fprintf(out, "| `%s` | " TEXT_FORMAT " | %s | %s | ", field->name, TEXT_ARG(type_name(arena, field->type)), provider_name(field->provider),
          field->windowed ? "yes" : "");
  write_age(out, field->ttl_s);
  fputs(" | ", out);
  write_cell(out, field->doc);
  fputs(" |\n", out);
}

static const char field_head[] = "| field | type | from | window | fresh for | |\n|---|---|---|---|---|---|\n";

static void write_fields(Arena *arena, FILE *out) {
  fputs("## Fields\n\nA type with `?` may be missing. Where `window` says yes, `plays(90d)`, `plays(@2024)` and `plays(@2020..@2023)` look at a part of your history. "
        "`fresh for` is how long a value that a service gave is used before it is asked again.\n\n", out);
  for (int kind = 0; kind < ROWS_ANY; kind++) {
    fprintf(out, "### On %s\n\n%s", row_kind_name((RowKind)kind), field_head);
    for (int id = 0; id < FIELD_COUNT; id++)
      if (field_def((FieldId)id)->rows & 1 << kind) write_field(arena, field_def((FieldId)id), out);
    fputc('\n', out);
  }
  for (int provider = 0; provider < PROVIDER_COUNT; provider++) {
    if (!reference_example(EXAMPLE_FIELDS, provider_name((Provider)provider))) continue;
    fprintf(out, "From %s:\n\n", provider_name((Provider)provider));
    write_examples(out, EXAMPLE_FIELDS, provider_name((Provider)provider));
  }
}

/* ---- functions ---- */

static void write_signature(Arena *arena, FILE *out, const FunctionDef *function) {
  fprintf(out, "`%s(", function->name);
  for (size_t i = 0; function->args[i]; i++)
    fprintf(out, "%s" TEXT_FORMAT, i ? ", " : "", TEXT_ARG(type_name(arena, type_of_letter(function->args[i]))));
  fprintf(out, ")` → " TEXT_FORMAT "\n\n", TEXT_ARG(type_name(arena, type_of_letter(function->result[0]))));
}

/* All overloads of a name, which follow each other. */
static void write_function(Arena *arena, FunctionId first, FILE *out) {
  const char *name = function_def(first)->name;
  fprintf(out, "#### %s\n\n", name);
  for (int id = (int)first; id < FUNCTION_ID_COUNT && strcmp(function_def((FunctionId)id)->name, name) == 0; id++) {
    write_signature(arena, out, function_def((FunctionId)id));
    fprintf(out, "%s.%s\n\n", function_def((FunctionId)id)->doc, function_def((FunctionId)id)->aggregate ? " Only in `tally`." : "");
  }
  write_examples(out, EXAMPLE_FUNCTION, name);
}

static bool is_first(int id) {
  return id == 0 || strcmp(function_def((FunctionId)(id - 1))->name, function_def((FunctionId)id)->name) != 0;
}

static void write_functions(Arena *arena, FILE *out) {
  fputs("## Functions\n\nA function of a missing value is missing. A result with `?` may be missing also otherwise.\n\n", out);
  for (int id = 0; id < FUNCTION_ID_COUNT; id++)
    if (is_first(id)) write_function(arena, (FunctionId)id, out);
}

/* ---- types, operators, limits ---- */

static const char *const type_docs[BASE_COUNT] = {
#define TYPE(base, name, doc) doc,
#include "types.def"
#undef TYPE
};

static void write_type(BaseType base, FILE *out) {
  fprintf(out, "| `%s` | %s |\n", type_base_name(base), type_docs[base]);
}

static void write_types(FILE *out) {
  fputs("## Types\n\n| type | |\n|---|---|\n", out);
  for (int base = 0; base < BASE_COUNT; base++) write_type((BaseType)base, out);
  fputs("| `list[T]` | values of one type in order |\n| `range[T]` | from one value to another, both included, or open at one end |\n\n", out);
}

static void write_operators(FILE *out) {
  static const char *const operators[][2] = {
#define OPERATOR(token, form, doc) {form, doc},
#include "operators.def"
#undef OPERATOR
  };
  fputs("## Operators\n\nThose that bind tightest come first.\n\n| operator | |\n|---|---|\n", out);
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) fprintf(out, "| `%s` | %s |\n", operators[i][0], operators[i][1]);
  fputc('\n', out);
}

static void write_limits(FILE *out) {
  static const struct {
    const char *what;
    long long most;
  } limits[] = {
      {"bytes of a program's file", SOURCE_MAX_BYTES}, {"messages about a program, the rest is counted", DIAG_MAX},
      {"bytes of a plan", PLAN_MAX_BYTES},             {"steps of a program, with what the compiler inserts", PLAN_MAX_NODES},
      {"streams that one stage combines", PLAN_MAX_INPUTS}, {"columns of a stream", PLAN_MAX_COLUMNS},
      {"parameters of a program", PLAN_MAX_PARAMS},    {"items of a list", PLAN_MAX_LIST},
      {"bytes of a text", PLAN_MAX_STRING},            {"expressions", PLAN_MAX_CODES},
      {"bytes of one expression, compiled", PLAN_MAX_CODE}, {"values one expression holds at a time", PLAN_MAX_STACK},
      {"`per` within `per`", PLAN_MAX_GROUPS},
  };
  fputs("## Limits\n\n| at most | |\n|---:|---|\n", out);
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) fprintf(out, "| %lld | %s |\n", limits[i].most, limits[i].what);
  fputc('\n', out);
}

static void write_code(const DiagInfo *info, FILE *out) {
  static const char *const severities[] = {"error", "warning", "note"};
  fprintf(out, "#### %s: %s\n\n(%s) %s\n\n", info->code, info->title, severities[info->severity], info->explanation);
}

void reference_write(Arena *arena, FILE *out) {
  fputs("# Narada: reference\n\nWritten by `naradac reference` from the tables of this version.\n\n", out);
  write_stages(arena, out);
  write_fields(arena, out);
  write_functions(arena, out);
  write_types(out);
  write_operators(out);
  write_limits(out);
  fputs("## Messages\n\n`naradac explain N2004` shows one.\n\n", out);
  for (int code = 0; code < DIAG_COUNT; code++) write_code(diag_info((DiagCode)code), out);
}

bool reference_write_name(Arena *arena, Text name, FILE *out) {
  bool found = false;
  for (int id = 0; id < STAGEID_COUNT; id++) {
    if (!stage_is_written((StageId)id) || !(text_is(name, stage_def((StageId)id)->name) || text_is(name, written_name(arena, (StageId)id)))) continue;
    write_stage(arena, (StageId)id, out);
    found = true;
  }
  FunctionId function = function_find(name);
  if (function != FUNCTION_ID_COUNT) write_function(arena, function, out);
  FieldId field = field_find(name);
  if (field != FIELD_COUNT) {
    fputs(field_head, out);
    write_field(arena, field_def(field), out);
    fputc('\n', out);
    write_examples(out, EXAMPLE_FIELDS, provider_name(field_def(field)->provider));
  }
  BaseType type = type_base_named(name);
  if (type != BASE_COUNT) {
    fputs("| type | |\n|---|---|\n", out);
    write_type(type, out);
    fputc('\n', out);
  }
  const DiagInfo *info = diag_find(name);
  if (info) write_code(info, out);
  return found || function != FUNCTION_ID_COUNT || field != FIELD_COUNT || type != BASE_COUNT || info;
}
