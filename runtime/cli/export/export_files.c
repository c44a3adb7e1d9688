#include "cli/export/export_files.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/interrupt.h"
#include "base/json.h"

static Status make_folders(Arena *arena, const char *root, Text name, Error *error) {
  for (size_t i = 0; i < name.length; i++) {
    if (name.bytes[i] != '/') continue;
    const char *folder = arena_format(arena, "%s/%.*s", root, (int)i, name.bytes);
    if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) return fail(error, STATUS_FAILED, "", "the folder %s cannot be made: %s", folder, strerror(errno));
  }
  return STATUS_OK;
}

Status export_file_create(const Export *export, Text name, ExportFile *out, Error *error) {
  Arena *arena = export->arena;
  *out = (ExportFile){.name = text_copy(arena, name)};
  Status status = export_place_note(export->place, name, error);
  if (status == STATUS_OK) status = make_folders(arena, export->folder, name, error);
  if (status != STATUS_OK) return status;
  return export_stream_open(export->writer, arena_format(arena, "%s/" TEXT_FORMAT, export->folder, TEXT_ARG(name)), &out->stream, error);
}

Status export_file_write(ExportFile *file, Text text, Error *error) {
  Status status = interrupt_check(error);
  return status != STATUS_OK ? status : export_stream_write(file->stream, text, error);
}

Status export_file_end(Export *export, ExportFile *file, ExportList *list, Error *error) {
  ExportEntry *entry = arena_alloc(export->arena, sizeof *entry);
  *entry = (ExportEntry){.name = file->name, .table = file->table, .rows = file->rows};
  vec_push(export->arena, &list->files, entry);
  list->rows += file->rows;
  ExportStream *stream = file->stream;
  file->stream = NULL;
  return export_stream_end(stream, &entry->sha256, error);
}

void export_list_json(const ExportList *list, TextBuilder *json) {
  for (size_t i = 0; i < list->files.count; i++) {
    const ExportEntry *entry = list->files.items[i];
    char hex[2 * SHA256_SIZE + 1];
    digest_hex(&entry->sha256, SHA256_SIZE, hex);
    text_append(json, i ? TEXT_LITERAL(",\n  {\"file\":") : TEXT_LITERAL("\n  {\"file\":"));
    json_append_string(json, entry->name);
    if (entry->table.length) {
      text_append(json, TEXT_LITERAL(",\"table\":"));
      json_append_string(json, entry->table);
    }
    text_append_format(json, ",\"rows\":%" PRIu64 ",\"sha256\":\"%s\"}", entry->rows, hex);
  }
}
