#include "cli/import_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

/* The clock is asked once in so many rows, and what is told changes ten times a second. */
enum { ROWS_ASKED = 1 << 12, TELL_US = 100000, RATE_US = 500000, LEFT_US = 2000000 };

static int append(char *out, int length, const char *format, ...) NARADA_PRINTF(3, 4);

static int append(char *out, int length, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int more = vsnprintf(out + length, (size_t)(PROGRESS_WORDS - length), format, arguments);
  va_end(arguments);
  return more < 0 || length + more >= PROGRESS_WORDS ? length : length + more;
}

/* With a comma before each third digit. */
static int append_count(char *out, int length, uint64_t count) {
  char digits[24];
  int many = snprintf(digits, sizeof digits, "%" PRIu64, count);
  for (int i = 0; i < many; i++) length = append(out, length, "%s%c", i && (many - i) % 3 == 0 ? "," : "", digits[i]);
  return length;
}

static int append_left(char *out, int length, double seconds) {
  if (seconds < 90) return append(out, length, ", about %.0f s left", seconds < 1 ? 1 : seconds);
  if (seconds < 5400) return append(out, length, ", about %.0f min left", seconds / 60);
  return append(out, length, ", about %.1f h left", seconds / 3600);
}

void import_progress_words(const ImportProgress *progress, int64_t ticks, char out[PROGRESS_WORDS]) {
  uint64_t at_hand = progress->ended < progress->files ? progress->ended + 1 : progress->files;
  uint64_t read = progress->done + progress->part;
  int64_t spent = ticks - progress->began;
  int length = append(out, 0, "file %" PRIu64 " of %" PRIu64 ", ", at_hand, progress->files);
  length = append(out, append_count(out, length, progress->rows), " row%s", progress->rows == 1 ? "" : "s");
  if (spent < RATE_US) return;
  length = append(out, append_count(out, append(out, length, ", "), (uint64_t)((double)progress->rows * 1e6 / (double)spent)), " a second");
  if (spent >= LEFT_US && read && progress->total > read) append_left(out, length, (double)spent / 1e6 * (double)(progress->total - read) / (double)read);
}

void import_progress_row(ImportProgress *progress) {
  progress->rows++;
  if (!progress->shown) return;
  if (!progress->began) progress->began = progress->told = clock_ticks();
  if (progress->rows % ROWS_ASKED) return;
  int64_t now = clock_ticks();
  if (now - progress->told < TELL_US) return;
  char words[PROGRESS_WORDS];
  progress->told = now;
  import_progress_words(progress, now, words);
  size_t width = strlen(words);
  fprintf(stderr, "\r  %s%*s", words, progress->width > width ? (int)(progress->width - width) : 0, "");
  fflush(stderr);
  progress->width = width;
}

void import_progress_clear(ImportProgress *progress) {
  if (progress->width) fprintf(stderr, "\r%*s\r", (int)progress->width + 2, "");
  progress->width = 0;
}
