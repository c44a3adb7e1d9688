/* import_store.h: a store that was exported whole, into an empty one. */
#ifndef NARADA_CLI_IMPORT_STORE_H
#define NARADA_CLI_IMPORT_STORE_H

#include "cli/export/export_folder.h"
#include "cli/options.h"
#include "store/store.h"

/* Checks the whole folder first; a store that holds something is refused and told where the export can go. Prints the summary that the options want. */
Status import_store(Arena *arena, const Options *options, const ExportFolder *folder, Text store_path, Instant now, Error *error);

#endif
