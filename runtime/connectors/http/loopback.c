#include "connectors/http/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum {
  GUESTS = 8,        /* connections at a time: browsers open some before they need them */
  GUEST_MS = 10000,  /* for a request, from its connection */
  STEP_MS = 1000,
};

typedef struct Guest {
  int socket; /* -1: nobody */
  int64_t since;
  size_t length;
  char bytes[LOOPBACK_REQUEST_MOST];
} Guest;

struct Loopback {
  Arena *arena;
  int socket, port;
  char host[32];
  Guest guests[GUESTS];
};

static int64_t ticks(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- requests ---- */

static Text next_line(Text *rest) {
  const char *end = memchr(rest->bytes, '\n', rest->length);
  size_t length = end ? (size_t)(end - rest->bytes) : rest->length;
  Text line = {rest->bytes, length};
  rest->bytes += length + (end ? 1 : 0);
  rest->length -= length + (end ? 1 : 0);
  if (line.length && line.bytes[line.length - 1] == '\r') line.length--;
  return line;
}

static bool ends(Text bytes) {
  for (size_t i = 0; i + 3 < bytes.length; i++)
    if (memcmp(bytes.bytes + i, "\r\n\r\n", 4) == 0) return true;
  return false;
}

/* Exactly one Host, and ours. */
static bool is_our_host(Text headers, const char *host) {
  int hosts = 0;
  bool ours = false;
  while (headers.length) {
    Text line = next_line(&headers);
    if (line.length < 5 || strncasecmp(line.bytes, "host:", 5) != 0) continue;
    Text value = {line.bytes + 5, line.length - 5};
    while (value.length && (value.bytes[0] == ' ' || value.bytes[0] == '\t')) value.bytes++, value.length--;
    while (value.length && (value.bytes[value.length - 1] == ' ' || value.bytes[value.length - 1] == '\t')) value.length--;
    ours = text_is(value, host);
    hosts++;
  }
  return hosts == 1 && ours;
}

int loopback_read(Text bytes, const char *host, const char *path, Text *query) {
  Text rest = bytes;
  *query = TEXT_LITERAL("");
  if (!ends(bytes)) return bytes.length >= LOOPBACK_REQUEST_MOST ? 431 : 0;
  Text line = next_line(&rest);
  for (size_t i = 0; i < line.length; i++)
    if ((unsigned char)line.bytes[i] < 0x20 || (unsigned char)line.bytes[i] >= 0x7f) return 400;
  const char *first = line.length ? memchr(line.bytes, ' ', line.length) : NULL;
  if (!first) return 400;
  Text method = {line.bytes, (size_t)(first - line.bytes)};
  Text target = {first + 1, line.length - method.length - 1};
  const char *second = target.length ? memchr(target.bytes, ' ', target.length) : NULL;
  if (!second) return 400;
  Text version = {second + 1, target.length - (size_t)(second - target.bytes) - 1};
  target.length = (size_t)(second - target.bytes);
  if (!text_is(version, "HTTP/1.1") && !text_is(version, "HTTP/1.0")) return 400;
  if (!is_our_host(rest, host)) return 421;
  if (!text_is(method, "GET")) return 405;
  const char *mark = target.length ? memchr(target.bytes, '?', target.length) : NULL;
  size_t length = mark ? (size_t)(mark - target.bytes) : target.length;
  if (!text_is((Text){target.bytes, length}, path)) return 404;
  if (mark) *query = (Text){mark + 1, target.length - length - 1};
  return 200;
}

/* ---- answers ---- */

static void answer(const Guest *guest, const char *status, const char *says) {
  char page[512], text[1024];
  int length = snprintf(page, sizeof page, "<!doctype html><meta charset=\"utf-8\"><title>Narada</title><p>%s</p>\n", says);
  int whole = snprintf(text, sizeof text,
                       "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\nCache-Control: no-store\r\n"
                       "Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n\r\n%s",
                       status, length, page);
  /* It fits into the socket's buffer; a browser that has gone does not matter. */
  ssize_t sent = send(guest->socket, text, (size_t)whole, MSG_NOSIGNAL);
  (void)sent;
  shutdown(guest->socket, SHUT_WR);
}

static void answer_other(const Guest *guest, int status) {
  switch (status) {
    case 400: answer(guest, "400 Bad Request", "This is no request that Narada understands."); break;
    case 405: answer(guest, "405 Method Not Allowed", "Only the return from a login is awaited here."); break;
    case 421: answer(guest, "421 Misdirected Request", "This address is not Narada's."); break;
    case 431: answer(guest, "431 Request Header Fields Too Large", "This request is too long."); break;
    default: answer(guest, "404 Not Found", "Narada waits for a login here; open the address that it shows in the terminal."); break;
  }
}

static void dismiss(Guest *guest) {
  if (guest->socket >= 0) close(guest->socket);
  guest->socket = -1;
  guest->length = 0;
}

/* ---- the listener ---- */

void loopback_close(Loopback *loopback) {
  for (int i = 0; i < GUESTS; i++) dismiss(&loopback->guests[i]);
  if (loopback->socket >= 0) close(loopback->socket);
  loopback->socket = -1;
}

static void close_later(void *object) {
  loopback_close(object);
}

static bool prepare(int file) {
  int flags = fcntl(file, F_GETFL);
#ifdef SO_NOSIGPIPE
  setsockopt(file, SOL_SOCKET, SO_NOSIGPIPE, &(int){1}, sizeof(int));
#endif
  return flags >= 0 && fcntl(file, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(file, F_SETFD, FD_CLOEXEC) == 0;
}

Status loopback_open(Arena *arena, int port, Loopback **out, Error *error) {
  Loopback *loopback = arena_alloc(arena, sizeof *loopback);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  *out = loopback;
  loopback->arena = arena;
  for (int i = 0; i < GUESTS; i++) loopback->guests[i].socket = -1;
  loopback->socket = socket(AF_INET, SOCK_STREAM, 0);
  if (loopback->socket < 0) return fail(error, STATUS_FAILED, "", "this machine lets no program listen: %s", strerror(errno));
  arena_defer(arena, close_later, loopback);
  setsockopt(loopback->socket, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (!prepare(loopback->socket) || bind(loopback->socket, (struct sockaddr *)&address, sizeof address) != 0 || listen(loopback->socket, GUESTS) != 0 ||
      getsockname(loopback->socket, (struct sockaddr *)&address, &length) != 0) {
    if (errno == EADDRINUSE) return fail(error, STATUS_FAILED, "", "127.0.0.1:%d: another program listens there already", port);
    return fail(error, STATUS_FAILED, "", "127.0.0.1:%d: cannot be listened at: %s", port, strerror(errno));
  }
  loopback->port = ntohs(address.sin_port);
  snprintf(loopback->host, sizeof loopback->host, "127.0.0.1:%d", loopback->port);
  return STATUS_OK;
}

int loopback_port(const Loopback *loopback) {
  return loopback->port;
}

/* In the place of nobody, else of who has kept us waiting longest. */
static void welcome(Loopback *loopback) {
  int socket = accept(loopback->socket, NULL, NULL);
  Guest *place = &loopback->guests[0];
  if (socket < 0) return;
  for (int i = 1; i < GUESTS && place->socket >= 0; i++) {
    Guest *other = &loopback->guests[i];
    if (other->socket < 0 || other->since < place->since) place = other;
  }
  dismiss(place);
  *place = (Guest){.socket = socket, .since = ticks()};
  if (!prepare(socket)) dismiss(place);
}

/* Reads what is there and answers a whole request. True: the browser has come back. */
static bool attend(Loopback *loopback, Guest *guest, const char *path, Text state, OAuthReturn *out) {
  ssize_t got = recv(guest->socket, guest->bytes + guest->length, sizeof guest->bytes - guest->length, 0);
  if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  bool returned = false;
  Text query;
  int status = 0;
  if (got > 0) {
    guest->length += (size_t)got;
    status = loopback_read((Text){guest->bytes, guest->length}, loopback->host, path, &query);
    if (status == 0) return false;
  }
  if (status == 200) {
    OAuthReturn found;
    returned = oauth_read_return(loopback->arena, query, state, &found) && (found.code.length || found.error.length);
    if (returned) *out = found;
    if (!returned) answer(guest, "400 Bad Request", "This is not the login that Narada waits for. Open the address that it shows in the terminal.");
    else if (out->code.length) answer(guest, "200 OK", "Narada goes on in the terminal. You can close this page.");
    else answer(guest, "200 OK", "There is no login. The terminal tells more; you can close this page.");
  } else if (status) {
    answer_other(guest, status);
  }
  dismiss(guest);
  return returned;
}

Status loopback_wait(Loopback *loopback, const char *path, Text state, int64_t wait_ms, OAuthReturn *out, Error *error) {
  for (int64_t now = ticks(), end = now + wait_ms; now < end; now = ticks()) {
    struct pollfd wanted[GUESTS + 1] = {{.fd = loopback->socket, .events = POLLIN}};
    for (int i = 0; i < GUESTS; i++) {
      Guest *guest = &loopback->guests[i];
      if (guest->socket >= 0 && now - guest->since > GUEST_MS) dismiss(guest);
      wanted[i + 1] = (struct pollfd){.fd = guest->socket, .events = POLLIN};
    }
    int64_t left = end - now;
    int ready = poll(wanted, GUESTS + 1, (int)(left < STEP_MS ? left : STEP_MS));
    if (ready < 0 && errno != EINTR) return fail(error, STATUS_FAILED, "", "%s: cannot be waited at: %s", loopback->host, strerror(errno));
    if (ready <= 0) continue;
    for (int i = 0; i < GUESTS; i++)
      if (wanted[i + 1].revents && loopback->guests[i].socket >= 0 && attend(loopback, &loopback->guests[i], path, state, out)) return STATUS_OK;
    if (wanted[0].revents) welcome(loopback);
  }
  return fail(error, STATUS_BUSY, "", "nobody came back from the login within %lld s", (long long)(wait_ms / 1000));
}
