/* listen_parcel.h: listens on their way to ListenBrainz, a thousand a call. The service keeps each listen once, so that sending again does no harm. */
#ifndef NARADA_LISTENBRAINZ_LISTEN_PARCEL_H
#define NARADA_LISTENBRAINZ_LISTEN_PARCEL_H

#include "connectors/http/http.h"
#include "connectors/listenbrainz/row_facts.h"

/* {"listened_at":...,"track_metadata":{...}} with no other keys than ListenBrainz takes. False: it would be too long for it. */
bool listen_write(TextBuilder *json, int64_t second, const RowFacts *facts);

typedef struct ListenSender {
  Http *http;
  size_t count; /* of the listens, by number from 0 */
  /* The JSON of listen `number` into `json`, whose arena lives as long as the call. */
  Status (*write)(void *context, size_t number, TextBuilder *json, Error *error);
  /* What became of it; `refusal` NULL: ListenBrainz has it, else why it will never take it. */
  Status (*ended)(void *context, size_t number, const Error *refusal, Error *error);
  void *context;

  int splits; /* the sender's: calls left for finding what is wrong in a refused one */
} ListenSender;

/* Sends all, in order. A call that is refused for what is in it is taken apart until it is known which listens are meant. Stops at what keeps all calls from going
 * through: STATUS_BUSY with the time when ListenBrainz sends the run away, STATUS_LOGIN, else STATUS_FAILED; those that did not end are to be sent again. */
Status listens_send(ListenSender *sender, Error *error);

#endif
