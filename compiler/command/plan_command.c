#include "compiler/command/plan_command.h"

#include "base/input.h"

Status plan_read(Arena *arena, const char *path, Plan **out, Error *error) {
  Text bytes;
  Status status = file_read_all(arena, path, PLAN_MAX_BYTES, &bytes, error);
  if (status != STATUS_OK) return status;
  status = plan_load(arena, bytes.bytes, bytes.length, out, error);
  return status == STATUS_OK ? status : fail_context(error, "%s", path);
}

Status asm_file(Arena *arena, const char *path, const char *out, Error *error) {
  Text text, bytes;
  Output *output;
  Status status = file_read_all(arena, path, PLAN_TEXT_MAX, &text, error);
  if (status == STATUS_OK) status = plan_assemble(arena, text, path, &bytes, error);
  if (status == STATUS_OK) status = output_create(arena, out, &output, error);
  if (status == STATUS_OK) status = output_write(output, bytes, error);
  return status == STATUS_OK ? output_commit(output, error) : status;
}
