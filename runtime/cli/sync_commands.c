/* The commands that bring lists of services into the library and back: each runs a workflow of the library. */
#include <string.h>

#include "base/vec.h"
#include "cli/command.h"
#include "cli/run/run_program.h"

typedef struct SyncCommand {
  const char *name;
  const char *workflow;
  const char *limited; /* the workflow for --limit; NULL = the same, with the parameter `limit` */
  const char *since;   /* the workflow for --since; NULL = there is none */
  const char *service; /* whose account --user-id names */
  const char *help;
} SyncCommand;

static const SyncCommand import_spotify_likes = {
    "import-spotify-likes", "std.import_spotify_likes", "std.import_latest_spotify_likes", NULL, "spotify",
    "brings what you liked on Spotify since the last time into the library, with its dates; the first time everything."};
static const SyncCommand export_likes_to_lastfm = {
    "export-likes-to-lastfm", "std.export_likes_to_lastfm", NULL, NULL, "lastfm",
    "loves on Last.fm what you like in the library and do not love there yet. What Last.fm does not take just now is kept for the next run."};
static const SyncCommand import_lastfm_plays = {
    "import-lastfm-plays", "std.import_lastfm_plays", NULL, "std.import_lastfm_plays_since", "lastfm",
    "brings your scrobbles since the last time into the library; the first time all of them."};

static void print_help(const SyncCommand *command) {
  printf("narada %s %s\n\nusage: narada %s [options]\n\noptions\n", command->name, command->help, command->name);
  if (!command->since) {
    printf("      --limit N                %s\n", command->limited ? "only the newest N" : "at most N");
    puts("      --batch-size N           taken and not needed: batches are as large as the service allows");
  } else {
    puts("      --since TIME             from that moment on, instead of where the last time ended: 2024-03-05, or 1970-01-01 for all");
  }
  puts("      --user-id ID             another account than the one used when none is named");
  run_program_options(stdout);
  printf("\nIt runs the workflow %s: `narada wf show %s` prints it, to copy and change.\n", command->workflow, command->workflow + strlen("std."));
}

typedef struct Words {
  Arena *arena;
  VEC(char *) argv;
} Words;

static void push(Words *words, const char *format, const char *value) {
  vec_push(words->arena, &words->argv, arena_format(words->arena, "%s%s", format, value));
}

/* The value of an option at argv[*at], as `--name value` or `--name=value`; NULL: it is another one. */
static Status own_value(const char *name, int argc, char **argv, int *at, const char **out, Error *error) {
  size_t length = strlen(name);
  *out = NULL;
  if (strncmp(argv[*at], name, length) != 0) return STATUS_OK;
  if (argv[*at][length] == '=') *out = argv[*at] + length + 1;
  else if (argv[*at][length]) return STATUS_OK;
  else if (*at + 1 < argc && strncmp(argv[*at + 1], "--", 2) != 0) *out = argv[++*at];
  return *out ? STATUS_OK : fail(error, STATUS_USAGE, "", "`%s` needs a value", name);
}

static Status check_number(const char *name, const char *value, Error *error) {
  bool digits = *value && strlen(value) <= 9 && strspn(value, "0123456789") == strlen(value) && strspn(value, "0") < strlen(value);
  return digits ? STATUS_OK : fail(error, STATUS_USAGE, "", "%s: `%s` is not a whole number from 1 to 999999999", name, value);
}

/* Takes the command's own options out of the line; the rest is narada-run's. */
static Status read_words(const SyncCommand *command, int argc, char **argv, Words *words, const char **workflow, Error *error) {
  for (int i = 0; i < argc; i++) {
    const char *limit = NULL, *batch = NULL, *user = NULL, *since = NULL;
    Status status = own_value("--user-id", argc, argv, &i, &user, error);
    if (status == STATUS_OK && !user && !command->since) status = own_value("--limit", argc, argv, &i, &limit, error);
    if (status == STATUS_OK && !user && !limit && !command->since) status = own_value("--batch-size", argc, argv, &i, &batch, error);
    if (status == STATUS_OK && !user && command->since) status = own_value("--since", argc, argv, &i, &since, error);
    if (status == STATUS_OK && limit) status = check_number("--limit", limit, error);
    if (status == STATUS_OK && batch) status = check_number("--batch-size", batch, error);
    if (status != STATUS_OK) return status;
    if (user) push(words, arena_format(words->arena, "--account=%s=", command->service), user);
    else if (limit) push(words, "--limit=", limit);
    else if (since) push(words, "--since=", since);
    else if (!batch) vec_push(words->arena, &words->argv, argv[i]);
    if (limit && command->limited) *workflow = command->limited;
    if (since) *workflow = command->since;
  }
  return STATUS_OK;
}

static Status run(const SyncCommand *command, Arena *arena, int argc, char **argv, Error *error) {
  Words words = {.arena = arena};
  const char *workflow = command->workflow;
  for (int i = 0; i < argc; i++) {
    if (strcmp(argv[i], "--help") != 0 && strcmp(argv[i], "-h") != 0) continue;
    print_help(command);
    return STATUS_OK;
  }
  Status status = read_words(command, argc, argv, &words, &workflow, error);
  if (status != STATUS_OK) return status;
  ProgramCall call = {.name = arena_format(arena, "narada %s", command->name), .path = workflow, .arena = arena, .argc = (int)words.argv.count, .argv = words.argv.items};
  status = run_program(&call, error);
  return status == STATUS_OK ? call.result : status;
}

#define SYNC_COMMAND(id, word, line)                                                                                                                      \
  static Status run_##id(Arena *arena, int argc, char **argv, Error *error) { return run(&id, arena, argc, argv, error); }                    \
  static void help_##id(void) { print_help(&id); }                                                                                                   \
  const Command command_##id = {.name = word, .summary = line, .run = run_##id, .help = help_##id}

SYNC_COMMAND(import_spotify_likes, "import-spotify-likes", "what you liked on Spotify, into the library");
SYNC_COMMAND(export_likes_to_lastfm, "export-likes-to-lastfm", "what you like, loved on Last.fm");
SYNC_COMMAND(import_lastfm_plays, "import-lastfm-plays", "your scrobbles on Last.fm, into the library");
