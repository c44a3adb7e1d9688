/* outbox.h: what shall be written to web services. A wish is on disk before the call that fulfils it, and so is the verdict after it; what is 'sending' when a
 * process begins was cut off between the two: the service's own data tells whether it has happened, before it is sent again.
 *
 *   outbox_queue ── pending ── outbox_begin ── sending ── outbox_end ──┬─ sent, ignored (the service said no and will say no again)
 *                      ^                                               ├─ failed (a person has to look at it)
 *                      └───────────── OUTBOX_PENDING ──────────────────┘
 *
 * All of these write in the transaction that is open, else in one of their own, and are then on disk when they return. */
#ifndef NARADA_STORE_OUTBOX_H
#define NARADA_STORE_OUTBOX_H

#include "store/store.h"

typedef enum OutboxState { OUTBOX_PENDING, OUTBOX_SENDING, OUTBOX_SENT, OUTBOX_IGNORED, OUTBOX_FAILED, OUTBOX_CANCELLED } OutboxState;
enum { OUTBOX_STATES = OUTBOX_CANCELLED + 1 };
const char *outbox_state_name(OutboxState state); /* as the table says it */

typedef struct OutboxWish {
  Text connector;    /* "lastfm" */
  Text account;      /* "" = the default one */
  Text operation;    /* "scrobble", "love", "playlist" */
  Text target;       /* the service's id of what is written to; may be empty */
  Text key;          /* the same for the same wish, so that it is queued once */
  Text request;      /* JSON: all that is needed to send it */
  Text before_image; /* JSON: what was there, for going back; empty = nothing to keep */
  int64_t run;       /* 0 = none */
  bool again;        /* one that was sent is pending again: the service does not have it any more */
} OutboxWish;

/* `*state`: OUTBOX_PENDING for a new wish; one that is known stays as it is, but for failed and cancelled ones, and with `again` sent ones, which are pending again with the new request. */
Status outbox_queue(Store *store, const OutboxWish *wish, int64_t *id, OutboxState *state, Error *error);
/* About to be sent, together. */
Status outbox_begin(Store *store, const int64_t *ids, size_t count, Error *error);
/* The verdict. `code` and `message` are the service's, empty for none. OUTBOX_PENDING: to be sent again. */
Status outbox_end(Store *store, int64_t id, OutboxState state, Text code, Text message, Error *error);
/* The service's own data shows it. */
Status outbox_verified(Store *store, int64_t id, Error *error);

/* The service has what `has` asks for, without a call of ours: of the open entries for its target those that ask for the same are sent and verified, others cancelled. */
Status outbox_settle(Store *store, const OutboxWish *has, Error *error);

typedef struct OutboxEntry {
  int64_t id;
  OutboxState state;
  int attempts;
  Text operation, target, key, request, before_image; /* borrowed until the visit ends */
  Instant created_at;
} OutboxEntry;
/* Those pending or sending, oldest first; `operation` empty = any. The visit may call the functions above. */
Status outbox_each_open(Store *store, Text connector, Text account, Text operation, bool (*visit)(void *context, const OutboxEntry *entry), void *context, Error *error);
/* How many of an operation have been sent at that moment or later. */
Status outbox_sent_since(Store *store, Text connector, Text account, Text operation, Instant since, uint64_t *out, Error *error);
/* How many of each state; `operation` empty = any. */
Status outbox_count(Store *store, Text connector, Text account, Text operation, uint64_t counts[OUTBOX_STATES], Error *error);

#endif
