#include "connectors/spotify_export/history.h"

#include <pthread.h>
#include <string.h>

#include "connectors/spotify_export/history_feed.h"

enum { READER_BLOCKS = 6, HALF = READER_BLOCKS / 2 };

/* The blocks go round: the feed fills them in turn, history_next() empties them in turn. `filled` are those between the
 * two. Who has to wait waits for half of them: waking a thread costs as much as reading some dozen rows. */
typedef struct Ring {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  uint32_t filled;
  bool waiting; /* one of the two: there is never a reason for both */
  bool ended;   /* nothing is filled any more */
  bool stop;
  Status status; /* of the feed; anything but OK is the last thing it gave */
  Error error;
} Ring;

struct HistoryReader {
  Arena *arena; /* the reader's own: its thread allocates in it */
  HistoryFiles files;
  HistoryFeed feed;
  HistoryBlock *blocks[READER_BLOCKS];
  uint32_t block_count;
  uint32_t reading;  /* index of the block history_next() is in */
  uint32_t position; /* of its next row */
  bool has_block;
  bool has_thread;
  pthread_t thread;
  Ring ring;
  Error failure; /* what the last history_next() failed with: it stays so */
};

/* ---- filling ---- */

typedef struct FillCall {
  HistoryReader *reader;
  HistoryBlock *block;
} FillCall;

static Status fill_body(void *context, Error *error) {
  FillCall *call = context;
  return history_feed_fill(&call->reader->feed, call->block, error);
}

static Status fill_block(HistoryReader *reader, HistoryBlock *block, Error *error) {
  FillCall call = {reader, block};
  return arena_protect(reader->arena, fill_body, &call, error);
}

/* The last event of all is in the block. */
static bool is_last(const HistoryBlock *block) {
  return block->count > 0 && block->rows[block->count - 1].event == HISTORY_END;
}

/* Unlocks it first: who is woken would wait for the lock again. */
static void leave_ring(Ring *ring, bool wake) {
  wake = wake && ring->waiting;
  if (wake) {
    ring->waiting = false;
  }
  pthread_mutex_unlock(&ring->mutex);
  if (wake) {
    pthread_cond_signal(&ring->changed);
  }
}

static void *read_ahead(void *context) {
  HistoryReader *reader = context;
  Ring *ring = &reader->ring;
  bool more = true;
  for (uint32_t at = 0; more; at = (at + 1) % reader->block_count) {
    pthread_mutex_lock(&ring->mutex);
    while (!ring->stop && ring->filled == reader->block_count) {
      ring->waiting = true;
      pthread_cond_wait(&ring->changed, &ring->mutex);
    }
    bool stop = ring->stop;
    pthread_mutex_unlock(&ring->mutex);
    if (stop) {
      return NULL;
    }
    Error error = {0};
    Status status = fill_block(reader, reader->blocks[at], &error);
    more = status == STATUS_OK && !is_last(reader->blocks[at]);
    pthread_mutex_lock(&ring->mutex);
    ring->status = status;
    if (status != STATUS_OK) {
      ring->error = error;
    }
    ring->filled++;
    ring->ended = !more;
    leave_ring(ring, ring->ended || ring->filled >= HALF);
  }
  return NULL;
}

/* ---- opening and closing ---- */

static void release(void *object) {
  HistoryReader *reader = object;
  history_close(reader);
  pthread_cond_destroy(&reader->ring.changed);
  pthread_mutex_destroy(&reader->ring.mutex);
  arena_free(reader->arena);
}

void history_close(HistoryReader *reader) {
  if (reader->has_thread) {
    pthread_mutex_lock(&reader->ring.mutex);
    reader->ring.stop = true;
    leave_ring(&reader->ring, true);
    pthread_join(reader->thread, NULL);
    reader->has_thread = false;
  }
  history_feed_close(&reader->feed);
}

size_t history_file_count(const HistoryReader *reader) {
  return reader->files.count;
}

typedef struct OpenCall {
  HistoryReader *reader;
  const char *const *paths;
  size_t count;
  Text bytes;
  const char *name;
  HistoryOptions options;
} OpenCall;

static Status open_body(void *context, Error *error) {
  OpenCall *call = context;
  HistoryReader *reader = call->reader;
  if (call->name) {
    const char *name = arena_copy(reader->arena, call->name, strlen(call->name));
    vec_push(reader->arena, &reader->files, (HistoryFile){.name = text_of(name), .bytes = call->bytes});
  }
  for (size_t i = 0; i < call->count; i++) {
    Status status = history_files_add(reader->arena, call->paths[i], &call->options, &reader->files, error);
    if (status != STATUS_OK) {
      return status;
    }
  }
  reader->block_count = call->options.ahead ? READER_BLOCKS : 1;
  for (uint32_t i = 0; i < reader->block_count; i++) {
    reader->blocks[i] = history_block_new(reader->arena);
  }
  reader->feed.files = reader->files.items;
  reader->feed.file_count = reader->files.count;
  reader->feed.careful = call->options.careful;
  return STATUS_OK;
}

static Status open_reader(Arena *arena, OpenCall *call, HistoryReader **out, Error *error) {
  HistoryReader *reader = arena_alloc(arena, sizeof *reader);
  pthread_mutex_init(&reader->ring.mutex, NULL);
  pthread_cond_init(&reader->ring.changed, NULL);
  arena_defer(arena, release, reader);
  reader->arena = arena_new(0);
  if (!reader->arena) {
    return fail(error, STATUS_FAILED, "", "memory is out");
  }
  call->reader = reader;
  Status status = arena_protect(reader->arena, open_body, call, error);
  if (status != STATUS_OK) {
    return status;
  }
  if (call->options.ahead) {
    reader->has_thread = pthread_create(&reader->thread, NULL, read_ahead, reader) == 0;
  }
  *out = reader;
  return STATUS_OK;
}

Status history_open(Arena *arena, const char *const *paths, size_t count, HistoryOptions options, HistoryReader **out,
                    Error *error) {
  OpenCall call = {.paths = paths, .count = count, .options = options};
  return open_reader(arena, &call, out, error);
}

Status history_open_text(Arena *arena, Text bytes, const char *name, HistoryOptions options, HistoryReader **out,
                         Error *error) {
  OpenCall call = {.bytes = bytes, .name = name, .options = options};
  return open_reader(arena, &call, out, error);
}

/* ---- reading ---- */

/* Gives back the block that was read and waits for the next. */
static Status turn(HistoryReader *reader) {
  if (!reader->has_thread) {
    reader->reading = reader->has_block ? (reader->reading + 1) % reader->block_count : 0;
    reader->has_block = true;
    return fill_block(reader, reader->blocks[reader->reading], &reader->failure);
  }
  Ring *ring = &reader->ring;
  pthread_mutex_lock(&ring->mutex);
  if (reader->has_block) {
    ring->filled--;
    reader->reading = (reader->reading + 1) % reader->block_count;
  }
  for (uint32_t wanted = ring->filled ? 1 : HALF; ring->filled < wanted && !ring->ended;) {
    ring->waiting = true;
    pthread_cond_wait(&ring->changed, &ring->mutex);
  }
  reader->has_block = true;
  Status status = ring->filled == 1 ? ring->status : STATUS_OK;
  if (status != STATUS_OK) {
    reader->failure = ring->error;
  }
  leave_ring(ring, ring->filled <= HALF);
  return status;
}

Status history_next(HistoryReader *reader, const HistoryRow **out, Error *error) {
  const HistoryBlock *block = reader->has_block ? reader->blocks[reader->reading] : NULL;
  if (!block || reader->position == block->count) {
    if (block && is_last(block)) {
      *out = &block->rows[block->count - 1];
      return STATUS_OK;
    }
    if (reader->failure.status == STATUS_OK && turn(reader) != STATUS_OK) {
      reader->position = reader->blocks[reader->reading]->count = 0;
    }
    if (reader->failure.status != STATUS_OK) {
      return fail(error, reader->failure.status, reader->failure.code, "%s", reader->failure.message);
    }
    reader->position = 0;
    block = reader->blocks[reader->reading];
  }
  *out = &block->rows[reader->position++];
  return STATUS_OK;
}

const HistoryRow *history_coming(const HistoryReader *reader, uint32_t ahead) {
  const HistoryBlock *block = reader->has_block ? reader->blocks[reader->reading] : NULL;
  uint32_t at = reader->position + ahead - 1;
  return block && at < block->count ? &block->rows[at] : NULL;
}
