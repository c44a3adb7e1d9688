/* export_folder.h: a folder that `narada export` wrote: what its manifest says, and whether its files are what it says. */
#ifndef NARADA_CLI_EXPORT_FOLDER_H
#define NARADA_CLI_EXPORT_FOLDER_H

#include "base/digest.h"
#include "base/input.h"
#include "base/vec.h"

enum { EXPORT_VERSION = 1 }; /* of the manifest */

typedef struct ExportTable {
  Text name;
  const char *path;
  uint64_t rows;
  char sha256[2 * SHA256_SIZE + 1];
} ExportTable;

typedef struct ExportFolder {
  const char *path;
  int64_t schema;
  VEC(ExportTable) tables;
} ExportFolder;

/* The export at `path`, the folder or its manifest.json; `*found` is false for anything else. Fails for one that is not whole, or that a newer Narada made. */
Status export_folder_find(Arena *arena, const char *path, ExportFolder *out, bool *found, Error *error);
/* Reads every table through: its rows and its checksum. */
Status export_folder_check(const ExportFolder *folder, Error *error);
/* Opens a table; at its end the input fails if it is not what the manifest says. */
Status export_table_open(Arena *arena, const ExportTable *table, Input **out, Error *error);

#endif
