/* narada backup: a verified copy of the store, made while it is in use. */
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/store_option.h"
#include "store/upkeep/backup.h"

static const OptionDef option_defs[] = {
    STORE_OPTION,
    {"now", 0, "INSTANT", "name the copy as if it were this moment, as 2024-03-05T20:00Z"},
    {"keep", 0, "N", "then remove the oldest backups of this store in `backups` beyond N"},
    {"json", 0, NULL, "what was made, as JSON"},
    {"quiet", 'q', NULL, "say nothing"},
    HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada backup makes a copy of the store, reads it back, and writes its checksum beside it.\n\nusage: narada backup [FILE] [options]\n\n"
      "An import or a program may go on meanwhile: the copy is the store as it was when the backup began. Without FILE it goes to the folder `backups` beside\n"
      "the store, with the moment in its name; with a folder, there. `sha256sum -c FILE.sha256` and `narada verify` hold it against its checksum, `narada restore`\n"
      "takes it back.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 done, 1 there is no store, or the copy could not be made or does not read back, 2 wrong usage.");
}

static void show_progress(void *context, int left, int pages) {
  (void)context;
  fprintf(stderr, "\r  %d %% ", pages ? (int)(100 - 100LL * left / pages) : 100);
  fflush(stderr);
}

static Status choose_path(Arena *arena, const Options *options, const Store *store, Instant now, const char **out, Error *error) {
  struct stat about;
  const char *given = options->operands.count ? options->operands.items[0] : NULL;
  *out = given;
  if (!given) return backup_default_path(arena, store_path(store), now, out, error);
  if (!*given) return fail(error, STATUS_USAGE, "", "an empty name is no file");
  if (stat(given, &about) != 0 || !S_ISDIR(about.st_mode)) return STATUS_OK;
  *out = backup_name(arena, given, store_path(store), now);
  return STATUS_OK;
}

static void tell(Arena *arena, const Options *options, const Backup *backup) {
  char hex[2 * SHA256_SIZE + 1];
  digest_hex(&backup->digest, SHA256_SIZE, hex);
  if (options_have(options, "json")) {
    TextBuilder json = {.arena = arena};
    text_append(&json, TEXT_LITERAL("{\"backup\":"));
    json_append_string(&json, text_of(backup->path));
    text_append_format(&json, ",\"bytes\":%" PRId64 ",\"sha256\":\"%s\"}\n", backup->bytes, hex);
    fwrite(json.bytes, 1, json.length, stdout);
  } else if (!options_have(options, "quiet")) {
    text_print(stdout, text_of(backup->path));
    printf(": %s, read back and whole\nSHA-256 %s\n", words_of_bytes(arena, backup->bytes), hex);
  }
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Store *store;
  Instant now;
  const char *path;
  Backup backup;
  int64_t keep;
  size_t removed = 0;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  interrupt_watch();
  status = option_operands(&options, 1, error);
  if (status == STATUS_OK) status = option_now(&options, &now, error);
  if (status == STATUS_OK) status = option_number(&options, "keep", 1, INT32_MAX, INT32_MAX, &keep, error);
  if (status == STATUS_OK) status = store_of_options(arena, &options, STORE_READ, &store, error);
  if (status == STATUS_OK) status = choose_path(arena, &options, store, now, &path, error);
  if (status != STATUS_OK) return status;
  bool progress = isatty(STDERR_FILENO) && !options_have(&options, "quiet");
  status = store_back_up(store, path, progress ? show_progress : NULL, NULL, &backup, error);
  if (progress) fputs("\r          \r", stderr);
  if (status == STATUS_INTERRUPTED) return fail(error, status, "", "interrupted: no backup was made; the same command makes one");
  if (status == STATUS_OK) tell(arena, &options, &backup);
  if (status == STATUS_OK) status = backup_keep(arena, store_path(store), (size_t)keep, &removed, error);
  if (status == STATUS_OK && removed && !options_have(&options, "json") && !options_have(&options, "quiet"))
    printf("removed %s\n", words_of_many(arena, (int64_t)removed, "older backup"));
  return status;
}

const Command command_backup = {
    .name = "backup",
    .summary = "a verified copy of the store, while it is in use",
    .run = run,
    .help = print_help,
};
