/* workflow_values.h: the values that tasks name, see workflow_values.def. For the import and the export. */
#ifndef NARADA_COMPILER_WORKFLOW_VALUES_H
#define NARADA_COMPILER_WORKFLOW_VALUES_H

#include "compiler/workflow/workflow_nodes.h"

typedef struct Metric {
  const char *name, *column;
  NodeType enricher; /* NODE_TYPE_COUNT = none */
} Metric;
extern const Metric workflow_metrics[];
extern const size_t workflow_metric_count;

typedef enum BoundUnit { UNIT_COUNT, UNIT_NUMBER, UNIT_MS, UNIT_YEAR, UNIT_DAYS_AGO, UNIT_DAYS_AGO_OVER, UNIT_INSTANT } BoundUnit;
typedef struct Bound {
  NodeType node;
  const char *key, *column, *relation; /* the column is "" where the task names it */
  BoundUnit unit;
} Bound;
extern const Bound workflow_bounds[];
extern const size_t workflow_bound_count;

typedef struct SortRow {
  NodeType node;
  const char *column, *key;
  bool when;     /* what `key` says for the largest first */
  bool standard; /* what it says where it is not given */
  bool old;      /* read, not written */
} SortRow;
extern const SortRow workflow_sorts[];
extern const size_t workflow_sort_count;

typedef enum OrderWay { WAY_ASC, WAY_DESC, WAY_RANDOM, WAY_GIVEN } OrderWay;
typedef struct OrderRow {
  NodeType node;
  const char *word, *column;
  OrderWay way;
} OrderRow;
extern const OrderRow workflow_orders[];
extern const size_t workflow_order_count;

typedef struct StateRow {
  const char *word;
  int rating;
} StateRow;
extern const StateRow workflow_states[];
extern const size_t workflow_state_count;

typedef struct ServiceRow {
  const char *word, *column;
} ServiceRow;
extern const ServiceRow workflow_services[];
extern const size_t workflow_service_count;

/* NULL or NODE_TYPE_COUNT where there is none. */
const Metric *metric_named(Text name);
const Metric *metric_of_column(Text column);
NodeType node_needs(NodeType node);
const SortRow *sort_of_node(NodeType node);

/* Limits of what can be given. */
enum { WORKFLOW_DAYS_MOST = 366000, WORKFLOW_COUNT_MOST = 1000000000 };
#define WORKFLOW_MS_MOST INT64_C(1000000000000)

#endif
