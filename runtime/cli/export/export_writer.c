#include "cli/export/export_writer.h"

#include <pthread.h>
#include <string.h>

/* Blocks go round: free, filled by the caller, waiting in the ring, written. Each stream holds one. */
enum { BLOCKS = 16, BLOCK_SIZE = 128 << 10 };

typedef struct Block {
  ExportStream *stream;
  size_t used;
  bool last; /* of the stream */
  char *bytes;
} Block;

struct ExportStream {
  ExportWriter *writer;
  ExportStream *next; /* of those that are not at their end */
  Arena *arena;       /* that this lies in */
  Output *out;
  Sha256 sum;
  Digest *digest;
  Block *block; /* being filled; NULL = none */
};

struct ExportWriter {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t given, done;
  Block blocks[BLOCKS];
  Block *unused[BLOCKS];
  Block *ring[BLOCKS]; /* from `first` on */
  size_t unused_count, first, waiting; /* `waiting` with the one that is being written */
  bool has_thread, stop;
  ExportStream *streams;
  Error failure;
};

/* ---- writing ---- */

static Status write_block(const Block *block, Error *error) {
  ExportStream *stream = block->stream;
  sha256_add(&stream->sum, block->bytes, block->used);
  Status status = output_write(stream->out, (Text){block->bytes, block->used}, error);
  if (status != STATUS_OK || !block->last) return status;
  *stream->digest = sha256_end(&stream->sum);
  return output_commit(stream->out, error);
}

/* When it is written to its end. */
static void free_stream(ExportWriter *writer, ExportStream *stream) {
  ExportStream **at = &writer->streams;
  while (*at != stream) at = &(*at)->next;
  *at = stream->next;
  arena_free(stream->arena);
}

static void *work(void *context) {
  ExportWriter *writer = context;
  pthread_mutex_lock(&writer->mutex);
  for (;;) {
    while (!writer->waiting && !writer->stop) pthread_cond_wait(&writer->given, &writer->mutex);
    if (!writer->waiting || writer->stop) break;
    Block *block = writer->ring[writer->first];
    bool failed = writer->failure.status != STATUS_OK;
    pthread_mutex_unlock(&writer->mutex);
    Error error = {0};
    Status status = failed ? STATUS_OK : write_block(block, &error);
    pthread_mutex_lock(&writer->mutex);
    if (status != STATUS_OK) writer->failure = error;
    if (block->last) free_stream(writer, block->stream);
    writer->first = (writer->first + 1) % BLOCKS;
    writer->waiting--;
    writer->unused[writer->unused_count++] = block;
    pthread_cond_signal(&writer->done);
  }
  pthread_mutex_unlock(&writer->mutex);
  return NULL;
}

static void end_thread(void *object) {
  ExportWriter *writer = object;
  if (writer->has_thread) {
    pthread_mutex_lock(&writer->mutex);
    writer->stop = true;
    pthread_cond_signal(&writer->given);
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
  }
  while (writer->streams) free_stream(writer, writer->streams); /* their files are not whole and go */
  pthread_cond_destroy(&writer->given);
  pthread_cond_destroy(&writer->done);
  pthread_mutex_destroy(&writer->mutex);
}

ExportWriter *export_writer_new(Arena *arena) {
  ExportWriter *writer = arena_alloc(arena, sizeof *writer);
  for (size_t i = 0; i < BLOCKS; i++) {
    writer->blocks[i].bytes = arena_buffer(arena, BLOCK_SIZE);
    writer->unused[writer->unused_count++] = &writer->blocks[i];
  }
  pthread_mutex_init(&writer->mutex, NULL);
  pthread_cond_init(&writer->given, NULL);
  pthread_cond_init(&writer->done, NULL);
  arena_defer(arena, end_thread, writer);
  writer->has_thread = pthread_create(&writer->thread, NULL, work, writer) == 0;
  return writer;
}

/* ---- giving ---- */

static Status failure_of(const ExportWriter *writer, Error *error) {
  if (writer->failure.status == STATUS_OK) return STATUS_OK;
  if (error) *error = writer->failure;
  return writer->failure.status;
}

static Status give(ExportWriter *writer, Block *block, Error *error) {
  if (!writer->has_thread) {
    Status status = failure_of(writer, error);
    if (status == STATUS_OK && write_block(block, &writer->failure) != STATUS_OK) status = failure_of(writer, error);
    if (block->last) free_stream(writer, block->stream);
    writer->unused[writer->unused_count++] = block;
    return status;
  }
  pthread_mutex_lock(&writer->mutex);
  writer->ring[(writer->first + writer->waiting++) % BLOCKS] = block;
  pthread_cond_signal(&writer->given);
  Status status = failure_of(writer, error);
  pthread_mutex_unlock(&writer->mutex);
  return status;
}

static Block *take_block(ExportWriter *writer) {
  pthread_mutex_lock(&writer->mutex);
  while (!writer->unused_count) pthread_cond_wait(&writer->done, &writer->mutex);
  Block *block = writer->unused[--writer->unused_count];
  pthread_mutex_unlock(&writer->mutex);
  block->used = 0;
  block->last = false;
  return block;
}

typedef struct Opening {
  Arena *arena;
  ExportWriter *writer;
  const char *path;
  ExportStream *stream;
} Opening;

static Status open_body(void *context, Error *error) {
  Opening *opening = context;
  ExportStream *stream = opening->stream = arena_alloc(opening->arena, sizeof *stream);
  stream->writer = opening->writer;
  stream->arena = opening->arena;
  sha256_begin(&stream->sum);
  return output_create(opening->arena, opening->path, &stream->out, error);
}

Status export_stream_open(ExportWriter *writer, const char *path, ExportStream **out, Error *error) {
  Opening opening = {.arena = arena_new(0), .writer = writer, .path = path};
  Status status = opening.arena ? arena_protect(opening.arena, open_body, &opening, error) : fail(error, STATUS_FAILED, "", "memory is out");
  if (status != STATUS_OK) {
    arena_free(opening.arena);
    return status;
  }
  *out = opening.stream;
  pthread_mutex_lock(&writer->mutex);
  opening.stream->next = writer->streams;
  writer->streams = opening.stream;
  pthread_mutex_unlock(&writer->mutex);
  return STATUS_OK;
}

Status export_stream_write(ExportStream *stream, Text text, Error *error) {
  Status status = STATUS_OK;
  while (text.length && status == STATUS_OK) {
    if (!stream->block) {
      stream->block = take_block(stream->writer);
      stream->block->stream = stream;
    }
    Block *block = stream->block;
    size_t room = BLOCK_SIZE - block->used, length = text.length < room ? text.length : room;
    memcpy(block->bytes + block->used, text.bytes, length);
    block->used += length;
    text = (Text){text.bytes + length, text.length - length};
    if (block->used < BLOCK_SIZE) continue;
    stream->block = NULL;
    status = give(stream->writer, block, error);
  }
  return status;
}

Status export_stream_end(ExportStream *stream, Digest *digest, Error *error) {
  Block *block = stream->block ? stream->block : take_block(stream->writer);
  stream->block = NULL;
  stream->digest = digest;
  block->stream = stream;
  block->last = true;
  return give(stream->writer, block, error);
}

Status export_writer_wait(ExportWriter *writer, Error *error) {
  pthread_mutex_lock(&writer->mutex);
  while (writer->waiting) pthread_cond_wait(&writer->done, &writer->mutex);
  Status status = failure_of(writer, error);
  pthread_mutex_unlock(&writer->mutex);
  return status;
}
