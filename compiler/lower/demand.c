/* Which columns each source gives and where the others are fetched. Two walks over the graph: backwards, what is asked of each node's rows; forwards,
 * what its rows carry, with an enricher wherever something asked for is not there yet. */
#include "compiler/lower/demand_int.h"

typedef struct Demand {
  Graph *graph;
  VEC(Node *) ordered;
} Demand;

static bool is_source(const Node *node) {
  return stage_def(node->stage)->inputs == INPUTS_NONE;
}

static bool is_enricher(const Node *node) {
  return node->stage == STAGEID_ENRICH;
}

Provider enricher_provider(const Node *node) {
  for (size_t i = 0; i < node->arg_count; i++)
    for (int p = 0; node->args[i].kind == NODE_WORD && p < PROVIDER_COUNT; p++)
      if (text_is(node->args[i].word, provider_name((Provider)p))) return (Provider)p;
  return PROVIDER_COUNT;
}

/* Who is asked for the column: the library for facts of a track, nobody for what only a source or the program makes. */
static Provider asked_provider(const ColumnRef *column) {
  if (column->field == FIELD_COUNT) return PROVIDER_SOURCE;
  Provider provider = field_def(column->field)->provider;
  return provider == PROVIDER_TRACK ? PROVIDER_LIBRARY : provider;
}

Node *node_group(const Node *node) {
  return node->stage == STAGEID_PER ? (Node *)node : node->per;
}

/* ---- backwards: what each node's rows are asked for ---- */

/* Whether a column of the input is still the same column behind the node. */
/* Figures and marks, which belong to another track once a row was resolved to it. */
static bool is_of_the_track(const ColumnRef *column) {
  if (column->field == FIELD_COUNT) return false;
  Provider provider = field_def(column->field)->provider;
  return provider != PROVIDER_SOURCE && provider != PROVIDER_TRACK;
}

static bool passes(const Node *node, const ColumnRef *column) {
  switch (stage_def(node->stage)->output) {
    case OUTPUT_TALLY: return false;
    case OUTPUT_ADD:
      for (size_t i = 0; i < node->arg_count; i++)
        if (text_equal(node->args[i].name, column->name)) return false;
      return true;
    case OUTPUT_ENRICH: return node->inserted || asked_provider(column) != enricher_provider(node);
    default: return node->stage != STAGEID_RESOLVE || !is_of_the_track(column);
  }
}

/* Whether every row that goes in comes out: what is fetched for all rows behind such a node is fetched for all rows before it. */
static bool keeps_all_rows(const Node *node) {
  switch (stage_def(node->stage)->group) {
    case GROUP_ORDER:
    case GROUP_DESTINATION: return true;
    default: return node->stage == STAGEID_ADD || is_enricher(node);
  }
}

static void ask(Arena *arena, Node *input, const ColumnSet *asked, const ColumnSet *full) {
  for (size_t c = 0; c < asked->count; c++) {
    if (column_find(&input->needed, &asked->items[c])) column_add(arena, &input->shared, &asked->items[c]);
    column_add(arena, &input->needed, &asked->items[c]);
  }
  for (size_t c = 0; c < full->count; c++) column_add(arena, &input->fetched_whole, &full->items[c]);
}

/* Nothing is fetched group by group: what is read within the braces of a `per` is asked of the rows that go in. */
static void ask_outermost_group(Arena *arena, const Node *node, const ColumnSet *reads) {
  Node *group = node->input_count ? node_group(node->inputs[0]) : NULL;
  while (group && group->per) group = group->per;
  for (size_t c = 0; group && c < reads->count; c++)
    if (asked_provider(&reads->items[c]) != PROVIDER_SOURCE) column_add(arena, &group->group_reads, &reads->items[c]);
}

static void ask_inputs(Arena *arena, Node *node) {
  ColumnSet reads = node->group_reads;
  node_reads(arena, node, &reads);
  node->reads = reads;
  ask_outermost_group(arena, node, &reads);
  for (size_t i = 0; i < node->input_count; i++) {
    ColumnSet asked = {0}, full = {0};
    bool read = i == 0 || stage_def(node->stage)->group == GROUP_COMBINE;
    bool flows = i == 0 || stage_def(node->stage)->output == OUTPUT_UNION;
    for (size_t c = 0; read && c < reads.count; c++) {
      column_add(arena, &asked, &reads.items[c]);
      column_add(arena, &full, &reads.items[c]);
    }
    for (size_t c = 0; flows && c < node->needed.count; c++)
      if (passes(node, &node->needed.items[c])) column_add(arena, &asked, &node->needed.items[c]);
    for (size_t c = 0; i == 0 && keeps_all_rows(node) && c < node->fetched_whole.count; c++)
      if (passes(node, &node->fetched_whole.items[c])) column_add(arena, &full, &node->fetched_whole.items[c]);
    ask(arena, node->inputs[i], &asked, &full);
  }
}

/* ---- forwards: what each node's rows carry ---- */

/* Rows of these sources are entries of a list: they have a place in it, and mostly the date at which they came into it. */
static bool has_entries(const Node *source) {
  const StageDef *def = stage_def(source->stage);
  return source->stage == STAGEID_FROM_LIBRARY_PLAYLIST || def->connector != CONNECTOR_LIBRARY;
}

static bool source_gives(const Node *node, const ColumnRef *column) {
  if (column->field == FIELD_COUNT || column->window) return false;
  if (column->field == FIELD_LIKED_AT) return stage_gives(node->stage, column->field);
  bool of_entries = column->field == FIELD_ADDED || column->field == FIELD_POSITION || column->field == FIELD_TRACK_NUMBER;
  if (column->if_given && of_entries && !has_entries(node)) return false;
  const FieldDef *def = field_def(column->field);
  if (!(def->rows & (1 << node->type.kind))) return false;
  bool from_library = stage_def(node->stage)->connector == CONNECTOR_LIBRARY;
  return def->provider == PROVIDER_SOURCE || (def->provider == PROVIDER_TRACK && !from_library);
}

static void sort_columns(ColumnRef *items, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t j = i; j > 0 && items[j - 1].field > items[j].field; j--) {
      ColumnRef moved = items[j];
      items[j] = items[j - 1];
      items[j - 1] = moved;
    }
}

static void add_all(Arena *arena, ColumnSet *to, const ColumnSet *from) {
  for (size_t c = 0; c < from->count; c++) column_add(arena, to, &from->items[c]);
}

static bool in_all(Node *const *inputs, size_t count, const ColumnRef *column) {
  for (size_t i = 0; i < count; i++)
    if (!column_find(&inputs[i]->settled, column)) return false;
  return true;
}

static void carry(Arena *arena, Node *node) {
  switch (stage_def(node->stage)->output) {
    case OUTPUT_TALLY: return;
    case OUTPUT_UNION:
      for (size_t i = 0; i < node->input_count; i++) add_all(arena, &node->present, &node->inputs[i]->present);
      for (size_t c = 0; c < node->inputs[0]->settled.count; c++)
        if (in_all(node->inputs, node->input_count, &node->inputs[0]->settled.items[c]))
          column_add(arena, &node->settled, &node->inputs[0]->settled.items[c]);
      return;
    case OUTPUT_TRACKS:
      for (size_t c = 0; node->input_count && c < node->inputs[0]->present.count; c++) {
        const ColumnRef *column = &node->inputs[0]->present.items[c];
        bool play_only = column->field != FIELD_COUNT && !(field_def(column->field)->rows & ON_TRACK);
        if (!play_only) column_add(arena, &node->present, column);
      }
      break;
    default:
      if (node->input_count) add_all(arena, &node->present, &node->inputs[0]->present);
  }
  for (size_t c = 0; node->input_count && c < node->inputs[0]->settled.count; c++) {
    const ColumnRef *column = &node->inputs[0]->settled.items[c];
    if (node->stage != STAGEID_RESOLVE || !is_of_the_track(column)) column_add(arena, &node->settled, column);
  }
}

static void fill_enricher(Arena *arena, Node *node, const ColumnSet *columns) {
  for (size_t c = 0; c < columns->count; c++) column_add(arena, &node->columns, &columns->items[c]);
  sort_columns(node->columns.items, node->columns.count);
  add_all(arena, &node->present, &node->columns);
  add_all(arena, &node->settled, &node->columns);
}

static Node *insert_one(Demand *demand, Node *input, Provider provider, const ColumnSet *columns, Span reader, bool shared) {
  Arena *arena = demand->graph->arena;
  Node *enricher = arena_alloc(arena, sizeof *enricher);
  enricher->stage = STAGEID_ENRICH;
  enricher->span = reader;
  enricher->inserted = enricher->used = true;
  enricher->inserted_shared = shared;
  enricher->type = input->type;
  enricher->per = node_group(input);
  enricher->inputs = arena_array(arena, 1, sizeof *enricher->inputs);
  enricher->inputs[0] = input;
  enricher->input_count = 1;
  enricher->args = arena_array(arena, 1, sizeof *enricher->args);
  enricher->args[0] = (NodeArg){.kind = NODE_WORD, .word = text_of(provider_name(provider)), .span = reader};
  enricher->arg_count = 1;
  carry(arena, enricher);
  fill_enricher(arena, enricher, columns);
  vec_push(arena, &demand->ordered, enricher);
  return enricher;
}

/* Fetches what of `columns` the input's rows lack, from each provider by an enricher of its own. Returns the last of them, or the input. */
static Node *fetch(Demand *demand, Node *input, const ColumnSet *columns, Span reader, bool shared) {
  Arena *arena = demand->graph->arena;
  Node *end = input;
  for (int provider = PROVIDER_LIBRARY; provider < PROVIDER_COUNT; provider++) {
    ColumnSet lacking = {0};
    for (size_t c = 0; c < columns->count; c++) {
      const ColumnRef *column = &columns->items[c];
      if (column->if_given || (int)asked_provider(column) != provider) continue;
      if (!(field_def(column->field)->rows & (1 << input->type.kind)) || column_find(&input->settled, column)) continue;
      column_add(arena, &lacking, column);
    }
    if (lacking.count) end = insert_one(demand, end, (Provider)provider, &lacking, reader, shared);
  }
  return end;
}

static void settle_source(Demand *demand, Node *node) {
  Arena *arena = demand->graph->arena;
  for (size_t c = 0; c < node->needed.count; c++)
    if (source_gives(node, &node->needed.items[c])) vec_push(arena, &node->columns, node->needed.items[c]);
  add_all(arena, &node->columns, &node->reads); /* of the filters it was given */
  sort_columns(node->columns.items, node->columns.count);
  add_all(arena, &node->present, &node->columns);
  for (size_t c = 0; c < node->columns.count; c++)
    if (field_def(node->columns.items[c].field)->provider != PROVIDER_SOURCE) column_add(arena, &node->settled, &node->columns.items[c]);
}

/* `enrich lastfm` as written: what is read of the provider behind it; all of its fields if nothing is. */
static void settle_pinned(Demand *demand, Node *node) {
  Arena *arena = demand->graph->arena;
  Provider provider = enricher_provider(node);
  ColumnSet columns = {0};
  for (size_t c = 0; c < node->needed.count; c++)
    if (!node->needed.items[c].if_given && asked_provider(&node->needed.items[c]) == provider) column_add(arena, &columns, &node->needed.items[c]);
  for (int field = 0; columns.count == 0 && field < FIELD_COUNT; field++) {
    const FieldDef *def = field_def((FieldId)field);
    ColumnRef column = field_column((FieldId)field);
    if (def->provider == provider && (def->rows & (1 << node->type.kind))) vec_push(arena, &columns, column);
  }
  fill_enricher(arena, node, &columns);
}

/* Columns that several readers ask for, one of them for every row: fetched here, they cost no more than for that one. */
static void fetch_shared(Demand *demand, Node *node) {
  ColumnSet columns = {0};
  if (node->per || node->stage == STAGEID_PER) return;
  for (size_t c = 0; c < node->shared.count; c++)
    if (column_find(&node->fetched_whole, &node->shared.items[c])) vec_push(demand->graph->arena, &columns, node->shared.items[c]);
  if (columns.count == 0) return;
  Node *end = fetch(demand, node, &columns, node->span, true);
  if (end != node) node->enriched = end;
}

/* Streams that come together, of which some bring a fact of the track with them and others do not: it is fetched for the others alone, as it is where a
 * reader stands in each of them. */
static void even_out(Demand *demand, Node *node) {
  if (stage_def(node->stage)->output != OUTPUT_UNION) return;
  ColumnSet uneven = {0};
  for (size_t c = 0; c < node->needed.count; c++) {
    const ColumnRef *column = &node->needed.items[c];
    if (column->if_given || column->field == FIELD_COUNT || field_def(column->field)->provider != PROVIDER_TRACK) continue;
    size_t brought = 0;
    for (size_t i = 0; i < node->input_count; i++) brought += column_find(&node->inputs[i]->settled, column) != NULL;
    if (brought > 0 && brought < node->input_count) column_add(demand->graph->arena, &uneven, column);
  }
  for (size_t i = 0; uneven.count && i < node->input_count; i++) node->inputs[i] = fetch(demand, node->inputs[i], &uneven, node->span, false);
}

static void settle(Demand *demand, Node *node) {
  Arena *arena = demand->graph->arena;
  for (size_t n = 0; n < node->input_count; n++) {
    if (node->inputs[n]->enriched) node->inputs[n] = node->inputs[n]->enriched;
    if (n == 0 || stage_def(node->stage)->group == GROUP_COMBINE) node->inputs[n] = fetch(demand, node->inputs[n], &node->reads, node->span, false);
  }
  even_out(demand, node);
  vec_push(arena, &demand->ordered, node);
  if (is_source(node)) {
    settle_source(demand, node);
  } else {
    carry(arena, node);
    if (is_enricher(node)) settle_pinned(demand, node);
  }
  fetch_shared(demand, node);
}

/* ---- the order of the plan ---- */

typedef struct Body {
  const Node *entry;
  VEC(Node *) nodes;
} Body;

/* The nodes between the two ends of a `per` are those that see its groups, and no others; what else was written inside its braces goes before it. */
static void order_nodes(Demand *demand) {
  Arena *arena = demand->graph->arena;
  VEC(Body) open = {0};
  Body outside = {0};
  for (size_t i = 0; i < demand->ordered.count; i++) {
    Node *node = demand->ordered.items[i];
    size_t at = open.count;
    if (node->stage == STAGEID_PER) {
      vec_push(arena, &open, (Body){.entry = node});
      vec_push(arena, &open.items[open.count - 1].nodes, node);
      continue;
    }
    const Node *group = node->stage == STAGEID_PER_END ? node_group(node->inputs[0]) : node->per;
    while (at > 0 && open.items[at - 1].entry != group) at--;
    Body *body = at ? &open.items[at - 1] : &outside;
    vec_push(arena, &body->nodes, node);
    if (node->stage != STAGEID_PER_END) continue;
    size_t outer = at - 1;
    while (outer > 0 && open.items[outer - 1].entry != group->per) outer--;
    Body *into = outer ? &open.items[outer - 1] : &outside;
    for (size_t n = 0; n < body->nodes.count; n++) vec_push(arena, &into->nodes, body->nodes.items[n]);
    for (size_t n = at; n < open.count; n++) open.items[n - 1] = open.items[n];
    open.count--;
  }
  demand->graph->nodes.count = 0;
  for (size_t i = 0; i < outside.nodes.count; i++) vec_push(arena, &demand->graph->nodes, outside.nodes.items[i]);
}

void demand_columns(Graph *graph) {
  Demand demand = {.graph = graph};
  for (size_t i = graph->nodes.count; i-- > 0;)
    if (graph->nodes.items[i]->used) ask_inputs(graph->arena, graph->nodes.items[i]);
  for (size_t i = 0; i < graph->nodes.count; i++)
    if (graph->nodes.items[i]->used) settle(&demand, graph->nodes.items[i]);
  order_nodes(&demand);
}
