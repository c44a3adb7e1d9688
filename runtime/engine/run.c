#include "engine/run.h"

#include <string.h>

#include "engine/run_int.h"

/* Enough for every node to say something twice; beyond it a run is telling the same thing again and again. */
enum { MAX_NOTICES = 10000 };

static RangeEnds decode_range(const Run *run, const PlanConstant *constant) {
  const PlanConstant *constants = run->plan->constants;
  RangeEnds ends = {.has_low = constant->as.range.low != PLAN_NONE, .has_high = constant->as.range.high != PLAN_NONE};
  if (ends.has_low) ends.low = run->constants[constant->as.range.low];
  if (ends.has_high) ends.high = run->constants[constant->as.range.high];
  if (type_base(constant->type) == BASE_DATE) {
    if (ends.has_low) ends.low.integer = date_range(constants[constant->as.range.low].as.date, run->options.zone).lo;
    if (ends.has_high) ends.high.integer = date_range(constants[constant->as.range.high].as.date, run->options.zone).hi;
  } else if (type_base(constant->type) == BASE_TIME && ends.has_high) {
    ends.high.integer++;
  }
  return ends;
}

static Value decode_list(Run *run, const PlanConstant *constant) {
  uint32_t count = constant->as.list.count;
  Value *items = arena_array(run->arena, count, sizeof *items);
  for (uint32_t i = 0; i < count; i++) items[i] = run->constants[constant->as.list.items[i]];
  return list_add(run->lists, items, count);
}

static Value decode_constant(Run *run, const PlanConstant *constant) {
  if (type_form(constant->type) == FORM_LIST) return decode_list(run, constant);
  if (type_form(constant->type) == FORM_RANGE) return range_add(run->lists, decode_range(run, constant));
  switch (type_base(constant->type)) {
    case BASE_BOOL:
      return (Value){.integer = constant->as.boolean};
    case BASE_FLOAT:
    case BASE_PERCENT:
      return (Value){.number = constant->as.number};
    case BASE_TEXT:
    case BASE_PATH:
    case BASE_PLAYLIST:
      return (Value){.integer = run->strings[constant->as.text]};
    case BASE_DATE:
      return (Value){.integer = date_pack(constant->as.date)};
    case BASE_TIME:
      return (Value){.integer = constant->as.time};
    case BASE_DURATION:
      return (Value){.integer = duration_pack(constant->as.duration)};
    default:
      return (Value){.integer = constant->as.integer};
  }
}

/* The same plan on the same day gives the same order, another day another one. */
static uint64_t default_seed(const Run *run) {
  Civil day = instant_civil(run->options.now, run->options.zone);
  char text[48];
  int length = snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
  DigestPart parts[] = {{run->plan->id.bytes, SHA256_SIZE}, {text, (size_t)length}};
  Digest digest = sha256_parts(parts, 2);
  uint64_t seed = 0;
  for (int i = 7; i >= 0; i--) seed = seed << 8 | digest.bytes[i];
  return seed;
}

typedef struct Making {
  Arena *arena;
  const Plan *plan;
  const RunOptions *options;
  const ParamText *params;
  size_t param_count;
  Run **out;
} Making;

static Status make_run(void *context, Error *error) {
  const Making *making = context;
  Arena *arena = making->arena;
  const Plan *plan = making->plan;
  Run *run = arena_alloc(arena, sizeof *run);
  run->arena = arena;
  run->plan = plan;
  run->options = *making->options;
  run->texts = text_pool_new(arena);
  run->lists = list_pool_new(arena);
  run->folds = int_map_new(arena, 0);
  run->strings = arena_array(arena, plan->string_count, sizeof *run->strings);
  for (uint32_t i = 0; i < plan->string_count; i++) run->strings[i] = text_intern(run->texts, plan->strings[i]);
  run->constants = arena_array(arena, plan->constant_count, sizeof *run->constants);
  for (uint32_t i = 0; i < plan->constant_count; i++) run->constants[i] = decode_constant(run, &plan->constants[i]);
  run->params = arena_array(arena, plan->param_count, sizeof *run->params);
  run->reports = arena_array(arena, plan->node_count, sizeof *run->reports);
  run->seed = run->options.has_seed ? run->options.seed : default_seed(run);
  Status status = run_read_params(run, making->params, making->param_count, error);
  if (status == STATUS_OK) *making->out = run;
  return status;
}

Status run_new(Arena *arena, const Plan *plan, const RunOptions *options, const ParamText *params, size_t param_count,
               Run **out, Error *error) {
  Making making = {arena, plan, options, params, param_count, out};
  return arena_protect(arena, make_run, &making, error);
}

TextId run_fold(Run *run, TextId text) {
  uint32_t folded = int_map_get(run->folds, text, UINT32_MAX);
  if (folded != UINT32_MAX) return folded;
  folded = text_intern(run->texts, text_fold(run->arena, text_at(run->texts, text)));
  return int_map_add(run->folds, text, folded, NULL);
}

void run_notice(Run *run, uint32_t node, bool problem, const char *format, ...) {
  if (run->notice_count >= MAX_NOTICES) return;
  if (run->notice_count == run->notice_capacity) {
    size_t capacity = run->notice_capacity ? run->notice_capacity * 2 : 8;
    run->notices = arena_grow(run->arena, run->notices, run->notice_capacity * sizeof *run->notices,
                              capacity * sizeof *run->notices);
    run->notice_capacity = capacity;
  }
  Error message;
  va_list arguments;
  va_start(arguments, format);
  fail_with(&message, STATUS_OK, "", format, arguments);
  va_end(arguments);
  Text text = text_copy(run->arena, text_of(message.message));
  run->notices[run->notice_count++] = (Notice){node, text, problem};
}

static InstantRange everything(void) {
  return (InstantRange){INSTANT_MIN, INSTANT_MAX + 1};
}

InstantRange run_window_value(const Run *run, Type type, Value value) {
  InstantRange window = everything();
  if (type_form(type) == FORM_RANGE) {
    RangeEnds ends = range_ends(run->lists, value);
    if (ends.has_low) window.lo = ends.low.integer;
    if (ends.has_high) window.hi = ends.high.integer;
  } else if (type_base(type) == BASE_DATE) {
    window = date_range(date_unpack(value.integer), run->options.zone);
  } else if (type_base(type) == BASE_DURATION) {
    window.lo = instant_add(run->options.now, duration_unpack(value.integer), -1, run->options.zone);
    window.hi = run->options.now;
  }
  if (window.hi < window.lo) window.hi = window.lo;
  return window;
}

InstantRange run_window(const Run *run, PlanWindow window) {
  const Plan *plan = run->plan;
  switch (window.kind) {
    case WINDOW_CONSTANT:
      return run_window_value(run, plan->constants[window.index].type, run->constants[window.index]);
    case WINDOW_PARAM:
      return run_window_value(run, plan->params[window.index].type, run->params[window.index]);
    default:
      return everything();
  }
}
