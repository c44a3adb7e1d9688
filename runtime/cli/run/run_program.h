/* run_program.h: runs one program as a command line asks for it: `narada-run FILE`, and `narada NAME` for a workflow of the library. */
#ifndef NARADA_CLI_RUN_PROGRAM_H
#define NARADA_CLI_RUN_PROGRAM_H

#include "cli/options.h"
#include "engine/run.h"
#include "store/runs.h"

/* A run of the past, to be done again as it was asked for. */
typedef struct PastRun {
  const ProgramFile *files; /* the program, then its modules */
  size_t file_count;
  const ParamText *params;
  size_t param_count;
  Instant now;
  const char *zone, *seed;
} PastRun;

typedef struct ProgramCall {
  const char *name; /* of the command, for the usage line */
  const char *path; /* of the program, "std.NAME" for one of the library; NULL = the command's only operand */
  const PastRun *past; /* NULL, or what the program, its parameters, now, zone and seed are taken from */
  Arena *arena;
  int argc;
  char **argv;
  Status result; /* STATUS_PARTIAL when it was done, but not for every row */
  enum { ASKED_RUN, ASKED_HELP, ASKED_VERSION } asked; /* what the caller is to print instead */
} ProgramCall;

/* Compiles it, or loads the plan, runs it and reports. Options that are not known here are the program's parameters; --help prints those. */
Status run_program(ProgramCall *call, Error *error);
void run_program_options(FILE *out);

#endif
