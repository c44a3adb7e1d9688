/* keystroke: how long an editor waits for the messages after one keystroke. `keystroke NARADAC FILE KEYS` starts `NARADAC lsp`, opens FILE, and in its middle
 * types and deletes a letter of a word, so that every other text has a mistake. Prints the time from sending each didChange until its publishDiagnostics was
 * read whole, the processor time of the server for one, and how much of a frame (1/60 s) that is. */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/input.h"
#include "base/json.h"

extern char **environ;

enum { MAX_KEYS = 10000 };
static const double FRAME_MS = 1000.0 / 60;

typedef struct Server {
  pid_t pid;
  FILE *to, *from;
} Server;

static _Noreturn void give_up(const char *why) {
  fprintf(stderr, "keystroke: %s\n", why);
  exit(1);
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static Server start(const char *naradac) {
  int down[2], up[2];
  char *command[] = {(char *)(uintptr_t)naradac, (char *)(uintptr_t) "lsp", NULL};
  posix_spawn_file_actions_t actions;
  Server server;
  if (pipe(down) != 0 || pipe(up) != 0) give_up("no pipe");
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, down[0], 0);
  posix_spawn_file_actions_adddup2(&actions, up[1], 1);
  for (int i = 0; i < 2; i++) {
    posix_spawn_file_actions_addclose(&actions, down[i]);
    posix_spawn_file_actions_addclose(&actions, up[i]);
  }
  if (posix_spawn(&server.pid, naradac, &actions, NULL, command, environ) != 0) give_up("the server cannot be started");
  posix_spawn_file_actions_destroy(&actions);
  close(down[0]);
  close(up[1]);
  server.to = fdopen(down[1], "wb");
  server.from = fdopen(up[0], "rb");
  if (!server.to || !server.from) give_up("no stream");
  return server;
}

static void send(Server *server, Text body) {
  fprintf(server->to, "Content-Length: %zu\r\n\r\n", body.length);
  fwrite(body.bytes, 1, body.length, server->to);
  fflush(server->to);
}

/* Reads one message; its body. */
static Text receive(Server *server, Arena *arena) {
  char line[256];
  size_t length = 0;
  while (fgets(line, sizeof line, server->from) && strcmp(line, "\r\n") != 0)
    if (strncmp(line, "Content-Length: ", 16) == 0) length = (size_t)strtoul(line + 16, NULL, 10);
  char *body = arena_alloc(arena, length + 1);
  if (length == 0 || fread(body, 1, length, server->from) != length) give_up("the server is silent");
  return (Text){body, length};
}

static void open_file(Server *server, Arena *arena, Text text) {
  TextBuilder message = {.arena = arena};
  send(server, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":{}}}"));
  receive(server, arena);
  text_append(&message, TEXT_LITERAL("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":"
                                     "{\"uri\":\"file:///bench.nrd\",\"version\":0,\"text\":"));
  json_append_string(&message, text);
  text_append(&message, TEXT_LITERAL("}}}"));
  send(server, text_built(&message));
  if (!strstr(receive(server, arena).bytes, "\"diagnostics\":[]")) give_up("the program of the bench has mistakes");
}

/* The first line behind the middle that begins with `  keep plays`. */
static uint32_t line_to_edit(Text text) {
  uint32_t line = 0, lines = 0;
  for (size_t i = 0; i < text.length; i++) lines += text.bytes[i] == '\n';
  const char *at = text.bytes;
  for (; at && (line < lines / 2 || strncmp(at, "  keep plays", 12) != 0); line++) {
    at = strchr(at, '\n');
    if (at) at++;
  }
  if (!at) give_up("the program of the bench has no line to edit");
  return line;
}

static double press(Server *server, Arena *arena, uint32_t line, int key) {
  bool types = key % 2 == 0;
  Text message = text_of(arena_format(
      arena,
      "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"file:///bench.nrd\",\"version\":%d},"
      "\"contentChanges\":[{\"range\":{\"start\":{\"line\":%u,\"character\":10},\"end\":{\"line\":%u,\"character\":%d}},\"text\":\"%s\"}]}}",
      key + 1, line, line, types ? 10 : 11, types ? "x" : ""));
  double before = now_ms();
  send(server, message);
  Text answer = receive(server, arena);
  double waited = now_ms() - before;
  if (!strstr(answer.bytes, arena_format(arena, "\"version\":%d,", key + 1))) give_up("the messages are of another text");
  if ((strstr(answer.bytes, "\"diagnostics\":[]") == NULL) != types) give_up("the messages are not those of the text");
  return waited;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  static double waited[MAX_KEYS];
  int keys = argc == 4 ? atoi(argv[3]) : 0;
  if (keys < 1 || keys > MAX_KEYS) {
    fputs("usage: keystroke NARADAC FILE KEYS\n", stderr);
    return 2;
  }
  Arena *arena = arena_new(0);
  Error error = {0};
  Text text;
  if (!arena || file_read_all(arena, argv[2], 1 << 20, &text, &error) != STATUS_OK) give_up(error.message);
  signal(SIGPIPE, SIG_IGN);
  Server server = start(argv[1]);
  open_file(&server, arena, text);
  uint32_t line = line_to_edit(text);
  for (int i = 0; i < keys; i++) waited[i] = press(&server, arena, line, i);
  fclose(server.to);
  int status;
  struct rusage usage;
  wait4(server.pid, &status, 0, &usage);
  double processor = 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-3 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  qsort(waited, (size_t)keys, sizeof *waited, ascending);
  double middle = waited[keys / 2];
  printf("keystroke to messages: best %.1f ms, median %.1f ms, nine of ten within %.1f ms; processor %.1f ms each\n", waited[0], middle,
         waited[(size_t)keys * 9 / 10], processor / (keys + 1));
  printf("median: %.2f of a frame (%.1f ms)\n", middle / FRAME_MS, FRAME_MS);
  arena_free(arena);
  return 0;
}
