/* url.h: addresses of services: which may be used, and how a call's is put together. */
#ifndef NARADA_HTTP_URL_H
#define NARADA_HTTP_URL_H

#include "base/text.h"

/* A parameter; `name` holds no secret, `value` may. */
typedef struct HttpParam {
  const char *name;
  Text value;
} HttpParam;

/* https://HOST[:PORT][/PATH] without user, query or fragment; with `loopback` also http:// of 127.0.0.0/8, [::1] and localhost. STATUS_USAGE and a message
 * that begins with `name` otherwise. */
Status url_check_base(Text url, bool loopback, const char *name, Error *error);
/* Whether an address that url_check_base passed is on this machine. */
bool url_is_loopback(Text url);
/* RFC 3986: all but letters, digits and -._~ become %XX. */
void url_append_encoded(TextBuilder *builder, Text text);
/* `path` with each {} replaced by the next of `values`, encoded. Their numbers must agree. */
void url_append_path(TextBuilder *builder, const char *path, const Text *values, size_t count);
/* a=1&b=2, encoded, the fixed ones ("a=1&b=2", taken as they are) first. */
void url_append_params(TextBuilder *builder, const char *fixed, const HttpParam *params, size_t count);

#endif
