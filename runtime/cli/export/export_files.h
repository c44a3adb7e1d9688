/* export_files.h: the files of an export as they are written, and what the manifest says of them. */
#ifndef NARADA_CLI_EXPORT_FILES_H
#define NARADA_CLI_EXPORT_FILES_H

#include "base/vec.h"
#include "cli/export/export_place.h"
#include "cli/export/export_writer.h"
#include "store/store.h"

typedef struct ExportEntry {
  Text name;
  Text table; /* when its name is none that a file can have; else empty */
  uint64_t rows;
  Digest sha256; /* known when the writer is waited for */
} ExportEntry;

typedef struct ExportList {
  VEC(ExportEntry *) files;
  uint64_t rows;
} ExportList;

typedef struct Export {
  Arena *arena;
  const char *folder;
  ExportPlace *place;
  ExportWriter *writer;
  Store *store;      /* one moment of it */
  ExportList tables; /* all there is; an import reads these */
  ExportList copies; /* the same for other programs */
} Export;

/* One file; `name` is its path in the folder, whose own folders are made. */
typedef struct ExportFile {
  Text name, table; /* see ExportEntry; `table` is set by the caller */
  ExportStream *stream; /* NULL = it is at its end */
  uint64_t rows;        /* counted by the caller */
} ExportFile;
Status export_file_create(const Export *export, Text name, ExportFile *out, Error *error);
Status export_file_write(ExportFile *file, Text text, Error *error);
/* Nothing more comes: adds the file to the list. */
Status export_file_end(Export *export, ExportFile *file, ExportList *list, Error *error);
/* An object of the manifest for each file. */
void export_list_json(const ExportList *list, TextBuilder *json);

/* The listens of tracks: plays.csv with all that is known of each, and listenbrainz/ in the form of ListenBrainz' own export: those that count as plays, and the likes. */
Status export_plays(Export *export, Error *error);
/* playlists/NAME.jspf, NAME.xspf and NAME.m3u8. */
Status export_playlists(Export *export, Error *error);

#endif
