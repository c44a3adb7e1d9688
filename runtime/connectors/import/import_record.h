/* import_record.h: the records of a file, one after another, whatever its format. Memory does not grow with the file. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_RECORD_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_RECORD_H

#include "connectors/import/import_format.h"

typedef enum ImportEvent {
  IMPORT_RECORD,
  IMPORT_NO_RECORD, /* where a record should be is something else; `fields` are empty */
  IMPORT_GROUP_END, /* the records since the last one belong together; `group` is their name */
} ImportEvent;

typedef struct ImportRecord {
  ImportEvent event;
  uint64_t line;                   /* where it begins, from 1 */
  Text fields[IMPORT_FIELD_COUNT]; /* as written, numbers by their digits; empty = not there. Borrowed until the visit ends */
  Text group;
  Text problem; /* of IMPORT_NO_RECORD: what is wrong with it; empty = it is a single value */
} ImportRecord;

typedef Status ImportVisit(void *context, const ImportRecord *record, Error *error);

/* Visits all records. Fails with name, line and what was expected where the file is not what it seemed, after the records before were visited; and with what
 * a visit failed with. */
Status import_read(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error);

/* The three ways of it. */
Status import_read_json(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error);
Status import_read_csv(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error);
Status import_read_list(Arena *arena, Input *input, const ImportFormat *format, ImportVisit *visit, void *context, Error *error);

/* What the first line of a CSV names, a bit for each field, and whether a row follows. */
Status import_csv_columns(Arena *arena, Input *input, ImportFormatId format, unsigned *fields, bool *rows, Error *error);

#endif
