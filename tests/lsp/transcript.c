/* Talks to the language server as a transcript says and compares what it answers:  transcript FILE...   (BLESS=1 writes what it answered)
 *   # a comment
 *   > {...}        a message of the client, framed as it should be
 *   raw TEXT       bytes of the client as they are; \r, \n and \\ are escapes
 *   fill N         N bytes of the client, all x
 *   < {...}        a message of the server
 *   = 1 text       how it ends: the exit status and what is said on standard error; without such a line 0 and nothing
 * What the server says to a line of the client stands behind that line. */
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/vec.h"
#include "compiler/lsp/server.h"

typedef VEC(Text) TextList;

static TextList lines_of(Arena *arena, Text text) {
  TextList lines = {0};
  for (size_t at = 0; at < text.length;) {
    size_t end = at;
    while (end < text.length && text.bytes[end] != '\n') end++;
    Text line = {text.bytes + at, end - at};
    vec_push(arena, &lines, line);
    at = end + 1;
  }
  return lines;
}

static Text after(Text line, const char *mark) {
  size_t length = strlen(mark);
  if (line.length < length || memcmp(line.bytes, mark, length) != 0) return (Text){NULL, 0};
  return (Text){line.bytes + length, line.length - length};
}

static void append_raw(TextBuilder *out, Text raw) {
  for (size_t i = 0; i < raw.length; i++) {
    char c = raw.bytes[i];
    if (c == '\\' && i + 1 < raw.length) {
      c = raw.bytes[++i];
      c = c == 'r' ? '\r' : c == 'n' ? '\n' : c;
    }
    text_append_char(out, c);
  }
}

/* What the client sends; false for a line that is not the client's. */
static bool append_client(TextBuilder *out, Text line) {
  Text message = after(line, "> "), raw = after(line, "raw "), fill = after(line, "fill ");
  if (message.bytes) {
    text_append_format(out, "Content-Length: %zu\r\n\r\n", message.length);
    text_append(out, message);
  } else if (raw.bytes) {
    append_raw(out, raw);
  } else if (fill.bytes) {
    for (long left = strtol(fill.bytes, NULL, 10); left > 0; left--) text_append_char(out, 'x');
  }
  return message.bytes || raw.bytes || fill.bytes;
}

/* The bodies of framed messages. */
static TextList messages_of(Arena *arena, const char *bytes, size_t length) {
  TextList messages = {0};
  for (const char *at = bytes, *end = bytes + length; at < end;) {
    const char *body = strstr(at, "\r\n\r\n");
    if (!body || strncmp(at, "Content-Length: ", 16) != 0) break;
    Text message = {body + 4, (size_t)strtol(at + 16, NULL, 10)};
    vec_push(arena, &messages, message);
    at = message.bytes + message.length;
  }
  return messages;
}

typedef struct Talk {
  TextList messages;
  Status status;
  Error error;
} Talk;

static Talk talk(Arena *arena, Text client) {
  Talk talk = {0};
  char *bytes = NULL;
  size_t length = 0;
  FILE *in = tmpfile(), *out = open_memstream(&bytes, &length);
  if (!in || !out) abort();
  fwrite(client.bytes, 1, client.length, in);
  rewind(in);
  talk.status = lsp_serve(in, out, &talk.error);
  fclose(in);
  fclose(out);
  talk.messages = messages_of(arena, text_copy(arena, (Text){bytes, length}).bytes, length);
  free(bytes);
  return talk;
}

/* The transcript as it should read. The server is asked anew after each line, so that what it says is known to belong there. */
static Text rewritten(Arena *arena, Text transcript) {
  TextBuilder client = {.arena = arena}, out = {.arena = arena};
  TextList lines = lines_of(arena, transcript);
  Talk last = {0};
  size_t told = 0;
  for (size_t i = 0; i < lines.count; i++) {
    if (after(lines.items[i], "< ").bytes || after(lines.items[i], "= ").bytes) continue;
    text_append_format(&out, TEXT_FORMAT "\n", TEXT_ARG(lines.items[i]));
    if (!append_client(&client, lines.items[i])) continue;
    last = talk(arena, text_built(&client));
    bool more = i + 1 < lines.count && (after(lines.items[i + 1], "raw ").bytes || after(lines.items[i + 1], "fill ").bytes);
    for (; !more && told < last.messages.count; told++) {
      text_append(&out, TEXT_LITERAL("< "));
      text_append(&out, last.messages.items[told]);
      text_append_char(&out, '\n');
    }
  }
  if (last.status || last.error.message[0]) text_append_format(&out, "= %d%s%s\n", (int)last.status, last.error.message[0] ? " " : "", last.error.message);
  return text_built(&out);
}

/* The first line that differs. */
static void show_difference(const char *path, Arena *arena, Text expected, Text got) {
  TextList a = lines_of(arena, expected), b = lines_of(arena, got);
  for (size_t i = 0; i < a.count || i < b.count; i++) {
    Text left = i < a.count ? a.items[i] : TEXT_LITERAL("(the end)"), right = i < b.count ? b.items[i] : TEXT_LITERAL("(the end)");
    if (text_equal(left, right)) continue;
    printf("%s:%zu\nexpected " TEXT_FORMAT "\ngot      " TEXT_FORMAT "\n", path, i + 1, TEXT_ARG(left), TEXT_ARG(right));
    return;
  }
}

int main(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i++) {
    Arena *arena = arena_new(0);
    Error error = {0};
    Text transcript;
    if (file_read_all(arena, argv[i], 1 << 24, &transcript, &error) != STATUS_OK) {
      printf("%s\n", error.message);
      failed++;
      arena_free(arena);
      continue;
    }
    Text got = rewritten(arena, transcript);
    bool same = text_equal(got, transcript);
    const char *bless = getenv("BLESS");
    if (!same && bless && *bless) {
      Output *output;
      if (output_create(arena, argv[i], &output, &error) != STATUS_OK || output_write(output, got, &error) != STATUS_OK || output_commit(output, &error) != STATUS_OK)
        printf("%s\n", error.message);
    } else if (!same) {
      show_difference(argv[i], arena, transcript, got);
      failed++;
    }
    arena_free(arena);
  }
  printf("%d passed, %d failed\n", argc - 1 - failed, failed);
  return failed != 0;
}
