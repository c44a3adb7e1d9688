/* narada export: all that the store keeps, in open formats. */
#include <inttypes.h>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/export/export_files.h"
#include "cli/export/export_folder.h"
#include "cli/export/safe_name.h"
#include "cli/store_option.h"
#include "store/upkeep/dump.h"

static const OptionDef option_defs[] = {STORE_OPTION, {"quiet", 'q', NULL, "no summary"}, HELP_OPTION};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada export writes all that the store keeps into a folder that is new or empty.\n\n"
      "usage: narada export DIR [options]\n\n"
      "Each table is a file of JSON Lines, an object a row, from one moment, also while an import or a program writes. Times are\n"
      "milliseconds since 1970, UTC. `narada import DIR` makes an empty store the same again.\n\n"
      "For other programs the same once more, as far as they can take it:\n"
      "  plays.csv                        every listen of a track, with when, how long and how it was heard, and whether it counts as a play\n"
      "  listenbrainz/listens/YEAR/M.jsonl  those that count as plays, as ListenBrainz exports and takes them\n"
      "  listenbrainz/feedback.jsonl      what you like\n"
      "  playlists/NAME.jspf .xspf .m3u8  each playlist\n\n"
      "manifest.json names the files with their rows and SHA-256; it is written last, so a folder without one is not whole.\n"
      "Not in it is what logs in to services, which stays in the folder of credentials.\n"
      "An export that was killed leaves such a folder: the same command makes it anew. Nothing else that is there is written over.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
}

typedef struct Dumping {
  Export *export;
  SafeNames *names; /* of files: a table that a user made may be called anything */
  ExportFile file; /* of the table at hand */
} Dumping;

static Status end_table(Dumping *dumping, Error *error) {
  return dumping->file.stream ? export_file_end(dumping->export, &dumping->file, &dumping->export->tables, error) : STATUS_OK;
}

static Status write_row(void *context, Text table, Text line, Error *error) {
  Dumping *dumping = context;
  if (line.length) {
    dumping->file.rows++;
    return export_file_write(&dumping->file, line, error);
  }
  Status status = end_table(dumping, error);
  if (status != STATUS_OK) return status;
  Arena *arena = dumping->export->arena;
  Text name = safe_name(dumping->names, table);
  status = export_file_create(dumping->export, text_of(arena_format(arena, TEXT_FORMAT ".jsonl", TEXT_ARG(name))), &dumping->file, error);
  if (!text_equal(name, table)) dumping->file.table = text_copy(arena, table);
  return status;
}

static Status export_tables(Export *export, int64_t *schema, Error *error) {
  Dumping dumping = {.export = export, .names = safe_names_new(export->arena)};
  Status status = store_dump(export->store, schema, write_row, &dumping, error);
  return status == STATUS_OK ? end_table(&dumping, error) : status;
}

static Status write_manifest(const Export *export, int64_t schema, Error *error) {
  Output *out;
  TextBuilder json = {.arena = export->arena};
  Status status = export_writer_wait(export->writer, error);
  if (status == STATUS_OK) status = interrupt_check(error);
  if (status != STATUS_OK) return status;
  text_append_format(&json, "{\"narada_export\":%d,\"schema\":%" PRId64 ",\"tables\":[", EXPORT_VERSION, schema);
  export_list_json(&export->tables, &json);
  text_append(&json, TEXT_LITERAL("\n],\"copies\":["));
  export_list_json(&export->copies, &json);
  text_append(&json, TEXT_LITERAL("\n],\"left_out\":[\"what logs in to services: the folder of credentials\",\"backups of the store\"]}\n"));
  status = output_create(export->arena, arena_format(export->arena, "%s/manifest.json", export->folder), &out, error);
  if (status == STATUS_OK) status = output_write(out, text_built(&json), error);
  return status == STATUS_OK ? output_commit(out, error) : status;
}

static Status export_all(Export *export, Error *error) {
  int64_t schema;
  Status status = export_place_open(export->arena, export->folder, &export->place, error);
  if (status != STATUS_OK) return status;
  export->writer = export_writer_new(export->arena);
  status = export_tables(export, &schema, error);
  if (status == STATUS_OK) status = export_plays(export, error);
  if (status == STATUS_OK) status = export_playlists(export, error);
  if (status == STATUS_OK) status = write_manifest(export, schema, error);
  return status == STATUS_OK ? export_place_finish(export->place, error) : status;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Export export = {.arena = arena};
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  interrupt_watch();
  if (options.operands.count == 0) return fail(error, STATUS_USAGE, "", "export where to? name a new folder");
  if ((status = option_operands(&options, 1, error)) != STATUS_OK) return status;
  export.folder = options.operands.items[0];
  if (!*export.folder) return fail(error, STATUS_USAGE, "", "an empty name is no folder");
  if ((status = store_of_options(arena, &options, STORE_READ, &export.store, error)) != STATUS_OK) return status;
  if ((status = store_read_through(export.store, error)) != STATUS_OK) return status;
  status = export_all(&export, error);
  if (status == STATUS_INTERRUPTED) return fail(error, status, "", "interrupted: nothing of the export was left in %s; the same command makes it", export.folder);
  if (status != STATUS_OK || options_have(&options, "quiet")) return status;
  fputs(words_of_many(arena, (int64_t)export.tables.rows, "row"), stdout);
  printf(" of %zu tables in ", export.tables.files.count);
  text_print(stdout, text_of(export.folder));
  printf(", and %s for other programs\n", words_of_many(arena, (int64_t)export.copies.files.count, "file"));
  return STATUS_OK;
}

const Command command_export = {.name = "export", .summary = "all that the store keeps, in open formats with checksums", .run = run, .help = print_help};
