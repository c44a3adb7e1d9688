#include "cli/progress_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int progress_words(char *out, int length, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int more = vsnprintf(out + length, (size_t)(PROGRESS_WORDS - length), format, arguments);
  va_end(arguments);
  return more < 0 || length + more >= PROGRESS_WORDS ? length : length + more;
}

int progress_count(char *out, int length, uint64_t count) {
  char digits[24];
  int many = snprintf(digits, sizeof digits, "%" PRIu64, count);
  for (int i = 0; i < many; i++) length = progress_words(out, length, "%s%c", i && (many - i) % 3 == 0 ? "," : "", digits[i]);
  return length;
}

int progress_left(char *out, int length, double seconds) {
  if (seconds < 90) return progress_words(out, length, ", about %.0f s left", seconds < 1 ? 1 : seconds);
  if (seconds < 5400) return progress_words(out, length, ", about %.0f min left", seconds / 60);
  return progress_words(out, length, ", about %.1f h left", seconds / 3600);
}

void progress_line_show(size_t *width, const char *words) {
  size_t length = strlen(words);
  fprintf(stderr, "\r  %s%*s", words, *width > length ? (int)(*width - length) : 0, "");
  fflush(stderr);
  *width = length;
}

void progress_line_clear(size_t *width) {
  if (*width) fprintf(stderr, "\r%*s\r", (int)*width + 2, "");
  *width = 0;
}
