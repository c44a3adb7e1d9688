/* http_rig.h: a client beside a fake server, on a clock that only moves when somebody waits. */
#ifndef NARADA_TESTS_HTTP_RIG_H
#define NARADA_TESTS_HTTP_RIG_H

#include "connectors/http/http.h"
#include "fake_server.h"

#define RIG_NOW INT64_C(1780315200000) /* 2026-06-01T12:00:00Z */

typedef struct HttpRig {
  Arena *arena;
  FakeServer *server;
  char url[64], folder[64];
  int64_t passed; /* ms on the fake clock */
  TextBuilder waits, notices;
  HttpOptions options;
  Http *http;
  Text token, next_token; /* next_token empty: refusing the token ends in a failure */
  int refreshes;
  Error error;
} HttpRig;

void rig_start(HttpRig *rig); /* the options may be changed between this and rig_open */
void rig_open(HttpRig *rig);
void rig_stop(HttpRig *rig);
/* "200 {...}" and the like: how a call ended, on one line; arena. */
Text rig_outcome(HttpRig *rig, const HttpCall *call);

#endif
