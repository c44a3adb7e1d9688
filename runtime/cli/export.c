/* narada export: all that the store keeps, in open formats. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/folder.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/store_option.h"
#include "store/dump.h"

static const OptionDef option_defs[] = {STORE_OPTION, {"quiet", 'q', NULL, "no summary"}, HELP_OPTION};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada export writes all that the store keeps into a folder that is new or empty.\n\n"
      "usage: narada export DIR [options]\n\n"
      "Each table is a file of JSON Lines, an object a row, from one moment, also while an import or a program writes. Times are\n"
      "milliseconds since 1970, UTC. manifest.json names the files with their rows and SHA-256; it is written last, so a folder\n"
      "without one is not whole.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
}

typedef struct Export {
  Arena *arena;
  const char *folder;
  Text table; /* being written */
  Output *out;
  Sha256 sum;
  uint64_t rows, all_rows, tables;
  TextBuilder manifest;
} Export;

static Status end_table(Export *export, Error *error) {
  if (!export->out) return STATUS_OK;
  char hex[2 * SHA256_SIZE + 1];
  Digest digest = sha256_end(&export->sum);
  digest_hex(&digest, SHA256_SIZE, hex);
  text_append_format(&export->manifest, "%s\n  {\"file\":\"" TEXT_FORMAT ".jsonl\",\"rows\":%" PRIu64 ",\"sha256\":\"%s\"}", export->tables ? "," : "",
                     TEXT_ARG(export->table), export->rows, hex);
  export->tables++;
  export->all_rows += export->rows;
  Output *out = export->out;
  export->out = NULL;
  return output_commit(out, error);
}

static Status write_row(void *context, Text table, Text line, Error *error) {
  Export *export = context;
  if (line.length) {
    export->rows++;
    sha256_add(&export->sum, line.bytes, line.length);
    return output_write(export->out, line, error);
  }
  Status status = end_table(export, error);
  if (status != STATUS_OK) return status;
  export->table = table;
  export->rows = 0;
  sha256_begin(&export->sum);
  return output_create(export->arena, arena_format(export->arena, "%s/" TEXT_FORMAT ".jsonl", export->folder, TEXT_ARG(table)), &export->out, error);
}

/* Nothing that is there is written over. */
static Status make_folder(Arena *arena, const char *path, Error *error) {
  PathList there = {0};
  if (mkdir(path, S_IRWXU) == 0) return STATUS_OK;
  if (errno != EEXIST) return fail(error, STATUS_FAILED, "", "the folder %s cannot be made: %s", path, strerror(errno));
  Status status = folder_list(arena, path, &there, error);
  if (status != STATUS_OK || !there.count) return status;
  return fail(error, STATUS_FAILED, "", "the folder %s is not empty; name a new one", path);
}

static Status write_manifest(Export *export, int64_t schema, Error *error) {
  Output *out;
  Status status = output_create(export->arena, arena_format(export->arena, "%s/manifest.json", export->folder), &out, error);
  if (status == STATUS_OK)
    status = output_write(out, text_of(arena_format(export->arena, "{\"narada_export\":1,\"schema\":%" PRId64 ",\"tables\":[", schema)), error);
  if (status == STATUS_OK) status = output_write(out, text_built(&export->manifest), error);
  if (status == STATUS_OK) status = output_write(out, TEXT_LITERAL("\n]}\n"), error);
  return status == STATUS_OK ? output_commit(out, error) : status;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  Store *store;
  int64_t schema;
  Export export = {.arena = arena, .manifest.arena = arena};
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  if (options.operands.count == 0) return fail(error, STATUS_USAGE, "", "export where to? name a new folder");
  if ((status = option_operands(&options, 1, error)) != STATUS_OK) return status;
  export.folder = options.operands.items[0];
  if ((status = store_of_options(arena, &options, STORE_READ, &store, error)) != STATUS_OK) return status;
  if ((status = make_folder(arena, export.folder, error)) != STATUS_OK) return status;
  status = store_dump(store, &schema, write_row, &export, error);
  if (status == STATUS_OK) status = end_table(&export, error);
  if (status == STATUS_OK) status = write_manifest(&export, schema, error);
  if (status != STATUS_OK || options_have(&options, "quiet")) return status;
  fputs(words_of_many(arena, (int64_t)export.all_rows, "row"), stdout);
  printf(" of %" PRIu64 " tables in ", export.tables);
  text_print(stdout, text_of(export.folder));
  putchar('\n');
  return STATUS_OK;
}

const Command command_export = {.name = "export", .summary = "all that the store keeps, as JSON Lines with checksums", .run = run, .help = print_help};
