#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer every block is fenced off from the next one and given up when it moves, so that an overrun or a
 * pointer kept across arena_grow is found. */
#if defined(__SANITIZE_ADDRESS__)
#define FENCED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FENCED 1
#endif
#endif
#ifdef FENCED
#include <sanitizer/asan_interface.h>
#else
#define FENCED 0
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* The first chunk is small because program start pays for it; the last size bounds the unused tail of an arena. */
enum { FIRST_CHUNK = 16 << 10, LAST_CHUNK = 1 << 20, BIG_BLOCK = 64 << 10 };
enum { ALIGNMENT = alignof(max_align_t), FENCE = FENCED ? 16 : 0 };

/* A chunk serves small blocks from `next` up to `end`. */
typedef struct Chunk {
  struct Chunk *previous;
  alignas(max_align_t) char bytes[];
} Chunk;

/* A block of its own: the header stands right before the bytes given out. */
typedef struct Block {
  struct Block *previous, *next;
  alignas(max_align_t) char bytes[];
} Block;

typedef struct Deferred {
  struct Deferred *previous;
  void (*release)(void *object);
  void *object;
} Deferred;

typedef struct Frame {
  jmp_buf jump;
  struct Frame *outer;
} Frame;

struct Arena {
  size_t limit, used;
  char *next, *end; /* free room of the newest chunk */
  size_t chunk_size;
  Chunk *chunks;
  Block *blocks;
  Deferred *deferred;
  Frame *frame;    /* innermost arena_protect, NULL outside */
  size_t refused;  /* size of the request that ended the frame */
  bool over_limit; /* refused by `limit`, not by the system */
  bool left;       /* by arena_leave */
};

/* The one process-wide state: only tests set it, and it must reach every arena whoever made it. */
static atomic_ulong fail_countdown;

void arena_test_fail_at(unsigned long n) {
  atomic_store(&fail_countdown, n);
}

static bool test_failure(void) {
  unsigned long left = atomic_load_explicit(&fail_countdown, memory_order_relaxed);
  if (left == 0) return false;
  return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

Arena *arena_new(size_t limit) {
  Arena *arena = calloc(1, sizeof *arena);
  if (!arena) return NULL;
  arena->limit = limit;
  arena->chunk_size = FIRST_CHUNK;
  return arena;
}

static void release_deferred(Arena *arena) {
  while (arena->deferred) {
    Deferred *deferred = arena->deferred;
    arena->deferred = deferred->previous;
    deferred->release(deferred->object);
  }
}

/* Under AddressSanitizer all is given back, so that leaks are told. */
void arena_leave(Arena *arena) {
  if (FENCED || !arena) {
    arena_free(arena);
    return;
  }
  arena->left = true;
  release_deferred(arena);
}

bool arena_is_left(const Arena *arena) {
  return arena->left;
}

void arena_free(Arena *arena) {
  if (!arena) return;
  release_deferred(arena);
  for (Block *block = arena->blocks; block;) {
    Block *next = block->next;
    free(block);
    block = next;
  }
  for (Chunk *chunk = arena->chunks; chunk;) {
    Chunk *previous = chunk->previous;
    free(chunk);
    chunk = previous;
  }
  free(arena);
}

/* Leaves the innermost arena_protect. Without one nobody has taken the responsibility for exhaustion, which is a
 * mistake of the program and not of its input. */
static _Noreturn void exhausted(Arena *arena, size_t size) {
  arena->refused = size;
  if (!arena->frame) {
    fputs("narada: memory ran out outside arena_protect\n", stderr);
    abort();
  }
  longjmp(arena->frame->jump, 1);
}

/* Whether `size` more bytes may be handed out. */
static bool admitted(Arena *arena, size_t size) {
  arena->over_limit = arena->limit && (size > arena->limit || arena->used > arena->limit - size);
  return !arena->over_limit && !test_failure();
}

static size_t rounded(size_t size) {
  return (size + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
}

static bool is_alone(size_t size) {
  return size >= BIG_BLOCK;
}

static Block *block_of(void *bytes) {
  return (Block *)(void *)((char *)bytes - offsetof(Block, bytes));
}

static void *link_block(Arena *arena, Block *block) {
  block->previous = NULL;
  block->next = arena->blocks;
  if (block->next) block->next->previous = block;
  arena->blocks = block;
  return block->bytes;
}

static void unlink_block(Arena *arena, Block *block) {
  if (block->next) block->next->previous = block->previous;
  if (block->previous) {
    block->previous->next = block->next;
  } else {
    arena->blocks = block->next;
  }
}

/* NULL when refused. */
static void *alloc_alone(Arena *arena, size_t size, bool zeroed) {
  if (size > SIZE_MAX / 2 || !admitted(arena, size)) return NULL;
  size_t whole = offsetof(Block, bytes) + size;
  Block *block = zeroed ? calloc(1, whole) : malloc(whole);
  if (!block) return NULL;
  arena->used += size;
  return link_block(arena, block);
}

/* Its bytes are zeroed as they are given out: what nobody asks for is never touched. */
static bool add_chunk(Arena *arena, size_t size) {
  size_t room = arena->chunk_size > size ? arena->chunk_size : size;
  Chunk *chunk = malloc(offsetof(Chunk, bytes) + room);
  if (!chunk) return false;
  chunk->previous = arena->chunks;
  arena->chunks = chunk;
  arena->next = chunk->bytes;
  arena->end = chunk->bytes + room;
  ASAN_POISON_MEMORY_REGION(chunk->bytes, room);
  if (arena->chunk_size < LAST_CHUNK) arena->chunk_size *= 2;
  return true;
}

/* NULL when refused. */
static void *try_alloc(Arena *arena, size_t size) {
  if (is_alone(size)) return alloc_alone(arena, size, true);
  size_t given = size ? size : 1;
  size = size ? rounded(size) : ALIGNMENT;
  if (!admitted(arena, size)) return NULL;
  if ((size_t)(arena->end - arena->next) < size + FENCE && !add_chunk(arena, size + FENCE)) return NULL;
  void *bytes = arena->next;
  ASAN_UNPOISON_MEMORY_REGION(bytes, given);
  memset(bytes, 0, FENCED ? given : size);
  arena->next += size + FENCE;
  arena->used += size;
  return bytes;
}

void *arena_alloc(Arena *arena, size_t size) {
  void *bytes = try_alloc(arena, size);
  if (!bytes) exhausted(arena, size);
  return bytes;
}

void *arena_buffer(Arena *arena, size_t size) {
  if (!is_alone(size)) return arena_alloc(arena, size);
  void *bytes = alloc_alone(arena, size, false);
  if (!bytes) exhausted(arena, size);
  return bytes;
}

static size_t product(Arena *arena, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) {
    arena->over_limit = false;
    exhausted(arena, SIZE_MAX);
  }
  return count * size;
}

void *arena_array(Arena *arena, size_t count, size_t size) {
  return arena_alloc(arena, product(arena, count, size));
}

void *arena_table(Arena *arena, size_t count, size_t size) {
  size = product(arena, count, size);
  void *bytes = arena_buffer(arena, size);
  return is_alone(size) ? memset(bytes, 0, size) : bytes;
}

/* A block of its own, in place if the system can. */
static void *grow_alone(Arena *arena, void *bytes, size_t old_size, size_t new_size) {
  if (new_size > SIZE_MAX / 2 || !admitted(arena, new_size - old_size)) exhausted(arena, new_size);
  Block *block = block_of(bytes);
  unlink_block(arena, block);
  Block *moved = realloc(block, offsetof(Block, bytes) + new_size);
  if (!moved) {
    link_block(arena, block);
    exhausted(arena, new_size);
  }
  memset(moved->bytes + old_size, 0, new_size - old_size);
  arena->used += new_size - old_size;
  return link_block(arena, moved);
}

/* A small block that ends where the free room begins grows without moving: a builder that is the only writer of its
 * arena then costs what it holds. */
static bool grow_last(Arena *arena, char *bytes, size_t old_size, size_t new_size) {
  if (bytes + old_size != arena->next || new_size >= BIG_BLOCK) return false;
  size_t extra = rounded(new_size) - old_size;
  if ((size_t)(arena->end - arena->next) < extra) return false;
  if (!admitted(arena, extra)) exhausted(arena, new_size);
  memset(arena->next, 0, extra);
  arena->next += extra;
  arena->used += extra;
  return true;
}

void *arena_grow(Arena *arena, void *block, size_t old_size, size_t new_size) {
  if (!block) return arena_alloc(arena, new_size);
  if (new_size <= old_size) return block;
  if (!FENCED) {
    if (old_size >= BIG_BLOCK) return grow_alone(arena, block, old_size, new_size);
    if (old_size && grow_last(arena, block, rounded(old_size), new_size)) return block;
  }
  void *moved = arena_alloc(arena, new_size);
  memcpy(moved, block, old_size);
  if (old_size >= BIG_BLOCK)
    arena_release(arena, block, old_size);
  else
    ASAN_POISON_MEMORY_REGION(block, old_size);
  return moved;
}

void arena_release(Arena *arena, void *block, size_t size) {
  if (!block || size < BIG_BLOCK) return;
  unlink_block(arena, block_of(block));
  free(block_of(block));
  arena->used -= size;
}

char *arena_copy(Arena *arena, const char *bytes, size_t length) {
  if (length == SIZE_MAX) exhausted(arena, length);
  char *copy = arena_alloc(arena, length + 1);
  if (length) memcpy(copy, bytes, length);
  return copy;
}

char *arena_format(Arena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) length = 0;
  char *text = arena_alloc(arena, (size_t)length + 1);
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

void arena_defer(Arena *arena, void (*release)(void *object), void *object) {
  Deferred *deferred = try_alloc(arena, sizeof *deferred);
  if (!deferred) {
    release(object);
    exhausted(arena, sizeof *deferred);
  }
  deferred->release = release;
  deferred->object = object;
  deferred->previous = arena->deferred;
  arena->deferred = deferred;
}

static Status report_exhaustion(const Arena *arena, Error *error) {
  if (arena->over_limit) {
    return fail(error, STATUS_FAILED, "", "memory ran out: %zu bytes more would pass the limit of %zu bytes",
                arena->refused, arena->limit);
  }
  return fail(error, STATUS_FAILED, "", "memory ran out: the system gave no %zu bytes more (%zu in use)",
              arena->refused, arena->used);
}

Status arena_protect(Arena *arena, Status (*body)(void *context, Error *error), void *context, Error *error) {
  /* Nothing written after setjmp is read after longjmp, so no local can be clobbered. */
  Frame frame;
  frame.outer = arena->frame;
  if (setjmp(frame.jump) == 0) {
    arena->frame = &frame;
    Status status = body(context, error);
    arena->frame = frame.outer;
    return status;
  }
  arena->frame = frame.outer;
  return report_exhaustion(arena, error);
}

size_t arena_used(const Arena *arena) {
  return arena->used;
}
