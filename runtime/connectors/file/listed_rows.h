/* listed_rows.h: the tracks of a batch, one row after another. */
#ifndef NARADA_CONNECTORS_FILE_LISTED_ROWS_H
#define NARADA_CONNECTORS_FILE_LISTED_ROWS_H

#include "connectors/file/listed_track.h"
#include "engine/run.h"

typedef struct ListedRows ListedRows;
ListedRows *listed_rows_new(Run *run, const Batch *batch);
/* The track of a selected row, borrowed until the next call. */
const ListedTrack *listed_rows_at(ListedRows *rows, size_t position);

#endif
