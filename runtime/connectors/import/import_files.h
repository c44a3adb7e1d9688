/* import_files.h: the files of the given paths, folders and zips, and what each of them is. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_FILES_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_FILES_H

#include "base/vec.h"
#include "connectors/import/import_format.h"

enum { IMPORT_MAX_FILES = 100000, IMPORT_MAX_DEPTH = 16 };

typedef struct ImportFile {
  Text name;                  /* for messages: its path, in a zip followed by '/' and the entry */
  const char *path;           /* of the file or the zip */
  uint64_t bytes;             /* on the disk; of a zip all is said of its first entry */
  size_t entry;               /* in the zip, counted from 1; 0 = no zip */
  const ImportFormat *format; /* NULL = none that is known */
  bool named;                 /* given by its own path, not found in a folder or zip */
  bool empty;                 /* has no bytes, or [] or {} and no more */
  Input *input;               /* of what can be read only once, a pipe; NULL = opened by its path */
  const char *problem;        /* why it, or the zip, cannot be looked into; NULL = none */
} ImportFile;

typedef VEC(ImportFile) ImportFiles;

/* Appends the files of `path`, of a folder by name; hidden ones and what macOS adds to a zip (__MACOSX) are passed over, links
 * to folders not followed. What is packed once more, and in a folder what cannot be read, what lies deeper than IMPORT_MAX_DEPTH and zips that are broken or dangerous, have a `problem`. Fails for a path that is
 * not there or cannot be read, for a zip that is empty, broken, locked or dangerous, and for an export of a whole store. */
Status import_files_add(Arena *arena, const char *path, ImportFiles *files, Error *error);
/* Opens a file of a known format for reading, as UTF-8; everything is in `arena`. */
Status import_file_open(Arena *arena, const ImportFile *file, Input **out, Error *error);

#endif
