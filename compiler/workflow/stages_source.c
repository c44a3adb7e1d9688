/* Sources: where tracks come from, and the order and number that the task asks for. */
#include <string.h>

#include "compiler/workflow/stages_int.h"

static void write_limit(Stages *stages) {
  int64_t limit;
  if (!config_int(stages->workflow, stages->task, "limit", 0, WORKFLOW_COUNT_MOST, &limit) || limit == 0) return;
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, "limit"), "take %" PRId64, limit);
}

static void write_order(Stages *stages) {
  TextBuilder words = {.arena = stages->workflow->arena};
  const OrderRow *standard = NULL;
  for (size_t i = 0; i < workflow_order_count; i++) {
    if (workflow_orders[i].node != stages->task->type) continue;
    if (!standard) standard = &workflow_orders[i];
    text_append_format(&words, "%s%s", words.length ? " " : "", workflow_orders[i].word);
  }
  Text asked = config_word(stages->workflow, stages->task, "sort_by", text_built(&words).bytes, standard->word);
  const OrderRow *order = standard;
  for (size_t i = 0; i < workflow_order_count; i++)
    if (workflow_orders[i].node == stages->task->type && text_is(asked, workflow_orders[i].word)) order = &workflow_orders[i];
  if (order->way == WAY_GIVEN) return;
  stages_bar(stages);
  Span span = stages_key_span(stages, "sort_by");
  if (order->way == WAY_RANDOM) write_from(stages->writer, span, "shuffle");
  else write_from(stages->writer, span, "sort %s%s", order->column, order->way == WAY_DESC ? " desc" : "");
}

/* The column that says what the service likes; NULL for likes of any service, or after an error. */
static const char *service_column(Stages *stages, const char *key) {
  TextBuilder words = {.arena = stages->workflow->arena};
  for (size_t i = 0; i < workflow_service_count; i++) text_append_format(&words, "%s%s", i ? " " : "", workflow_services[i].word);
  Text service = config_word(stages->workflow, stages->task, key, text_built(&words).bytes, "mixd");
  for (size_t i = 0; i < workflow_service_count; i++)
    if (text_is(service, workflow_services[i].word) && strcmp(workflow_services[i].column, "liked") != 0) return workflow_services[i].column;
  return NULL;
}

static void write_liked(Stages *stages) {
  const char *column = service_column(stages, "connector_filter");
  STAGE(stages, "from library.liked");
  if (column) {
    stages_bar(stages);
    write_from(stages->writer, stages_key_span(stages, "connector_filter"), "keep %s ?? false", column);
  }
  write_order(stages);
  write_limit(stages);
}

static void write_played(Stages *stages) {
  int64_t days = 0;
  bool within = config_int(stages->workflow, stages->task, "days_back", 1, WORKFLOW_DAYS_MOST, &days);
  Text service = config_text(stages->workflow, stages->task, "connector_filter", false);
  STAGE(stages, service.length ? "from library.plays" : "from library.played");
  if (within) {
    Span span = stages_key_span(stages, "days_back");
    write_from(stages->writer, span, " within: %" PRId64 "d", days);
    stages_warn(stages, DIAG_WORKFLOW_DIFFERS, span, "\"days_back\" restricts the plays here; where this file comes from it does nothing",
                "leave it out if all plays were meant");
  }
  if (service.length) {
    stages_bar(stages);
    write_from(stages->writer, stages_key_span(stages, "connector_filter"), "keep service == ");
    write_plain(stages->writer, stages_key_span(stages, "connector_filter"), service);
    stages_bar(stages);
    STAGE(stages, "tracks");
  }
  write_order(stages);
  write_limit(stages);
}

static void write_preferred(Stages *stages) {
  Text state = config_word(stages->workflow, stages->task, "state", "hmm nah yah star", "");
  int rating = 0;
  for (size_t i = 0; i < workflow_state_count; i++)
    if (text_is(state, workflow_states[i].word)) rating = workflow_states[i].rating;
  STAGE(stages, "from library.tracks");
  stages_bar(stages);
  write_from(stages->writer, stages_key_span(stages, "state"), "keep rating == %d", rating);
  write_limit(stages);
}

bool stages_source(Stages *stages) {
  switch (stages->task->type) {
    case NODE_SOURCE_PLAYLIST:
      STAGE(stages, "from %s.playlist ", stages_on_spotify(stages) ? "spotify" : "library");
      stages_playlist_id(stages);
      return true;
    case NODE_SOURCE_LIKED: write_liked(stages); return true;
    case NODE_SOURCE_PLAYED: write_played(stages); return true;
    case NODE_SOURCE_PREFERRED: write_preferred(stages); return true;
    default: return false;
  }
}
