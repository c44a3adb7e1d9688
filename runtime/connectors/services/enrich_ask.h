/* enrich_ask.h: columns whose values a service knows. The rows become items, one for each track; what the cache in the store has and is fresh by its field's
 * time to live is taken from there; the rest is asked, kept in the cache as it comes, and filled in.
 *
 * A provider that fails leaves values missing, or as old as they are, with one notice; it never drops rows nor fails a run. Only a login that is not there
 * ends the run, with STATUS_LOGIN, and only when something has to be asked. */
#ifndef NARADA_CONNECTORS_SERVICES_ENRICH_ASK_H
#define NARADA_CONNECTORS_SERVICES_ENRICH_ASK_H

#include "connectors/services/services.h"
#include "engine/stage.h"
#include "engine/tracks.h"

enum { ENRICH_FIELDS = 4 }; /* of one provider at most */

typedef enum EnrichState { ENRICH_OPEN, ENRICH_ABSENT, ENRICH_KNOWN } EnrichState;

typedef struct EnrichItem {
  TrackClues clues; /* what is known of the track */
  Text key;         /* set by the enricher: under which the service knows it and the cache keeps it */
  EnrichState state[ENRICH_FIELDS];
  Value value[ENRICH_FIELDS];
  bool changed;     /* the driver's: not in the cache yet */
} EnrichItem;

typedef struct Enrichment Enrichment;
struct Enrichment {
  StageCall *call;
  Services *services;
  Http *http;
  const FieldId *fields; /* the provider's, by index of state and value */
  size_t field_count;
  const bool *wanted;    /* by the same index: what the program asks for */
  EnrichItem *items;     /* those to be asked */
  size_t count;
  struct Enriching *own; /* the driver's */
};

typedef struct Enricher {
  Provider provider;
  /* Sets item->key from its clues; empty = it cannot be asked. It is not put into messages. `user` values belong to somebody: such a key names him. */
  Status (*key)(Services *services, Arena *arena, EnrichItem *item, Error *error);
  /* Asks for all items, with as few calls and as many side by side as the limits let, and tells what comes by enrich_known, _absent, _done, _failed. Fails only
   * where nothing can be asked at all. */
  Status (*ask)(Enrichment *enrichment, Error *error);
} Enricher;

/* The service's answer for a field of items[item]; a field nobody asked for is kept in the cache all the same. */
void enrich_known(Enrichment *enrichment, size_t item, FieldId field, Value value);
void enrich_absent(Enrichment *enrichment, size_t item, FieldId field);
/* The item is answered: what is asked for of it and still open becomes absent. What was answered goes to the cache now and then. */
void enrich_done(Enrichment *enrichment, size_t item);
/* The same, but what is still open stays so: it could not be asked. */
void enrich_done_partly(Enrichment *enrichment, size_t item);
/* It could not be asked; the first reason is told. */
void enrich_failed(Enrichment *enrichment, size_t item, const Error *error);

/* Fills the columns `fill` of `batch`, which are missing on entry. */
Status enrich_ask(StageCall *call, const Enricher *enricher, Batch *batch, const size_t *fill, size_t count, Error *error);

#endif
