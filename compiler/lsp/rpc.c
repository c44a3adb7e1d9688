#include "compiler/lsp/rpc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef enum LineRead { LINE_READ, LINE_END, LINE_CUT, LINE_TOO_LONG } LineRead;

static LineRead read_line(FILE *in, char line[RPC_MAX_HEADER]) {
  size_t length = 0;
  for (;;) {
    int c = getc(in);
    if (c == EOF) return length ? LINE_CUT : LINE_END;
    if (c == '\n') break;
    if (length + 1 == RPC_MAX_HEADER) return LINE_TOO_LONG;
    line[length++] = (char)c;
  }
  if (length && line[length - 1] == '\r') length--;
  line[length] = '\0';
  return LINE_READ;
}

/* Digits only; what does not fit counts as too long. */
static bool read_length(const char *value, uint64_t *out) {
  while (*value == ' ' || *value == '\t') value++;
  size_t digits = strspn(value, "0123456789");
  if (digits == 0 || value[digits + strspn(value + digits, " \t")]) return false;
  *out = digits > 18 ? UINT64_MAX : strtoull(value, NULL, 10);
  return true;
}

/* Headers other than the length say nothing that matters here. */
static RpcRead read_header(FILE *in, uint64_t *length, const char **why) {
  static const char name[] = "Content-Length:";
  char line[RPC_MAX_HEADER];
  bool has_length = false;
  for (size_t lines = 0, bytes = 0;; lines++) {
    LineRead read = read_line(in, line);
    if (read == LINE_END && lines == 0) return RPC_END;
    bytes += strlen(read == LINE_READ ? line : "") + 2;
    *why = "the header of a message ends before its blank line";
    if (read == LINE_END || read == LINE_CUT) return RPC_BROKEN;
    *why = "the header of a message is longer than 4096 bytes";
    if (read == LINE_TOO_LONG || bytes > RPC_MAX_HEADER) return RPC_BROKEN;
    if (!line[0]) break;
    if (strncasecmp(line, name, sizeof name - 1) != 0) continue;
    *why = has_length ? "a message has two Content-Length headers" : "the Content-Length of a message is not a number of bytes";
    if (has_length || !read_length(line + sizeof name - 1, length)) return RPC_BROKEN;
    has_length = true;
  }
  *why = "a message has no Content-Length header";
  return has_length ? RPC_MESSAGE : RPC_BROKEN;
}

RpcRead rpc_read(FILE *in, Arena *arena, Text *body, const char **why) {
  uint64_t length = 0;
  RpcRead result = read_header(in, &length, why);
  if (result != RPC_MESSAGE) return result;
  *why = "the input ends within a message";
  if (length > RPC_MAX_BYTES) {
    char dropped[4096];
    while (length) {
      size_t got = fread(dropped, 1, length < sizeof dropped ? (size_t)length : sizeof dropped, in);
      if (got == 0) return RPC_BROKEN;
      length -= got;
    }
    return RPC_TOO_LONG;
  }
  char *bytes = arena_alloc(arena, (size_t)length + 1);
  if (fread(bytes, 1, (size_t)length, in) != length) return RPC_BROKEN;
  *body = (Text){bytes, (size_t)length};
  return RPC_MESSAGE;
}

bool rpc_write(FILE *out, Text body) {
  fprintf(out, "Content-Length: %zu\r\n\r\n", body.length);
  fwrite(body.bytes, 1, body.length, out);
  return fflush(out) == 0 && !ferror(out);
}
