#include "compiler/workflow/workflow_values.h"

#define NODE_NONE NODE_TYPE_COUNT

const Metric workflow_metrics[] = {
#define METRIC(name, column, enricher) {name, column, NODE_##enricher},
#include "workflow_values.def"
};
const size_t workflow_metric_count = sizeof workflow_metrics / sizeof *workflow_metrics;

const Bound workflow_bounds[] = {
#define BOUND(node, key, column, relation, unit) {NODE_##node, key, column, relation, UNIT_##unit},
#include "workflow_values.def"
};
const size_t workflow_bound_count = sizeof workflow_bounds / sizeof *workflow_bounds;

const SortRow workflow_sorts[] = {
#define SORT(node, column, key, when, standard) {NODE_##node, column, key, when, standard, false},
#define SORT_OLD(node, column, key, when, standard) {NODE_##node, column, key, when, standard, true},
#include "workflow_values.def"
};
const size_t workflow_sort_count = sizeof workflow_sorts / sizeof *workflow_sorts;

const OrderRow workflow_orders[] = {
#define ORDER(node, word, column, way) {NODE_##node, word, column, WAY_##way},
#include "workflow_values.def"
};
const size_t workflow_order_count = sizeof workflow_orders / sizeof *workflow_orders;

const StateRow workflow_states[] = {
#define STATE(word, rating) {word, rating},
#include "workflow_values.def"
};
const size_t workflow_state_count = sizeof workflow_states / sizeof *workflow_states;

const ServiceRow workflow_services[] = {
#define SERVICE(word, column) {word, column},
#include "workflow_values.def"
};
const size_t workflow_service_count = sizeof workflow_services / sizeof *workflow_services;

typedef struct NeedRow {
  NodeType node, enricher;
} NeedRow;
static const NeedRow needs[] = {
#define NEED(node, enricher) {NODE_##node, NODE_##enricher},
#include "workflow_values.def"
};

const Metric *metric_named(Text name) {
  for (size_t i = 0; i < workflow_metric_count; i++)
    if (text_is(name, workflow_metrics[i].name)) return &workflow_metrics[i];
  return NULL;
}

const Metric *metric_of_column(Text column) {
  for (size_t i = 0; i < workflow_metric_count; i++)
    if (text_is(column, workflow_metrics[i].column)) return &workflow_metrics[i];
  return NULL;
}

NodeType node_needs(NodeType node) {
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
    if (needs[i].node == node) return needs[i].enricher;
  return NODE_TYPE_COUNT;
}

const SortRow *sort_of_node(NodeType node) {
  for (size_t i = 0; i < workflow_sort_count; i++)
    if (workflow_sorts[i].node == node) return &workflow_sorts[i];
  return NULL;
}
