/* narada restore: takes a backup back. */
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/store_option.h"
#include "store/upkeep/backup.h"

static const OptionDef option_defs[] = {
    STORE_OPTION,
    {"now", 0, "INSTANT", "as if it were this moment, as 2024-03-05T20:00Z"},
    {"yes", 0, NULL, "agree that the store becomes what it was then"},
    HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada restore makes the store what it was when a backup was made.\n\nusage: narada restore FILE [options]\n\n"
      "The backup is held against its checksum and read through before anything changes. Of the store as it is now a backup is made first, so that\n"
      "this can be undone. It asks; where nobody can be asked, --yes is needed.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 done, 1 the backup is damaged or could not be taken back, 2 wrong usage, 4 nobody agreed, 75 the store is being written to.");
}

static bool same_file(const char *a, const char *b) {
  struct stat one, other;
  return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static Status restore(Arena *arena, const Options *options, const char *file, const char *path, Instant now, Error *error) {
  Store *store;
  Backup before = {0};
  const char *keep;
  bool exists = store_exists(path);
  if (!store_exists(file)) return fail(error, STATUS_FAILED, "", "%s: there is no such file", file);
  if (same_file(file, path)) return fail(error, STATUS_USAGE, "", "%s: is the store itself, not a backup of it; `narada verify` lists the backups", file);
  Status status = exists ? cli_agree(options, arena_format(arena, "%s becomes what it was in %s; a backup of it as it is now is made first", path, file), error)
                         : STATUS_OK;
  if (status == STATUS_OK) status = store_open(arena, path, STORE_WRITE, now, &store, error);
  if (status == STATUS_FAILED && exists)
    return fail_context(error, "move the damaged store away (%s, %s-wal and %s-shm) and restore again", path, path, path);
  if (status == STATUS_OK && exists) status = backup_default_path(arena, store_path(store), now, &keep, error);
  if (status == STATUS_OK && exists) status = store_back_up(store, keep, NULL, NULL, &before, error);
  if (status == STATUS_OK) status = store_take_back(store, file, error);
  if (status == STATUS_OK) status = store_close(store, error);
  if (status == STATUS_OK) status = store_open(arena, path, STORE_WRITE, now, &store, error); /* derives anew what an older backup does not have */
  if (status == STATUS_OK) status = store_close(store, error);
  if (status != STATUS_OK) return status;
  text_print(stdout, text_of(path));
  fputs(" is what it was in ", stdout);
  text_print(stdout, text_of(file));
  if (exists) {
    fputs("; as it was before: ", stdout);
    text_print(stdout, text_of(before.path));
  }
  fputc('\n', stdout);
  return STATUS_OK;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Text path;
  Instant now;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  if (options.operands.count == 0) return fail(error, STATUS_USAGE, "", "restore what? give the file of a backup; `narada verify` lists them");
  status = option_operands(&options, 1, error);
  if (status == STATUS_OK) status = option_now(&options, &now, error);
  if (status == STATUS_OK) status = store_default_path(arena, options_value(&options, "store"), &path, error);
  return status == STATUS_OK ? restore(arena, &options, options.operands.items[0], path.bytes, now, error) : status;
}

const Command command_restore = {
    .name = "restore",
    .summary = "makes the store what it was in a backup",
    .run = run,
    .help = print_help,
};
