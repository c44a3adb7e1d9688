/* What a comparison gives the key of a filter. */
#include "compiler/workflow/export_bound.h"

#include <string.h>

#include "compiler/workflow/workflow_int.h"

enum { DAY_MS = 86400000 };

static Text integer_text(Arena *arena, int64_t integer) {
  return text_of(arena_format(arena, "%lld", (long long)integer));
}

static Text whole_within(Arena *arena, int64_t integer, int64_t least, int64_t most) {
  return integer >= least && integer <= most ? integer_text(arena, integer) : (Text){"", 0};
}

/* The year that a moment is the first instant of, 0 if it is none's. */
static int year_at(int64_t ms) {
  if (ms % DAY_MS != 0) return 0;
  int year, month, day;
  civil_of_days((int32_t)(ms / DAY_MS), &year, &month, &day);
  return month == 1 && day == 1 ? year : 0;
}

/* The number of whole days of a moment so long ago, -1 if it is none. */
static int64_t days_of(const Point *point) {
  bool days = point->kind == POINT_AGO && point->ago.months == 0 && point->ago.ms % DAY_MS == 0;
  return days ? point->ago.ms / DAY_MS : -1;
}

static Text instant_value(Arena *arena, const Point *point) {
  if (point->kind == POINT_INSTANT) return text_of(arena_format(arena, "\"" TEXT_FORMAT "\"", TEXT_ARG(instant_format(arena, point->integer))));
  if (point->kind != POINT_LOCAL || point->integer % DAY_MS != 0) return (Text){"", 0};
  int year, month, day;
  civil_of_days((int32_t)(point->integer / DAY_MS), &year, &month, &day);
  return text_of(arena_format(arena, "\"%04d-%02d-%02d\"", year, month, day));
}

/* The value that the key has for the fact, whose relation is the key's; the empty text if it has none. */
Text export_bound_value(Arena *arena, const Bound *bound, const Point *point) {
  int64_t days = days_of(point);
  switch (bound->unit) {
    case UNIT_COUNT: return point->kind == POINT_NUMBER && point->whole ? whole_within(arena, point->integer, 0, WORKFLOW_COUNT_MOST) : (Text){"", 0};
    case UNIT_MS: return point->kind == POINT_NUMBER && point->whole ? whole_within(arena, point->integer, 0, WORKFLOW_MS_MOST) : (Text){"", 0};
    case UNIT_NUMBER: {
      if (point->kind != POINT_NUMBER) return (Text){"", 0};
      if (point->whole) return integer_text(arena, point->integer);
      TextBuilder number = {.arena = arena};
      append_decimal(&number, point->number);
      return text_built(&number);
    }
    case UNIT_DAYS_AGO: return days >= 0 ? whole_within(arena, days, 0, WORKFLOW_DAYS_MOST) : (Text){"", 0};
    case UNIT_DAYS_AGO_OVER: return days >= 1 ? whole_within(arena, days - 1, 0, WORKFLOW_DAYS_MOST) : (Text){"", 0};
    case UNIT_YEAR: {
      if (point->kind == POINT_NUMBER && point->whole) return whole_within(arena, point->integer, 1, 9999);
      int year = point->kind == POINT_LOCAL ? year_at(point->integer) : 0;
      /* The last year begins where the end of the range is not reached. */
      if (year && strcmp(bound->relation, "<=") == 0) year--;
      return year ? whole_within(arena, year, 1, 9999) : (Text){"", 0};
    }
    case UNIT_INSTANT: return instant_value(arena, point);
  }
  return (Text){"", 0};
}

bool export_bound_has(const Bound *bound, Relation relation, const Point *point) {
  static const char *const signs[] = {[IS_LT] = "<", [IS_LE] = "<=", [IS_GT] = ">", [IS_GE] = ">="};
  if (bound->unit == UNIT_YEAR && point->kind == POINT_LOCAL && relation == IS_LT) relation = IS_LE; /* see export_bound_value */
  return relation <= IS_GE && strcmp(bound->relation, signs[relation]) == 0;
}
