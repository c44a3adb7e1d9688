/* loopback.h: the page on this machine to which a service sends the browser back after a login (RFC 8252, 7.3).
 *
 * Listens on 127.0.0.1 alone, for one login and some minutes. Whatever else comes there, another page's guess at a return, a browser's early connection, a
 * port scanner, is answered with a fixed page and changes nothing; nothing of a request is repeated in an answer. */
#ifndef NARADA_HTTP_LOOPBACK_H
#define NARADA_HTTP_LOOPBACK_H

#include "connectors/http/signing.h"

enum { LOOPBACK_REQUEST_MOST = 8 << 10 };

typedef struct Loopback Loopback;

/* `port` 0: any that is free. Closed with the arena at the latest. */
Status loopback_open(Arena *arena, int port, Loopback **out, Error *error);
int loopback_port(const Loopback *loopback);
/* Until a browser comes to `path` with what a service returns for `state` (oauth_read_return), an error of the service's included. STATUS_BUSY after `wait_ms`. */
Status loopback_wait(Loopback *loopback, const char *path, Text state, int64_t wait_ms, OAuthReturn *out, Error *error);
void loopback_close(Loopback *loopback);

/* What a browser has sent so far. Returns the status it is answered with, or 0 while more has to come; 200: `*query` is what follows the `?`. `host` is what
 * the Host header must say: a page of another name that leads here is none of ours. */
int loopback_read(Text bytes, const char *host, const char *path, Text *query);

#endif
