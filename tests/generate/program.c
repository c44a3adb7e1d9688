/* Whole programs: parameters, values, streams, stages of their own, pipelines. */
#include "program.h"

#include <stdarg.h>
#include <string.h>

#include "base/vec.h"
#include "program_int.h"

void put(Gen *gen, const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  text_append(&gen->out, (Text){text, length < (int)sizeof text ? (size_t)length : sizeof text - 1});
}

const char *pick_word(Gen *gen, const char *words, int *length) {
  unsigned seen = 0;
  const char *found = words;
  *length = 0;
  for (const char *start = words; *start;) {
    size_t size = strcspn(start, " ");
    if (below(gen, ++seen) == 0) {
      found = start;
      *length = (int)size;
    }
    start += size;
    start += strspn(start, " ");
  }
  return found;
}

uint64_t program_seed(uint64_t campaign, uint64_t index) {
  Random random = random_seeded(campaign ^ (index + 1) * UINT64_C(0x9E3779B97F4A7C15));
  return random_next(&random);
}

static Type value_type(Gen *gen) {
  static const Type types[] = {TYPE_OF(INT),          TYPE_OF(INT),        TYPE_OF(DURATION),  TYPE_OF(DURATION),   TYPE_OF(TEXT),      TYPE_OF(PERCENT),
                               TYPE_OF(DATE),         TYPE_OF(TIME),       TYPE_OF(FLOAT),     TYPE_OF(BOOL),       TYPE_LIST_OF(TEXT), TYPE_LIST_OF(INT),
                               TYPE_RANGE_OF(DATE),   TYPE_RANGE_OF(INT),  TYPE_RANGE_OF(TIME), TYPE_RANGE_OF(FLOAT), TYPE_LIST_OF(DATE), TYPE_OF(PLAYLIST),
                               TYPE_LIST_OF(DURATION)};
  return types[below(gen, sizeof types / sizeof *types)];
}

static void put_param_statement(Gen *gen) {
  GenName value = {.type = value_type(gen), .fixed = true};
  snprintf(value.name, sizeof value.name, "p%u", (unsigned)gen->value_count);
  put(gen, "param %s: ", value.name);
  put_type(gen, value.type);
  if (gen->options.local || chance(gen, 70)) {
    put(gen, " = ");
    put_literal(gen, value.type);
  }
  if (chance(gen, 30)) put(gen, "  ## how much");
  gen->values[gen->value_count++] = value;
}

static void put_value_statement(Gen *gen) {
  GenName value = {.type = value_type(gen), .fixed = true};
  if (value.type == TYPE_OF(PLAYLIST)) value.type = TYPE_OF(TEXT);
  snprintf(value.name, sizeof value.name, "v%u", (unsigned)gen->value_count);
  put(gen, "let %s = ", value.name);
  bool computed = type_form(value.type) == FORM_ONE && value.type != TYPE_OF(PERCENT) && chance(gen, 35);
  if (computed) {
    value.fixed = false;
    put_expr(gen, value.type, (GenPlace){0}, 2);
  } else {
    put_literal(gen, value.type);
  }
  gen->values[gen->value_count++] = value;
}

static void put_stream_statement(Gen *gen) {
  GenStream stream;
  snprintf(stream.name, sizeof stream.name, "s%u", (unsigned)gen->stream_count);
  put(gen, "let %s = ", stream.name);
  put_pipeline(gen, &stream.rows, below(gen, gen->options.size + 1));
  gen->streams[gen->stream_count++] = stream;
}

/* Inside its body a stage sees its formals as values. */
static void put_stage_statement(Gen *gen) {
  static const Type types[] = {TYPE_OF(INT), TYPE_OF(DURATION), TYPE_OF(TEXT), TYPE_OF(DATE), TYPE_OF(PERCENT), TYPE_RANGE_OF(DATE)};
  GenStage stage = {.formal_count = below(gen, GEN_MAX_FORMALS + 1)};
  size_t values = gen->value_count;
  snprintf(stage.name, sizeof stage.name, "g%u", (unsigned)gen->stage_count);
  put(gen, "stage %s", stage.name);
  bool optional = false;
  if (stage.formal_count) put(gen, "(");
  for (size_t i = 0; i < stage.formal_count; i++) {
    GenName *formal = &stage.formals[i];
    formal->type = types[below(gen, sizeof types / sizeof *types)];
    formal->fixed = true;
    snprintf(formal->name, sizeof formal->name, "f%u_%u", (unsigned)gen->stage_count, (unsigned)i);
    put(gen, "%s%s: ", i ? ", " : "", formal->name);
    put_type(gen, formal->type);
    optional = optional || chance(gen, 40);
    stage.optional[i] = optional;
    if (optional) {
      put(gen, " = ");
      put_literal(gen, formal->type);
    }
    if (gen->value_count < GEN_MAX_VALUES) gen->values[gen->value_count++] = *formal;
  }
  put(gen, stage.formal_count ? ") = " : " = ");
  gen->in_group = true; /* it may be used twice, and a destination may not */
  if (chance(gen, 30)) {
    stage.kind = ROWS_KIND_COUNT;
    put_pipeline(gen, &stage.result, 1 + below(gen, 2));
  } else {
    stage.kind = chance(gen, 50) ? ROWS_TRACK : ROWS_PLAY;
    stage.result = (GenRows){.kind = stage.kind};
    put(gen, "\n  ");
    size_t start = gen->out.length;
    put_stages(gen, &stage.result, 1 + below(gen, 3));
    char *body = gen->out.bytes + start; /* the first stage has no pipe before it */
    *strchr(body, '|') = ' ';
  }
  gen->in_group = false;
  gen->value_count = values;
  gen->stages[gen->stage_count++] = stage;
}

static void put_pipeline_statement(Gen *gen) {
  GenRows rows;
  put_pipeline(gen, &rows, below(gen, gen->options.size + 1));
  put_pipe(gen);
  put_destination(gen, &rows);
}

/* What was written since `*from`, as a text of its own. */
static Text cut(Gen *gen, size_t *from) {
  Text text = {gen->out.bytes + *from, gen->out.length - *from};
  *from = gen->out.length;
  return text_copy(gen->out.arena, text);
}

/* Definitions are read wherever they stand. */
static void exchange(Gen *gen, Text *statements, size_t count) {
  for (size_t i = count; i > 1; i--) {
    size_t other = below(gen, (unsigned)i);
    Text moved = statements[i - 1];
    statements[i - 1] = statements[other];
    statements[other] = moved;
  }
}

Text generate_program(Arena *arena, uint64_t seed, ProgramOptions options, ProgramUse *use) {
  Gen *gen = arena_alloc(arena, sizeof *gen);
  *gen = (Gen){.random = random_seeded(seed), .options = options, .use = use, .out = {.arena = arena}, .want_plays = -1};
  VEC(Text) statements = {0};
  size_t from = 0;
  unsigned size = options.size ? options.size : 1, definitions = below(gen, size + 2);
  for (unsigned i = 0; i < definitions; i++) {
    unsigned way = below(gen, 100);
    if (way < 25 && gen->value_count < GEN_MAX_VALUES - GEN_MAX_FORMALS) put_param_statement(gen);
    else if (way < 45 && gen->value_count < GEN_MAX_VALUES - GEN_MAX_FORMALS) put_value_statement(gen);
    else if (way < 65 && gen->stage_count < GEN_MAX_STAGES) put_stage_statement(gen);
    else if (gen->stream_count < GEN_MAX_STREAMS) put_stream_statement(gen);
    else continue;
    vec_push(arena, &statements, cut(gen, &from));
  }
  unsigned pipelines = 1 + (chance(gen, 20) ? below(gen, 3) : 0);
  for (unsigned i = 0; i < pipelines; i++) {
    put_pipeline_statement(gen);
    vec_push(arena, &statements, cut(gen, &from));
  }
  if (chance(gen, 10)) exchange(gen, statements.items, statements.count);
  gen->out = (TextBuilder){.arena = arena};
  put(gen, chance(gen, 5) ? "## What this does.\n" : "");
  put(gen, chance(gen, 3) ? "narada 1\n" : "");
  for (size_t i = 0; i < statements.count; i++) {
    text_append(&gen->out, statements.items[i]);
    put(gen, chance(gen, 4) ? "   # so\n" : chance(gen, 20) ? "\n\n" : "\n");
  }
  return text_built(&gen->out);
}
