/* process.h: telling whether the process that wrote a row still runs. */
#ifndef NARADA_STORE_PROCESS_H
#define NARADA_STORE_PROCESS_H

#include "base/text.h"

/* This process: the machine's boot, the process's number and when it began; arena. Where the system tells no more, the
 * number alone. */
Text process_identity(Arena *arena);
/* Whether that process runs now. One of another boot does not, nor one whose number another process has taken. */
bool process_is_alive(Arena *arena, Text identity);

#endif
