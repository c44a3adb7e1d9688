/* check_command.h: `naradac check`. */
#ifndef NARADA_COMPILER_CHECK_COMMAND_H
#define NARADA_COMPILER_CHECK_COMMAND_H

#include "cli/options.h"
#include "compiler/policy/policy.h"
#include "compiler/report/report.h"

typedef struct CheckOptions {
  ReportFormat format;
  bool strict; /* warnings are problems */
  Policy policy;
} CheckOptions;

extern const char check_help[];

/* The policy that --read-only, --allow and --max-calls say. */
Status check_policy(Arena *arena, const Options *options, Policy *out, Error *error);

/* Checks files, folders and `-`; without a path the current folder. People read on standard error, other formats go to standard output. `*result` is the exit
 * status: 0 clean, 1 problems, 3 one could not be read. */
Status check_files(Arena *arena, const char *const *paths, size_t count, const CheckOptions *options, int *result, Error *error);

#endif
