#include "connectors/import/import_format.h"

#include <string.h>

#include "connectors/import/import_record.h"
#include "connectors/import/import_time.h"

#define RECORDS(id, path)
#define FIELD(id, path, field)
#define GROUP(id, path, name)
#define NEED(id, field)
static const ImportFormat formats[] = {
#define FORMAT(id, label, kind, text, service, source, anchor) {IMPORT_##id, label, IMPORT_##kind, IMPORT_##text, service, source, IMPORT_##anchor},
#include "connectors/import/formats.def"
#undef FORMAT
#undef RECORDS
};
#define FORMAT(id, label, kind, text, service, source, anchor)
static const ImportPath record_paths[] = {
#define RECORDS(id, path) {IMPORT_##id, path, IMPORT_FIELD_COUNT},
#include "connectors/import/formats.def"
#undef RECORDS
#undef FIELD
};
#define RECORDS(id, path)
static const ImportPath field_paths[] = {
#define FIELD(id, path, field) {IMPORT_##id, path, IMPORT_FIELD_##field},
#include "connectors/import/formats.def"
#undef FIELD
#undef NEED
};
#define FIELD(id, path, field)
static const ImportPath needs[] = {
#define NEED(id, field) {IMPORT_##id, "", IMPORT_FIELD_##field},
#include "connectors/import/formats.def"
#undef NEED
#undef GROUP
};
#define NEED(id, field)
static const struct {
  ImportFormatId format;
  const char *path, *name;
} groups[] = {
#define GROUP(id, path, name) {IMPORT_##id, path, name},
#include "connectors/import/formats.def"
#undef GROUP
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const ImportFormat *import_format(ImportFormatId id) {
  return &formats[id];
}

bool import_is_record(ImportFormatId id, Text path) {
  for (size_t i = 0; i < COUNT(record_paths); i++)
    if (record_paths[i].format == id && text_is(path, record_paths[i].path)) return true;
  return false;
}

ImportField import_field_at(ImportFormatId id, Text path, unsigned *rank) {
  for (size_t i = 0; i < COUNT(field_paths); i++) {
    if (field_paths[i].format != id || !text_is(path, field_paths[i].path)) continue;
    *rank = (unsigned)i;
    return field_paths[i].field;
  }
  return IMPORT_FIELD_COUNT;
}

const char *import_group_path(ImportFormatId id) {
  for (size_t i = 0; i < COUNT(groups); i++)
    if (groups[i].format == id) return groups[i].path;
  return NULL;
}

const char *import_group_name(ImportFormatId id) {
  for (size_t i = 0; i < COUNT(groups); i++)
    if (groups[i].format == id) return groups[i].name;
  return NULL;
}

bool import_has_needs(ImportFormatId id, unsigned fields) {
  for (size_t i = 0; i < COUNT(needs); i++)
    if (needs[i].format == id && !(fields & 1U << needs[i].field)) return false;
  return true;
}

/* ---- recognising ---- */

/* A file may begin with records that lack something, as with what is playing now. */
enum { RECORDS_TRIED = 8 };

typedef struct Trial {
  ImportFormatId format;
  unsigned records;
  bool fits;
} Trial;

static Status try_record(void *context, const ImportRecord *record, Error *error) {
  Trial *trial = context;
  if (record->event == IMPORT_RECORD) {
    unsigned fields = 0;
    Instant time;
    for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
      if (record->fields[i].length && (i != IMPORT_FIELD_TIME || import_time_read(record->fields[i], &time))) fields |= 1U << i;
    trial->fits = import_has_needs(trial->format, fields);
    trial->records++;
  }
  return trial->fits || trial->records == RECORDS_TRIED ? fail(error, STATUS_FAILED, "", "seen enough") : STATUS_OK;
}

const ImportFormat *import_recognise(Arena *arena, Text head) {
  for (size_t i = 0; i < COUNT(formats); i++) {
    Trial trial = {.format = formats[i].id};
    Error cut = {0}; /* the head ends anywhere */
    import_read(arena, input_of_text(arena, head, "the beginning"), &formats[i], try_record, &trial, &cut);
    if (trial.fits) return &formats[i];
  }
  return NULL;
}
