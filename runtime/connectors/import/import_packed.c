#include "connectors/import/import_packed.h"

#include <string.h>
#include <strings.h>

/* Where each way of packing has its mark. */
static const struct {
  const char *label;
  size_t at, length;
  const char *mark;
} packers[] = {
    {"gzip", 0, 2, "\x1F\x8B"},          {"bzip2", 0, 3, "BZh"},
    {"xz", 0, 6, "\xFD" "7zXZ\0"},       {"zstd", 0, 4, "\x28\xB5\x2F\xFD"},
    {"7z", 0, 6, "7z\xBC\xAF\x27\x1C"},  {"rar", 0, 6, "Rar!\x1A\x07"},
    {"tar", 257, 5, "ustar"},            {"zip", 0, 4, "PK\3\4"},
};

static bool ends_with(Text name, const char *end) {
  size_t length = strlen(end);
  return name.length >= length && strncasecmp(name.bytes + name.length - length, end, length) == 0;
}

const char *import_packed(Text head, Text name) {
  for (size_t i = 0; i < sizeof packers / sizeof *packers; i++) {
    bool has = head.length >= packers[i].at + packers[i].length && memcmp(head.bytes + packers[i].at, packers[i].mark, packers[i].length) == 0;
    if (has && (strcmp(packers[i].label, "zip") != 0 || ends_with(name, ".zip"))) return packers[i].label;
  }
  return NULL;
}
