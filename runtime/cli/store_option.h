/* store_option.h: what the commands on the store share: which store, and words for figures. */
#ifndef NARADA_CLI_STORE_OPTION_H
#define NARADA_CLI_STORE_OPTION_H

#include "cli/options.h"
#include "store/store.h"

#define STORE_OPTION {"store", 0, "PATH", "the store; else NARADA_STORE, else the XDG data folder"}
#define HELP_OPTION {"help", 'h', NULL, "this text"}

/* Opens the store that --store names, at this moment. A store that is not there is STATUS_FAILED, also for writing: these commands make none. */
Status store_of_options(Arena *arena, const Options *options, StoreMode mode, Store **out, Error *error);
/* The value of an option that is a whole number from `low` to `high`, or `missing` where it is not given. */
Status option_number(const Options *options, const char *name, int64_t low, int64_t high, int64_t missing, int64_t *out, Error *error);
/* --now, or this moment. */
Status option_now(const Options *options, Instant *out, Error *error);
/* Asks on a terminal whether what `what` says shall happen. --yes agrees; where nobody can be asked, or who was does not agree, it is STATUS_REFUSED. */
Status cli_agree(const Options *options, const char *what, Error *error);
/* "no arguments": more operands than `most` are STATUS_USAGE. */
Status option_operands(const Options *options, size_t most, Error *error);

/* "1 track", "1,084 tracks"; arena. */
const char *words_of_many(Arena *arena, int64_t count, const char *one);
/* "1,084"; "24.3 MB"; "0.3 s", "2 min 5 s"; arena. */
const char *words_of_count(Arena *arena, int64_t count);
const char *words_of_bytes(Arena *arena, int64_t bytes);
const char *words_of_ms(Arena *arena, int64_t ms);

#endif
