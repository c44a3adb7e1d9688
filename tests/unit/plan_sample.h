/* plan_sample.h: a plan that uses most of what a plan can hold, for the tests of plans. */
#ifndef NARADA_TESTS_PLAN_SAMPLE_H
#define NARADA_TESTS_PLAN_SAMPLE_H

#include <string.h>

#include "plan/build.h"
#include "plan/opcode.h"

/* Its nodes. */
enum {
  N_CSV,    /* from file.csv "in.csv" */
  N_ENRICH, /* library: plays(90d), liked */
  N_KEEP,   /* plays(90d) > 2 and liked */
  N_ADD,    /* score: plays(90d) * 0.5 */
  N_SORT,   /* score desc, title */
  N_TAKE,   /* 25% */
  N_SHOW,
  N_TRACKS,   /* from library.tracks */
  N_UNION,    /* of take and tracks, by artist */
  N_TALLY,    /* artist; n: count(), minutes: sum(duration) / 1min */
  N_TOP,      /* 20 by: n */
  N_TO_CSV,   /* path: "out-{label}" */
  N_EXCEPT,   /* take except tracks, by lower(title) */
  N_PLAYLIST, /* to library.playlist label mode: replace */
  N_PLAYS,    /* from library.plays within: 2023..2024 */
  N_OF_PLAYS, /* tracks */
  N_LIKES,    /* to library.likes */
  SAMPLE_NODES
};

typedef struct Sample {
  PlanBuilder *builder;
  Arena *arena;
  uint32_t next_line;
} Sample;

static inline PlanArg sample_arg(unsigned param, PlanArgKind kind, uint32_t index) {
  return (PlanArg){.param = (uint8_t)param, .kind = kind, .index = index, .name = PLAN_NONE, .code = PLAN_NONE};
}

static inline PlanArg sample_named(Sample *sample, unsigned param, PlanArgKind kind, uint32_t index, const char *name) {
  PlanArg arg = sample_arg(param, kind, index);
  arg.name = plan_build_string(sample->builder, text_of(name));
  return arg;
}

static inline uint32_t sample_int(Sample *sample, int64_t value) {
  return plan_build_constant(sample->builder, (PlanConstant){.type = TYPE_OF(INT), .as.integer = value});
}

static inline uint32_t sample_text(Sample *sample, Type type, const char *text) {
  return plan_build_constant(
      sample->builder, (PlanConstant){.type = type, .as.text = plan_build_string(sample->builder, text_of(text))});
}

static inline uint32_t sample_word(Sample *sample, const char *word) {
  return plan_build_string(sample->builder, text_of(word));
}

static inline PlanColumn sample_field(Sample *sample, FieldId field, PlanWindow window) {
  return (PlanColumn){plan_build_string(sample->builder, text_of(field_def(field)->name)),
                      plan_build_field(sample->builder, field), field_def(field)->type, window};
}

static inline uint32_t sample_schema(Sample *sample, RowKind kind, const FieldId *fields, uint32_t count,
                                     PlanWindow window) {
  PlanColumn columns[16];
  for (uint32_t i = 0; i < count; i++) {
    PlanWindow none = {WINDOW_NONE, 0};
    columns[i] = sample_field(sample, fields[i], field_def(fields[i])->windowed ? window : none);
  }
  return plan_build_schema(sample->builder, (PlanSchema){kind, columns, count});
}

static inline uint32_t sample_node(Sample *sample, StageId stage, const uint32_t *inputs, uint32_t input_count,
                                   const PlanArg *args, uint32_t arg_count) {
  PlanArg copied[16];
  uint32_t from[4];
  for (uint32_t i = 0; i < arg_count; i++) copied[i] = args[i];
  for (uint32_t i = 0; i < input_count; i++) from[i] = inputs[i];
  PlanNode node = {.stage = plan_build_stage(sample->builder, stage),
                   .inputs = from,
                   .input_count = input_count,
                   .args = copied,
                   .arg_count = arg_count,
                   .inserted = stage == STAGEID_ENRICH};
  return plan_build_node(sample->builder, node, (PlanSpan){++sample->next_line, 3});
}

#define SAMPLE_INPUTS(...) (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)
#define SAMPLE_ARGS(...)   (const PlanArg[]){__VA_ARGS__}, sizeof((const PlanArg[]){__VA_ARGS__}) / sizeof(PlanArg)

static inline uint32_t sample_schema_of(Sample *sample, uint32_t node) {
  return plan_build_plan(sample->builder)->nodes[node].schema;
}

/* Code that gives one column. */
static inline uint32_t sample_column(Sample *sample, uint32_t schema, uint32_t column) {
  CodeBuilder *code = code_builder_new(sample->builder, schema);
  code_emit_index(code, OPCODE_COL, column);
  return code_finish(code, plan_build_plan(sample->builder)->schemas[schema].columns[column].type);
}

/* csv: 0 title, 1 artist, 2 duration, 3 position; enrich adds 4 plays(90d), 5 liked; add adds 6 score. */
static inline void sample_tracks(Sample *sample) {
  static const FieldId in_file[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_DURATION, FIELD_POSITION},
                       wanted[] = {FIELD_PLAYS, FIELD_LIKED};
  PlanBuilder *builder = sample->builder;
  uint32_t path = sample_text(sample, TYPE_OF(PATH), "in.csv");
  uint32_t days = plan_build_constant(
      builder, (PlanConstant){.type = TYPE_OF(DURATION), .as.duration = {0, INT64_C(90) * 86400000}});
  PlanWindow window = {WINDOW_CONSTANT, days};
  sample_node(
      sample, STAGEID_FROM_FILE_CSV, NULL, 0,
      SAMPLE_ARGS(sample_arg(0, ARG_CONSTANT, path), sample_arg(1, ARG_WORD, sample_word(sample, "tracks")),
                  sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS, sample_schema(sample, ROWS_TRACK, in_file, 4, window))));
  sample_node(
      sample, STAGEID_ENRICH, SAMPLE_INPUTS(N_CSV),
      SAMPLE_ARGS(sample_arg(0, ARG_WORD, sample_word(sample, "library")),
                  sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS, sample_schema(sample, ROWS_TRACK, wanted, 2, window))));
  CodeBuilder *code = code_builder_new(builder, sample_schema_of(sample, N_ENRICH));
  code_emit_index(code, OPCODE_CONST, sample_int(sample, 2));
  code_emit_index(code, OPCODE_COL, 4);
  code_emit(code, OPCODE_LT_I);
  uint32_t mark = code_emit_jump(code, OPCODE_AND);
  code_emit_index(code, OPCODE_COL, 5);
  code_bind(code, mark);
  uint32_t condition = code_finish(code, TYPE_OF(BOOL));
  sample_node(sample, STAGEID_KEEP, SAMPLE_INPUTS(N_ENRICH), SAMPLE_ARGS(sample_arg(0, ARG_ROW, condition)));
  code = code_builder_new(builder, sample_schema_of(sample, N_KEEP));
  code_emit_index(code, OPCODE_COL, 4);
  code_emit(code, OPCODE_INT_FLOAT);
  code_emit_index(code, OPCODE_CONST,
                  plan_build_constant(builder, (PlanConstant){.type = TYPE_OF(FLOAT), .as.number = 0.5}));
  code_emit(code, OPCODE_MUL_F);
  uint32_t score = code_finish(code, TYPE_OF(FLOAT));
  sample_node(sample, STAGEID_ADD, SAMPLE_INPUTS(N_KEEP),
              SAMPLE_ARGS(sample_named(sample, 0, ARG_ROW, score, "score")));
  PlanArg first = sample_arg(0, ARG_ROW, sample_column(sample, sample_schema_of(sample, N_ADD), 6));
  first.descending = true;
  sample_node(sample, STAGEID_SORT, SAMPLE_INPUTS(N_ADD),
              SAMPLE_ARGS(first, sample_arg(0, ARG_ROW, sample_column(sample, sample_schema_of(sample, N_ADD), 0))));
  uint32_t quarter = plan_build_constant(builder, (PlanConstant){.type = TYPE_OF(PERCENT), .as.number = 0.25});
  sample_node(sample, STAGEID_TAKE, SAMPLE_INPUTS(N_SORT), SAMPLE_ARGS(sample_arg(0, ARG_CONSTANT, quarter)));
  sample_node(sample, STAGEID_SHOW, SAMPLE_INPUTS(N_TAKE), NULL, 0);
}

static inline void sample_groups(Sample *sample, uint32_t label) {
  static const FieldId stored[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_DURATION};
  PlanBuilder *builder = sample->builder;
  PlanWindow none = {WINDOW_NONE, 0};
  sample_node(
      sample, STAGEID_FROM_LIBRARY_TRACKS, NULL, 0,
      SAMPLE_ARGS(sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS, sample_schema(sample, ROWS_TRACK, stored, 3, none))));
  sample_node(sample, STAGEID_UNION, SAMPLE_INPUTS(N_TAKE, N_TRACKS),
              SAMPLE_ARGS(sample_arg(0, ARG_INPUT, 1), sample_arg(1, ARG_WORD, sample_word(sample, "artist"))));
  uint32_t united = sample_schema_of(sample, N_UNION), from = N_UNION;
  PlanArg args[5] = {sample_named(sample, 0, ARG_ROW, sample_column(sample, united, 1), "artist"),
                     sample_arg(1, ARG_AGGREGATE, plan_build_function(builder, FUNCTION_COUNT)),
                     sample_arg(1, ARG_AGGREGATE, plan_build_function(builder, FUNCTION_SUM_DURATION))};
  args[2].code = sample_column(sample, united, 2);
  PlanNode tally = {.stage = plan_build_stage(builder, STAGEID_TALLY),
                    .inputs = &from,
                    .input_count = 1,
                    .args = args,
                    .arg_count = 3};
  uint32_t row = plan_build_aggregate_row(builder, &tally);
  args[3] = sample_named(sample, 1, ARG_RESULT, sample_column(sample, row, 1), "n");
  CodeBuilder *code = code_builder_new(builder, row);
  code_emit_index(code, OPCODE_COL, 2);
  code_emit_index(code, OPCODE_CONST,
                  plan_build_constant(builder, (PlanConstant){.type = TYPE_OF(DURATION), .as.duration = {0, 60000}}));
  code_emit(code, OPCODE_DIV_DD);
  args[4] = sample_named(sample, 1, ARG_RESULT, code_finish(code, TYPE_OF(FLOAT)), "minutes");
  sample_node(sample, STAGEID_TALLY, &from, 1, args, 5);
  sample_node(sample, STAGEID_TOP, SAMPLE_INPUTS(N_TALLY),
              SAMPLE_ARGS(sample_arg(0, ARG_CONSTANT, sample_int(sample, 20)),
                          sample_arg(1, ARG_ROW, sample_column(sample, sample_schema_of(sample, N_TALLY), 1))));
  code = code_builder_new(builder, PLAN_NONE);
  code_emit_index(code, OPCODE_CONST, sample_text(sample, TYPE_OF(TEXT), "out-"));
  code_emit_index(code, OPCODE_PARAM, label);
  code_emit_index(code, OPCODE_CONCAT, 2);
  sample_node(sample, STAGEID_TO_FILE_CSV, SAMPLE_INPUTS(N_TOP),
              SAMPLE_ARGS(sample_arg(0, ARG_SCALAR, code_finish(code, TYPE_OF(TEXT)))));
}

static inline void sample_library(Sample *sample, uint32_t label) {
  static const FieldId played[] = {FIELD_PLAYED_AT, FIELD_TITLE, FIELD_ARTIST};
  PlanBuilder *builder = sample->builder;
  CodeBuilder *code = code_builder_new(builder, sample_schema_of(sample, N_TAKE));
  code_emit_index(code, OPCODE_COL, 0);
  code_emit_index(code, OPCODE_CALL, plan_build_function(builder, FUNCTION_LOWER_TEXT));
  sample_node(sample, STAGEID_EXCEPT, SAMPLE_INPUTS(N_TAKE, N_TRACKS),
              SAMPLE_ARGS(sample_arg(0, ARG_INPUT, 1), sample_arg(1, ARG_ROW, code_finish(code, TYPE_OF(TEXT)))));
  sample_node(sample, STAGEID_TO_LIBRARY_PLAYLIST, SAMPLE_INPUTS(N_EXCEPT),
              SAMPLE_ARGS(sample_arg(0, ARG_PARAM, label), sample_arg(1, ARG_WORD, sample_word(sample, "replace"))));
  uint32_t from = plan_build_constant(
      builder, (PlanConstant){.type = TYPE_OF(DATE), .as.date = {.year = 2023, .month = 1, .day = 1}});
  Date february = {.year = 2024, .month = 2, .day = 29, .precision = DATE_DAY};
  uint32_t to = plan_build_constant(builder, (PlanConstant){.type = TYPE_OF(DATE), .as.date = february});
  uint32_t years = plan_build_constant(builder, (PlanConstant){.type = TYPE_RANGE_OF(DATE), .as.range = {from, to}});
  PlanWindow none = {WINDOW_NONE, 0};
  sample_node(
      sample, STAGEID_FROM_LIBRARY_PLAYS, NULL, 0,
      SAMPLE_ARGS(sample_arg(0, ARG_CONSTANT, years),
                  sample_arg(PLAN_ARG_COLUMNS, ARG_COLUMNS, sample_schema(sample, ROWS_PLAY, played, 3, none))));
  sample_node(sample, STAGEID_TRACKS, SAMPLE_INPUTS(N_PLAYS), NULL, 0);
  sample_node(sample, STAGEID_TO_LIBRARY_LIKES, SAMPLE_INPUTS(N_OF_PLAYS), NULL, 0);
}

/* Parameters 0 `label` (text, "mine") and 1 `names` (list[text], no default). */
static inline Plan *sample_plan(Arena *arena, Error *error) {
  Sample sample = {plan_builder_new(arena), arena, 0};
  uint32_t items[] = {sample_text(&sample, TYPE_OF(TEXT), "b"), sample_text(&sample, TYPE_OF(TEXT), "a")};
  plan_build_constant(sample.builder, (PlanConstant){.type = TYPE_LIST_OF(TEXT), .as.list = {items, 2}});
  plan_build_constant(sample.builder, (PlanConstant){.type = TYPE_OF(BOOL), .as.boolean = true});
  plan_build_constant(sample.builder, (PlanConstant){.type = TYPE_OF(TIME), .as.time = -1});
  uint32_t label = plan_build_param(sample.builder,
                                    (PlanParam){plan_build_string(sample.builder, TEXT_LITERAL("label")), TYPE_OF(TEXT),
                                                sample_text(&sample, TYPE_OF(TEXT), "mine"),
                                                plan_build_string(sample.builder, TEXT_LITERAL("what it is called"))});
  plan_build_param(sample.builder, (PlanParam){plan_build_string(sample.builder, TEXT_LITERAL("names")),
                                               TYPE_LIST_OF(TEXT), PLAN_NONE, PLAN_NONE});
  sample_tracks(&sample);
  sample_groups(&sample, label);
  sample_library(&sample, label);
  plan_build_sink(sample.builder, N_SHOW, PLAN_NONE);
  plan_build_sink(sample.builder, N_TO_CSV, 0);
  plan_build_sink(sample.builder, N_PLAYLIST, 1);
  plan_build_sink(sample.builder, N_LIKES, PLAN_NONE);
  Plan *plan = plan_build_plan(sample.builder);
  plan->source = sha256("program", 7);
  plan->source_name = TEXT_LITERAL("sample.nrd");
  plan->modules = arena_array(arena, 2, sizeof *plan->modules);
  plan->modules[0].name = TEXT_LITERAL("lib/x.nrd");
  plan->modules[1].name = TEXT_LITERAL("std.y");
  memset(plan->modules[0].digest.bytes, 7, SHA256_SIZE);
  plan->module_count = 2;
  plan->doc = TEXT_LITERAL("A plan with \"everything\".\n");
  return plan_build_finish(sample.builder, &plan, error) == STATUS_OK ? plan : NULL;
}

#endif
