/* narada purge: removes for good what was deleted. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/store_option.h"
#include "store/upkeep/backup.h"
#include "store/upkeep/purge.h"

static const OptionDef option_defs[] = {
    STORE_OPTION,
    {"older", 0, "DURATION", "only what was deleted longer ago than this, as 30d"},
    {"runs", 0, "DURATION", "also runs that ended longer ago than this, and programs that then nothing refers to"},
    {"import", 0, "NUMBER", "also that import: all plays that it stored"},
    {"yes", 0, NULL, "agree"},
    {"dry-run", 0, NULL, "remove nothing, and tell what would be removed"},
    {"now", 0, "INSTANT", "as if it were this moment, as 2024-03-05T20:00Z"},
    {"json", 0, NULL, "what was removed, as JSON"},
    HELP_OPTION,
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada purge removes what was deleted: entries that left a playlist, tags and ratings that were taken away, and answers of services that hold no longer.\n\n"
      "usage: narada purge [options]\n\n"
      "Nothing else removes anything from the store. Plays are removed only with the whole import that stored them; the tracks stay, and what something still\n"
      "refers to. Removed data is overwritten in the file; backups keep it. It asks; where nobody can be asked, --yes is needed.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts("\nExit status: 0 done, 1 failed, 2 wrong usage, 4 nobody agreed, 75 the store is being written to.");
}

/* The moment that long before `now`; `missing` where the option is not given. */
static Status moment_before(const Options *options, const char *name, Instant now, Instant missing, Instant *out, Error *error) {
  const char *text = options_value(options, name);
  Duration duration;
  Zone zone;
  *out = missing;
  if (!text) return STATUS_OK;
  Status status = zone_use(NULL, &zone, error);
  if (status == STATUS_OK && duration_parse(text_of(text), &duration, error) != STATUS_OK) {
    fail_context(error, "--%s", name);
    return STATUS_USAGE;
  }
  if (status == STATUS_OK) *out = instant_add(now, duration, -1, zone);
  return status;
}

static const char *in_words(Arena *arena, const Purged *purged, size_t count) {
  TextBuilder words = {.arena = arena};
  for (size_t i = 0; i < count; i++) {
    text_append_format(&words, "%s%s %s", i == 0 ? "" : i + 1 == count ? " and " : ", ", words_of_count(arena, purged[i].rows),
                       purged[i].rows == 1 ? purged[i].one : purged[i].many);
  }
  return words.bytes;
}

static void print_json(Arena *arena, const Purged *purged, size_t count, bool dry_run) {
  TextBuilder json = {.arena = arena};
  text_append_format(&json, "{\"dry_run\":%s,\"removed\":{", dry_run ? "true" : "false");
  for (size_t i = 0; i < count; i++) text_append_format(&json, "%s\"%s\":%" PRId64, i ? "," : "", purged[i].many, purged[i].rows);
  text_append(&json, TEXT_LITERAL("}}"));
  puts(json.bytes);
}

static Status note_backups(Arena *arena, const Store *store, Error *error) {
  const char *const *paths;
  size_t count;
  Status status = backup_list(arena, store_path(store), &paths, &count, error);
  if (status == STATUS_OK && count) printf("%s may still hold it; `narada verify` lists them\n", words_of_many(arena, (int64_t)count, "backup"));
  return status;
}

/* ---- which import ---- */

enum { LISTED_MOST = 20 };

typedef struct Listing {
  Arena *arena;
  int64_t wanted;
  bool found;
  TextBuilder words; /* of the latest */
  size_t listed;
} Listing;

static bool list_import(void *context, const StoreImport *import) {
  Listing *listing = context;
  Civil at = instant_civil(import->imported_at, (Zone){"UTC"});
  listing->found |= import->id == listing->wanted;
  if (listing->listed++ < LISTED_MOST)
    text_append_format(&listing->words, "%s%" PRId64 " of %04d-%02d-%02d (" TEXT_FORMAT ", %s)", listing->words.length ? ", " : "", import->id, at.year, at.month, at.day,
                       TEXT_ARG(text_escaped(listing->arena, import->source)), words_of_many(listing->arena, import->plays, "play"));
  return !listing->found;
}

static Status find_import(Arena *arena, const Options *options, Store *store, int64_t *out, Error *error) {
  const char *text = options_value(options, "import");
  char *end = NULL;
  *out = 0;
  if (!text) return STATUS_OK;
  Listing listing = {.arena = arena, .wanted = strtoll(text, &end, 10), .words.arena = arena};
  if (!*text || *end || listing.wanted <= 0) listing.wanted = 0;
  Status status = store_each_import(store, list_import, &listing, error);
  *out = listing.wanted;
  if (status != STATUS_OK || listing.found) return status;
  return fail(error, STATUS_USAGE, "", "--import: there is no import `%s`; %s%s%s", text, listing.listed ? "there are " : "there are none", listing.words.length ? listing.words.bytes : "",
              listing.listed > LISTED_MOST ? " and older ones" : "");
}

static Status purge(Arena *arena, const Options *options, Store *store, PurgeWish wish, Error *error) {
  Purged purged[PURGE_KINDS_MAX];
  size_t count;
  bool dry_run = options_have(options, "dry-run"), as_json = options_have(options, "json");
  Status status = store_purge(store, wish, true, purged, &count, error);
  if (status == STATUS_OK && count && !dry_run) {
    status = cli_agree(options, arena_format(arena, "%s: for good, %s would be removed", store_path(store), in_words(arena, purged, count)), error);
    if (status == STATUS_OK) status = store_purge(store, wish, false, purged, &count, error);
  }
  if (status != STATUS_OK) return status;
  if (as_json) {
    print_json(arena, purged, count, dry_run);
  } else if (count == 0) {
    puts("there is nothing to remove");
  } else {
    printf("%s %s\n", dry_run ? "would remove" : "removed", in_words(arena, purged, count));
  }
  return count && !dry_run && !as_json ? note_backups(arena, store, error) : STATUS_OK;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Store *store;
  PurgeWish wish;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  status = option_operands(&options, 0, error);
  if (status == STATUS_OK) status = option_now(&options, &wish.now, error);
  if (status == STATUS_OK) status = moment_before(&options, "older", wish.now, INSTANT_MAX, &wish.deleted_before, error);
  if (status == STATUS_OK) status = moment_before(&options, "runs", wish.now, INSTANT_MIN, &wish.runs_before, error);
  if (status == STATUS_OK) status = store_of_options(arena, &options, STORE_WRITE, &store, error);
  if (status == STATUS_OK) status = find_import(arena, &options, store, &wish.import, error);
  if (status == STATUS_OK) status = purge(arena, &options, store, wish, error);
  return status;
}

const Command command_purge = {
    .name = "purge",
    .summary = "removes for good what was deleted",
    .run = run,
    .help = print_help,
};
