/* checked_input.h: the bytes of a text file in blocks of whole UTF-8 characters, each checked before anybody looks at
 * it. */
#ifndef NARADA_CONNECTORS_FILE_CHECKED_INPUT_H
#define NARADA_CONNECTORS_FILE_CHECKED_INPUT_H

#include "base/input.h"

typedef struct CheckedInput CheckedInput;

/* `advice` ends the message about bytes that are not UTF-8: what the user should do. Both pointers are borrowed. */
CheckedInput *checked_input_new(Arena *arena, Input *input, const char *advice);

/* The next block, borrowed until the next call; empty at the end. A byte order mark at the front is left out. Fails for
 * invalid UTF-8 and for NUL with the line and the byte in that line, and for UTF-16 with its name. */
Status checked_input_next(CheckedInput *checked, Text *out, Error *error);

const char *checked_input_name(const CheckedInput *checked);

#endif
