/* listed_track.h: what a row says of its track, for the writers of playlist files. */
#ifndef NARADA_CONNECTORS_FILE_LISTED_TRACK_H
#define NARADA_CONNECTORS_FILE_LISTED_TRACK_H

#include "engine/run.h"

/* Columns of a batch; NULL = not there. */
typedef struct ListedColumns {
  const Column *title, *artist, *artists, *album, *duration, *isrc, *mbid, *spotify_id, *track_number, *added;
} ListedColumns;

ListedColumns listed_columns(const Run *run, const Batch *batch);
/* The text of a row, empty when there is none. */
Text listed_text(const Run *run, const Column *column, size_t row);
/* The first artist, else all of `artists`; calls `append` for each piece of text. */
void listed_append_artist(TextBuilder *builder, void (*append)(TextBuilder *builder, Text text), const Run *run,
                          const ListedColumns *columns, size_t row);
/* Milliseconds; -1 when the length is not known, or not above 0. */
int64_t listed_length(const ListedColumns *columns, size_t row);

#endif
