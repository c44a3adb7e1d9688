#include "connectors/import/import_format.h"

#include <string.h>

#include "connectors/import/import_front.h"
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

/* A column that is called `date` or `time` holds moments also where they are written in a way that cannot be read: then each row tells so, and the table does not pass
 * for a playlist. */
static bool has_time(ImportFormatId id, Text written) {
  Instant time;
  return formats[id].text == IMPORT_CSV ? import_time_seems(written) : import_time_read(written, &time);
}

static Status try_record(void *context, const ImportRecord *record, Error *error) {
  Trial *trial = context;
  if (record->event == IMPORT_RECORD) {
    unsigned fields = 0;
    for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
      if (record->fields[i].length && (i != IMPORT_FIELD_TIME || has_time(trial->format, record->fields[i]))) fields |= 1U << i;
    trial->fits = import_has_needs(trial->format, fields);
    trial->records++;
  }
  return trial->fits || trial->records == RECORDS_TRIED ? fail(error, STATUS_FAILED, "", "seen enough") : STATUS_OK;
}

static bool begins_line(Text head, const char *word) {
  size_t length = strlen(word);
  for (size_t at = 0; at + length <= head.length; at++) {
    if (memcmp(head.bytes + at, word, length) == 0) return true;
    const char *newline = memchr(head.bytes + at, '\n', head.length - at);
    if (!newline) return false;
    at = (size_t)(newline - head.bytes);
  }
  return false;
}

static bool has(Text head, const char *word) {
  size_t length = strlen(word);
  for (const char *at = head.bytes, *end = at + head.length; at && (size_t)(end - at) >= length; at++) {
    at = memchr(at, *word, (size_t)(end - at) - length + 1);
    if (!at) return false;
    if (memcmp(at, word, length) == 0) return true;
  }
  return false;
}

/* A stream in pieces (HLS) is an M3U too, and no playlist of tracks. */
static bool looks_like_m3u(Text head) {
  if (head.length >= 3 && memcmp(head.bytes, "\xEF\xBB\xBF", 3) == 0) head = (Text){head.bytes + 3, head.length - 3};
  return (begins_line(head, "#EXTM3U") || begins_line(head, "#EXTINF:")) && !begins_line(head, "#EXT-X-");
}

static bool looks_like_xspf(Text head) {
  bool named = has(head, "http://xspf.org/ns/0/"); /* then there may be a prefix before each name */
  return has(head, "<playlist") ? named || has(head, "<trackList") : named && has(head, ":playlist");
}

static bool is_old_text(const ImportFormat *format) {
  return format->text == IMPORT_CSV || format->text == IMPORT_PLAIN || format->text == IMPORT_M3U;
}

/* XML says itself in what it is written. */
Status import_decode(Arena *arena, const ImportFormat *format, Input *input, Input **out, Error *error) {
  Text front;
  *out = input;
  if (format->text == IMPORT_XSPF) return STATUS_OK;
  Status status = input_with_front(arena, input, IMPORT_HEAD_BYTES, &front, out, error);
  if (status == STATUS_OK) *out = input_decoded(arena, *out, front, front.length < IMPORT_HEAD_BYTES, is_old_text(format));
  return status;
}

static Text decoded_head(Arena *arena, Text head) {
  TextBuilder out = {.arena = arena};
  char block[4096];
  Error ignored = {0};
  Input *input = input_decoded(arena, input_of_text(arena, head, "the beginning"), head, head.length < IMPORT_HEAD_BYTES, true);
  for (size_t got = 1; got;) {
    if (input->read(input, block, sizeof block, &got, &ignored) != STATUS_OK) break;
    text_append(&out, (Text){block, got});
  }
  return out.length ? text_built(&out) : (Text){"", 0};
}

/* A table that has not a single row is what its columns say. */
static bool has_columns(Arena *arena, Text text, ImportFormatId id) {
  unsigned fields;
  bool rows;
  Error ignored = {0};
  if (formats[id].text != IMPORT_CSV) return false;
  Status status = import_csv_columns(arena, input_of_text(arena, text, "the beginning"), id, &fields, &rows, &ignored);
  return status == STATUS_OK && !rows && import_has_needs(id, fields);
}

const ImportFormat *import_recognise(Arena *arena, Text head) {
  Text text = decoded_head(arena, head);
  for (size_t i = 0; i < COUNT(formats); i++) {
    Trial trial = {.format = formats[i].id};
    Error cut = {0}; /* the head ends anywhere */
    if (formats[i].text == IMPORT_M3U) trial.fits = looks_like_m3u(text);
    else if (formats[i].text == IMPORT_XSPF) trial.fits = looks_like_xspf(text);
    else import_read(arena, input_of_text(arena, text, "the beginning"), &formats[i], try_record, &trial, &cut);
    if (trial.fits || (head.length < IMPORT_HEAD_BYTES && has_columns(arena, text, formats[i].id))) return &formats[i];
  }
  return NULL;
}
