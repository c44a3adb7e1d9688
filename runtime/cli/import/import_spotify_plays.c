/* narada import-spotify-plays: an extended streaming history into the store. */
#include <stdio.h>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/import/import_session.h"

static const OptionDef option_defs[] = {IMPORT_OPTIONS};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada import-spotify-plays stores the plays of Spotify's extended streaming history.\n\n"
      "usage: narada import-spotify-plays PATH... [options]\n\n"
      "PATH is the zip as Spotify sends it, the unpacked folder, or a single file. In zips and folders the files "
      "named\n"
      "Streaming_History_*.json and endsong*.json are read. Importing the same files again, in any order, adds "
      "nothing.\n"
      "Addresses, user agents and the user's name are not read.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts(
      "\nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but a row was rejected or a file could not be read to "
      "its\n"
      "end, 75 the store is busy.");
}

static Status run_import(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  ImportSession *session;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  interrupt_watch();
  if (options.operands.count == 0)
    return fail(error, STATUS_USAGE, "", "import what? give the zip, the folder or the files of an extended streaming history");
  if ((status = import_session_new(arena, &options, &session, error)) != STATUS_OK) return status;
  HistoryReader *reader; /* what cannot be read is told before a store is made */
  status = history_open(arena, options.operands.items, options.operands.count, (HistoryOptions){0}, &reader, error);
  if (status != STATUS_OK) return status;
  history_close(reader);
  if ((status = import_session_open(session, error)) != STATUS_OK) return status;
  status = import_history(session, options.operands.items, options.operands.count, (HistoryOptions){0}, error);
  if (status == STATUS_OK) status = import_session_close(session, error);
  if (status != STATUS_OK) return import_session_stopped(session, error);
  return import_session_tell(session, &options, error);
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  return import_told(run_import(arena, argc, argv, error), error);
}

const Command command_import_spotify_plays = {
    .name = "import-spotify-plays",
    .summary = "the plays of an extended streaming history into the store",
    .run = run,
    .help = print_help,
};
