/* options.h: command lines of all programs: one table of options a command, read the same way everywhere. */
#ifndef NARADA_CLI_OPTIONS_H
#define NARADA_CLI_OPTIONS_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

typedef struct OptionDef {
  const char *name;  /* long name without dashes */
  char letter;       /* short name, 0 = none */
  const char *value; /* what to call its value in the help; NULL = a flag. One that ends in `...` may be given more than once */
  const char *doc;
} OptionDef;

typedef struct OptionValue {
  const OptionDef *def; /* NULL = not in the table */
  Text name;
  const char *value;    /* NULL = none given */
} OptionValue;

typedef struct Options {
  const OptionDef *defs;
  size_t def_count;
  VEC(OptionValue) values;    /* in the order given */
  VEC(const char *) operands; /* everything that is not an option; all after `--` */
} Options;

/* Reads `--name value`, `--name=value`, `-n value` and flags, in any order with operands. `-` alone is an operand. An option that the table does not have is
 * STATUS_USAGE with did-you-mean, unless `keep_unknown`: then `--name value` is kept with def NULL (a program's parameter). A table option twice is STATUS_USAGE, if its value does not end in `...`. */
Status options_read(Arena *arena, const OptionDef *defs, size_t def_count, bool keep_unknown, int argc, char **argv, Options *out, Error *error);
bool options_have(const Options *options, const char *name);
/* The value, or NULL. */
const char *options_value(const Options *options, const char *name);
/* "no option `--stoer`; did you mean `--store`?" with the names of the table and `more` (may be NULL). */
Status options_unknown(Arena *arena, const Options *options, Text name, const Text *more, size_t more_count, Error *error);
/* The options as help lines. */
void options_print(const OptionDef *defs, size_t def_count, FILE *out);
/* "narada-run: MESSAGE" on standard error, safe for a terminal; returns the status as exit code. */
int cli_report(const char *program, Status status, const Error *error);
/* Whether a stream should get colour: a terminal, and NO_COLOR not set. */
bool cli_colour(FILE *stream);
/* Flushes standard output; a full disk or a closed pipe is STATUS_FAILED. */
Status cli_finish_output(Error *error);

#endif
