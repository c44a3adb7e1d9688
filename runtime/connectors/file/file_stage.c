#include "connectors/file/file_stage.h"

#include <string.h>

Status file_stage_path(const StageCall *call, const char **out, Error *error) {
  Text path = call_text(call, "path");
  if (path.length == 0) return fail(error, STATUS_USAGE, "", "%s: the path is empty; name a file", call->def->name);
  if (memchr(path.bytes, '\0', path.length)) {
    return fail(error, STATUS_USAGE, "", "%s: a path may not hold a NUL character", call->def->name);
  }
  *out = text_copy(call->run->arena, path).bytes;
  return STATUS_OK;
}
