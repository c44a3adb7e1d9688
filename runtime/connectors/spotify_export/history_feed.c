#include "connectors/spotify_export/history_feed.h"

#include <string.h>

#include "connectors/import/import_front.h"

#define NOT_A_HISTORY "ask Spotify for the \"Extended streaming history\" at https://www.spotify.com/account/privacy"

HistoryBlock *history_block_new(Arena *arena) {
  HistoryBlock *block = arena_alloc(arena, sizeof *block);
  block->bytes = arena_alloc(arena, BLOCK_BYTES + SCAN_PADDING);
  block->scratch = arena_alloc(arena, BLOCK_BYTES + BLOCK_ROWS * HISTORY_MAX_REASON);
  return block;
}

static void close_file(HistoryFeed *feed) {
  arena_free(feed->file_arena);
  feed->file_arena = NULL;
  feed->input = NULL;
  feed->json = NULL;
}

static void close_zip(HistoryFeed *feed) {
  arena_free(feed->zip_arena);
  feed->zip_arena = NULL;
  feed->zip = NULL;
  feed->zip_path = NULL;
}

void history_feed_close(HistoryFeed *feed) {
  close_file(feed);
  close_zip(feed);
  feed->state = FEED_DONE;
}

/* ---- events ---- */

HistoryRow *feed_event(HistoryFeed *feed, HistoryBlock *block, HistoryEvent event) {
  HistoryRow *row = &block->rows[block->count++];
  row->event = event;
  row->kind = HISTORY_KIND_UNKNOWN;
  const HistoryFile *file = feed->file_index < feed->file_count ? &feed->files[feed->file_index] : NULL;
  row->file = file ? file->name : (Text){0};
  row->path = file ? file->path : NULL;
  row->path_ends = false;
  row->line = 0;
  row->read = feed->read;
  row->row = 0;
  row->reason = (Text){0};
  return row;
}

void feed_file_end(HistoryFeed *feed, HistoryBlock *block, Text problem) {
  HistoryRow *row = feed_event(feed, block, HISTORY_FILE_END);
  row->line = problem.length > 0 ? feed->line : 0;
  row->row = feed->row;
  row->reason = problem;
  feed->file_index++;
  row->path_ends = feed->file_index == feed->file_count || feed->files[feed->file_index].path != row->path;
  feed->state = FEED_NEXT_FILE;
}

static void end_with_error(HistoryFeed *feed, HistoryBlock *block, const Error *error) {
  feed_file_end(feed, block, history_reason(&feed->scratch, "%s", error->message));
}

bool feed_row(HistoryFeed *feed, HistoryBlock *block, uint64_t line) {
  if (feed->row == 0 && history_has(&feed->fields, KEY_END_TIME) && !history_has(&feed->fields, KEY_TS)) {
    feed_file_end(
        feed, block,
        TEXT_LITERAL("this is account data (endTime, msPlayed), not the extended streaming history; " NOT_A_HISTORY));
    return false;
  }
  feed->row++;
  HistoryRow *row = feed_event(feed, block, HISTORY_PLAY);
  row->line = line;
  row->row = feed->row;
  history_judge(&feed->fields, &feed->scratch, row);
  if (row->event == HISTORY_PLAY) play_observation_hash(&row->play);
  return true;
}

/* ---- opening ---- */

static Status open_zip_entry(HistoryFeed *feed, const HistoryFile *file, Error *error) {
  if (feed->zip_path != file->path) {
    close_zip(feed);
    feed->zip_arena = arena_new(0);
    if (!feed->zip_arena) {
      return fail(error, STATUS_FAILED, "", "memory is out");
    }
    Status status = zip_open(feed->zip_arena, file->path, &feed->zip, error);
    if (status != STATUS_OK) {
      return status;
    }
    feed->zip_path = file->path;
    feed->zip_entry = 0;
  }
  for (;;) {
    Text entry;
    bool found;
    Status status = zip_next(feed->zip, &entry, &found, error);
    if (status != STATUS_OK) {
      return status;
    }
    if (!found) {
      return fail(error, STATUS_FAILED, "", "the entry is no longer in the zip");
    }
    if (++feed->zip_entry == file->entry) {
      feed->input = zip_input(feed->zip, file->name.bytes);
      return STATUS_OK;
    }
  }
}

static Status open_body(void *context, Error *error) {
  HistoryFeed *feed = context;
  const HistoryFile *file = &feed->files[feed->file_index];
  if (file->problem) {
    return fail(error, STATUS_FAILED, "", "%s", file->problem);
  }
  if (file->entry) {
    return open_zip_entry(feed, file, error);
  }
  if (file->input) {
    feed->input = file->input;
    return STATUS_OK;
  }
  if (!file->path) {
    feed->input = input_of_text(feed->file_arena, file->bytes, file->name.bytes);
    return STATUS_OK;
  }
  return input_open(feed->file_arena, file->path, &feed->input, error);
}

static Status open_file(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  feed->read = 0;
  feed_event(feed, block, HISTORY_FILE);
  feed->row = 0;
  feed->line = 1;
  feed->column = 0;
  feed->offset = 0;
  feed->byte_order_mark = false;
  feed->carry_length = 0;
  feed->input_ended = false;
  feed->json_dummy = false;
  history_scan_begin(&feed->scan);
  feed->file_arena = arena_new(0);
  if (!feed->file_arena) {
    return fail(error, STATUS_FAILED, "", "memory is out");
  }
  Error detail = {0};
  if (arena_protect(feed->file_arena, open_body, feed, &detail) != STATUS_OK) {
    if (feed->files[feed->file_index].entry) {
      close_zip(feed);
    }
    end_with_error(feed, block, &detail);
    return STATUS_OK;
  }
  feed->state = FEED_OPENED;
  return STATUS_OK;
}

/* ---- the quick way ---- */

/* Brings what is left of the block before to this one and reads on, until there are BLOCK_READ bytes, or all. */
static Status refill(HistoryFeed *feed, HistoryBlock *block, size_t wanted, Error *error) {
  while (!feed->input_ended && block->length < wanted) {
    size_t got = 0;
    Status status = feed->input->read(feed->input, block->bytes + block->length, wanted - block->length, &got, error);
    if (status != STATUS_OK) {
      return status;
    }
    feed->input_ended = got == 0;
    block->length += got;
    feed->read += got;
  }
  memset(block->bytes + block->length, 0, SCAN_PADDING);
  return STATUS_OK;
}

static bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

typedef struct Recoding {
  HistoryFeed *feed;
  Text front;
} Recoding;

static Status recode_body(void *context, Error *error) {
  Recoding *recoding = context;
  HistoryFeed *feed = recoding->feed;
  (void)error;
  Text front = text_copy(feed->file_arena, recoding->front);
  feed->input =
      input_decoded(feed->file_arena, input_before(feed->file_arena, front, feed->input), front, false, false);
  return STATUS_OK;
}

/* Puts a file that somebody's editor or shell saved as UTF-16 back into UTF-8. */
static Status recode(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  bool little_endian;
  Recoding recoding = {feed, {block->bytes, block->length}};
  if (!text_is_utf16(recoding.front, &little_endian)) return STATUS_OK;
  Status status = arena_protect(feed->file_arena, recode_body, &recoding, error);
  block->length = 0;
  feed->read = 0;
  feed->input_ended = false;
  return status == STATUS_OK ? refill(feed, block, BLOCK_READ, error) : status;
}

/* Finds the array; anything else is for the JSON reader. */
static Status begin_scan(HistoryFeed *feed, HistoryBlock *block, const char **at, Error *error) {
  const char *begin = block->bytes, *end = begin + block->length;
  if (block->length >= 3 &&
      memcmp(begin, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark says nothing and is in no column */
    begin += 3;
    feed->column -= 3;
    feed->byte_order_mark = true;
  }
  uint64_t lines = 0;
  while (begin < end && is_space(*begin)) {
    lines += *begin++ == '\n';
  }
  if (begin == end && feed->input_ended) {
    feed_file_end(feed, block, TEXT_LITERAL("the file is empty"));
    return STATUS_OK;
  }
  if (feed->careful || begin == end || *begin != '[') {
    return feed_hand_over(feed, block, block->bytes, error);
  }
  feed->line += lines;
  feed->state = FEED_SCAN;
  *at = begin + 1;
  return STATUS_OK;
}

/* After the array nothing may follow. */
static Status finish_scan(HistoryFeed *feed, HistoryBlock *block, const char *close, const char *row_end,
                          Error *error) {
  for (;;) {
    const char *end = block->bytes + block->length;
    while (close < end && is_space(*close)) close++;
    if (close < end || block->length == BLOCK_BYTES) {
      return feed_hand_over(feed, block, feed->scan.first ? block->bytes : row_end, error);
    }
    if (feed->input_ended) {
      feed_file_end(feed, block, (Text){0});
      return STATUS_OK;
    }
    Status status = refill(feed, block, BLOCK_BYTES, error);
    if (status != STATUS_OK) {
      return status;
    }
  }
}

/* Where `at` lies in the file and in its line, for the messages of the JSON reader. */
static void note_place(HistoryFeed *feed, const HistoryBlock *block, const char *at) {
  feed->offset += (uint64_t)(at - block->bytes);
  const char *line = at;
  if (feed->line != feed->block_line) {
    while (line > block->bytes && line[-1] != '\n') line--;
    feed->column = (uint64_t)(at - line);
  } else {
    feed->column += (uint64_t)(at - block->bytes);
  }
}

static Status scan_rows(HistoryFeed *feed, HistoryBlock *block, const char *at, Error *error) {
  for (;;) {
    const char *end = block->bytes + block->length;
    ScanRow row = {0};
    ScanResult result = history_scan_row(&feed->scan, at, end, &feed->scratch, &feed->fields, &row);
    if (result == SCAN_ROW) {
      if (!feed_row(feed, block, feed->line + row.row_line)) {
        return STATUS_OK;
      }
      feed->line += row.lines;
      at = row.next;
      if (block->count < BLOCK_ROWS - 2) {
        continue;
      }
    } else if (result == SCAN_SHORT && !feed->input_ended && block->count == 0 && block->length < BLOCK_BYTES) {
      Status status = refill(feed, block, BLOCK_BYTES, error);
      if (status != STATUS_OK) {
        return status;
      }
      continue;
    }
    if (result == SCAN_SHORT && feed->scan.first) {
      result = SCAN_OTHER; /* a first row of more than a block */
    }
    if (result == SCAN_OTHER || (result == SCAN_SHORT && (feed->input_ended || block->count == 0))) {
      note_place(feed, block, at);
      return feed_hand_over(feed, block, feed->scan.first ? block->bytes : at, error);
    }
    note_place(feed, block, at);
    if (result == SCAN_CLOSE) {
      return finish_scan(feed, block, row.next, at, error);
    }
    feed->carry = at;
    feed->carry_length = (size_t)(end - at);
    return STATUS_OK;
  }
}

static Status scan_fill(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  if (feed->carry_length > 0) {
    memmove(block->bytes, feed->carry, feed->carry_length);
  }
  block->length = feed->carry_length;
  feed->carry_length = 0;
  feed->block_line = feed->line;
  const char *at = block->bytes;
  Error detail = {0};
  Status status = refill(feed, block, BLOCK_READ, &detail);
  if (status == STATUS_OK && feed->state == FEED_OPENED) status = recode(feed, block, &detail);
  if (status == STATUS_OK && feed->state == FEED_OPENED) {
    status = begin_scan(feed, block, &at, &detail);
  }
  if (status == STATUS_OK && feed->state == FEED_SCAN) {
    status = scan_rows(feed, block, at, &detail);
  }
  if (status != STATUS_OK) {
    end_with_error(feed, block, &detail);
  }
  (void)error;
  return STATUS_OK;
}

/* ---- all ---- */

Status history_feed_fill(HistoryFeed *feed, HistoryBlock *block, Error *error) {
  block->count = 0;
  block->length = 0;
  feed->scratch = (HistoryScratch){block->scratch, block->scratch + BLOCK_BYTES + BLOCK_ROWS * HISTORY_MAX_REASON};
  Status status = STATUS_OK;
  while (status == STATUS_OK && block->count == 0) {
    if (feed->state == FEED_NEXT_FILE) {
      close_file(feed); /* not at its end: what ended may still run in the file's arena */
      if (feed->file_index == feed->file_count) {
        history_feed_close(feed);
      } else {
        status = open_file(feed, block, error);
      }
    } else if (feed->state == FEED_JSON) {
      status = feed_json_fill(feed, block, error);
    } else if (feed->state == FEED_DONE) {
      feed_event(feed, block, HISTORY_END);
    } else {
      status = scan_fill(feed, block, error);
    }
  }
  return status;
}
