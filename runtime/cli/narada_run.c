/* narada-run: runs a program or a compiled plan. */
#include <signal.h>
#include <stdio.h>

#include "base/interrupt.h"
#include "cli/run/run_program.h"

static void print_help(void) {
  puts("narada-run runs a Narada program.\n\nusage: narada-run FILE.nrd|FILE.nrdc|std.NAME [--PARAMETER VALUE ...] [options]\n\noptions");
  run_program_options(stdout);
  puts("\nExit status: 0 done, 1 failed, 2 wrong usage or the program does not compile, 3 done but not for every row,\n"
       "4 refused by a guard, 5 not a valid plan, 75 the store is busy, 77 a login is needed, 130 ended by Ctrl-C,\n143 by SIGTERM.");
}

static Status run(void *context, Error *error) {
  ProgramCall *call = context;
  Status status = run_program(call, error);
  if (call->asked == ASKED_HELP) print_help();
  if (call->asked == ASKED_VERSION) puts("narada-run " NARADA_VERSION);
  return status;
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file beyond what is allowed (ulimit -f) is a write that fails */
  Error error = {0};
  ProgramCall program = {.name = "narada-run", .arena = arena_new(0), .argc = argc - 1, .argv = argv + 1};
  if (!program.arena) return (int)fail(&error, STATUS_FAILED, "", "no memory");
  Status status = arena_protect(program.arena, run, &program, &error);
  if (status == STATUS_OK && (status = cli_finish_output(&error)) == STATUS_OK) status = program.result;
  int code = cli_report("narada-run", status, &error);
  arena_leave(program.arena);
  if (status == STATUS_INTERRUPTED) {
    cli_finish_output(&error); /* the report */
    interrupt_raise();
  }
  return code;
}
