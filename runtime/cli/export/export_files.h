/* export_files.h: the files of an export as they are written, and what the manifest says of them. */
#ifndef NARADA_CLI_EXPORT_FILES_H
#define NARADA_CLI_EXPORT_FILES_H

#include "base/digest.h"
#include "base/input.h"
#include "cli/export/export_place.h"
#include "store/store.h"

typedef struct ExportList {
  TextBuilder json; /* an object for each file */
  uint64_t files, rows;
} ExportList;

typedef struct Export {
  Arena *arena;
  const char *folder;
  ExportPlace *place;
  Store *store;      /* one moment of it */
  ExportList tables; /* all there is; an import reads these */
  ExportList copies; /* the same for other programs */
} Export;

/* One file; `name` is its path in the folder, whose own folders are made. */
typedef struct ExportFile {
  Text name;
  Output *out;
  Sha256 sum;
  uint64_t rows; /* counted by the writer */
} ExportFile;
/* What the file needs is in `arena`. */
Status export_file_create(const Export *export, Arena *arena, Text name, ExportFile *out, Error *error);
Status export_file_write(ExportFile *file, Text text, Error *error);
/* Commits the file and adds it to the list. */
Status export_file_end(Export *export, ExportFile *file, ExportList *list, Error *error);

/* The listens of tracks: plays.csv with all that is known of each, and listenbrainz/ in the form of ListenBrainz' own export: those that count as plays, and the likes. */
Status export_plays(Export *export, Error *error);
/* playlists/NAME.jspf, NAME.xspf and NAME.m3u8. */
Status export_playlists(Export *export, Error *error);

#endif
