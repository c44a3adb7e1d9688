/* history_row.h: what one row of the extended streaming history says, and whether that is a play. */
#ifndef NARADA_CONNECTORS_SPOTIFY_HISTORY_ROW_H
#define NARADA_CONNECTORS_SPOTIFY_HISTORY_ROW_H

#include "connectors/spotify_export/history.h"

typedef enum HistoryKey {
#define KEY(id, key, kind) KEY_##id,
#include "history_keys.def"
#undef KEY
  KEY_COUNT,
  KEY_UNKNOWN = KEY_COUNT,
} HistoryKey;

typedef enum HistoryValueKind {
  VALUE_ABSENT,
  VALUE_NULL,
  VALUE_TEXT,    /* `text` */
  VALUE_LONG,    /* a text of more than HISTORY_MAX_TEXT bytes; `text` is its beginning */
  VALUE_INTEGER, /* `integer` */
  VALUE_NUMBER,  /* any other number; `text` its digits */
  VALUE_TRUE,
  VALUE_FALSE,
  VALUE_OBJECT,
  VALUE_ARRAY,
} HistoryValueKind;

typedef struct HistoryValue {
  HistoryValueKind kind;
  int64_t integer;
  Text text; /* borrowed from the block */
} HistoryValue;

enum { HISTORY_MAX_TEXT = 64 << 10, HISTORY_MAX_UNKNOWN = 32 };

typedef struct HistoryFields {
  uint32_t seen;                      /* bit of each known key that the row has with a value in `values` */
  uint32_t nulls;                     /* of each that it has besides, with null */
  HistoryValue values[KEY_COUNT + 1]; /* the last takes what is not kept */
  Text unknown[HISTORY_MAX_UNKNOWN];
  uint32_t unknown_count;
  Text repeated; /* the first key that occurs twice; empty = none */
  bool too_many; /* unknown keys */
} HistoryFields;

void history_fields_begin(HistoryFields *fields);
static inline uint32_t history_key_bit(HistoryKey key) {
  return UINT32_C(1) << key;
}
/* Whether the row has the key; of a known one only. */
static inline bool history_has(const HistoryFields *fields, HistoryKey key) {
  return (fields->seen | fields->nulls) & history_key_bit(key);
}
HistoryKey history_key_of(Text name);
bool history_key_is_text(HistoryKey key);
/* Notes that the row has this key and returns where its value belongs; that of an unknown or repeated key belongs to
 * the last of `values`. `name` is borrowed until the row is judged. */
static inline HistoryValue *history_field(HistoryFields *fields, HistoryKey key, Text name);
/* The same for a key that is unknown or was there before. */
HistoryValue *history_odd_field(HistoryFields *fields, HistoryKey key, Text name);

static inline HistoryValue *history_field(HistoryFields *fields, HistoryKey key, Text name) {
  if (key == KEY_UNKNOWN || history_has(fields, key)) return history_odd_field(fields, key, name);
  fields->seen |= history_key_bit(key);
  return &fields->values[key];
}

/* Space for what has to be written: decoded texts and reasons. */
typedef struct HistoryScratch {
  char *at, *end;
} HistoryScratch;
enum { HISTORY_MAX_REASON = 512 };

/* Fills event, kind, play or reason of `row`. `scratch` has at least HISTORY_MAX_REASON bytes; texts of the play are
 * borrowed from `fields`. */
void history_judge(const HistoryFields *fields, HistoryScratch *scratch, HistoryRow *row);
/* A reason in `scratch`, cut to HISTORY_MAX_REASON bytes at a character. */
Text history_reason(HistoryScratch *scratch, const char *format, ...) NARADA_PRINTF(2, 3);

#endif
