#include "cli/service_progress.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/progress_line.h"

enum { QUIET_US = 400000, TELL_US = 100000, LEFT_US = 3000000 };

static struct ServiceProgress {
  char what[64];
  uint64_t first;      /* what was done already when it was first told */
  int64_t began, told; /* clock_ticks() */
  size_t width;
} the_line;

static void begin(struct ServiceProgress *progress, const char *what, uint64_t done, int64_t now) {
  snprintf(progress->what, sizeof progress->what, "%s", what);
  progress->first = done;
  progress->began = now;
}

void service_progress_tell(void *unused, const char *what, uint64_t done, uint64_t total) {
  struct ServiceProgress *progress = &the_line;
  (void)unused;
  int64_t now = clock_ticks();
  char words[PROGRESS_WORDS];
  if (strncmp(what, progress->what, sizeof progress->what - 1) != 0 || done < progress->first) begin(progress, what, done, now);
  if (done >= total) service_progress_clear();
  int64_t spent = now - progress->began;
  if (done >= total || spent < QUIET_US || now - progress->told < TELL_US) return;
  progress->told = now;
  int length = progress_words(words, 0, "%s: ", what);
  length = progress_count(words, length, done);
  length = progress_count(words, progress_words(words, length, " of "), total);
  if (spent >= LEFT_US && done > progress->first) progress_left(words, length, (double)spent / 1e6 * (double)(total - done) / (double)(done - progress->first));
  progress_line_show(&progress->width, words);
}

void service_progress_clear(void) {
  progress_line_clear(&the_line.width);
}
