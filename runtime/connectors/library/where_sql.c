#include "connectors/library/where_sql.h"

#include "base/vec.h"
#include "plan/code_next.h"

/* ---- what can be said in SQL ---- */

/* A value on the stack of the code. */
typedef struct Term {
  bool opaque;   /* SQL cannot say it */
  bool constant; /* then `value`, of type `type` */
  Type type;
  Value value;
  Text sql;        /* of what is no constant */
  bool nullable;   /* may be NULL */
  unsigned tables; /* bits of WhereTable that it reads */
} Term;

typedef struct Translation {
  const Run *run;
  Arena *arena;
  const PlanCode *code;
  const PlanSchema *schema;
  Term stack[PLAN_MAX_STACK + 1];
  unsigned height;
  VEC(StoreBind) binds;
  VEC(Text) nullable; /* columns that may be NULL, read so far */
} Translation;

typedef struct SqlColumn {
  FieldId field;
  WhereTable table;
  bool nullable;
  const char *sql;
} SqlColumn;

/* Fields of other kinds (lists, dates, what is computed from several tables) are not here: the code alone knows them. */
static const SqlColumn sql_columns[] = {
    {FIELD_TITLE, WHERE_TRACKS, true, "nullif(title, '')"},
    {FIELD_ARTIST, WHERE_TRACKS, true, "nullif(json_extract(artists, '$[0]'), '')"},
    {FIELD_ALBUM, WHERE_TRACKS, true, "nullif(album, '')"},
    {FIELD_DURATION, WHERE_TRACKS, true, "iif(duration_ms >= 0, duration_ms, NULL)"},
    {FIELD_ISRC, WHERE_TRACKS, true, "nullif(isrc, '')"},
    {FIELD_MBID, WHERE_TRACKS, true, "nullif(mbid, '')"},
    {FIELD_MUSICBRAINZ_ID, WHERE_TRACKS, true, "nullif(mbid, '')"},
    {FIELD_SPOTIFY_ID, WHERE_TRACKS, true, "nullif(spotify_id, '')"},
    {FIELD_EXPLICIT, WHERE_TRACKS, true, "is_explicit"},
    {FIELD_SERVICE, WHERE_CONTEXTS, true, "nullif(service, '')"},
    {FIELD_SOURCE, WHERE_CONTEXTS, true, "nullif(source, '')"},
    {FIELD_PLATFORM, WHERE_CONTEXTS, true, "nullif(platform, '')"},
    {FIELD_COUNTRY, WHERE_CONTEXTS, true, "nullif(country, '')"},
    {FIELD_REASON_START, WHERE_CONTEXTS, true, "nullif(reason_start, '')"},
    {FIELD_REASON_END, WHERE_CONTEXTS, true, "nullif(reason_end, '')"},
    {FIELD_SHUFFLE, WHERE_CONTEXTS, true, "iif(shuffle IN (0, 1), shuffle, NULL)"},
    {FIELD_SKIPPED, WHERE_CONTEXTS, true, "iif(skipped IN (0, 1), skipped, NULL)"},
    {FIELD_OFFLINE, WHERE_CONTEXTS, true, "iif(offline IN (0, 1), offline, NULL)"},
    {FIELD_INCOGNITO, WHERE_CONTEXTS, true, "iif(incognito IN (0, 1), incognito, NULL)"},
    {FIELD_PLAYED_AT, WHERE_PLAYS, false, "played_at"},
    {FIELD_MS_PLAYED, WHERE_PLAYS, true, "iif(ms_played >= 0, ms_played, NULL)"},
    {FIELD_PLAYS, WHERE_TOTALS, false, "plays"},
    {FIELD_SKIPS, WHERE_TOTALS, false, "skips"},
    {FIELD_LISTENED, WHERE_TOTALS, false, "listened_ms"},
    {FIELD_FIRST_PLAYED, WHERE_TOTALS, true, "first_played"},
    {FIELD_LAST_PLAYED, WHERE_TOTALS, true, "last_played"},
};

static void push(Translation *translation, Term term) {
  translation->stack[translation->height++] = term;
}

static Term pop(Translation *translation) {
  return translation->stack[--translation->height];
}

static Term opaque(void) {
  return (Term){.opaque = true};
}

static Term constant(Type type, Value value) {
  return (Term){.constant = true, .type = type_required(type), .value = value};
}

static Term column(Translation *translation, uint64_t index) {
  const PlanColumn *read = &translation->schema->columns[index];
  FieldId field = library_field(translation->run, read);
  for (size_t i = 0; i < sizeof sql_columns / sizeof *sql_columns; i++) {
    const SqlColumn *known = &sql_columns[i];
    if (known->field != field || read->window.kind != WINDOW_NONE) continue;
    if (known->nullable) vec_push(translation->arena, &translation->nullable, text_of(known->sql));
    return (Term){.type = type_required(read->type), .sql = text_of(known->sql), .nullable = known->nullable, .tables = 1u << known->table};
  }
  return opaque();
}

/* ---- operands ---- */

static Text bind(Translation *translation, StoreBind value) {
  vec_push(translation->arena, &translation->binds, value);
  return text_of(arena_format(translation->arena, "?%zu", translation->binds.count + 2));
}

/* Texts as they are, durations by their length as they are compared, everything else by its number. False for a float. */
static bool operand_sql(Translation *translation, const Term *term, Text *out) {
  *out = term->sql;
  if (!term->constant) return !term->opaque;
  if (type_form(term->type) != FORM_ONE) return false;
  switch (type_base(term->type)) {
    case BASE_TEXT:
    case BASE_PATH:
    case BASE_PLAYLIST:
      *out = bind(translation, (StoreBind){.is_text = true, .text = text_at(translation->run->texts, (TextId)term->value.integer)});
      return true;
    case BASE_DURATION:
      *out = bind(translation, (StoreBind){.integer = duration_total_ms(term->value.integer)});
      return true;
    case BASE_BOOL:
    case BASE_INT:
    case BASE_TIME:
      *out = bind(translation, (StoreBind){.integer = term->value.integer});
      return true;
    default:
      return false;
  }
}

static Term said(const Term *a, const Term *b, Text sql) {
  return (Term){.type = TYPE_OF(BOOL), .sql = sql, .tables = a->tables | (b ? b->tables : 0)};
}

/* A comparison is false where a value is missing, and never NULL. */
static Term compare(Translation *translation, const char *sign) {
  Term b = pop(translation), a = pop(translation);
  Text left, right;
  if (a.opaque || b.opaque || !operand_sql(translation, &a, &left) || !operand_sql(translation, &b, &right)) return opaque();
  TextBuilder sql = {.arena = translation->arena};
  bool nullable = a.nullable || b.nullable;
  text_append_format(&sql, "%s" TEXT_FORMAT " %s " TEXT_FORMAT "%s", nullable ? "coalesce(" : "(", TEXT_ARG(left), sign, TEXT_ARG(right),
                     nullable ? ", 0)" : ")");
  return said(&a, &b, text_built(&sql));
}

/* Times are half-open, whole numbers closed. */
static Term in_range(Translation *translation) {
  Term range = pop(translation), value = pop(translation);
  bool time = type_base(value.type) == BASE_TIME;
  if (value.opaque || value.constant || !range.constant || (!time && type_base(value.type) != BASE_INT)) return opaque();
  RangeEnds ends = range_ends(translation->run->lists, range.value);
  TextBuilder sql = {.arena = translation->arena};
  text_append_format(&sql, "%s1", value.nullable ? "coalesce(" : "(");
  if (ends.has_low) text_append_format(&sql, " AND " TEXT_FORMAT " >= " TEXT_FORMAT, TEXT_ARG(value.sql), TEXT_ARG(bind(translation, (StoreBind){.integer = ends.low.integer})));
  if (ends.has_high)
    text_append_format(&sql, " AND " TEXT_FORMAT " %s " TEXT_FORMAT, TEXT_ARG(value.sql), time ? "<" : "<=",
                       TEXT_ARG(bind(translation, (StoreBind){.integer = ends.high.integer})));
  if (value.nullable && !ends.has_low && !ends.has_high) return opaque();
  text_append_format(&sql, "%s", value.nullable ? ", 0)" : ")");
  return said(&value, NULL, text_built(&sql));
}

static Term in_list(Translation *translation) {
  Term list = pop(translation), value = pop(translation);
  bool fits = !value.opaque && !value.constant && list.constant && type_form(list.type) == FORM_LIST;
  if (!fits || (type_base(value.type) != BASE_TEXT && type_base(value.type) != BASE_INT)) return opaque();
  if (type_base(list.type) != type_base(value.type)) return opaque();
  ListItems items = list_items(translation->run->lists, list.value);
  TextBuilder sql = {.arena = translation->arena};
  text_append_format(&sql, "coalesce(" TEXT_FORMAT " IN (", TEXT_ARG(value.sql));
  for (uint32_t i = 0; i < items.count; i++) {
    Term item = constant((Type)TYPE_MAKE(type_base(list.type), FORM_ONE), items.items[i]);
    Text text;
    if (i == 1000 || !operand_sql(translation, &item, &text)) return opaque(); /* SQLite takes 32,766 binds */
    text_append_format(&sql, "%s" TEXT_FORMAT, i ? ", " : "", TEXT_ARG(text));
  }
  text_append_format(&sql, "), 0)");
  return said(&value, NULL, text_built(&sql));
}

/* ---- the code ---- */

static Term wrap(Translation *translation, const char *before, const char *after) {
  Term term = pop(translation);
  if (term.opaque || term.constant) return opaque();
  TextBuilder sql = {.arena = translation->arena};
  text_append_format(&sql, "%s" TEXT_FORMAT "%s", before, TEXT_ARG(term.sql), after);
  return said(&term, NULL, text_built(&sql));
}

static const char *comparison_sign(Opcode opcode) {
  switch (opcode) {
    case OPCODE_EQ_B:
    case OPCODE_EQ_I:
    case OPCODE_EQ_X:
    case OPCODE_EQ_T:
    case OPCODE_EQ_D:
      return "=";
    case OPCODE_NE_B:
    case OPCODE_NE_I:
    case OPCODE_NE_X:
    case OPCODE_NE_T:
    case OPCODE_NE_D:
      return "<>";
    case OPCODE_LT_I:
    case OPCODE_LT_X:
    case OPCODE_LT_T:
    case OPCODE_LT_D:
      return "<";
    case OPCODE_LE_I:
    case OPCODE_LE_X:
    case OPCODE_LE_T:
    case OPCODE_LE_D:
      return "<=";
    default:
      return NULL;
  }
}

static Term time_of(Translation *translation, Opcode opcode) {
  Term term = pop(translation);
  const Run *run = translation->run;
  if (!term.constant) return opaque();
  Instant time;
  if (opcode == OPCODE_AGO) {
    time = instant_add(run->options.now, duration_unpack(term.value.integer), -1, run->options.zone);
  } else {
    InstantRange covered = date_range(date_unpack(term.value.integer), run->options.zone);
    time = opcode == OPCODE_DATE_START ? covered.lo : covered.hi;
  }
  return constant(TYPE_OF(TIME), (Value){.integer = time});
}

/* `now - 2y` */
static Term shifted(Translation *translation, int sign) {
  Term duration = pop(translation), time = pop(translation);
  if (!duration.constant || !time.constant) return opaque();
  Instant at = instant_add(time.value.integer, duration_unpack(duration.value.integer), sign, translation->run->options.zone);
  return constant(TYPE_OF(TIME), (Value){.integer = at});
}

/* Whatever is not named here is opaque: its operands go, and something unknown comes. */
static Term unknown(Translation *translation, const Instruction *instruction) {
  const OpcodeDef *def = opcode_def(instruction->opcode);
  size_t pops = 0;
  while (def->pops[pops]) pops++;
  if (instruction->opcode == OPCODE_CONCAT) pops = (size_t)instruction->immediate;
  if (instruction->opcode == OPCODE_CALL) {
    const FunctionDef *function = function_def((FunctionId)translation->run->plan->imports[instruction->immediate].id);
    pops = 0;
    while (function->args[pops]) pops++;
  }
  translation->height -= (unsigned)pops;
  return opaque();
}

static Term step(Translation *translation, const Instruction *instruction) {
  const Run *run = translation->run;
  const char *sign = comparison_sign(instruction->opcode);
  if (sign) return compare(translation, sign);
  switch (instruction->opcode) {
    case OPCODE_CONST:
      return constant(run->plan->constants[instruction->immediate].type, run->constants[instruction->immediate]);
    case OPCODE_PARAM:
      return constant(run->plan->params[instruction->immediate].type, run->params[instruction->immediate]);
    case OPCODE_NOW:
      return constant(TYPE_OF(TIME), (Value){.integer = run->options.now});
    case OPCODE_COL:
      return column(translation, instruction->immediate);
    case OPCODE_AGO:
    case OPCODE_DATE_START:
    case OPCODE_DATE_END:
      return time_of(translation, instruction->opcode);
    case OPCODE_ADD_TD:
      return shifted(translation, 1);
    case OPCODE_SUB_TD:
      return shifted(translation, -1);
    case OPCODE_IN_RANGE_I:
    case OPCODE_IN_RANGE_T:
      return in_range(translation);
    case OPCODE_IN_LIST:
      return in_list(translation);
    case OPCODE_TRUTH:
      return wrap(translation, "coalesce(", ", 0)");
    case OPCODE_NOT:
      return wrap(translation, "(NOT ", ")");
    case OPCODE_IS_MISSING:
      if (translation->nullable.count) translation->nullable.count--; /* asking is not comparing */
      return wrap(translation, "(", " IS NULL)");
    default:
      return unknown(translation, instruction);
  }
}

/* The value of the code from `at` to `end`, which is an expression by itself. */
static Term translate(Translation *translation, uint32_t at, uint32_t end) {
  Instruction instruction;
  while (at < end && code_next(translation->code, &at, &instruction, NULL) == STATUS_OK) {
    if (instruction.opcode == OPCODE_RET) break;
    bool both = instruction.opcode == OPCODE_AND;
    if (!both && instruction.opcode != OPCODE_OR) {
      push(translation, step(translation, &instruction));
      continue;
    }
    uint32_t landing = instruction.next + (uint32_t)instruction.immediate;
    Term a = pop(translation), b = translate(translation, instruction.next, landing);
    at = landing;
    if (a.opaque || b.opaque || a.constant || b.constant) {
      push(translation, opaque());
      continue;
    }
    TextBuilder sql = {.arena = translation->arena};
    text_append_format(&sql, "(" TEXT_FORMAT " %s " TEXT_FORMAT ")", TEXT_ARG(a.sql), both ? "AND" : "OR", TEXT_ARG(b.sql));
    push(translation, said(&a, &b, text_built(&sql)));
  }
  return pop(translation);
}

/* Whether a false value at this `and` makes the whole code false: it lands on the end, or on another such `and`. */
static bool is_outermost(const PlanCode *code, Instruction instruction) {
  while (instruction.opcode == OPCODE_AND) {
    uint32_t at = instruction.next + (uint32_t)instruction.immediate;
    if (code_next(code, &at, &instruction, NULL) != STATUS_OK) return false;
  }
  return instruction.opcode == OPCODE_RET;
}

/* ---- the conditions ---- */

static void add_condition(Translation *translation, const Term *term, WhereSql *out) {
  WhereTable table = 0;
  while (table < WHERE_TABLE_COUNT && term->tables != 1u << table) table++;
  if (term->opaque || term->constant || table == WHERE_TABLE_COUNT) return;
  StoreCondition *condition = &out->tables[table];
  TextBuilder sql = {.arena = translation->arena};
  if (condition->sql.length) text_append_format(&sql, TEXT_FORMAT " AND ", TEXT_ARG(condition->sql));
  text_append_format(&sql, "(" TEXT_FORMAT, TEXT_ARG(term->sql));
  for (size_t i = 0; i < translation->nullable.count; i++) text_append_format(&sql, " OR " TEXT_FORMAT " IS NULL", TEXT_ARG(translation->nullable.items[i]));
  text_append_format(&sql, ")");
  condition->sql = text_built(&sql);
  condition->binds = translation->binds.items;
  condition->count = translation->binds.count;
}

WhereSql where_sql(const StageCall *call) {
  WhereSql out = {0};
  const Run *run = call->run;
  const PlanArg *where = library_where(call);
  if (!where || run->options.no_pushdown) return out;
  const PlanCode *code = &run->plan->codes[where->index];
  Instruction instruction;
  for (uint32_t at = 0, start = 0; at < code->length && code_next(code, &at, &instruction, NULL) == STATUS_OK;) {
    bool ends = instruction.opcode == OPCODE_RET || (instruction.opcode == OPCODE_AND && is_outermost(code, instruction));
    if (!ends) continue;
    /* Each part has binds of its own, numbered behind those of its table. */
    for (int table = 0; table < WHERE_TABLE_COUNT; table++) {
      Translation translation = {.run = run, .arena = run->arena, .code = code, .schema = &run->plan->schemas[code->schema]};
      for (size_t i = 0; i < out.tables[table].count; i++) vec_push(run->arena, &translation.binds, out.tables[table].binds[i]);
      Term term = translate(&translation, start, instruction.at);
      if (term.tables == 1u << table) add_condition(&translation, &term, &out);
    }
    start = instruction.next;
  }
  return out;
}
