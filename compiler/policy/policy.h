/* policy.h: what programs may do where they are checked: which effects, and how many calls to services. */
#ifndef NARADA_COMPILER_POLICY_H
#define NARADA_COMPILER_POLICY_H

#include "base/vec.h"
#include "compiler/compile.h"
#include "plan/cost.h"

/* What `--allow` says. */
typedef struct Permission {
  StageEffect effect;
  ConnectorId connector;
  Text resource; /* with `*` for any text; empty = all of the connector */
} Permission;

typedef struct Policy {
  bool few_reads, few_writes;     /* only what is permitted; the terminal may always be written */
  VEC(Permission) permitted;
  uint64_t most_calls;            /* to services, of one program; COST_UNKNOWN = any number */
} Policy;

/* A policy that allows everything. */
Policy policy_open(void);
bool policy_is_open(const Policy *policy);
/* Adds "write:spotify" or "write:library:Radar *". The first of an effect forbids all others of it. STATUS_USAGE for what is none. */
Status policy_allow(Arena *arena, Policy *policy, const char *word, Error *error);
/* "100"; STATUS_USAGE for what is no whole number. */
Status policy_limit_calls(Policy *policy, const char *word, Error *error);

/* Tells what of the program the policy does not allow, each at its stage. */
void policy_check(const Policy *policy, const Compiled *compiled, DiagList *diags);

#endif
