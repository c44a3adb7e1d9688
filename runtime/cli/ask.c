#include "cli/ask.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "connectors/http/credentials.h"

enum { CTRL_C = 3 };

bool ask_terminal(void) {
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Without echo a signal would leave the terminal mute: Ctrl-C and Ctrl-D end the line instead, and nobody but us reads them. */
static bool hide(struct termios *before) {
  struct termios now;
  if (tcgetattr(STDIN_FILENO, before) != 0) return false;
  now = *before;
  now.c_lflag &= (tcflag_t) ~(ECHO | ISIG);
  now.c_lflag |= ICANON | ECHONL;
  now.c_cc[VEOL] = CTRL_C;
  return tcsetattr(STDIN_FILENO, TCSAFLUSH, &now) == 0;
}

/* Byte by byte: what follows the line is left to who reads next, and nothing stays in a buffer of the library. */
static Status read_line(char *bytes, size_t *length, Error *error) {
  for (*length = 0; *length < ASK_MOST;) {
    ssize_t got = read(STDIN_FILENO, bytes + *length, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(error, STATUS_FAILED, "", "standard input cannot be read: %s", strerror(errno));
    if (got == 0 && *length == 0) return fail(error, STATUS_USAGE, "", "standard input ends where an answer is wanted");
    if (got == 0 || bytes[*length] == '\n') return STATUS_OK;
    if (bytes[*length] == CTRL_C) return fail(error, STATUS_REFUSED, "", "called off");
    (*length)++;
  }
  return fail(error, STATUS_USAGE, "", "the answer is longer than %d bytes", ASK_MOST);
}

Status ask_line(Arena *arena, const char *question, bool hidden, Text *out, Error *error) {
  struct termios before;
  char *bytes = secret_buffer(arena, ASK_MOST + 1);
  size_t length = 0, start = 0;
  bool hiding = hidden && isatty(STDIN_FILENO) && hide(&before); /* before the question: from then on people type */
  text_print(stdout, text_of(question));
  fflush(stdout);
  Status status = hidden && !hiding && isatty(STDIN_FILENO) ? fail(error, STATUS_FAILED, "", "the terminal cannot be kept from showing what is typed")
                                                            : read_line(bytes, &length, error);
  if (hiding) tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
  if (!isatty(STDIN_FILENO)) putchar('\n'); /* a terminal has shown the line's end itself */
  if (status) {
    int name = (int)strcspn(question, ":[(?");
    while (name > 0 && question[name - 1] == ' ') name--;
    return fail_context(error, "%.*s", name, question);
  }
  while (length > start && strchr(" \t\r", bytes[length - 1])) length--;
  while (start < length && strchr(" \t", bytes[start])) start++;
  bytes[length] = '\0';
  *out = (Text){bytes + start, length - start};
  return STATUS_OK;
}

Status ask_yes(Arena *arena, const char *question, bool *yes, Error *error) {
  Text answer;
  Status status = ask_line(arena, arena_format(arena, "%s [y/N]: ", question), false, &answer, error);
  *yes = !status && answer.length && (answer.bytes[0] == 'y' || answer.bytes[0] == 'Y');
  return status;
}
