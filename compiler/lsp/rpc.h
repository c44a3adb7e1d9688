/* rpc.h: messages with headers, as the Language Server Protocol frames them. */
#ifndef NARADA_COMPILER_LSP_RPC_H
#define NARADA_COMPILER_LSP_RPC_H

#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

enum { RPC_MAX_BYTES = 16 << 20, RPC_MAX_HEADER = 4096 };

typedef enum RpcRead {
  RPC_MESSAGE,
  RPC_TOO_LONG, /* it was read and dropped: the next one can be read */
  RPC_END,      /* the pipe was closed between two messages */
  RPC_BROKEN,   /* nothing that comes after can be understood; `why` says what is wrong */
} RpcRead;

/* The body of the next message; arena. */
RpcRead rpc_read(FILE *in, Arena *arena, Text *body, const char **why);
/* Writes one message and flushes; false if nobody reads any more. */
bool rpc_write(FILE *out, Text body);

#endif
