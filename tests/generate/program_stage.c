/* Streams: where they come from, through which stages they go, where they end. */
#include <string.h>

#include "program_int.h"

bool stage_is_local(StageId id) {
  const StageDef *def = stage_def(id);
  if (def->connector == CONNECTOR_COUNT || connector_def(def->connector)->calls == 0) return true;
  for (size_t i = 0; i < def->param_count; i++)
    if (def->params[i].kind == PARAM_PATH) return true;
  return false;
}

static bool may_stand(const Gen *gen, StageId id) {
  const StageDef *def = stage_def(id);
  bool store = def->connector == CONNECTOR_LIBRARY, reads = def->group == GROUP_SOURCE || def->output == OUTPUT_ENRICH;
  if (def->group == GROUP_SOURCE && gen->options.origin == ORIGIN_STORE && !store) return false;
  if (reads && gen->options.origin == ORIGIN_FILES && (store || def->output == OUTPUT_ENRICH)) return false;
  return stage_is_written(id) && (!gen->options.local || stage_is_local(id));
}

static bool accepts(const StageDef *def, RowKind kind) {
  return def->input_rows == ACCEPTS_ANY || (def->input_rows & (1 << kind));
}

void put_pipe(Gen *gen) {
  if (gen->nesting || chance(gen, 40))
    put(gen, " | ");
  else
    put(gen, "%s\n%s| ", chance(gen, 5) ? "  # why" : "", chance(gen, 15) ? "  " : "");
}

/* ---- sources ---- */

static bool gives(const StageDef *def, RowKind kind) {
  switch (def->output) {
    case OUTPUT_TRACKS: return kind == ROWS_TRACK;
    case OUTPUT_PLAYS: return kind == ROWS_PLAY;
    case OUTPUT_PLAYLISTS: return kind == ROWS_PLAYLIST;
    default: return kind == ROWS_TRACK || kind == ROWS_PLAY;
  }
}

/* ROWS_KIND_COUNT: of any kind. */
static void put_table_source(Gen *gen, RowKind kind, bool without_arguments, GenRows *rows) {
  unsigned seen = 0;
  StageId source = STAGEID_COUNT;
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *def = stage_def((StageId)id);
    bool needs = false;
    for (size_t i = 0; i < def->param_count; i++) needs = needs || (def->params[i].flags & (PARAM_REQUIRED | PARAM_EITHER));
    if (def->group != GROUP_SOURCE || !may_stand(gen, (StageId)id) || (needs && without_arguments)) continue;
    if (kind != ROWS_KIND_COUNT && !gives(def, kind)) continue;
    if (below(gen, ++seen) == 0) source = (StageId)id;
  }
  gen->want_plays = kind == ROWS_KIND_COUNT ? -1 : kind == ROWS_PLAY;
  *rows = (GenRows){0};
  if (without_arguments) {
    put(gen, "%s", stage_def(source)->name);
    if (gen->use) gen->use->stages[source]++;
    rows->kind = gives(stage_def(source), ROWS_TRACK) ? ROWS_TRACK : kind;
  } else {
    put_stage(gen, source, rows, 0);
  }
  gen->want_plays = -1;
}

static bool same_columns(const GenRows *a, const GenRows *b) {
  if (a->kind != b->kind || a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++)
    if (strcmp(a->columns[i].name, b->columns[i].name) != 0 || a->columns[i].type != b->columns[i].type) return false;
  return true;
}

static const GenStream *pick_stream(Gen *gen, const GenRows *like, bool exact) {
  const GenStream *found = NULL;
  unsigned seen = 0;
  for (size_t i = 0; i < gen->stream_count; i++) {
    const GenStream *stream = &gen->streams[i];
    bool fits = !like || (stream->rows.kind == like->kind && (!exact || like->kind != ROWS_ANY || same_columns(&stream->rows, like)));
    if (fits && below(gen, ++seen) == 0) found = stream;
  }
  return found;
}

/* Named columns that both have are the same ones, as names are given once; what one lacks is missing in its rows. */
static void join_columns(GenRows *rows, const GenRows *other) {
  for (size_t i = 0; rows->kind != ROWS_ANY && i < other->count && rows->count < ROWS_MAX_COLUMNS; i++) {
    bool there = false;
    for (size_t c = 0; c < rows->count; c++) there = there || strcmp(rows->columns[c].name, other->columns[i].name) == 0;
    if (!there) rows->columns[rows->count++] = other->columns[i];
  }
}

static void put_braces(Gen *gen, RowKind kind, GenRows *rows) {
  bool outer = gen->same_kind;
  gen->same_kind = true;
  gen->nesting++;
  put(gen, "{ from ");
  put_table_source(gen, kind, false, rows);
  put_stages(gen, rows, below(gen, 3));
  put(gen, " }");
  gen->nesting--;
  gen->same_kind = outer;
}

static bool put_stream_of(Gen *gen, const GenRows *like, bool exact, GenRows *rows) {
  const GenStream *stream = chance(gen, 60) || like->kind == ROWS_ANY ? pick_stream(gen, like, exact) : NULL;
  if (stream) {
    put(gen, "%s", stream->name);
    *rows = stream->rows;
  } else if (like->kind == ROWS_TRACK && gen->options.origin != ORIGIN_FILES && chance(gen, 25)) {
    put_table_source(gen, ROWS_TRACK, true, rows);
  } else {
    put_braces(gen, like->kind, rows);
    return true;
  }
  return false;
}

bool put_stream(Gen *gen, const GenRows *like, bool exact) {
  GenRows rows;
  return put_stream_of(gen, like, exact, &rows);
}

/* ---- stages ---- */

static bool can_combine(Gen *gen, const GenRows *rows) {
  return rows->kind != ROWS_ANY || pick_stream(gen, rows, true);
}

static StageId pick_stage(Gen *gen, const GenRows *rows, bool combiner) {
  unsigned seen = 0;
  StageId stage = STAGEID_COUNT;
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *def = stage_def((StageId)id);
    bool many = def->inputs == INPUTS_SET || def->inputs == INPUTS_MANY;
    bool changes = def->output == OUTPUT_TALLY || def->output == OUTPUT_TRACKS;
    if (def->group == GROUP_SOURCE || def->group == GROUP_DESTINATION || !may_stand(gen, (StageId)id) || !accepts(def, rows->kind)) continue;
    if (combiner ? !many : def->inputs == INPUTS_MANY || (many && (gen->nesting > 1 || !can_combine(gen, rows)))) continue;
    if (changes && gen->same_kind) continue;
    if (def->group == GROUP_GROUP && def->output == OUTPUT_SAME && gen->nesting > 1) continue;
    if ((def->output == OUTPUT_ADD || def->output == OUTPUT_UNION) && rows->count + 3 > ROWS_MAX_COLUMNS) continue;
    if (below(gen, ++seen) == 0) stage = (StageId)id;
  }
  return stage;
}

static bool has_column(const GenRows *rows, const char *name) {
  for (size_t i = 0; i < rows->count; i++)
    if (strcmp(rows->columns[i].name, name) == 0) return true;
  return false;
}

static void put_actuals(Gen *gen, const GenStage *stage) {
  size_t given = 0;
  bool named = false;
  for (size_t i = 0; i < stage->formal_count; i++) {
    if (stage->optional[i] && chance(gen, 50)) break;
    put(gen, given++ ? ", " : " ");
    named = named || (i && chance(gen, 30));
    if (named) put(gen, "%s: ", stage->formals[i].name);
    put_fixed(gen, stage->formals[i].type);
  }
}

/* A stage that the program defines, if one fits. */
static bool put_own_stage(Gen *gen, GenRows *rows, bool source) {
  const GenStage *found = NULL;
  unsigned seen = 0;
  for (size_t i = 0; i < gen->stage_count; i++) {
    const GenStage *stage = &gen->stages[i];
    bool fits = source ? stage->kind == ROWS_KIND_COUNT : stage->kind == rows->kind && (!gen->same_kind || stage->result.kind == rows->kind);
    for (size_t c = 0; fits && !source && c < stage->result.count; c++) fits = !has_column(rows, stage->result.columns[c].name);
    if (fits && !source) fits = rows->count + stage->result.count < ROWS_MAX_COLUMNS;
    if (fits && below(gen, ++seen) == 0) found = stage;
  }
  if (!found) return false;
  put(gen, "%s", found->name);
  put_actuals(gen, found);
  if (source || found->result.kind == ROWS_ANY) {
    *rows = found->result;
  } else {
    rows->kind = found->result.kind;
    for (size_t c = 0; c < found->result.count; c++) rows->columns[rows->count++] = found->result.columns[c];
  }
  return true;
}

void put_stages(Gen *gen, GenRows *rows, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    bool first_in_braces = gen->in_group && i == 0 && gen->out.bytes[gen->out.length - 1] == '{';
    if (first_in_braces) put(gen, " ");
    else put_pipe(gen);
    if (!gen->in_group && chance(gen, 4) && gen->nesting == 0) {
      put_destination(gen, rows);
      continue;
    }
    if (chance(gen, 15) && put_own_stage(gen, rows, false)) continue;
    put_stage(gen, pick_stage(gen, rows, false), rows, 0);
  }
}

void put_pipeline(Gen *gen, GenRows *rows, unsigned stages) {
  put(gen, "from ");
  unsigned way = below(gen, 100);
  const GenStream *stream = way < 30 ? pick_stream(gen, NULL, false) : NULL;
  if (stream) {
    put(gen, "%s", stream->name);
    *rows = stream->rows;
  } else if (way < 38 && put_own_stage(gen, rows, true)) {
  } else if (way > 84 && way < 99) {
    const GenStream *first = chance(gen, 30) ? pick_stream(gen, NULL, false) : NULL;
    unsigned count = 2 + (chance(gen, 30) ? 1 + below(gen, 2) : 0);
    if (first) {
      put(gen, "%s", first->name);
      *rows = first->rows;
    } else {
      put_braces(gen, chance(gen, 50) ? ROWS_TRACK : ROWS_PLAY, rows);
    }
    GenRows united = *rows;
    for (unsigned i = 1; i < count; i++) {
      GenRows other;
      put(gen, ", ");
      put_stream_of(gen, rows, true, &other);
      join_columns(&united, &other);
    }
    put_pipe(gen);
    StageId combiner = pick_stage(gen, rows, true);
    if (stage_def(combiner)->output == OUTPUT_UNION) *rows = united;
    put_stage(gen, combiner, rows, count);
  } else if (way == 99) {
    put_braces(gen, ROWS_PLAY, rows);
  } else {
    put_table_source(gen, ROWS_KIND_COUNT, false, rows);
  }
  put_stages(gen, rows, stages);
}

void put_destination(Gen *gen, GenRows *rows) {
  unsigned seen = 0;
  StageId destination = STAGEID_SHOW;
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *def = stage_def((StageId)id);
    if (def->group != GROUP_DESTINATION || !may_stand(gen, (StageId)id) || !accepts(def, rows->kind)) continue;
    if (below(gen, ++seen) == 0) destination = (StageId)id;
  }
  put_stage(gen, destination, rows, 0);
}
