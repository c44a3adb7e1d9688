/* cost.h: what a plan can cost at most, before anything runs: rows, calls to services, and the time they take at the rates of connectors.def. */
#ifndef NARADA_PLAN_COST_H
#define NARADA_PLAN_COST_H

#include "plan/plan.h"

/* Nobody knows before the run. */
#define COST_UNKNOWN UINT64_MAX

typedef struct NodeCost {
  uint64_t rows;          /* that come out, at most; or COST_UNKNOWN. Inside a `per`: of all groups together */
  ConnectorId connector;  /* of the service it calls; CONNECTOR_COUNT = none */
  uint64_t calls;         /* at most; or COST_UNKNOWN */
  uint32_t rows_per_call; /* of the calls it makes; 0 = it makes none */
} NodeCost;

typedef struct PlanCost {
  NodeCost *nodes;                  /* one for each node */
  uint64_t calls[CONNECTOR_COUNT];  /* of each service, at most; or COST_UNKNOWN */
} PlanCost;

/* `plan` was verified. Takes what is constant: a parameter's default is no bound. */
PlanCost plan_cost(const Plan *plan, Arena *arena);
/* Seconds that so many calls take at the connector's rate, rounded up. */
uint64_t cost_seconds(ConnectorId connector, uint64_t calls);

#endif
