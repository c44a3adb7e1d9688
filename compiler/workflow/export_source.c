/* Sources, and the stages behind them that belong to their tasks. */
#include "compiler/workflow/export_int.h"

#include <string.h>

#include "compiler/lint/lint_int.h"
#include "compiler/workflow/workflow_int.h"
#include "plan/opcode.h"

/* What the stages behind a source say in its task. */
typedef struct SourceForm {
  NodeType type;
  Text service;          /* of likes or plays; empty for all */
  int64_t days;          /* of plays; 0 for all */
  int64_t rating;
  const OrderRow *order; /* NULL = as they are stored */
  int64_t limit;         /* 0 = none */
  Node *last;            /* of the stages */
} SourceForm;

static const ColumnRef *plain_column(const Typed *typed) {
  const ColumnRef *column = export_column(typed);
  return column && !column->window ? column : NULL;
}

/* The service of `keep COLUMN ?? false`. */
static bool is_service(const Node *keep, Text *service) {
  const Typed *condition = keep->stage == STAGEID_KEEP ? export_arg(keep, "condition")->value : NULL;
  if (!condition || condition->kind != TYPED_OP || condition->opcode != OPCODE_ELSE_VAL) return false;
  const ColumnRef *column = plain_column(condition->operands[0]);
  const Typed *otherwise = condition->operands[1];
  if (!column || otherwise->kind != TYPED_CONSTANT || otherwise->literal.boolean) return false;
  for (size_t i = 0; i < workflow_service_count; i++) {
    if (!text_is(column->name, workflow_services[i].column)) continue;
    *service = text_of(workflow_services[i].word);
    return true;
  }
  return false;
}

/* `keep FIELD == CONSTANT`; the constant, or NULL. */
static const Typed *equal_to(const Node *keep, FieldId field, int opcode) {
  const Typed *condition = keep && keep->stage == STAGEID_KEEP ? export_arg(keep, "condition")->value : NULL;
  if (!condition || condition->kind != TYPED_OP || condition->opcode != opcode) return NULL;
  const ColumnRef *column = plain_column(condition->operands[0]);
  return column && column->field == field && condition->operands[1]->kind == TYPED_CONSTANT ? condition->operands[1] : NULL;
}

static const OrderRow *order_of(const Node *node, NodeType type) {
  bool random = node && node->stage == STAGEID_SHUFFLE && node->arg_count == 0;
  bool sort = node && node->stage == STAGEID_SORT && node->arg_count == 1;
  const ColumnRef *column = sort ? plain_column(node->args[0].value) : NULL;
  for (size_t i = 0; i < workflow_order_count; i++) {
    const OrderRow *row = &workflow_orders[i];
    if (row->node != type || row->way == WAY_GIVEN) continue;
    if (random && row->way == WAY_RANDOM) return row;
    if (column && row->way != WAY_RANDOM && text_is(column->name, row->column) && node->args[0].descending == (row->way == WAY_DESC)) return row;
  }
  return NULL;
}

/* The order and the number that a task of the type can ask for. */
static void find_order(const Exporter *exporter, SourceForm *form) {
  Node *next = export_next(exporter, form->last);
  if (form->type != NODE_SOURCE_PREFERRED) form->order = order_of(next, form->type);
  if (form->order) {
    form->last = next;
    next = export_next(exporter, next);
  }
  const NodeArg *count = next && next->stage == STAGEID_TAKE && next->arg_count == 1 ? export_arg(next, "count") : NULL;
  if (!count || count->value->kind != TYPED_CONSTANT || type_required(count->value->type) != TYPE_OF(INT)) return;
  if (count->value->literal.integer < 1 || count->value->literal.integer > WORKFLOW_COUNT_MOST) return;
  form->limit = count->value->literal.integer;
  form->last = next;
}

/* Days of the source's `within:`; false if it is another window. */
static bool days_within(const Node *source, int64_t *days) {
  const NodeArg *within = export_arg(source, "within");
  *days = 0;
  if (!within) return true;
  ColumnRef column = {.window = within->value};
  *days = export_window_days(&column);
  return *days > 0;
}

static bool find_form(const Exporter *exporter, Node *source, SourceForm *form) {
  *form = (SourceForm){.type = NODE_TYPE_COUNT, .last = source};
  Node *next = export_next(exporter, source);
  switch (source->stage) {
    case STAGEID_FROM_LIBRARY_LIKED:
      form->type = NODE_SOURCE_LIKED;
      if (next && is_service(next, &form->service)) form->last = next;
      break;
    case STAGEID_FROM_LIBRARY_PLAYED:
      if (!days_within(source, &form->days)) return false;
      form->type = NODE_SOURCE_PLAYED;
      break;
    case STAGEID_FROM_LIBRARY_PLAYS: {
      const Typed *service = equal_to(next, FIELD_SERVICE, OPCODE_EQ_X);
      Node *tracks = service ? export_next(exporter, next) : NULL;
      if (!tracks || tracks->stage != STAGEID_TRACKS || !service->literal.text.length || !days_within(source, &form->days)) return false;
      form->type = NODE_SOURCE_PLAYED;
      form->service = service->literal.text;
      form->last = tracks;
      break;
    }
    case STAGEID_FROM_LIBRARY_TRACKS: {
      const Typed *rating = equal_to(next, FIELD_RATING, OPCODE_EQ_I);
      if (!rating) return false;
      form->type = NODE_SOURCE_PREFERRED;
      form->rating = rating->literal.integer;
      form->last = next;
      break;
    }
    default: return false;
  }
  find_order(exporter, form);
  return true;
}

void export_find_sources(Exporter *exporter) {
  const Graph *graph = exporter->graph;
  for (size_t i = 0; i < graph->nodes.count; i++) {
    SourceForm form;
    Node *source = graph->nodes.items[i];
    if (!find_form(exporter, source, &form) || form.last == source) continue;
    export_node(exporter, form.last)->first = source;
    for (Node *node = source; node != form.last; node = export_next(exporter, node)) export_node(exporter, node)->within = true;
    export_node(exporter, form.last)->within = true;
  }
}

/* ---- tasks ---- */

static ExportTask *playlist(Exporter *exporter, const Node *node, bool spotify) {
  const NodeArg *name = export_arg(node, spotify ? "playlist" : "name");
  Text id;
  if (!export_template(exporter, name->value, false, &id)) return NULL;
  export_check_id(exporter, name->value, spotify);
  ExportTask *task = export_task(exporter, NODE_SOURCE_PLAYLIST, NULL);
  export_config_text(exporter, task, "playlist_id", id);
  if (spotify) export_config_text(exporter, task, "connector", TEXT_LITERAL("spotify"));
  return task;
}

static const char *given_order(NodeType type) {
  for (size_t i = 0; i < workflow_order_count; i++)
    if (workflow_orders[i].node == type && workflow_orders[i].way == WAY_GIVEN) return workflow_orders[i].word;
  return NULL;
}

static ExportTask *task_of_form(Exporter *exporter, const Node *source, const SourceForm *form) {
  const char *state = NULL;
  for (size_t i = 0; i < workflow_state_count; i++)
    if (workflow_states[i].rating == form->rating) state = workflow_states[i].word;
  if (form->type == NODE_SOURCE_PREFERRED && !state) {
    export_cannot(exporter, DIAG_EXPORT_CONDITION, source->span, "the preferences are 1 nah, 3 hmm, 4 yah and 5 star", "no preference is this rating");
    return NULL;
  }
  ExportTask *task = export_task(exporter, form->type, NULL);
  if (state) export_config_text(exporter, task, "state", text_of(state));
  if (form->limit) export_config_integer(exporter, task, "limit", form->limit);
  if (form->days) {
    export_config_integer(exporter, task, "days_back", form->days);
    export_cannot(exporter, DIAG_EXPORT_DIFFERS, export_arg(source, "within")->span, "filter by `last_played` as well", "other programs read all plays, whatever \"days_back\" says");
  }
  if (form->service.length) export_config_text(exporter, task, "connector_filter", form->service);
  const char *order = form->order ? form->order->word : given_order(form->type);
  if (order) export_config_text(exporter, task, "sort_by", text_of(order));
  return task;
}

ExportTask *export_source(Exporter *exporter, const Node *first, const Node *last) {
  SourceForm form;
  if (first->stage == STAGEID_FROM_LIBRARY_PLAYLIST) return playlist(exporter, first, false);
  if (first->stage == STAGEID_FROM_SPOTIFY_PLAYLIST) return playlist(exporter, first, true);
  if (find_form(exporter, (Node *)first, &form) && form.last == last) return task_of_form(exporter, first, &form);
  const NodeArg *within = export_arg(first, "within");
  const Typed *param = within ? export_param_in(within->value) : NULL;
  if (param && first->stage == STAGEID_FROM_LIBRARY_PLAYED) {
    export_cannot_param(exporter, param);
    return NULL;
  }
  const char *hint = "";
  if (first->stage == STAGEID_FROM_LIBRARY_TRACKS) hint = "`library.liked`, `library.played` or a rating can be said";
  if (first->stage == STAGEID_FROM_LIBRARY_PLAYS) hint = "`library.played` can be said";
  if (first->stage == STAGEID_FROM_LIBRARY_PLAYED) hint = "a window of whole days can be said";
  export_cannot(exporter, DIAG_EXPORT_SOURCE, first->span, hint, "no task reads this");
  return NULL;
}
