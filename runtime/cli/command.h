/* command.h: the commands of `narada`. One command, one file; narada.c lists them. */
#ifndef NARADA_CLI_COMMAND_H
#define NARADA_CLI_COMMAND_H

#include "cli/options.h"

typedef struct Command {
  const char *name;
  const char *summary; /* one line for the list of commands */
  /* `argv` is what follows the command's name. */
  Status (*run)(Arena *arena, int argc, char **argv, Error *error);
  void (*help)(void);
} Command;

extern const Command command_backup;
extern const Command command_doctor;
extern const Command command_export;
extern const Command command_export_likes_to_lastfm;
extern const Command command_import;
extern const Command command_import_lastfm_plays;
extern const Command command_import_spotify_likes;
extern const Command command_import_spotify_plays;
extern const Command command_plays;
extern const Command command_purge;
extern const Command command_restore;
extern const Command command_runs;
extern const Command command_setup;
extern const Command command_status;
extern const Command command_verify;
extern const Command command_wf;

#endif
