/* import_format.h: the formats of formats.def, and which of them a file has. */
#ifndef NARADA_CONNECTORS_IMPORT_IMPORT_FORMAT_H
#define NARADA_CONNECTORS_IMPORT_IMPORT_FORMAT_H

#include "base/input.h"

typedef enum ImportFormatId {
#define FORMAT(id, label, kind, text, service, source, anchor) IMPORT_##id,
#define RECORDS(id, path)
#define FIELD(id, path, field)
#define GROUP(id, path, name)
#define NEED(id, field)
#include "connectors/import/formats.def"
#undef FORMAT
#undef RECORDS
#undef FIELD
#undef GROUP
#undef NEED
  IMPORT_FORMAT_COUNT
} ImportFormatId;

typedef enum ImportKind { IMPORT_PLAYS, IMPORT_LIKES, IMPORT_ENTRIES } ImportKind;
typedef enum ImportText { IMPORT_JSON, IMPORT_LINES, IMPORT_CSV, IMPORT_PLAIN, IMPORT_M3U, IMPORT_XSPF } ImportText;
typedef enum ImportAnchor { IMPORT_START, IMPORT_END } ImportAnchor;

typedef enum ImportField {
  IMPORT_FIELD_TITLE,
  IMPORT_FIELD_ARTIST,
  IMPORT_FIELD_ARTISTS, /* several with ; between them; the first of them is ARTIST where nothing else is */
  IMPORT_FIELD_ALBUM,
  IMPORT_FIELD_ADDRESS, /* addresses or URIs of the track, one a line */
  IMPORT_FIELD_SPOTIFY_ID, /* without the address around it */
  IMPORT_FIELD_ISRC,
  IMPORT_FIELD_MBID, /* of the recording */
  IMPORT_FIELD_TIME,
  IMPORT_FIELD_MS_PLAYED,
  IMPORT_FIELD_DURATION_MS,
  IMPORT_FIELD_DURATION_S,
  IMPORT_FIELD_EPISODE,
  IMPORT_FIELD_CHAPTER,
  IMPORT_FIELD_SHOW, /* the podcast or audiobook */
  IMPORT_FIELD_LOVED, /* above 0 loved, below hated */
  IMPORT_FIELD_NOW_PLAYING,
  IMPORT_FIELD_SERVICE, /* instead of the format's */
  IMPORT_FIELD_SOURCE,
  IMPORT_FIELD_LIST, /* the playlist that the record is in */
  IMPORT_FIELD_COUNT
} ImportField;

typedef struct ImportFormat {
  ImportFormatId id;
  const char *label;
  ImportKind kind;
  ImportText text;
  const char *service, *source;
  ImportAnchor anchor;
} ImportFormat;

typedef struct ImportPath {
  ImportFormatId format;
  const char *path;
  ImportField field; /* of FIELD and NEED */
} ImportPath;

const ImportFormat *import_format(ImportFormatId id);
/* Whether the records of the format are found at this path. */
bool import_is_record(ImportFormatId id, Text path);
/* The field at this path of a record and its rank among the format's paths, the first the lowest; IMPORT_FIELD_COUNT for others. */
ImportField import_field_at(ImportFormatId id, Text path, unsigned *rank);
/* The path of the objects whose records belong together, and the key of their name; NULL if there are none. */
const char *import_group_path(ImportFormatId id);
const char *import_group_name(ImportFormatId id);
/* Whether fields (a bit each) are what every record of the format has. */
bool import_has_needs(ImportFormatId id, unsigned fields);

/* The text of a file of this format as UTF-8. */
Status import_decode(Arena *arena, const ImportFormat *format, Input *input, Input **out, Error *error);

/* How much of a file's beginning import_recognise() wants to see. */
enum { IMPORT_HEAD_BYTES = 64 << 10 };
/* The format of a file that begins like this, NULL if it is none of them. A head that is shorter than IMPORT_HEAD_BYTES is the whole file. */
const ImportFormat *import_recognise(Arena *arena, Text head);

#endif
