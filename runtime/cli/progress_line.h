/* progress_line.h: a line on the terminal that says how far something is, and is written over again and again. */
#ifndef NARADA_CLI_PROGRESS_LINE_H
#define NARADA_CLI_PROGRESS_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { PROGRESS_WORDS = 160 };

/* Each appends to `out`, of PROGRESS_WORDS bytes, behind `length` and returns the new length; what does not fit is left out. */
int progress_words(char *out, int length, const char *format, ...) NARADA_PRINTF(3, 4);
/* With a comma before each third digit. */
int progress_count(char *out, int length, uint64_t count);
int progress_left(char *out, int length, double seconds);

/* On standard error; `*width` is of what stands there, 0 at first. */
void progress_line_show(size_t *width, const char *words);
void progress_line_clear(size_t *width);

#endif
