#include <string.h>

#include "connectors/lastfm/enricher.h"
#include "connectors/library/library.h"
#include "connectors/listenbrainz/enricher.h"
#include "connectors/musicbrainz/enricher.h"
#include "connectors/services/enrich_ask.h"
#include "connectors/spotify/enricher.h"
#include "engine/world.h"

/* The schema of the columns this node is to give, or NULL. */
static const PlanSchema *wanted_columns(const StageCall *call) {
  for (uint32_t i = 0; i < call->plan_node->arg_count; i++) {
    const PlanArg *arg = &call->plan_node->args[i];
    if (arg->kind == ARG_COLUMNS) return &call->run->plan->schemas[arg->index];
  }
  return NULL;
}

static bool names_column(const PlanSchema *wanted, const PlanColumn *column) {
  for (uint32_t i = 0; wanted && i < wanted->column_count; i++) {
    const PlanColumn *other = &wanted->columns[i];
    if (other->name != column->name || other->window.kind != column->window.kind) continue;
    if (column->window.kind == WINDOW_NONE || other->window.index == column->window.index) return true;
  }
  return false;
}

/* A column of its own for what will be filled: the input's is shared with other streams. */
static Column own_column(Arena *arena, const Batch *input, size_t from, Type type) {
  size_t rows = input->row_count;
  Column column = {type, arena_array(arena, rows, sizeof(Value)), NULL};
  uint8_t *missing = arena_array(arena, rows, 1);
  if (from == SIZE_MAX) {
    memset(missing, 1, rows);
  } else {
    const Column *old = &input->columns[from];
    if (rows) memcpy(column.values, old->values, rows * sizeof(Value));
    if (rows && old->missing) memcpy(missing, old->missing, rows);
  }
  column.missing = missing;
  return column;
}

/* A column that is never missing carries no missing array. */
static void drop_unneeded_missing(Batch *batch) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    if (!type_is_optional(batch->schema->columns[i].type)) batch->columns[i].missing = NULL;
  }
}

static Provider provider_of(const StageCall *call) {
  Text name = call_word(call, "provider");
  int provider = 0;
  while (provider < PROVIDER_COUNT && !text_is(name, provider_name((Provider)provider))) provider++;
  return (Provider)provider;
}

/* One for each provider that can be asked. */
static const Enricher *const enrichers[PROVIDER_COUNT] = {
    [PROVIDER_LASTFM] = &lastfm_enricher,
    [PROVIDER_LISTENBRAINZ] = &listenbrainz_enricher,
    [PROVIDER_MUSICBRAINZ] = &musicbrainz_enricher,
    [PROVIDER_SPOTIFY] = &spotify_enricher,
};

static Status fill_columns(StageCall *call, Batch *batch, const size_t *fill, size_t count, Error *error) {
  Provider provider = provider_of(call);
  World *world = call->run->options.world;
  bool answered = false;
  Status status = STATUS_OK;
  if (world && provider != PROVIDER_LIBRARY) status = world->values(world, call, provider, batch, fill, count, &answered, error);
  if (status != STATUS_OK || answered) return status;
  if (enrichers[provider]) return enrich_ask(call, enrichers[provider], batch, fill, count, error);
  Store *store = NULL;
  status = run_store(call->run, &store, error);
  return status == STATUS_OK ? library_fill(call->run, store, batch, fill, count, error) : status;
}

Status stage_run_ENRICH(StageCall *call, const Batch **out, Error *error) {
  Arena *arena = call->run->arena;
  const Batch *input = call->inputs[0];
  const PlanSchema *wanted = wanted_columns(call);
  Batch *batch = arena_alloc(arena, sizeof *batch);
  *batch = *input;
  batch->schema = call->schema;
  batch->columns = arena_array(arena, call->schema->column_count, sizeof *batch->columns);
  size_t *fill = arena_array(arena, call->schema->column_count, sizeof *fill);
  size_t count = 0;
  for (uint32_t i = 0; i < call->schema->column_count; i++) {
    const PlanColumn *column = &call->schema->columns[i];
    size_t from = batch_column(input, column->name, column->window);
    bool filled = names_column(wanted, column);
    if (filled || from == SIZE_MAX) {
      batch->columns[i] = own_column(arena, input, from, column->type);
    } else {
      batch->columns[i] = input->columns[from];
      batch->columns[i].type = column->type;
    }
    if (filled) fill[count++] = i;
  }
  Status status = fill_columns(call, batch, fill, count, error);
  drop_unneeded_missing(batch);
  *out = batch;
  return status;
}
