#include "fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum { RULES = 256, CONNECTIONS = 256, REQUESTS = 20000, REQUEST_MOST = 1 << 20, WORD = 256 };

typedef struct Rule {
  char method[16], target[WORD], headers[1024], token[WORD];
  char *body;
  int status, left, delay, drip, length, list, pad;
  long bomb;
  bool drop, lose, effect, cut;
} Rule;

struct FakeServer {
  pthread_mutex_t lock;
  pthread_t acceptor, threads[CONNECTIONS];
  int listener, port, sockets[CONNECTIONS];
  size_t connections;
  Rule rules[RULES];
  size_t rule_count;
  char *requests[REQUESTS];
  size_t request_count, effects, busy, most;
  bool stopping;
};

typedef struct Connection {
  FakeServer *server;
  int socket;
  char *buffer;
  size_t length;
} Connection;

static void pause_ms(int ms) {
  struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
  nanosleep(&left, NULL);
}

static bool read_word(Rule *rule, const char *word) {
  char name[WORD], value[WORD];
  if (sscanf(word, "%255[^=]=%255[^\n]", name, value) == 2) {
    if (strcmp(name, "length") == 0) rule->length = atoi(value);
    else if (strcmp(name, "delay") == 0) rule->delay = atoi(value);
    else if (strcmp(name, "drip") == 0) rule->drip = atoi(value);
    else if (strcmp(name, "bomb") == 0) rule->bomb = atol(value);
    else if (strcmp(name, "list") == 0) rule->list = atoi(value);
    else if (strcmp(name, "pad") == 0) rule->pad = atoi(value);
    else if (strcmp(name, "token") == 0) snprintf(rule->token, sizeof rule->token, "%s", value);
    else {
      for (char *at = value; *at; at++)
        if (*at == '+') *at = ' ';
      size_t used = strlen(rule->headers);
      snprintf(rule->headers + used, sizeof rule->headers - used, "%s: %s\r\n", name, value);
    }
    return true;
  }
  if (word[0] >= '0' && word[0] <= '9') rule->status = atoi(word);
  else if (word[0] == 'x') rule->left = atoi(word + 1);
  else if (strcmp(word, "always") == 0) rule->left = -1;
  else if (strcmp(word, "drop") == 0) rule->drop = true;
  else if (strcmp(word, "lose") == 0) rule->lose = true;
  else if (strcmp(word, "effect") == 0) rule->effect = true;
  else if (strcmp(word, "cut") == 0) rule->cut = true;
  else return false;
  return true;
}

bool fake_server_serve(FakeServer *server, const char *line) {
  if (server->rule_count == RULES) return false;
  Rule rule = {.status = 200, .left = 1, .length = -1, .list = -1};
  char copy[8192], *rest = NULL;
  const char *colon = strstr(line, " : ");
  size_t length = colon ? (size_t)(colon - line) : strlen(line);
  if (length >= sizeof copy) return false;
  memcpy(copy, line, length);
  copy[length] = '\0';
  const char *word = strtok_r(copy, " ", &rest);
  if (!word || strcmp(word, "serve") != 0) return false;
  const char *method = strtok_r(NULL, " ", &rest), *target = strtok_r(NULL, " ", &rest);
  if (!method || !target) return false;
  snprintf(rule.method, sizeof rule.method, "%s", method);
  snprintf(rule.target, sizeof rule.target, "%s", target);
  while ((word = strtok_r(NULL, " ", &rest)) != NULL)
    if (!read_word(&rule, word)) return false;
  rule.body = strdup(colon ? colon + 3 : "");
  pthread_mutex_lock(&server->lock);
  server->rules[server->rule_count++] = rule;
  pthread_mutex_unlock(&server->lock);
  return true;
}

static bool send_all(int socket, const char *bytes, size_t length) {
  while (length) {
    ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    length -= (size_t)sent;
  }
  return true;
}

/* Whether `target` begins so and ends there, or goes on with its query or more parameters. */
static bool target_fits(const char *rule, const char *target) {
  size_t length = strlen(rule);
  return strncmp(rule, target, length) == 0 && (target[length] == '\0' || target[length] == '?' || target[length] == '&');
}

static const char *find_header(const char *head, const char *name) {
  size_t length = strlen(name);
  for (const char *line = strchr(head, '\n'); line && line[1] != '\r'; line = strchr(line + 1, '\n'))
    if (strncasecmp(line + 1, name, length) == 0 && line[1 + length] == ':') return line + 1 + length + 2;
  return NULL;
}

static long query_number(const char *target, const char *name, long otherwise) {
  char key[64];
  snprintf(key, sizeof key, "%s=", name);
  const char *at = strchr(target, '?');
  for (; at; at = strchr(at + 1, '&'))
    if (strncmp(at + 1, key, strlen(key)) == 0) return atol(at + 1 + strlen(key));
  return otherwise;
}

static char *list_body(const Rule *rule, const char *target, size_t *length) {
  long limit = query_number(target, "limit", 20), offset = query_number(target, "offset", 0), total = rule->list;
  long end = offset + limit < total ? offset + limit : total;
  size_t room = 200 + (size_t)(end > offset ? end - offset : 0) * (40 + (size_t)rule->pad);
  char *body = malloc(room);
  size_t used = (size_t)sprintf(body, "{\"items\":[");
  for (long i = offset; i < end; i++) {
    used += (size_t)sprintf(body + used, "%s{\"n\":%ld", i > offset ? "," : "", i);
    if (rule->pad) {
      used += (size_t)sprintf(body + used, ",\"p\":\"");
      memset(body + used, 'x', (size_t)rule->pad);
      used += (size_t)rule->pad;
      body[used++] = '"';
    }
    body[used++] = '}';
  }
  used += (size_t)sprintf(body + used, "],\"total\":%ld,\"limit\":%ld,\"offset\":%ld}", total, limit, offset);
  *length = used;
  return body;
}

static char *bomb_body(long size, size_t *length) {
  z_stream stream = {0};
  deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
  size_t room = (size_t)size / 500 + 4096;
  char *out = malloc(room);
  static const char zeros[1 << 16];
  stream.next_out = (Bytef *)out;
  stream.avail_out = (uInt)room;
  for (long left = size; left > 0; left -= (long)sizeof zeros) {
    stream.next_in = (Bytef *)(uintptr_t)zeros;
    stream.avail_in = (uInt)(left < (long)sizeof zeros ? left : (long)sizeof zeros);
    deflate(&stream, left <= (long)sizeof zeros ? Z_FINISH : Z_NO_FLUSH);
  }
  *length = stream.total_out;
  deflateEnd(&stream);
  return out;
}

static Rule *find_rule(FakeServer *server, const char *head, const char *method, const char *target) {
  const char *token = find_header(head, "authorization");
  for (size_t i = 0; i < server->rule_count; i++) {
    Rule *rule = &server->rules[i];
    if (rule->left == 0 || strcmp(rule->method, method) != 0 || !target_fits(rule->target, target)) continue;
    if (rule->token[0]) {
      const char *space = token ? strchr(token, ' ') : NULL;
      if (!space || strncmp(space + 1, rule->token, strlen(rule->token)) != 0 || space[1 + strlen(rule->token)] != '\r') continue;
    }
    if (rule->left > 0) rule->left--;
    return rule;
  }
  return NULL;
}

static bool answer(Connection *c, const Rule *rule, const char *target) {
  if (rule->delay) pause_ms(rule->delay);
  if (rule->drop || rule->lose) return false;
  size_t length = strlen(rule->body);
  char *body = rule->list >= 0 ? list_body(rule, target, &length) : rule->bomb ? bomb_body(rule->bomb, &length) : strdup(rule->body);
  char head[2048];
  int used = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s%s%s\r\n", rule->status, rule->length >= 0 ? (size_t)rule->length : length,
                      strstr(rule->headers, "content-type") ? "" : "Content-Type: application/json\r\n", rule->bomb ? "Content-Encoding: gzip\r\n" : "", rule->headers);
  bool good;
  if (rule->drip) {
    good = send_all(c->socket, head, (size_t)used);
    for (size_t i = 0; good && i < length; i++) {
      pause_ms(rule->drip);
      good = send_all(c->socket, body + i, 1);
    }
  } else {
    size_t given = rule->cut ? length / 2 : length;
    char *whole = malloc((size_t)used + given);
    memcpy(whole, head, (size_t)used);
    memcpy(whole + used, body, given);
    good = send_all(c->socket, whole, (size_t)used + given);
    free(whole);
  }
  free(body);
  return good && !rule->cut && !(rule->length > (int)length);
}

/* Reads one request whole. 0 at the end. */
static size_t read_request(Connection *c) {
  size_t head = 0, whole = 0;
  for (;;) {
    c->buffer[c->length] = '\0';
    if (!head) {
      const char *end = strstr(c->buffer, "\r\n\r\n");
      if (end) {
        head = (size_t)(end - c->buffer) + 4;
        char kept = c->buffer[head];
        c->buffer[head] = '\0';
        const char *length = find_header(c->buffer, "content-length");
        whole = head + (length ? (size_t)atol(length) : 0);
        c->buffer[head] = kept;
      }
    }
    if (head && c->length >= whole) return whole;
    if (c->length >= REQUEST_MOST) return 0;
    ssize_t got = recv(c->socket, c->buffer + c->length, REQUEST_MOST - c->length, 0);
    if (got <= 0) return 0;
    c->length += (size_t)got;
  }
}

static bool serve_one(Connection *c) {
  FakeServer *server = c->server;
  size_t length = read_request(c);
  if (length == 0) return false;
  char *request = malloc(length + 1), method[16], target[4096];
  memcpy(request, c->buffer, length);
  request[length] = '\0';
  memmove(c->buffer, c->buffer + length, c->length - length);
  c->length -= length;
  static const Rule unknown = {.status = 404, .length = -1, .list = -1, .body = (char *)(uintptr_t) "{\"error\":{\"status\":404,\"message\":\"no rule\"}}"};
  bool good = sscanf(request, "%15s %4095s", method, target) == 2;
  pthread_mutex_lock(&server->lock);
  Rule *found = good ? find_rule(server, request, method, target) : NULL;
  Rule rule = found ? *found : unknown;
  if (server->request_count < REQUESTS) server->requests[server->request_count++] = request;
  bool write = strcmp(method, "GET") != 0;
  bool success = rule.status >= 200 && rule.status < 300 && !rule.drop;
  if (write && (success || rule.effect || rule.lose)) server->effects++;
  if (++server->busy > server->most) server->most = server->busy;
  pthread_mutex_unlock(&server->lock);
  good = good && answer(c, &rule, target);
  pthread_mutex_lock(&server->lock);
  server->busy--;
  pthread_mutex_unlock(&server->lock);
  return good;
}

static void *serve_connection(void *context) {
  Connection *c = context;
  int on = 1;
  setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  c->buffer = malloc(REQUEST_MOST + 1);
  while (serve_one(c)) continue;
  shutdown(c->socket, SHUT_RDWR);
  free(c->buffer);
  free(c);
  return NULL;
}

static void *accept_all(void *context) {
  FakeServer *server = context;
  for (;;) {
    int socket = accept(server->listener, NULL, NULL);
    if (socket < 0) return NULL;
    pthread_mutex_lock(&server->lock);
    if (server->stopping || server->connections == CONNECTIONS) {
      close(socket);
    } else {
      Connection *c = calloc(1, sizeof *c);
      c->server = server;
      c->socket = server->sockets[server->connections] = socket;
      pthread_create(&server->threads[server->connections++], NULL, serve_connection, c);
    }
    pthread_mutex_unlock(&server->lock);
  }
}

FakeServer *fake_server_start(void) {
  FakeServer *server = calloc(1, sizeof *server);
  pthread_mutex_init(&server->lock, NULL);
  server->listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(server->listener, 64) != 0 ||
      getsockname(server->listener, (struct sockaddr *)&address, &length) != 0) {
    perror("fake server");
    abort();
  }
  server->port = ntohs(address.sin_port);
  pthread_create(&server->acceptor, NULL, accept_all, server);
  return server;
}

int fake_server_port(const FakeServer *server) {
  return server->port;
}

static int compare_texts(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void append(char **out, size_t *used, const char *text, size_t length) {
  *out = realloc(*out, *used + length + 2);
  memcpy(*out + *used, text, length);
  *used += length;
  (*out)[*used] = '\0';
}

static void append_request(FakeServer *server, char **out, size_t *used, const char *request, bool whole) {
  const char *body = strstr(request, "\r\n\r\n") + 4;
  char host[32];
  snprintf(host, sizeof host, ":%d\r", server->port);
  for (const char *line = request; line < body;) {
    const char *end = strchr(line, '\n');
    size_t length = (size_t)(end - line);
    const char *port = strstr(line, host);
    if (whole || line == request) {
      if (port && port < end) {
        append(out, used, line, (size_t)(port - line));
        append(out, used, ":PORT\n", 6);
      } else if (length > 1) {
        append(out, used, line, length - 1);
        append(out, used, "\n", 1);
      }
    }
    line = end + 1;
  }
  if (*body) append(out, used, body, strlen(body));
  if (*body) append(out, used, "\n", 1);
}

char *fake_server_requests(FakeServer *server, bool whole, bool sorted) {
  char *out = calloc(1, 1);
  size_t used = 0;
  pthread_mutex_lock(&server->lock);
  if (sorted) qsort(server->requests, server->request_count, sizeof *server->requests, compare_texts);
  for (size_t i = 0; i < server->request_count; i++) append_request(server, &out, &used, server->requests[i], whole);
  pthread_mutex_unlock(&server->lock);
  return out;
}

static size_t read_count(FakeServer *server, const size_t *count) {
  pthread_mutex_lock(&server->lock);
  size_t value = *count;
  pthread_mutex_unlock(&server->lock);
  return value;
}

size_t fake_server_count(FakeServer *server) {
  return read_count(server, &server->request_count);
}

size_t fake_server_effects(FakeServer *server) {
  return read_count(server, &server->effects);
}

size_t fake_server_most(FakeServer *server) {
  return read_count(server, &server->most);
}

void fake_server_stop(FakeServer *server) {
  pthread_mutex_lock(&server->lock);
  server->stopping = true;
  pthread_mutex_unlock(&server->lock);
  shutdown(server->listener, SHUT_RDWR);
  close(server->listener);
  pthread_join(server->acceptor, NULL);
  for (size_t i = 0; i < server->connections; i++) shutdown(server->sockets[i], SHUT_RDWR);
  for (size_t i = 0; i < server->connections; i++) {
    pthread_join(server->threads[i], NULL);
    close(server->sockets[i]);
  }
  for (size_t i = 0; i < server->request_count; i++) free(server->requests[i]);
  for (size_t i = 0; i < server->rule_count; i++) free(server->rules[i].body);
  pthread_mutex_destroy(&server->lock);
  free(server);
}
