/* history_scan.h: a quick scanner for rows as Spotify writes them: flat objects of texts, whole numbers, true, false
 * and null.
 *
 * Accepts nothing that the JSON reader would refuse. What it does not know, or what is wrong, it leaves to the JSON
 * reader, which says why. */
#ifndef NARADA_CONNECTORS_SPOTIFY_HISTORY_SCAN_H
#define NARADA_CONNECTORS_SPOTIFY_HISTORY_SCAN_H

#include "connectors/spotify_export/history_row.h"

/* Bytes that must be readable after `end`; their value does not matter but for the first, which must be 0. */
enum { SCAN_PADDING = 64, SCAN_MAX_SLOTS = 64, SCAN_MAX_LITERAL = 88, SCAN_MAX_NULLS = 504 };

/* What stood between two values of the row before: `,\n    "ts": `. Rows are written alike, so one comparison passes it
 * again. */
typedef struct ScanSlot {
  char literal[SCAN_MAX_LITERAL];
  uint8_t length;   /* 0 = not learned */
  uint8_t lines;    /* newlines in it */
  uint8_t row_line; /* newlines before the brace that opens the row */
  bool closes;      /* it ends with the brace that closes the row */
  uint8_t key;
  uint8_t name_at, name_length; /* of the key in the literal */
} ScanSlot;

/* The same with nulls in it, up to the next value that is none: a song's row has nulls where an episode's has names. */
typedef struct ScanNulls {
  char literal[SCAN_MAX_NULLS];
  uint16_t length;
  uint8_t lines;
  uint8_t count; /* of the nulls */
  bool closes;
  uint8_t key;    /* of the next value; a known one */
  uint32_t nulls; /* bits of the keys that are null */
} ScanNulls;

typedef struct HistoryScan {
  bool first; /* no row was read yet: no comma is due */
  ScanSlot slots[SCAN_MAX_SLOTS];
  uint64_t has_nulls; /* bit of each of `nulls` that is learned */
  ScanNulls nulls[SCAN_MAX_SLOTS];
} HistoryScan;

typedef enum ScanResult {
  SCAN_ROW,   /* a row */
  SCAN_CLOSE, /* the bracket that closes the array */
  SCAN_SHORT, /* the bytes end before the row does */
  SCAN_OTHER, /* for the JSON reader */
} ScanResult;

typedef struct ScanRow {
  const char *next;  /* after the row, or the bracket */
  uint32_t lines;    /* newlines passed */
  uint32_t row_line; /* of which before the row's brace */
} ScanRow;

void history_scan_begin(HistoryScan *scan);
/* Reads the row at `at`, with the comma before it. `fields` borrows from the bytes and from `scratch`, which has room
 * for as many bytes as there are. */
ScanResult history_scan_row(HistoryScan *scan, const char *at, const char *end, HistoryScratch *scratch,
                            HistoryFields *fields, ScanRow *out);

#endif
