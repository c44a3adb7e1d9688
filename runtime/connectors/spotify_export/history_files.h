/* history_files.h: which files of the given paths are an extended streaming history. */
#ifndef NARADA_CONNECTORS_SPOTIFY_HISTORY_FILES_H
#define NARADA_CONNECTORS_SPOTIFY_HISTORY_FILES_H

#include "base/vec.h"
#include "connectors/spotify_export/history.h"

typedef struct HistoryFile {
  Text name;        /* for messages: the path, in a zip followed by '/' and the entry */
  const char *path; /* of the file or zip; NULL = `bytes` */
  size_t entry;     /* of the zip, its files counted from 1; 0 = no zip */
  Text bytes;
  const char *problem; /* why it is not read, which its end tells; NULL = it is */
  Input *input; /* was begun already; NULL = opened by its path */
} HistoryFile;

typedef VEC(HistoryFile) HistoryFiles;

/* Whether a file of this name is part of an extended streaming history: Streaming_History_*.json, endsong*.json, in any
 * case. Folders before it do not count. */
bool history_file_named(Text path);
/* Appends the files of `path` but those that options->choose leaves out; everything is in `arena`. */
Status history_files_add(Arena *arena, const char *path, const HistoryOptions *options, HistoryFiles *files, Error *error);

#endif
