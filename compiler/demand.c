#include <string.h>

#include "compiler/graph.h"

bool column_same(const ColumnRef *a, const ColumnRef *b) {
  if (a->field != b->field || !text_equal(a->name, b->name) || !a->window != !b->window) return false;
  if (!a->window) return true;
  const Typed *x = a->window, *y = b->window;
  if (x->kind != y->kind || x->type != y->type) return false;
  if (x->kind == TYPED_PARAM) return x->param == y->param;
  const Literal *p = &x->literal, *q = &y->literal;
  if (p->type == TYPE_OF(DURATION)) return p->duration.months == q->duration.months && p->duration.ms == q->duration.ms;
  const Literal *ends[4] = {p->type == TYPE_OF(DATE) ? p : p->low, p->type == TYPE_OF(DATE) ? p : p->high, q->type == TYPE_OF(DATE) ? q : q->low,
                            q->type == TYPE_OF(DATE) ? q : q->high};
  for (int i = 0; i < 2; i++) {
    if (!ends[i] != !ends[i + 2]) return false;
    if (ends[i] && memcmp(&ends[i]->date, &ends[i + 2]->date, sizeof(Date)) != 0) return false;
  }
  return true;
}

static ColumnRef *find(ColumnRef *items, size_t count, const ColumnRef *column) {
  for (size_t i = 0; i < count; i++)
    if (column_same(&items[i], column)) return &items[i];
  return NULL;
}

static void add_column(Arena *arena, ColumnSet *columns, const ColumnRef *column) {
  ColumnRef *there = find(columns->items, columns->count, column);
  if (!there)
    vec_push(arena, columns, *column);
  else
    there->if_given = there->if_given && column->if_given;
}

static ColumnRef field_column(FieldId field) {
  return (ColumnRef){.name = text_of(field_def(field)->name), .field = field, .type = field_def(field)->type};
}

/* ---- what a stage reads from its inputs ---- */

static void read_expr(Arena *arena, const Typed *typed, ColumnSet *out) {
  if (typed->kind == TYPED_COLUMN) add_column(arena, out, &typed->column);
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) read_expr(arena, typed->operands[i], out);
}

static const FieldId entry_fields[] = {FIELD_ADDED, FIELD_POSITION};
static const FieldId shown_of_track[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ALBUM};
static const FieldId shown_of_play[] = {FIELD_PLAYED_AT, FIELD_TITLE, FIELD_ARTIST, FIELD_MS_PLAYED};
static const FieldId written_of_track[] = {FIELD_TITLE,    FIELD_ARTIST, FIELD_ARTISTS,  FIELD_ALBUM,      FIELD_DURATION,      FIELD_RELEASED,
                                           FIELD_ISRC,     FIELD_MBID,   FIELD_EXPLICIT, FIELD_SPOTIFY_ID};
static const FieldId written_of_play[] = {FIELD_PLAYED_AT, FIELD_MS_PLAYED, FIELD_SERVICE, FIELD_SOURCE, FIELD_TITLE,  FIELD_ARTIST,
                                          FIELD_ARTISTS,   FIELD_ALBUM,     FIELD_ISRC,    FIELD_MBID,   FIELD_SPOTIFY_ID};
static const FieldId listed[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ARTISTS, FIELD_DURATION, FIELD_SPOTIFY_ID};
static const FieldId stored_of_play[] = {FIELD_PLAYED_AT, FIELD_MS_PLAYED, FIELD_SERVICE, FIELD_SOURCE,     FIELD_PLATFORM,  FIELD_COUNTRY,
                                         FIELD_REASON_START, FIELD_REASON_END, FIELD_SHUFFLE, FIELD_SKIPPED, FIELD_OFFLINE, FIELD_OFFLINE_AT,
                                         FIELD_INCOGNITO, FIELD_KIND,      FIELD_TITLE,   FIELD_ARTIST,     FIELD_ALBUM,     FIELD_SPOTIFY_ID};
static const FieldId stored_of_track[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ARTISTS, FIELD_ALBUM, FIELD_DURATION, FIELD_RELEASED, FIELD_ISRC, FIELD_MBID, FIELD_SPOTIFY_ID};

static void read_fields(Arena *arena, const FieldId *fields, size_t count, bool if_given, ColumnSet *out) {
  for (size_t i = 0; i < count; i++) {
    ColumnRef column = field_column(fields[i]);
    column.if_given = if_given;
    add_column(arena, out, &column);
  }
}
#define READ_FIELDS(fields, if_given) read_fields(arena, (fields), sizeof(fields) / sizeof *(fields), (if_given), out)

/* The columns a destination wants although the program does not name them. What a destination in the store wants of a track (`stored`) is taken
 * where a source gives it, and never fetched: a track of the store is known by its id. */
static void read_destination(Arena *arena, const Node *node, ColumnSet *out) {
  RowKind kind = node->inputs[0]->type.kind;
  if (kind == ROWS_ANY) return;
  switch (node->stage) {
    case STAGEID_SHOW:
      if (kind == ROWS_PLAY)
        READ_FIELDS(shown_of_play, false);
      else
        READ_FIELDS(shown_of_track, false);
      break;
    case STAGEID_TO_FILE_M3U: READ_FIELDS(listed, false); break;
    case STAGEID_TO_LIBRARY_PLAYS: READ_FIELDS(stored_of_play, true); break;
    case STAGEID_TO_LIBRARY_PLAYLIST:
    case STAGEID_TO_LIBRARY_LIKES: READ_FIELDS(stored_of_track, true); break;
    default:
      if (kind == ROWS_PLAY) {
        READ_FIELDS(written_of_play, false);
      } else {
        READ_FIELDS(written_of_track, false);
        READ_FIELDS(entry_fields, true);
      }
      break;
  }
}

static void read_identity(Arena *arena, Text word, ColumnSet *out) {
  static const FieldId words[] = {FIELD_ARTIST, FIELD_ISRC, FIELD_TITLE};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    ColumnRef column = field_column(words[i]);
    if (text_equal(word, column.name)) add_column(arena, out, &column);
  }
}

static void read_node(Arena *arena, const Node *node, ColumnSet *out) {
  for (size_t i = 0; i < node->arg_count; i++) {
    const NodeArg *arg = &node->args[i];
    bool of_rows = arg->kind == NODE_ROW || arg->kind == NODE_KEY || arg->kind == NODE_AGGREGATE;
    if (of_rows && arg->value) read_expr(arena, arg->value, out);
    if (arg->kind == NODE_WORD && stage_def(node->stage)->params[arg->param].kind == PARAM_IDENTITY) read_identity(arena, arg->word, out);
  }
  if (stage_def(node->stage)->group == GROUP_DESTINATION) read_destination(arena, node, out);
}

/* ---- backwards: what each node's rows are asked for ---- */

static bool passes(const Node *node, const ColumnRef *column) {
  switch (stage_def(node->stage)->output) {
    case OUTPUT_TALLY: return false;
    case OUTPUT_ADD:
      for (size_t i = 0; i < node->arg_count; i++)
        if (text_equal(node->args[i].name, column->name)) return false;
      return true;
    default: return true;
  }
}

static void ask_inputs(Arena *arena, Node *node) {
  ColumnSet reads = {0};
  read_node(arena, node, &reads);
  for (size_t i = 0; i < node->input_count; i++) {
    Node *input = node->inputs[i];
    if (i == 0 || stage_def(node->stage)->group == GROUP_COMBINE)
      for (size_t c = 0; c < reads.count; c++) add_column(arena, &input->needed, &reads.items[c]);
    bool flows = i == 0 || stage_def(node->stage)->output == OUTPUT_UNION;
    for (size_t c = 0; flows && c < node->needed.count; c++)
      if (passes(node, &node->needed.items[c])) add_column(arena, &input->needed, &node->needed.items[c]);
  }
}

/* ---- forwards: what each node's rows carry ---- */

static bool has_entries(const Node *source) {
  return source->stage == STAGEID_FROM_LIBRARY_PLAYLIST || stage_def(source->stage)->connector == CONNECTOR_FILE;
}

static bool source_gives(const Node *node, const ColumnRef *column) {
  if (column->field == FIELD_COUNT || column->window) return false;
  bool of_entries = column->field == FIELD_ADDED || column->field == FIELD_POSITION;
  if (column->if_given && of_entries && !has_entries(node)) return false;
  const FieldDef *def = field_def(column->field);
  if (!(def->rows & (1 << node->type.kind))) return false;
  bool from_library = stage_def(node->stage)->connector == CONNECTOR_LIBRARY;
  return def->provider == PROVIDER_SOURCE || (def->provider == PROVIDER_TRACK && !from_library);
}

/* Files and exports know something of a track that the store cannot know better; everything else must be fetched by the track's id. */
static bool all_sources_give(const Node *node, const ColumnRef *column) {
  if (stage_def(node->stage)->inputs == INPUTS_NONE) return source_gives(node, column);
  size_t asked = stage_def(node->stage)->output == OUTPUT_UNION ? node->input_count : 1;
  for (size_t i = 0; i < asked; i++)
    if (!all_sources_give(node->inputs[i], column)) return false;
  return true;
}

static void sort_columns(ColumnRef *items, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t j = i; j > 0 && items[j - 1].field > items[j].field; j--) {
      ColumnRef moved = items[j];
      items[j] = items[j - 1];
      items[j - 1] = moved;
    }
}

static void carry(Arena *arena, Node *node) {
  ColumnSet *present = &node->present;
  switch (stage_def(node->stage)->output) {
    case OUTPUT_TALLY: return;
    case OUTPUT_UNION:
      for (size_t i = 0; i < node->input_count; i++)
        for (size_t c = 0; c < node->inputs[i]->present.count; c++) add_column(arena, present, &node->inputs[i]->present.items[c]);
      return;
    default:
      for (size_t c = 0; node->input_count && c < node->inputs[0]->present.count; c++) {
        const ColumnRef *column = &node->inputs[0]->present.items[c];
        bool play_only = column->field != FIELD_COUNT && !(field_def(column->field)->rows & ON_TRACK);
        if (stage_def(node->stage)->output == OUTPUT_TRACKS && play_only) continue;
        add_column(arena, present, column);
      }
  }
}

static bool is_fetched(const Node *input, const ColumnRef *column) {
  for (const Node *at = input; at; at = at->input_count ? at->inputs[0] : NULL) {
    if (at->stage == STAGEID_ENRICH && find(at->columns.items, at->columns.count, column)) return true;
    if (stage_def(at->stage)->output == OUTPUT_UNION || stage_def(at->stage)->output == OUTPUT_TALLY) return false;
  }
  return false;
}

/* What `node` reads and its input's rows lack, in one enricher before it. */
static Node *insert_enricher(Graph *graph, Node *node, Node *input, const ColumnSet *reads) {
  ColumnSet fetch = {0};
  for (size_t c = 0; c < reads->count; c++) {
    const ColumnRef *column = &reads->items[c];
    if (column->if_given || column->field == FIELD_COUNT || field_def(column->field)->provider == PROVIDER_SOURCE) continue;
    if (!(field_def(column->field)->rows & (1 << input->type.kind))) continue;
    if (field_def(column->field)->provider == PROVIDER_TRACK && all_sources_give(input, column)) continue;
    if (!is_fetched(input, column)) add_column(graph->arena, &fetch, column);
  }
  if (fetch.count == 0) return input;
  sort_columns(fetch.items, fetch.count);
  Node *enricher = arena_alloc(graph->arena, sizeof *enricher);
  enricher->stage = STAGEID_ENRICH;
  enricher->span = node->span;
  enricher->inserted = enricher->used = true;
  enricher->type = input->type;
  enricher->inputs = arena_array(graph->arena, 1, sizeof *enricher->inputs);
  enricher->inputs[0] = input;
  enricher->input_count = 1;
  enricher->args = arena_array(graph->arena, 1, sizeof *enricher->args);
  enricher->args[0] = (NodeArg){.kind = NODE_WORD, .word = TEXT_LITERAL("library"), .span = node->span};
  enricher->arg_count = 1;
  for (size_t c = 0; c < fetch.count; c++) vec_push(graph->arena, &enricher->columns, fetch.items[c]);
  carry(graph->arena, enricher);
  for (size_t c = 0; c < fetch.count; c++) add_column(graph->arena, &enricher->present, &fetch.items[c]);
  return enricher;
}

void demand_columns(Graph *graph) {
  Arena *arena = graph->arena;
  for (size_t i = graph->nodes.count; i-- > 0;)
    if (graph->nodes.items[i]->used) ask_inputs(arena, graph->nodes.items[i]);
  VEC(Node *) ordered = {0};
  for (size_t i = 0; i < graph->nodes.count; i++) {
    Node *node = graph->nodes.items[i];
    if (!node->used) continue;
    if (stage_def(node->stage)->inputs == INPUTS_NONE) {
      for (size_t c = 0; c < node->needed.count; c++)
        if (source_gives(node, &node->needed.items[c])) vec_push(arena, &node->columns, node->needed.items[c]);
      sort_columns(node->columns.items, node->columns.count);
      for (size_t c = 0; c < node->columns.count; c++) vec_push(arena, &node->present, node->columns.items[c]);
      vec_push(arena, &ordered, node);
      continue;
    }
    ColumnSet reads = {0};
    read_node(arena, node, &reads);
    for (size_t n = 0; n < node->input_count; n++) {
      if (n > 0 && stage_def(node->stage)->group != GROUP_COMBINE) break;
      Node *enriched = insert_enricher(graph, node, node->inputs[n], &reads);
      if (enriched == node->inputs[n]) continue;
      vec_push(arena, &ordered, enriched);
      node->inputs[n] = enriched;
    }
    carry(arena, node);
    vec_push(arena, &ordered, node);
  }
  graph->nodes.count = 0;
  for (size_t i = 0; i < ordered.count; i++) vec_push(arena, &graph->nodes, ordered.items[i]);
}
