/* history_feed.h: fills blocks with the rows of one file after another. */
#ifndef NARADA_CONNECTORS_SPOTIFY_HISTORY_FEED_H
#define NARADA_CONNECTORS_SPOTIFY_HISTORY_FEED_H

#include "base/json.h"
#include "connectors/spotify_export/history_files.h"
#include "connectors/spotify_export/history_scan.h"
#include "connectors/spotify_export/zip.h"

enum {
  BLOCK_ROWS = 512,
  BLOCK_READ = 256 << 10,   /* read at once; fits a processor's second cache */
  BLOCK_BYTES = 1200 << 10, /* the longest row that the quick scanner takes, and more than the texts of any good row */
};

/* Rows and the bytes they borrow from. */
typedef struct HistoryBlock {
  HistoryRow rows[BLOCK_ROWS];
  uint32_t count;
  char *bytes; /* BLOCK_BYTES and SCAN_PADDING */
  size_t length;
  char *scratch; /* BLOCK_BYTES and room for reasons */
} HistoryBlock;

typedef enum FeedState { FEED_NEXT_FILE, FEED_OPENED, FEED_SCAN, FEED_JSON, FEED_DONE } FeedState;

typedef struct HistoryFeed {
  const HistoryFile *files;
  size_t file_count, file_index; /* the file being read; the next one in FEED_NEXT_FILE */
  bool careful;
  FeedState state;
  Arena *file_arena; /* everything of one file */
  Arena *zip_arena;  /* of one zip */
  Zip *zip;
  const char *zip_path;
  size_t zip_entry;  /* the last that was opened */
  Input *input;
  bool input_ended;
  uint64_t read;       /* bytes of this file */
  uint64_t row;        /* rows given of this file */
  uint64_t line;       /* of the next byte to be read as a row */
  uint64_t block_line; /* of the block's first byte */
  HistoryScan scan;
  const char *carry; /* bytes of the block before that are not yet rows */
  size_t carry_length;
  uint64_t column, offset; /* bytes before `carry` in its line, and in the file; a byte order mark is in no column */
  JsonReader *json;
  bool byte_order_mark;
  bool json_dummy; /* an element stands for the rows that were already read */
  HistoryFields fields;
  HistoryScratch scratch; /* of the block being filled */
} HistoryFeed;

HistoryBlock *history_block_new(Arena *arena);
void history_feed_close(HistoryFeed *feed);
/* Fills the block with at least one row; the last row of all is a HISTORY_END, again and again. The texts of a row are
 * valid until its block is filled anew; the block filled before must not be touched until this returns. */
Status history_feed_fill(HistoryFeed *feed, HistoryBlock *block, Error *error);

/* ---- between the two readers of a file ---- */
/* Judges feed->fields as the next row of the file; false when the file is refused. */
bool feed_row(HistoryFeed *feed, HistoryBlock *block, uint64_t line);
HistoryRow *feed_event(HistoryFeed *feed, HistoryBlock *block, HistoryEvent event);
void feed_file_end(HistoryFeed *feed, HistoryBlock *block, Text problem);
/* Hands the rest of the file, from `at` in the block on, to the JSON reader. */
Status feed_hand_over(HistoryFeed *feed, HistoryBlock *block, const char *at, Error *error);
/* Reads rows with the JSON reader until the block is full or the file ends. */
Status feed_json_fill(HistoryFeed *feed, HistoryBlock *block, Error *error);

#endif
