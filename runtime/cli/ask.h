/* ask.h: values that a person types, or a script gives on standard input, a line each. */
#ifndef NARADA_CLI_ASK_H
#define NARADA_CLI_ASK_H

#include "base/text.h"

enum { ASK_MOST = 8 << 10 };

/* Whether somebody sits there: standard input and output are terminals. */
bool ask_terminal(void);
/* Shows the question on standard output and reads a line, without the blanks around it; wiped with the arena. `hidden`: not shown while it is typed.
 * STATUS_USAGE at the end of the input or for a line of more than ASK_MOST bytes; STATUS_REFUSED for Ctrl-C while it is hidden. */
Status ask_line(Arena *arena, const char *question, bool hidden, Text *out, Error *error);
/* A question for yes or no; an empty line is no. */
Status ask_yes(Arena *arena, const char *question, bool *yes, Error *error);

#endif
