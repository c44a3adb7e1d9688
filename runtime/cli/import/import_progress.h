/* import_progress.h: how far an import is, told on a terminal: files, rows, rows a second, time left. */
#ifndef NARADA_CLI_IMPORT_PROGRESS_H
#define NARADA_CLI_IMPORT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/progress_line.h"

typedef struct ImportProgress {
  bool shown;              /* on standard error */
  uint64_t files, ended;   /* of all; those read to their end */
  uint64_t rows;           /* read so far */
  uint64_t total, done;    /* bytes of all files; of those that ended */
  uint64_t part;           /* of the file at hand, read so far */
  int64_t began, told;     /* clock_ticks(); 0 = not yet */
  size_t width;            /* of what stands on the terminal */
} ImportProgress;

/* The line for that moment, without control characters. How fast is told after half a second, how long it will take after two, by what is read by then. */
void import_progress_words(const ImportProgress *progress, int64_t ticks, char out[PROGRESS_WORDS]);

/* To be called for each row; writes now and then. */
void import_progress_row(ImportProgress *progress);
void import_progress_clear(ImportProgress *progress);

#endif
