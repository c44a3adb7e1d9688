/* server_int.h: what the files of the server itself share. */
#ifndef NARADA_COMPILER_LSP_SERVER_INT_H
#define NARADA_COMPILER_LSP_SERVER_INT_H

#include "compiler/lsp/features.h"
#include "compiler/lsp/rpc.h"

typedef enum ServerState { SERVER_NEW, SERVER_RUNNING, SERVER_SHUT_DOWN, SERVER_GONE } ServerState;

typedef struct Server {
  FILE *in, *out;
  ServerState state;
  bool hung_up;   /* nobody reads any more */
  bool exit_failed; /* `exit` before `shutdown` */
  Encoding encoding;
  bool register_formatting; /* for programs alone, once the client is ready: JSON has formatters of its own */
  Document *documents;
} Server;

/* ---- server.c ---- */
void server_send(Server *server, Text body);
/* window/logMessage: something that cannot be answered. */
void server_log(Server *server, Arena *arena, const char *format, ...) NARADA_PRINTF(3, 4);

/* ---- sync.c ---- */
void sync_open(Server *server, Arena *arena, const cJSON *params);
void sync_change(Server *server, Arena *arena, const cJSON *params);
/* Looks again at every other document that uses files: it may be one of them that was saved. */
void sync_save(Server *server, Arena *arena, const cJSON *params);
void sync_close(Server *server, Arena *arena, const cJSON *params);
void sync_close_all(Server *server);
Document *sync_find(Server *server, Text uri);

/* ---- initialize.c ---- */
/* Chooses the encoding and appends the result. */
void initialize(Server *server, const cJSON *params, TextBuilder *result);
/* The client is ready: what can be registered for some documents only. */
void initialized(Server *server, Arena *arena, const cJSON *params);

#endif
