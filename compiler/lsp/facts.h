/* facts.h: what the compiled program says about the stages of a document: how many rows come out of them, what the compiler fetches before them, and how
 * many calls that takes. The same as `naradac explain`. */
#ifndef NARADA_COMPILER_LSP_FACTS_H
#define NARADA_COMPILER_LSP_FACTS_H

#include "compiler/lsp/document.h"
#include "plan/cost.h"

/* A source or stage that leads to a destination, as written; one fact for all uses of the stage of the program around it. */
typedef struct StageFact {
  Span span;
  RowKind kind;
  uint64_t rows; /* that come out, at most; or COST_UNKNOWN */
} StageFact;

/* Calls to a service, by a source or destination as written or by what the compiler inserted. */
typedef struct CallFact {
  Span span;              /* of the source or destination, or of the stage for which it is done */
  bool inserted;          /* before the stage of `span` */
  bool shared;            /* and for others too */
  Text columns;           /* inserted: "plays(90d), skips" */
  const ColumnSet *names; /* inserted: the same */
  Provider provider;      /* inserted */
  ConnectorId connector;  /* CONNECTOR_COUNT: no service is called */
  uint64_t calls;         /* at most; or COST_UNKNOWN */
  uint32_t rows_per_call;
} CallFact;

typedef struct Facts {
  VEC(StageFact) stages; /* in the order of the text, and no span twice */
  VEC(CallFact) calls;   /* in the order of the plan */
} Facts;

/* Of a document without mistakes, found out once and kept with it; NULL if it has some, is no program, or memory lacks. */
const Facts *facts_of(Document *document);
/* The narrowest fact of a stage whose name begins at the place, behind a `to`; NULL if there is none. */
const StageFact *facts_stage(const Facts *facts, const Document *document, uint32_t name);
/* "at most 40 calls to lastfm", "a call to lastfm for each row"; empty if no service is called. Arena. */
Text facts_calls(Arena *arena, const CallFact *call);

#endif
