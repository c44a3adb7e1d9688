#include "cli/export/export_files.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"

static Status make_folders(Arena *arena, const char *root, Text name, Error *error) {
  for (size_t i = 0; i < name.length; i++) {
    if (name.bytes[i] != '/') continue;
    const char *folder = arena_format(arena, "%s/%.*s", root, (int)i, name.bytes);
    if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) return fail(error, STATUS_FAILED, "", "the folder %s cannot be made: %s", folder, strerror(errno));
  }
  return STATUS_OK;
}

Status export_file_create(const Export *export, Arena *arena, Text name, ExportFile *out, Error *error) {
  *out = (ExportFile){.name = text_copy(arena, name)};
  sha256_begin(&out->sum);
  Status status = export_place_note(export->place, name, error);
  if (status == STATUS_OK) status = make_folders(arena, export->folder, name, error);
  if (status != STATUS_OK) return status;
  return output_create(arena, arena_format(arena, "%s/" TEXT_FORMAT, export->folder, TEXT_ARG(name)), &out->out, error);
}

Status export_file_write(ExportFile *file, Text text, Error *error) {
  sha256_add(&file->sum, text.bytes, text.length);
  return output_write(file->out, text, error);
}

Status export_file_end(Export *export, ExportFile *file, ExportList *list, Error *error) {
  char hex[2 * SHA256_SIZE + 1];
  Digest digest = sha256_end(&file->sum);
  digest_hex(&digest, SHA256_SIZE, hex);
  list->json.arena = export->arena;
  text_append(&list->json, list->files ? TEXT_LITERAL(",\n  {\"file\":") : TEXT_LITERAL("\n  {\"file\":"));
  json_append_string(&list->json, file->name);
  text_append_format(&list->json, ",\"rows\":%" PRIu64 ",\"sha256\":\"%s\"}", file->rows, hex);
  list->files++;
  list->rows += file->rows;
  Output *out = file->out;
  file->out = NULL;
  return output_commit(out, error);
}
