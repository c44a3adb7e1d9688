/* A stage with the arguments that its parameters in stdlib/stages.def ask for. */
#include <inttypes.h>
#include <string.h>

#include "program_int.h"

/* What is known of the stage that is being written. */
typedef struct Writing {
  Gen *gen;
  StageId id;
  const StageDef *def;
  const GenRows *input; /* NULL for a source */
  GenRows *output;
  unsigned streams;     /* that the stage combines, so far */
  bool plays;           /* of a file: its rows are plays */
  bool comma;           /* something stands before */
} Writing;

static void between(Writing *writing, bool option) {
  put(writing->gen, !writing->comma ? " " : option && chance(writing->gen, 75) ? " " : ", ");
  writing->comma = true;
}

static void put_path(Writing *writing) {
  Gen *gen = writing->gen;
  const char *name = writing->def->name, *dot = strchr(name, '.');
  const char *ending = dot ? dot + 1 : name;
  if (writing->def->group == GROUP_DESTINATION)
    put(gen, "\"out%u.%s\"", gen->outputs++, ending);
  else if (writing->def->connector == CONNECTOR_FILE)
    put(gen, "\"%s.%s\"", writing->plays ? "plays" : "tracks", ending);
  else
    put(gen, "\"history\"");
}

static void put_playlist(Writing *writing) {
  static const char *const names[] = {"Mix", "Morning", "Empty"};
  if (writing->def->group == GROUP_DESTINATION)
    put(writing->gen, "\"Out %u\"", writing->gen->outputs++);
  else
    put(writing->gen, "\"%s\"", names[below(writing->gen, 3)]);
}

static void put_whole(Gen *gen, const ParamDef *param) {
  int64_t low = param->min < -50 ? -50 : param->min, high = param->max > low + 30 ? low + 30 : param->max;
  if (param->min < 0 && chance(gen, 50)) low = 0;
  if (low == 0 && chance(gen, 25)) {
    put_fixed(gen, TYPE_OF(INT));
    return;
  }
  put(gen, "%" PRId64, low + (int64_t)below(gen, (unsigned)(high - low + 1)));
}

static void put_weights(Writing *writing, const ParamDef *param) {
  Gen *gen = writing->gen;
  put(gen, "[");
  for (unsigned i = 0; i < writing->streams; i++) put(gen, "%s%" PRId64, i ? ", " : "", param->min + (int64_t)below(gen, 4));
  put(gen, "]");
}

static void put_identity(Writing *writing, const ParamDef *param) {
  int length;
  const char *word = pick_word(writing->gen, param->words, &length);
  bool tracks = writing->input->kind == ROWS_TRACK || writing->input->kind == ROWS_PLAY;
  if (tracks && chance(writing->gen, 70))
    put(writing->gen, "%.*s", length, word);
  else /* of what every stream has */
    put_key(writing->gen, (GenPlace){.rows = writing->streams > 1 ? &(GenRows){.kind = writing->input->kind} : writing->input}, 1);
}

static void add_column(Writing *writing, Type type) {
  GenRows *rows = writing->output;
  GenName *column = &rows->columns[rows->count++];
  snprintf(column->name, sizeof column->name, "c%u", writing->gen->columns++);
  column->type = type;
  put(writing->gen, "%s: ", column->name);
}

static void put_named(Writing *writing) {
  Gen *gen = writing->gen;
  unsigned count = 1 + below(gen, 2);
  for (unsigned i = 0; i < count && writing->output->count < ROWS_MAX_COLUMNS; i++) {
    between(writing, true);
    Type type = chance(gen, 8) ? TYPE_LIST_OF(TEXT) : random_type(gen);
    add_column(writing, type);
    put_expr(gen, type, (GenPlace){.rows = writing->input}, 1 + below(gen, 3));
  }
}

static void put_results(Writing *writing) {
  Gen *gen = writing->gen;
  unsigned count = 1 + below(gen, 3);
  for (unsigned i = 0; i < count; i++) {
    between(writing, true);
    Type type = random_type(gen);
    add_column(writing, type);
    put_expr(gen, type, (GenPlace){.rows = writing->input, .aggregates = true}, below(gen, 3));
  }
}

/* A plain column as key of `tally`, which keeps its name. */
static bool put_tally_key(Writing *writing) {
  Gen *gen = writing->gen;
  const GenRows *input = writing->input;
  GenRows *output = writing->output;
  const GenName *named = NULL;
  FieldId field = FIELD_COUNT;
  unsigned seen = 0;
  for (size_t i = 0; i < input->count; i++) {
    bool taken = type_form(input->columns[i].type) != FORM_ONE;
    for (size_t o = 0; o < output->count; o++) taken = taken || strcmp(output->columns[o].name, input->columns[i].name) == 0;
    if (!taken && below(gen, ++seen) == 0) named = &input->columns[i];
  }
  for (int id = 0; id < FIELD_COUNT && input->kind < ROWS_ANY; id++) {
    const FieldDef *def = field_def((FieldId)id);
    bool fits = (def->rows & (1 << input->kind)) && type_form(def->type) == FORM_ONE && strlen(def->name) < NAME_SIZE && def->provider <= PROVIDER_LIBRARY;
    for (size_t o = 0; o < output->count; o++) fits = fits && strcmp(output->columns[o].name, def->name) != 0;
    if (!fits || below(gen, ++seen) != 0) continue;
    named = NULL;
    field = (FieldId)id;
  }
  if (!seen) return false;
  between(writing, false);
  GenName *column = &output->columns[output->count++];
  if (named) {
    *column = *named;
  } else {
    snprintf(column->name, sizeof column->name, "%s", field_def(field)->name);
    column->type = type_required(field_def(field)->type);
    if (gen->use) gen->use->fields[field]++;
  }
  put(gen, "%s", column->name);
  return true;
}

static bool put_keys(Writing *writing, const ParamDef *param) {
  Gen *gen = writing->gen;
  bool written = false, tally = writing->def->output == OUTPUT_TALLY;
  unsigned count = (param->flags & PARAM_REQUIRED ? 1 : 0) + below(gen, 3);
  for (unsigned i = 0; i < count; i++) {
    if (tally) {
      written = put_tally_key(writing) || written;
      continue;
    }
    between(writing, false);
    put_key(gen, (GenPlace){.rows = writing->input}, below(gen, 3));
    if (writing->id == STAGEID_SORT && chance(gen, 50)) put(gen, chance(gen, 80) ? " desc" : " asc");
    written = true;
  }
  return written;
}

static bool put_streams(Writing *writing) {
  Gen *gen = writing->gen;
  unsigned count = writing->streams > 1 ? 0 : 1 + (chance(gen, 30) ? 1 + below(gen, 2) : 0);
  bool exact = writing->def->output == OUTPUT_UNION || writing->input->kind == ROWS_ANY;
  for (unsigned i = 0; i < count; i++) {
    between(writing, false);
    bool braces = put_stream(gen, writing->input, exact);
    writing->streams++;
    if (braces && i == 0) return true; /* first braces are the only stream that is given by position */
  }
  return count > 0;
}

/* The value of one argument, behind `name:` or by position. */
static void put_value(Writing *writing, const ParamDef *param) {
  Gen *gen = writing->gen;
  GenPlace place = {.rows = writing->input};
  int length;
  switch (param->kind) {
    case PARAM_INT: put_whole(gen, param); break;
    case PARAM_COUNT:
      if (chance(gen, 25)) put_fixed(gen, TYPE_OF(PERCENT));
      else put_whole(gen, param);
      break;
    case PARAM_NUMBER: put(gen, "%" PRId64 ".5", param->min < 0 ? 0 : param->min); break;
    case PARAM_PERCENT:
    case PARAM_SHARE:
      if (param->kind == PARAM_SHARE && chance(gen, 40)) put(gen, "0.%u", below(gen, 100));
      else put_fixed(gen, TYPE_OF(PERCENT));
      break;
    case PARAM_BOOL: put_fixed(gen, TYPE_OF(BOOL)); break;
    case PARAM_TAG: put(gen, chance(gen, 50) ? "\"mood:chill\"" : "\"party\""); break;
    case PARAM_PATH: put_path(writing); break;
    case PARAM_PLAYLIST: put_playlist(writing); break;
    case PARAM_WINDOW: put_window(gen); break;
    case PARAM_DURATION: put_fixed(gen, TYPE_OF(DURATION)); break;
    case PARAM_SINCE: {
      if (chance(gen, 60)) {
        put_fixed(gen, chance(gen, 50) ? TYPE_OF(DATE) : TYPE_OF(TIME));
        break;
      }
      const char *word = pick_word(gen, param->words, &length);
      put(gen, "%.*s", length, word);
      break;
    }
    case PARAM_PROVIDER:
      if (gen->options.local) {
        put(gen, "library");
        break;
      } /* fall through */
    case PARAM_WORD: {
      const char *word = pick_word(gen, param->words, &length);
      if (strcmp(param->name, "rows") == 0) word = writing->plays ? "plays" : "tracks", length = (int)strlen(word);
      put(gen, "%.*s", length, word);
      break;
    }
    case PARAM_CONDITION: put_expr(gen, TYPE_OF(BOOL), place, 1 + below(gen, 3)); break;
    case PARAM_KEY: put_key(gen, place, below(gen, 3)); break;
    case PARAM_WEIGHT: put_expr(gen, chance(gen, 60) ? TYPE_OF(INT) : TYPE_OF(FLOAT), place, below(gen, 3)); break;
    case PARAM_WEIGHTS: put_weights(writing, param); break;
    case PARAM_IDENTITY: put_identity(writing, param); break;
    default: put_fixed(gen, TYPE_OF(TEXT)); break;
  }
}

/* Whether anything was written. */
static bool put_param(Writing *writing, const ParamDef *param) {
  switch (param->kind) {
    case PARAM_KEYS: return put_keys(writing, param);
    case PARAM_STREAM: return put_streams(writing);
    case PARAM_NAMED: put_named(writing); return true;
    case PARAM_RESULTS: put_results(writing); return true;
    case PARAM_BLOCK: {
      Gen *gen = writing->gen;
      bool outer = gen->in_group;
      gen->in_group = true;
      gen->nesting++;
      put(gen, " {");
      put_stages(gen, writing->output, 1 + below(gen, 2));
      put(gen, " }");
      gen->nesting--;
      gen->in_group = outer;
      return true;
    }
    default: break;
  }
  bool positional = param->flags & PARAM_POSITIONAL;
  between(writing, !positional);
  if (!positional) put(writing->gen, "%s: ", param->name);
  put_value(writing, param);
  return true;
}

/* Which of the parameters that exclude each other is given. */
static size_t chosen_way(Gen *gen, const StageDef *def) {
  unsigned seen = 0;
  size_t chosen = SIZE_MAX;
  for (size_t i = 0; i < def->param_count; i++)
    if ((def->params[i].flags & PARAM_EITHER) && below(gen, ++seen) == 0) chosen = i;
  return chosen;
}

static bool is_given(Writing *writing, size_t i, size_t way) {
  const ParamDef *param = &writing->def->params[i];
  if (param->flags & PARAM_HIDDEN) return false;
  if (param->flags & PARAM_EITHER) return i == way;
  if ((param->flags & PARAM_WITH_FIRST) && way != SIZE_MAX && way != 0) return false;
  if ((param->flags & PARAM_REQUIRED) || param->kind == PARAM_BLOCK || param->kind == PARAM_STREAM) return true;
  if (param->kind == PARAM_IDENTITY && writing->input->kind == ROWS_PLAYLIST) return true;
  if (strcmp(param->name, "rows") == 0) return writing->plays || chance(writing->gen, 30);
  if (strcmp(param->name, "seed") == 0) return chance(writing->gen, 85);
  return chance(writing->gen, 40);
}

static void set_output(const Writing *writing) {
  GenRows *rows = writing->output;
  switch (writing->def->output) {
    case OUTPUT_TRACKS: rows->kind = ROWS_TRACK; break;
    case OUTPUT_PLAYS: rows->kind = ROWS_PLAY; break;
    case OUTPUT_PLAYLISTS: rows->kind = ROWS_PLAYLIST; break;
    case OUTPUT_BY_WORD: rows->kind = writing->plays ? ROWS_PLAY : ROWS_TRACK; break;
    case OUTPUT_TALLY: rows->kind = ROWS_ANY; break;
    default: break;
  }
}

void put_stage(Gen *gen, StageId id, GenRows *rows, unsigned bundle) {
  const StageDef *def = stage_def(id);
  GenRows input = *rows, output = *rows;
  bool source = def->inputs == INPUTS_NONE;
  Writing writing = {.gen = gen, .id = id, .def = def, .input = source ? NULL : &input, .output = &output, .streams = bundle ? bundle : 1};
  for (size_t i = 0; i < def->param_count; i++)
    if (def->output == OUTPUT_BY_WORD && strcmp(def->params[i].name, "rows") == 0) writing.plays = gen->want_plays < 0 ? chance(gen, 40) : gen->want_plays == 1;
  if (def->output == OUTPUT_TALLY || source) output.count = 0;
  put(gen, "%s%s", def->group == GROUP_DESTINATION && id != STAGEID_SHOW ? "to " : "", def->name);
  if (gen->use) gen->use->stages[id]++;
  size_t way = chosen_way(gen, def);
  bool given[STAGE_MAX_PARAMS];
  for (size_t i = 0; i < def->param_count; i++) given[i] = is_given(&writing, i, way);
  for (int pass = 0; pass < 3; pass++) /* positionals, then options, then braces */
    for (size_t i = 0; i < def->param_count; i++) {
      const ParamDef *param = &def->params[i];
      int own = param->kind == PARAM_BLOCK ? 2 : param->flags & PARAM_POSITIONAL ? 0 : 1;
      if (given[i] && own == pass && put_param(&writing, param) && gen->use) gen->use->params[id][i]++;
    }
  set_output(&writing);
  *rows = output;
}
