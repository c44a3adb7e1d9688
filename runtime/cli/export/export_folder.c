#include "cli/export/export_folder.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/json_doc.h"
#include "base/vec.h"
#include "cli/export/export_place.h"

enum { MANIFEST_MAX = 1 << 20, READ_SIZE = 1 << 16 };

/* ---- reading a table ---- */

typedef struct Checked {
  Input input;
  Input *file;
  const ExportTable *table;
  Sha256 sum;
  uint64_t rows;
} Checked;

static Status check_end(const Checked *checked, Error *error) {
  Sha256 sum = checked->sum;
  Digest digest = sha256_end(&sum);
  char hex[2 * SHA256_SIZE + 1];
  digest_hex(&digest, SHA256_SIZE, hex);
  const ExportTable *table = checked->table;
  if (checked->rows != table->rows)
    return fail(error, STATUS_FAILED, "", "%s: has %" PRIu64 " rows, and the manifest says %" PRIu64 "; it is not as it was exported", table->path, checked->rows, table->rows);
  if (strcmp(hex, table->sha256) != 0) return fail(error, STATUS_FAILED, "", "%s: its SHA-256 is not the one in the manifest; it is not as it was exported", table->path);
  return STATUS_OK;
}

static Status read_checked(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  Checked *checked = input->context;
  Status status = interrupt_check(error);
  if (status == STATUS_OK) status = checked->file->read(checked->file, buffer, size, got, error);
  if (status != STATUS_OK) return status;
  if (!*got) return check_end(checked, error);
  sha256_add(&checked->sum, buffer, *got);
  for (const char *at = buffer, *end = at + *got; (at = memchr(at, '\n', (size_t)(end - at))); at++) checked->rows++;
  return STATUS_OK;
}

Status export_table_open(Arena *arena, const ExportTable *table, Input **out, Error *error) {
  Checked *checked = arena_alloc(arena, sizeof *checked);
  checked->table = table;
  checked->input = (Input){read_checked, checked, table->path};
  sha256_begin(&checked->sum);
  *out = &checked->input;
  return input_open(arena, table->path, &checked->file, error);
}

typedef struct Checking {
  const ExportTable *table;
  Arena *arena;
} Checking;

static Status read_through(void *context, Error *error) {
  const Checking *checking = context;
  Input *input;
  char *buffer = arena_alloc(checking->arena, READ_SIZE);
  Status status = export_table_open(checking->arena, checking->table, &input, error);
  for (size_t got = 1; status == STATUS_OK && got;) status = input->read(input, buffer, READ_SIZE, &got, error);
  return status;
}

Status export_folder_check(const ExportFolder *folder, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < folder->tables.count && status == STATUS_OK; i++) {
    Checking checking = {&folder->tables.items[i], arena_new(0)};
    if (!checking.arena) return fail(error, STATUS_FAILED, "", "memory is out");
    status = arena_protect(checking.arena, read_through, &checking, error);
    arena_free(checking.arena);
  }
  return status;
}

/* ---- the manifest ---- */

static Status damaged(const char *manifest, const char *what, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s: %s; the manifest is not as it was exported", manifest, what);
}

static bool is_hex(Text text) {
  if (text.length != 2 * SHA256_SIZE) return false;
  for (size_t i = 0; i < text.length; i++)
    if (!strchr("0123456789abcdef", text.bytes[i])) return false;
  return true;
}

/* NAME.jsonl, a file in the folder itself. */
static bool table_name(Text file, Text *out) {
  static const char end[] = ".jsonl";
  size_t tail = sizeof end - 1;
  if (file.length <= tail || memcmp(file.bytes + file.length - tail, end, tail) != 0) return false;
  *out = (Text){file.bytes, file.length - tail};
  return !memchr(file.bytes, '/', file.length) && !memchr(file.bytes, '"', file.length) && file.bytes[0] != '.';
}

static Status read_table(Arena *arena, const char *manifest, const JsonNode *node, ExportFolder *out, Error *error) {
  int64_t rows;
  Text file = json_get_text(node, "file"), sum = json_get_text(node, "sha256");
  ExportTable table;
  if (!table_name(file, &table.name) || !json_whole(json_get(node, "rows"), &rows) || rows < 0 || !is_hex(sum))
    return damaged(manifest, "a table needs `file`, `rows` and `sha256`", error);
  if (json_get(node, "table")) table.name = json_get_text(node, "table");
  for (size_t i = 0; i < out->tables.count; i++)
    if (text_equal(out->tables.items[i].name, table.name)) return damaged(manifest, "a table is there twice", error);
  table.path = arena_format(arena, "%s/" TEXT_FORMAT, out->path, TEXT_ARG(file));
  table.rows = (uint64_t)rows;
  memcpy(table.sha256, sum.bytes, sizeof table.sha256 - 1);
  table.sha256[sizeof table.sha256 - 1] = '\0';
  vec_push(arena, &out->tables, table);
  return STATUS_OK;
}

static Status read_manifest(Arena *arena, const char *manifest, Text text, ExportFolder *out, Error *error) {
  JsonDoc doc;
  int64_t version;
  Status status = json_doc_read(arena, text, manifest, &doc, error);
  if (status != STATUS_OK) return fail_context(error, "the manifest is not as it was exported");
  if (!json_whole(json_get(doc.root, "narada_export"), &version) || !json_whole(json_get(doc.root, "schema"), &out->schema) || out->schema < 1)
    return damaged(manifest, "it needs `narada_export` and `schema`", error);
  if (version != EXPORT_VERSION)
    return fail(error, STATUS_FAILED, "", "%s: made by a newer Narada (export %" PRId64 "; this one reads %d); upgrade it", manifest, version, EXPORT_VERSION);
  const JsonNode *tables = json_get(doc.root, "tables");
  if (!tables || tables->kind != JSON_ARRAY || !tables->count) return damaged(manifest, "it names no tables", error);
  for (uint32_t i = 0; i < tables->count && status == STATUS_OK; i++) status = read_table(arena, manifest, &tables->items[i], out, error);
  return status;
}

/* ---- which folder it is ---- */

static bool is_there(Arena *arena, const char *folder, const char *name) {
  return access(arena_format(arena, "%s/%s", folder, name), F_OK) == 0;
}

static const char *folder_of(Arena *arena, const char *path) {
  static const char name[] = "manifest.json";
  struct stat about;
  size_t length = strlen(path), tail = sizeof name - 1;
  if (stat(path, &about) != 0) return NULL;
  while (length > 1 && path[length - 1] == '/') length--;
  if (S_ISDIR(about.st_mode)) return arena_format(arena, "%.*s", (int)length, path);
  if (length < tail || strcmp(path + length - tail, name) != 0) return NULL;
  if (length == tail) return ".";
  return path[length - tail - 1] == '/' ? arena_format(arena, "%.*s", (int)(length - tail - 1), path) : NULL;
}

Status export_folder_find(Arena *arena, const char *path, ExportFolder *out, bool *found, Error *error) {
  *out = (ExportFolder){.path = folder_of(arena, path)};
  *found = false;
  if (!out->path) return STATUS_OK;
  /* The manifest is written last, so without it these are what an export left that did not come to its end. */
  bool tables = is_there(arena, out->path, "plays.jsonl") && is_there(arena, out->path, "import_batches.jsonl");
  const char *manifest = arena_format(arena, "%s/manifest.json", out->path);
  if (!is_there(arena, out->path, "manifest.json")) {
    if (!tables && !is_there(arena, out->path, EXPORT_NOTE)) return STATUS_OK;
    return fail(error, STATUS_FAILED, "", "%s: is an export that is not whole: manifest.json, which is written last, is missing; export again", out->path);
  }
  Text text = {"", 0};
  Status status = file_read_all(arena, manifest, MANIFEST_MAX, &text, error);
  bool own = status == STATUS_OK && strstr(text.bytes, "\"narada_export\"") != NULL;
  if (!own && !tables) return STATUS_OK;
  *found = true;
  return status == STATUS_OK ? read_manifest(arena, manifest, text, out, error) : status;
}
