/* narada: the daily command. Finds the command and runs it. */
#include <signal.h>
#include <string.h>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/run/run_program.h"
#include "compiler/check/std_module.h"

static const Command *const commands[] = {
    &command_import, &command_export, &command_import_spotify_plays, &command_import_spotify_likes, &command_import_lastfm_plays, &command_export_likes_to_lastfm,
    &command_setup, &command_doctor, &command_status, &command_runs, &command_plays,
    &command_verify, &command_backup, &command_restore, &command_purge,
    &command_wf,
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

typedef struct Main {
  Arena *arena;
  int argc;
  char **argv;
  Status result;
} Main;

static void print_help(void) {
  puts(
      "narada keeps your music's history and runs commands on it.\n\nusage: narada COMMAND [ARGUMENT ...]\n\ncommands");
  for (int i = 0; i < COMMAND_COUNT; i++) {
    printf("  %-28s %s\n", commands[i]->name, commands[i]->summary);
  }
  printf("  %-28s %s\n", "help [COMMAND]", "this text, or all about a command");
  puts(
      "\nAny workflow of the library is a command too: `narada wf list` shows them, `narada NAME --help` what each takes.\n"
      "Programs (.nrd) are run by narada-run and compiled by naradac.\n\n"
      "Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but not for every row, 4 refused by a guard, 75 the store is busy, 77 a login is needed,\n"
      "130 interrupted by Ctrl-C, 143 by SIGTERM.");
}

static Status unknown_command(Arena *arena, const char *word, Error *error) {
  Text *names = arena_array(arena, COMMAND_COUNT + 1 + std_module_count, sizeof *names);
  TextBuilder list = {.arena = arena};
  for (int i = 0; i < COMMAND_COUNT; i++) {
    names[i] = text_of(commands[i]->name);
    text_append_format(&list, "%s, ", commands[i]->name);
  }
  names[COMMAND_COUNT] = TEXT_LITERAL("help");
  for (size_t i = 0; i < std_module_count; i++) names[COMMAND_COUNT + 1 + i] = text_of(std_modules[i].name);
  text_append(&list, names[COMMAND_COUNT]);
  size_t near = text_nearest(text_of(word), names, COMMAND_COUNT + 1 + std_module_count);
  if (near != SIZE_MAX) {
    return fail(error, STATUS_USAGE, "", "no command `%s`; did you mean `" TEXT_FORMAT "`?", word,
                TEXT_ARG(names[near]));
  }
  return fail(error, STATUS_USAGE, "", "no command `%s`; there are " TEXT_FORMAT, word, TEXT_ARG(text_built(&list)));
}

static Status find_command(Arena *arena, const char *word, const Command **out, Error *error) {
  for (int i = 0; i < COMMAND_COUNT; i++) {
    if (strcmp(commands[i]->name, word) == 0) {
      *out = commands[i];
      return STATUS_OK;
    }
  }
  return unknown_command(arena, word, error);
}

static Status run_workflow(Main *call, const char *word, int argc, char **argv, Error *error) {
  Arena *arena = call->arena;
  ProgramCall program = {.name = arena_format(arena, "narada %s", word), .path = arena_format(arena, "std.%s", word), .arena = arena, .argc = argc, .argv = argv};
  Status status = run_program(&program, error);
  if (program.asked == ASKED_VERSION) puts("narada " NARADA_VERSION);
  call->result = program.result;
  return status;
}

static Status help(Main *call, const char *word, Error *error) {
  if (!word) {
    print_help();
    return STATUS_OK;
  }
  char *ask[] = {(char[]){"--help"}};
  if (std_module_find(text_of(word))) return run_workflow(call, word, 1, ask, error);
  const Command *command = NULL;
  Status status = find_command(call->arena, word, &command, error);
  if (status == STATUS_OK) {
    command->help();
  }
  return status;
}

static Status run(void *context, Error *error) {
  Main *main_call = context;
  int argc = main_call->argc;
  char **argv = main_call->argv;
  if (argc < 2) {
    return fail(error, STATUS_USAGE, "", "which command? `narada --help` lists them");
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
    return help(main_call, argc > 2 ? argv[2] : NULL, error);
  }
  if (strcmp(argv[1], "--version") == 0) {
    puts("narada " NARADA_VERSION);
    return STATUS_OK;
  }
  if (argv[1][0] == '-') {
    return fail(error, STATUS_USAGE, "", "no option `%s`; `narada --help` lists the commands", argv[1]);
  }
  if (std_module_find(text_of(argv[1]))) return run_workflow(main_call, argv[1], argc - 2, argv + 2, error);
  const Command *command = NULL;
  Status status = find_command(main_call->arena, argv[1], &command, error);
  return status == STATUS_OK ? command->run(main_call->arena, argc - 2, argv + 2, error) : status;
}

int main(int argc, char **argv) {
  signal(SIGXFSZ, SIG_IGN); /* a file beyond what is allowed (ulimit -f) is a write that fails */
  Error error = {0};
  Arena *arena = arena_new(0);
  if (!arena) {
    fputs("narada: memory is out\n", stderr);
    return STATUS_FAILED;
  }
  Main call = {arena, argc, argv, STATUS_OK};
  Status status = arena_protect(arena, run, &call, &error);
  if (status == STATUS_OK) status = call.result;
  Error output_error = {0};
  Status output = cli_finish_output(&output_error);
  arena_leave(arena);
  int code = cli_report("narada", status, &error);
  if (status == STATUS_INTERRUPTED) interrupt_raise();
  return output == STATUS_OK || status == STATUS_FAILED ? code : cli_report("narada", output, &output_error);
}
