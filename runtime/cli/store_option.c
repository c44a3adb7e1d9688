#include "cli/store_option.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Status store_of_options(Arena *arena, const Options *options, StoreMode mode, Store **out, Error *error) {
  Text path;
  Status status = store_default_path(arena, options_value(options, "store"), &path, error);
  if (status != STATUS_OK) return status;
  if (!store_exists(path.bytes)) return fail(error, STATUS_FAILED, "", TEXT_FORMAT ": there is no store yet; an import makes it", TEXT_ARG(path));
  return store_open(arena, path.bytes, mode, clock_now(), out, error);
}

Status option_number(const Options *options, const char *name, int64_t low, int64_t high, int64_t missing, int64_t *out, Error *error) {
  const char *value = options_value(options, name);
  char *end = NULL;
  *out = missing;
  if (!value) return STATUS_OK;
  errno = 0;
  *out = strtoll(value, &end, 10);
  if (*value && !*end && !errno && *out >= low && *out <= high) return STATUS_OK;
  return fail(error, STATUS_USAGE, "", "--%s: `%s` is not a whole number from %" PRId64 " to %" PRId64, name, value, low, high);
}

Status option_now(const Options *options, Instant *out, Error *error) {
  const char *text = options_value(options, "now");
  Zone zone;
  *out = clock_now();
  if (!text) return STATUS_OK;
  Status status = zone_use(NULL, &zone, error);
  if (status != STATUS_OK || instant_parse(text_of(text), zone, out, error) == STATUS_OK) return status;
  fail_context(error, "--now");
  return STATUS_USAGE;
}

Status cli_agree(const Options *options, const char *what, Error *error) {
  char answer[16] = "";
  if (options_have(options, "yes")) return STATUS_OK;
  if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) return fail(error, STATUS_REFUSED, "", "%s: add --yes if that is what you want", what);
  text_print(stderr, text_of(what));
  fputs("\nType yes to go on: ", stderr);
  fflush(stderr);
  if (fgets(answer, sizeof answer, stdin)) answer[strcspn(answer, "\n")] = '\0';
  return strcmp(answer, "yes") == 0 ? STATUS_OK : fail(error, STATUS_REFUSED, "", "nothing was changed");
}

Status option_operands(const Options *options, size_t most, Error *error) {
  if (options->operands.count <= most) return STATUS_OK;
  return fail(error, STATUS_USAGE, "", "`%s` is one argument too many", options->operands.items[most]);
}

const char *words_of_count(Arena *arena, int64_t count) {
  char digits[32], words[48];
  int length = snprintf(digits, sizeof digits, "%" PRId64, count), at = 0;
  for (int i = 0; i < length; i++) {
    if (i && (length - i) % 3 == 0 && digits[i - 1] != '-') words[at++] = ',';
    words[at++] = digits[i];
  }
  return arena_copy(arena, words, (size_t)at);
}

const char *words_of_many(Arena *arena, int64_t count, const char *one) {
  return arena_format(arena, "%s %s%s", words_of_count(arena, count), one, count == 1 ? "" : "s");
}

const char *words_of_bytes(Arena *arena, int64_t bytes) {
  static const char *const units[] = {"kB", "MB", "GB", "TB"};
  double amount = (double)bytes / 1000;
  size_t unit = 0;
  while (amount >= 1000 && unit < 3) {
    amount /= 1000;
    unit++;
  }
  return arena_format(arena, amount < 10 ? "%.1f %s" : "%.0f %s", amount, units[unit]);
}

const char *words_of_ms(Arena *arena, int64_t ms) {
  if (ms < 10000) return arena_format(arena, "%" PRId64 ".%03" PRId64 " s", ms / 1000, ms % 1000);
  if (ms < 60000) return arena_format(arena, "%" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
  if (ms < 3600000) return arena_format(arena, "%" PRId64 " min %" PRId64 " s", ms / 60000, ms / 1000 % 60);
  return arena_format(arena, "%" PRId64 " h %" PRId64 " min", ms / 3600000, ms / 60000 % 60);
}
