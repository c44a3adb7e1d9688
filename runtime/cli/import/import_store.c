#include "cli/import/import_store.h"

#include <inttypes.h>

#include "base/json.h"
#include "cli/store_option.h"
#include "store/upkeep/load.h"
#include "store/upkeep/migrate.h"

static Status open_table(void *context, size_t table, Arena *arena, Input **out, Error *error) {
  const ExportFolder *folder = context;
  return export_table_open(arena, &folder->tables.items[table], out, error);
}

static Status check_schema(const ExportFolder *folder, Error *error) {
  if (folder->schema <= (int64_t)store_migration_count) return STATUS_OK;
  return fail(error, STATUS_FAILED, "", "%s: made by a newer Narada (schema %" PRId64 "; this one, " NARADA_VERSION ", reads %zu); upgrade it: " NARADA_UPGRADE_COMMAND,
              folder->path, folder->schema, store_migration_count);
}

static Status require_empty(Store *store, const ExportFolder *folder, Error *error) {
  bool empty;
  Status status = store_is_empty(store, &empty, error);
  if (status != STATUS_OK || empty) return status;
  return fail(error, STATUS_FAILED, "",
              "%s: holds something already, and an export becomes a whole store, with the ids it had; import it into a new one: `narada import %s --store NEW.db`",
              store_path(store), folder->path);
}

static Status load_tables(Arena *arena, Store *store, const ExportFolder *folder, StoreLoaded *out, Error *error) {
  Text *names = arena_array(arena, folder->tables.count, sizeof *names);
  for (size_t i = 0; i < folder->tables.count; i++) names[i] = folder->tables.items[i].name;
  StoreLoad load = {.schema = folder->schema, .tables = names, .table_count = folder->tables.count, .open = open_table, .context = (void *)folder};
  return store_load(store, &load, out, error);
}

static void tell(Arena *arena, const Options *options, const StoreLoaded *loaded, Text store, const ExportFolder *folder) {
  if (options_have(options, "json")) {
    TextBuilder json = {.arena = arena};
    text_append(&json, TEXT_LITERAL("{\"restored\":"));
    json_append_string(&json, store);
    text_append_format(&json, ",\"tables\":%" PRIu64 ",\"rows\":%" PRIu64 ",\"schema\":%" PRId64 ",\"dry_run\":%s,\"left_out\":[", loaded->tables, loaded->rows, folder->schema,
                       options_have(options, "dry-run") ? "true" : "false");
    for (size_t i = 0; i < loaded->foreign.count; i++) {
      if (i) text_append_char(&json, ',');
      json_append_string(&json, loaded->foreign.items[i]);
    }
    text_append(&json, TEXT_LITERAL("]}\n"));
    fwrite(json.bytes, 1, json.length, stdout);
    return;
  }
  if (options_have(options, "quiet")) return;
  text_print(stdout, store);
  fputs(options_have(options, "dry-run") ? " would be what was exported to " : " is what was exported to ", stdout);
  text_print(stdout, text_of(folder->path));
  printf(": %s of %" PRIu64 " tables\n", words_of_many(arena, (int64_t)loaded->rows, "row"), loaded->tables);
  for (size_t i = 0; i < loaded->foreign.count; i++) {
    text_print(stdout, loaded->foreign.items[i]);
    fputs(" is no table of Narada and was left out\n", stdout);
  }
}

/* Into memory, where it cannot do harm. */
static Status try_out(Arena *arena, const ExportFolder *folder, Text path, Instant now, StoreLoaded *out, Error *error) {
  Store *store;
  Status status = STATUS_OK;
  if (store_exists(path.bytes)) {
    status = store_open(arena, path.bytes, STORE_READ, now, &store, error);
    if (status == STATUS_OK) status = require_empty(store, folder, error);
    if (status == STATUS_OK) status = store_close(store, error);
  }
  if (status == STATUS_OK) status = store_open_memory(arena, now, &store, error);
  if (status != STATUS_OK) return status;
  status = load_tables(arena, store, folder, out, error);
  return status == STATUS_OK ? store_close(store, error) : fail_context(error, "%s", folder->path);
}

static Status load_folder(Arena *arena, const Options *options, const ExportFolder *folder, Text path, Instant now, Error *error) {
  Store *store;
  StoreLoaded loaded;
  Status status = check_schema(folder, error);
  if (status == STATUS_OK) status = export_folder_check(folder, error);
  if (status == STATUS_OK && options_have(options, "dry-run")) {
    status = try_out(arena, folder, path, now, &loaded, error);
    if (status == STATUS_OK) tell(arena, options, &loaded, path, folder);
    return status;
  }
  if (status == STATUS_OK) status = store_open(arena, path.bytes, STORE_WRITE, now, &store, error);
  if (status == STATUS_OK) status = require_empty(store, folder, error);
  if (status != STATUS_OK) return status;
  status = load_tables(arena, store, folder, &loaded, error);
  if (status != STATUS_OK) return fail_context(error, "%s", folder->path);
  if ((status = store_close(store, error)) != STATUS_OK) return status;
  if (folder->schema < (int64_t)store_migration_count) { /* derives anew what an older schema did not have */
    if ((status = store_open(arena, path.bytes, STORE_WRITE, now, &store, error)) != STATUS_OK) return status;
    if ((status = store_close(store, error)) != STATUS_OK) return status;
  }
  tell(arena, options, &loaded, path, folder);
  return STATUS_OK;
}

Status import_store(Arena *arena, const Options *options, const ExportFolder *folder, Text path, Instant now, Error *error) {
  Status status = load_folder(arena, options, folder, path, now, error);
  if (status != STATUS_INTERRUPTED) return status;
  return fail(error, status, "", "interrupted: nothing is stored; the same command begins again");
}
