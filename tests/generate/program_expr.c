/* Expressions of a wanted type. Parentheses stand only where the grammar needs them, and now and then where it does not. */
#include <string.h>

#include "plan/opcode.h"
#include "program_int.h"

/* How tightly an operator binds, as in grammar/nrd.y. */
enum { LEVEL_OR = 1, LEVEL_AND, LEVEL_NOT, LEVEL_COMPARE, LEVEL_ELSE, LEVEL_RANGE, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_SIGN, LEVEL_AGO, LEVEL_PRIMARY };

static void put_at(Gen *gen, Type type, GenPlace place, unsigned depth, int level);

/* ---- literals ---- */

static void put_text_literal(Gen *gen) {
  static const char *const texts[] = {"Artist 1", "Song 2", "artist 3", "", "spotify", "track", "Mix", "é", "USABC0000001", "a"};
  unsigned n = below(gen, sizeof texts / sizeof *texts);
  put(gen, chance(gen, 25) ? "'%s'" : "\"%s\"", texts[n]);
}

static void put_date_literal(Gen *gen) {
  unsigned year = 2018 + below(gen, 8), month = 1 + below(gen, 12), day = 1 + below(gen, 28);
  switch (below(gen, 3)) {
    case 0: put(gen, "@%u", year); break;
    case 1: put(gen, "@%u-%02u", year, month); break;
    default: put(gen, "@%u-%02u-%02u", year, month, day); break;
  }
}

static void put_duration_literal(Gen *gen) {
  static const char *const units[] = {"ms", "s", "min", "h", "d", "w", "mo", "y"};
  static const char *const mixed[] = {"1h30min", "1y6mo", "3min20s", "2d12h"};
  if (chance(gen, 15))
    put(gen, "%s", mixed[below(gen, 4)]);
  else
    put(gen, "%u%s", below(gen, 5) * below(gen, 40), units[below(gen, 8)]);
}

static void put_one_literal(Gen *gen, BaseType base) {
  switch (base) {
    case BASE_BOOL: put(gen, chance(gen, 50) ? "true" : "false"); break;
    case BASE_INT:
      if (chance(gen, 4)) put(gen, chance(gen, 50) ? "1_000" : "9223372036854775807");
      else put(gen, "%u", below(gen, 12));
      break;
    case BASE_FLOAT: put(gen, "%u.%u", below(gen, 6), below(gen, 100)); break;
    case BASE_PERCENT: put(gen, chance(gen, 20) ? "%u.5%%" : "%u%%", below(gen, 100)); break;
    case BASE_DATE: put_date_literal(gen); break;
    case BASE_TIME:
      put(gen, "@%u-%02u-%02uT%02u:%02u%s", 2019 + below(gen, 6), 1 + below(gen, 12), 1 + below(gen, 28), below(gen, 24), below(gen, 60),
          chance(gen, 70) ? "Z" : "+02:00");
      break;
    case BASE_DURATION: put_duration_literal(gen); break;
    case BASE_PLAYLIST: put(gen, "\"%s\"", chance(gen, 50) ? "Mix" : "Morning"); break;
    case BASE_PATH: put(gen, "\"tracks.jsonl\""); break;
    default: put_text_literal(gen); break;
  }
}

/* From a smaller end to a larger one: a range that ends before it begins is refused. */
static void put_range_literal(Gen *gen, BaseType base) {
  unsigned low = below(gen, 6), high = low + below(gen, 6);
  switch (base) {
    case BASE_INT: put(gen, "%u..%u", low, high); break;
    case BASE_DATE: put(gen, "@%u-%02u..@%u", 2018 + low, 1 + below(gen, 12), 2018 + high); break;
    case BASE_TIME: put(gen, "@%u-03-05T20:00Z..@%u-03-05T20:00+02:00", 2018 + low, 2019 + high); break;
    default: put(gen, "%u.25..%u.5", low, high); break;
  }
}

static void put_greatest_literal(Gen *gen, BaseType base) {
  put(gen, "%s", base == BASE_INT ? "9223372036854775807" : base == BASE_DATE ? "@2099" : base == BASE_TIME ? "@2099-12-31T23:59Z" : "1000000.5");
}

void put_literal(Gen *gen, Type type) {
  BaseType base = type_base(type);
  if (type_form(type) == FORM_LIST) {
    unsigned count = 1 + below(gen, 4);
    put(gen, "[");
    for (unsigned i = 0; i < count; i++) {
      put(gen, i ? ", " : "");
      put_one_literal(gen, base);
    }
    put(gen, "]");
  } else if (type_form(type) == FORM_RANGE) {
    unsigned open = below(gen, 6);
    if (open > 1) put_range_literal(gen, base);
    if (open == 1) put_one_literal(gen, base);
    if (open <= 1) put(gen, "..");
    if (open == 0) put_one_literal(gen, base);
  } else {
    put_one_literal(gen, base);
  }
}

static const GenName *pick_value(Gen *gen, Type type, bool fixed) {
  const GenName *found = NULL;
  unsigned seen = 0;
  for (size_t i = 0; i < gen->value_count; i++) {
    const GenName *value = &gen->values[i];
    bool same = value->type == type || (type_is_text(type) && type_is_text(value->type));
    if (same && (value->fixed || !fixed) && below(gen, ++seen) == 0) found = value;
  }
  return found;
}

void put_fixed(Gen *gen, Type type) {
  const GenName *value = chance(gen, 40) ? pick_value(gen, type, true) : NULL;
  if (value) put(gen, "%s", value->name);
  else put_literal(gen, type);
}

void put_window(Gen *gen) {
  static const Type types[] = {TYPE_OF(DURATION), TYPE_OF(DATE), TYPE_RANGE_OF(DATE)};
  Type type = types[below(gen, 3)];
  if (type == TYPE_OF(DURATION))
    put(gen, "%u%s", 1 + below(gen, 40), chance(gen, 50) ? "d" : "mo"); /* a window of no length is refused */
  else
    put_fixed(gen, type);
}

void put_type(Gen *gen, Type type) {
  const char *base = type_name(gen->out.arena, TYPE_MAKE(type_base(type), FORM_ONE)).bytes;
  if (type_form(type) == FORM_ONE) put(gen, "%s", base);
  else put(gen, "%s[%s]", type_form(type) == FORM_LIST ? "list" : "range", base);
}

/* ---- names and calls ---- */

static bool field_is_local(FieldId id) {
  Provider provider = field_def(id)->provider;
  return provider == PROVIDER_SOURCE || provider == PROVIDER_TRACK || provider == PROVIDER_LIBRARY;
}

static bool put_column(Gen *gen, Type type, const GenRows *rows) {
  unsigned seen = 0;
  const GenName *named = NULL;
  FieldId field = FIELD_COUNT;
  for (size_t i = 0; i < rows->count; i++)
    if (rows->columns[i].type == type && below(gen, ++seen) == 0) named = &rows->columns[i];
  for (int id = 0; id < FIELD_COUNT && rows->kind < ROWS_ANY; id++) {
    const FieldDef *def = field_def((FieldId)id);
    if (!(def->rows & (1 << rows->kind)) || type_required(def->type) != type) continue;
    if (gen->options.local && !field_is_local((FieldId)id)) continue;
    if (below(gen, ++seen) != 0) continue;
    field = (FieldId)id;
    named = NULL;
  }
  if (!seen) return false;
  if (named) {
    put(gen, "%s", named->name);
    return true;
  }
  put(gen, "%s", field_def(field)->name);
  if (gen->use) gen->use->fields[field]++;
  if (field_def(field)->windowed && chance(gen, 40)) {
    put(gen, "(");
    put_window(gen);
    put(gen, ")");
    if (gen->use) gen->use->windows[field]++;
  }
  return true;
}

static bool put_call(Gen *gen, Type type, GenPlace place, unsigned depth) {
  unsigned seen = 0;
  FunctionId function = FUNCTION_ID_COUNT;
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) {
    const FunctionDef *def = function_def((FunctionId)id);
    bool fits = type_required(type_of_letter(def->result[0])) == type && (def->aggregate == place.aggregates || (!def->aggregate && depth));
    if (fits && below(gen, ++seen) == 0) function = (FunctionId)id;
  }
  if (!seen) return false;
  const FunctionDef *def = function_def(function);
  GenPlace inner = place;
  if (def->aggregate) inner.aggregates = false;
  put(gen, "%s(", def->name);
  for (const char *letter = def->args; *letter; letter++) {
    put(gen, letter > def->args ? ", " : "");
    put_at(gen, type_of_letter(*letter), inner, depth ? depth - 1 : 0, LEVEL_OR);
  }
  put(gen, ")");
  if (gen->use) gen->use->functions[function]++;
  return true;
}

static void put_leaf(Gen *gen, Type type, GenPlace place) {
  if (place.aggregates) {
    if (chance(gen, 85) && put_call(gen, type, place, 0)) return;
  } else if (place.rows && chance(gen, 75) && put_column(gen, type, place.rows)) {
    return;
  }
  const GenName *value = chance(gen, 40) ? pick_value(gen, type, false) : NULL;
  if (value) put(gen, "%s", value->name);
  else put_literal(gen, type);
}

/* ---- operators ---- */

typedef struct Operation {
  BaseType result, left, right;
  const char *word;
  int level;
} Operation;

static const Operation operations[] = {
    {BASE_INT, BASE_INT, BASE_INT, "+", LEVEL_SUM},
    {BASE_INT, BASE_INT, BASE_INT, "-", LEVEL_SUM},
    {BASE_INT, BASE_INT, BASE_INT, "*", LEVEL_PRODUCT},
    {BASE_FLOAT, BASE_FLOAT, BASE_INT, "+", LEVEL_SUM},
    {BASE_FLOAT, BASE_INT, BASE_FLOAT, "-", LEVEL_SUM},
    {BASE_FLOAT, BASE_FLOAT, BASE_PERCENT, "*", LEVEL_PRODUCT},
    {BASE_FLOAT, BASE_INT, BASE_INT, "/", LEVEL_PRODUCT},
    {BASE_FLOAT, BASE_FLOAT, BASE_FLOAT, "/", LEVEL_PRODUCT},
    {BASE_FLOAT, BASE_DURATION, BASE_DURATION, "/", LEVEL_PRODUCT},
    {BASE_DURATION, BASE_DURATION, BASE_DURATION, "+", LEVEL_SUM},
    {BASE_DURATION, BASE_DURATION, BASE_DURATION, "-", LEVEL_SUM},
    {BASE_DURATION, BASE_DURATION, BASE_INT, "*", LEVEL_PRODUCT},
    {BASE_DURATION, BASE_FLOAT, BASE_DURATION, "*", LEVEL_PRODUCT},
    {BASE_DURATION, BASE_DURATION, BASE_INT, "/", LEVEL_PRODUCT},
    {BASE_DURATION, BASE_TIME, BASE_TIME, "-", LEVEL_SUM},
    {BASE_TIME, BASE_TIME, BASE_DURATION, "+", LEVEL_SUM},
    {BASE_TIME, BASE_DATE, BASE_DURATION, "-", LEVEL_SUM},
};

static bool put_arithmetic(Gen *gen, BaseType base, GenPlace place, unsigned depth, int level) {
  unsigned seen = 0;
  const Operation *operation = NULL;
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
    if (operations[i].result == base && below(gen, ++seen) == 0) operation = &operations[i];
  if (!operation) return false;
  bool closed = operation->level < level || chance(gen, 5);
  put(gen, closed ? "(" : "");
  put_at(gen, TYPE_MAKE(operation->left, FORM_ONE), place, depth - 1, operation->level);
  put(gen, " %s ", operation->word);
  put_at(gen, TYPE_MAKE(operation->right, FORM_ONE), place, depth - 1, operation->level + 1);
  put(gen, closed ? ")" : "");
  return true;
}

static void put_comparison(Gen *gen, GenPlace place, unsigned depth) {
  static const char *const words[] = {"==", "!=", "<", "<=", ">", ">="};
  static const BaseType bases[] = {BASE_INT, BASE_INT, BASE_FLOAT, BASE_TEXT, BASE_TEXT, BASE_DATE, BASE_TIME, BASE_TIME, BASE_DURATION, BASE_BOOL};
  BaseType left = bases[below(gen, sizeof bases / sizeof *bases)], right = left;
  if (chance(gen, 20)) {
    if (left == BASE_INT) right = chance(gen, 70) ? BASE_FLOAT : BASE_PERCENT;
    if (left == BASE_DATE) right = BASE_TIME;
    else if (left == BASE_TIME) right = BASE_DATE;
  }
  put_at(gen, TYPE_MAKE(left, FORM_ONE), place, depth - 1, LEVEL_ELSE);
  put(gen, " %s ", words[below(gen, left == BASE_BOOL ? 2 : 6)]);
  put_at(gen, TYPE_MAKE(right, FORM_ONE), place, depth - 1, LEVEL_ELSE);
}

static void put_membership(Gen *gen, GenPlace place, unsigned depth) {
  static const BaseType bases[] = {BASE_INT, BASE_FLOAT, BASE_TEXT, BASE_DATE, BASE_TIME, BASE_DURATION};
  const char *in = chance(gen, 30) ? "not in" : "in";
  if (chance(gen, 12) && place.rows && !place.aggregates) {
    put_at(gen, TYPE_OF(TEXT), place, depth - 1, LEVEL_ELSE);
    put(gen, " %s ", in);
    put_leaf(gen, TYPE_LIST_OF(TEXT), place);
    return;
  }
  BaseType base = bases[below(gen, 6)];
  Type one = TYPE_MAKE(base, FORM_ONE);
  put_at(gen, one, place, depth - 1, LEVEL_ELSE);
  put(gen, " %s ", in);
  bool ordered = base != BASE_TEXT && base != BASE_DURATION;
  if (ordered && chance(gen, 40)) {
    bool open = chance(gen, 25);
    if (chance(gen, 20)) {
      put_fixed(gen, TYPE_MAKE(base, FORM_RANGE));
      return;
    }
    put_at(gen, one, place, chance(gen, 30) ? depth - 1 : 0, LEVEL_SUM);
    put(gen, "..");
    if (!open) put_greatest_literal(gen, base);
  } else if (base == BASE_TIME && chance(gen, 40)) {
    put_date_literal(gen);
  } else if (chance(gen, 15)) {
    unsigned count = 1 + below(gen, 3);
    put(gen, "[");
    for (unsigned i = 0; i < count; i++) {
      put(gen, i ? ", " : "");
      put_at(gen, one, place, depth - 1, LEVEL_OR);
    }
    put(gen, "]");
  } else {
    put_fixed(gen, TYPE_MAKE(base, FORM_LIST));
  }
}

static void put_condition(Gen *gen, GenPlace place, unsigned depth, int level) {
  unsigned way = below(gen, 100);
  int own = way < 14 ? LEVEL_AND : way < 26 ? LEVEL_OR : way < 34 ? LEVEL_NOT : LEVEL_COMPARE;
  if (way >= 96) {
    put_leaf(gen, TYPE_OF(BOOL), place);
    return;
  }
  bool closed = own < level || chance(gen, 3);
  put(gen, closed ? "(" : "");
  if (own == LEVEL_AND || own == LEVEL_OR) {
    put_at(gen, TYPE_OF(BOOL), place, depth - 1, own);
    put(gen, own == LEVEL_AND ? " and " : " or ");
    put_at(gen, TYPE_OF(BOOL), place, depth - 1, own + 1);
  } else if (own == LEVEL_NOT) {
    put(gen, "not ");
    put_at(gen, TYPE_OF(BOOL), place, depth - 1, LEVEL_NOT);
  } else if (way < 60) {
    put_comparison(gen, place, depth);
  } else if (way < 78) {
    put_membership(gen, place, depth);
  } else {
    put_at(gen, random_type(gen), place, depth - 1, LEVEL_ELSE);
    put(gen, chance(gen, 60) ? " is missing" : " is not missing");
  }
  put(gen, closed ? ")" : "");
}

static void put_interpolation(Gen *gen, GenPlace place, unsigned depth) {
  unsigned count = 1 + below(gen, 2);
  put(gen, "\"");
  for (unsigned i = 0; i < count; i++) {
    put(gen, chance(gen, 40) ? "part {" : "{");
    put_at(gen, random_type(gen), place, depth - 1, LEVEL_OR);
    put(gen, chance(gen, 40) ? "} \\{x\\u{e9}" : "}");
  }
  put(gen, "\"");
}

static void put_at(Gen *gen, Type type, GenPlace place, unsigned depth, int level) {
  BaseType base = type_base(type);
  if (depth == 0 || type_form(type) != FORM_ONE || chance(gen, 25)) {
    put_leaf(gen, type, place);
    return;
  }
  if (chance(gen, 12)) {
    bool closed = LEVEL_ELSE < level;
    put(gen, closed ? "(" : "");
    put_at(gen, type, place, depth - 1, LEVEL_ELSE);
    put(gen, " ?? ");
    put_at(gen, type, place, depth - 1, LEVEL_ELSE + 1);
    put(gen, closed ? ")" : "");
    return;
  }
  if (base == BASE_BOOL && chance(gen, 85)) {
    put_condition(gen, place, depth, level);
    return;
  }
  if (chance(gen, 30) && put_call(gen, type, place, depth)) return;
  if (base == BASE_TEXT && chance(gen, 35) && !place.aggregates) {
    put_interpolation(gen, place, depth);
    return;
  }
  if (base == BASE_TIME && chance(gen, 35)) {
    put_at(gen, TYPE_OF(DURATION), place, depth - 1, LEVEL_AGO);
    put(gen, " ago");
    return;
  }
  bool signed_type = base == BASE_INT || base == BASE_FLOAT || base == BASE_DURATION;
  if (signed_type && chance(gen, 12) && level <= LEVEL_SIGN) {
    put(gen, "-");
    put_at(gen, type, place, depth - 1, LEVEL_SIGN);
    return;
  }
  if (chance(gen, 70) && put_arithmetic(gen, base, place, depth, level)) return;
  put_leaf(gen, type, place);
}

Type random_type(Gen *gen) {
  static const Type types[] = {TYPE_OF(INT), TYPE_OF(INT), TYPE_OF(TEXT), TYPE_OF(TEXT), TYPE_OF(TIME), TYPE_OF(DATE), TYPE_OF(DURATION), TYPE_OF(FLOAT), TYPE_OF(BOOL)};
  return types[below(gen, sizeof types / sizeof *types)];
}

void put_expr(Gen *gen, Type type, GenPlace place, unsigned depth) {
  put_at(gen, type, place, depth, LEVEL_OR);
}

Type put_key(Gen *gen, GenPlace place, unsigned depth) {
  Type type = random_type(gen);
  put_at(gen, type, place, depth, LEVEL_OR);
  return type;
}
