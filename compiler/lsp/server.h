/* server.h: `naradac lsp`, a language server: JSON-RPC 2.0 over two streams. */
#ifndef NARADA_COMPILER_LSP_SERVER_H
#define NARADA_COMPILER_LSP_SERVER_H

#include <stdio.h>

#include "base/error.h"

/* Serves until `exit`, or until the other side closes. STATUS_FAILED for an `exit` without `shutdown` before it (without a message), and for input that cannot
 * be understood (with one). */
Status lsp_serve(FILE *in, FILE *out, Error *error);

#endif
