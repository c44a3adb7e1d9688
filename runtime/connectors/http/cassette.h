/* cassette.h: exchanges with services kept as files, to be looked at and to be played back without a network.
 *
 * One file an exchange, named by the call, a digest of its request without secrets, and how many times that request had been made before, so that the order in
 * which replies arrive does not show. Text, as far as the reply is:
 *
 *   narada exchange 1
 *   call spotify.saved_tracks
 *   GET /me/tracks?limit=50&offset=0
 *   > {"what":"was sent"}
 *
 *   200
 *   content-type: application/json
 *
 *   {"items":[], ...the reply's bytes to the end of the file
 *
 * Tokens are never written: the Authorization header is left out, and the values named by SECRET in stdlib/services.def become (secret). */
#ifndef NARADA_HTTP_CASSETTE_H
#define NARADA_HTTP_CASSETTE_H

#include "connectors/http/http.h"

typedef struct Cassette Cassette;

typedef struct ExchangeHeader {
  const char *name;
  const char *value; /* "" is not written */
} ExchangeHeader;

/* Exactly one of the folders; `record` is made if it is not there and must be empty, so that no exchange of another recording stays in it. Arena. */
Status cassette_open(Arena *arena, const char *record, const char *replay, Cassette **out, Error *error);
bool cassette_plays(const Cassette *cassette);

/* Which file an attempt of a call is. */
typedef struct ExchangeKey {
  Text file;    /* its name */
  Text request; /* the request as it is written, without secrets */
} ExchangeKey;
ExchangeKey cassette_key(Cassette *cassette, Arena *arena, Endpoint endpoint, Text target, Text payload);

/* `status` 0: there was no answer, and `body` names the fault. */
Status cassette_write(Cassette *cassette, Arena *arena, const ExchangeKey *key, int status, const ExchangeHeader *headers, size_t count, Text body, Error *error);

typedef struct Exchange {
  int status;
  Text headers; /* lines */
  Text body;
} Exchange;
Status cassette_read(Cassette *cassette, Arena *arena, const ExchangeKey *key, Exchange *out, Error *error);
/* The value of a header of an exchange; "" if it is not there. */
Text exchange_header(const Exchange *exchange, const char *name);

/* A query or form, or JSON, with the values of secrets replaced; what is neither stays. Arena. */
Text redact_params(Arena *arena, Text params);
Text redact_json(Arena *arena, Text json, SecretPlace place);
/* Whether one of the values stands anywhere in the text, and the text without them. Values of fewer than four bytes are not looked for. */
bool holds_value(Text text, const Text *values, size_t count);
Text redact_values(Arena *arena, Text text, const Text *values, size_t count);

#endif
