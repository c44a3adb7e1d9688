#include "cli/import/import_progress.h"

#include <inttypes.h>

#include "base/clock.h"
#include "cli/progress_line.h"

/* The clock is asked once in so many rows, and what is told changes ten times a second. */
enum { ROWS_ASKED = 1 << 12, TELL_US = 100000, RATE_US = 500000, LEFT_US = 2000000 };

void import_progress_words(const ImportProgress *progress, int64_t ticks, char out[PROGRESS_WORDS]) {
  uint64_t at_hand = progress->ended < progress->files ? progress->ended + 1 : progress->files;
  uint64_t read = progress->done + progress->part;
  int64_t spent = ticks - progress->began;
  int length = progress_words(out, 0, "file %" PRIu64 " of %" PRIu64 ", ", at_hand, progress->files);
  length = progress_words(out, progress_count(out, length, progress->rows), " row%s", progress->rows == 1 ? "" : "s");
  if (spent < RATE_US) return;
  length = progress_words(out, progress_count(out, progress_words(out, length, ", "), (uint64_t)((double)progress->rows * 1e6 / (double)spent)), " a second");
  if (spent >= LEFT_US && read && progress->total > read) progress_left(out, length, (double)spent / 1e6 * (double)(progress->total - read) / (double)read);
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
  progress_line_show(&progress->width, words);
}

void import_progress_clear(ImportProgress *progress) {
  progress_line_clear(&progress->width);
}
