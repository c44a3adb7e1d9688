/* import_known.h: which files of an import were imported before and have not changed since. */
#ifndef NARADA_CLI_IMPORT_KNOWN_H
#define NARADA_CLI_IMPORT_KNOWN_H

#include "cli/import/import_report.h"

/* Counts an unchanged file as what it is: rows that are there already. */
typedef struct ImportKnown ImportKnown;
ImportKnown *import_known_new(Arena *arena, Store *store, ImportReport *report);
/* For HistoryOptions.choose, with an ImportKnown as context. */
Status import_known_choose(void *context, const char *path, bool *skip, Error *error);
/* The bytes on the disk of all that was chosen. */
uint64_t import_known_bytes(const ImportKnown *known);
/* To be told every event, after the report. Records each file that was read to its end. */
Status import_known_note(ImportKnown *known, const HistoryRow *row, Error *error);

#endif
