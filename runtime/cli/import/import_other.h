/* import_other.h: files of the formats in connectors/import into the store. */
#ifndef NARADA_CLI_IMPORT_OTHER_H
#define NARADA_CLI_IMPORT_OTHER_H

#include "cli/import/import_session.h"
#include "connectors/import/import_files.h"

/* Those of the files that have this format, as one source. A file that is not what it seemed is told in the report, and what it held before is kept. */
Status import_other(ImportSession *session, const ImportFiles *files, ImportFormatId format, Error *error);

#endif
