/* pager.h: lists that a service gives in pages, read whole and in order, or with the reason why they are not.
 *
 * PAGES in stdlib/services.def says how an endpoint counts. Where a place is asked for by number, the first page tells the total and the others are fetched
 * side by side, as many as the limits let; where each page names the next, one after another. The list may change meanwhile: a reading in which totals
 * differ, a page is short, came for another place or came twice is thrown away and begun again. What then comes out the same is taken as it is. */
#ifndef NARADA_HTTP_PAGER_H
#define NARADA_HTTP_PAGER_H

#include "connectors/http/http.h"

enum { PAGER_READINGS = 3, PAGER_PLACE = 24 };

typedef struct PagesRequest {
  HttpRequest request; /* without the parameters of size and place; `done` is the pager's own */
  int size;            /* rows a page; 0 = as many as the endpoint gives */
  int64_t most;        /* rows wanted; 0 = all */
  Text cursor;         /* where a list with PAGES_CURSOR begins; empty = at its beginning */
  /* A page in its turn; its nodes live until the function returns. `position`: rows before it. A failure ends the reading. */
  Status (*page)(void *context, const JsonNode *rows, size_t count, int64_t position, Error *error);
  Status (*reply)(void *context, const JsonNode *root, Error *error); /* NULL, or looks at a page's whole reply before its rows; a failure ends the reading */
  void (*again)(void *context);                           /* the reading begins anew: forget the rows */
  bool (*extra)(void *context, const JsonNode *row);      /* NULL, or whether a row stands outside of the count, as what is being played just now */
  /* Where a list with PAGES_CURSOR goes on behind the page just given; false at its end. NULL: where the table says. */
  bool (*next)(void *context, char place[PAGER_PLACE]);
  void *context;
} PagesRequest;

typedef struct PagesResult {
  bool complete; /* every row there is (or `most`) came, in its order. Only then may what did not come be taken as gone */
  int64_t rows;  /* given to `page` in the last reading, extra ones not counted */
  int64_t total; /* as the service says; -1 = it does not */
  int readings;
  Text doubt;           /* what was strange in the last reading, "" = nothing */
  HttpOutcome outcome;  /* HTTP_DONE, or how the call ended that ended the reading */
  Instant until;        /* of HTTP_PARKED */
  Verdict verdict;      /* of HTTP_REFUSED */
  Error error;          /* unless HTTP_DONE */
} PagesResult;

typedef struct Pager Pager;

/* Begins to read; goes on in http_run or http_wait. `arena` must live until then. */
Pager *pages_start(Http *http, Arena *arena, const PagesRequest *request);
/* Until it has ended; other calls go on meanwhile. Fails as http_run does. */
Status pages_wait(Pager *pager, Error *error);
/* NULL: it has not ended. */
const PagesResult *pages_result(const Pager *pager);

#endif
