/* fake_server.h: a small HTTP/1.1 server on the loopback that answers by a script, with the faults of a bad day.
 *
 * A line of the script:  serve METHOD TARGET WORD... [: BODY]
 * TARGET is a path or the beginning of a path with its query; the first line that fits and is not used up answers. Words:
 *   200            the status
 *   name=value     a header; + stands for a space
 *   always, xN     answers any number of times, N times; else once
 *   drop           the connection is cut instead of an answer, nothing is done
 *   lose           the same, and it is done
 *   effect         it is done, whatever the status says; without it a write is done with a status of success
 *   cut            the connection is cut in the middle of the body
 *   length=N       Content-Length says N
 *   delay=MS       before the answer
 *   drip=MS        between the bytes of the body
 *   bomb=N         the body is N zeros, compressed
 *   list=N         the body is a page of a list of N, by limit and offset of the query: {"items":[{"n":0},...],"total":N,"limit":L,"offset":O}
 *   pad=N          each item of the list has N bytes more
 *   token=WORD     fits only calls with that token */
#ifndef NARADA_TESTS_FAKE_SERVER_H
#define NARADA_TESTS_FAKE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct FakeServer FakeServer;

FakeServer *fake_server_start(void);
int fake_server_port(const FakeServer *server);
/* False for a line that is none. Copied. */
bool fake_server_serve(FakeServer *server, const char *line);
/* The requests so far as text: head and body, carriage returns left out, the port as PORT. `whole`: all headers, else the first line and the body.
 * `sorted`: by their bytes, for calls made side by side. malloc. */
char *fake_server_requests(FakeServer *server, bool whole, bool sorted);
size_t fake_server_count(FakeServer *server);   /* requests */
size_t fake_server_effects(FakeServer *server); /* of writes */
size_t fake_server_most(FakeServer *server);    /* requests being answered at the same time */
void fake_server_stop(FakeServer *server);      /* and frees it */

#endif
