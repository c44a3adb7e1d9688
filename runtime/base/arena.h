/* arena.h: memory that is freed together, with a stated limit.
 *
 * Allocation never returns NULL. When the system or the limit refuses, control returns to the innermost
 * arena_protect() of that arena, which reports it as an ordinary error; whatever was registered with
 * arena_defer() is still released when the arena is freed. This keeps allocation failure out of every
 * other function of the program without exit() or abort() below main. */
#ifndef NARADA_BASE_ARENA_H
#define NARADA_BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"

typedef struct Arena Arena;

/* `limit` in bytes, 0 = no limit of ours. Returns NULL when not even the arena itself can be had. */
Arena *arena_new(size_t limit);
/* Runs the deferred releases, last first, then frees everything. NULL is allowed. */
void arena_free(Arena *arena);
/* For the arena of a process that ends now: releases what was deferred, and leaves the memory to the system, which takes it back at once. */
void arena_leave(Arena *arena);
/* Whether that is under way: then nothing needs to be given back but what other processes would miss. */
bool arena_is_left(const Arena *arena);

/* Zeroed, aligned for any type; `size` 0 gives a valid unique pointer. */
void *arena_alloc(Arena *arena, size_t size);
/* The same for bytes that are written before they are read: 64 KiB and more are not zeroed. */
void *arena_buffer(Arena *arena, size_t size);
/* `count * size` bytes, zeroed; an overflow counts as exhaustion. */
void *arena_array(Arena *arena, size_t count, size_t size);
/* The same for what is searched before it is filled, as a hash table: its pages are written here. One that is read first costs the system a second fault at its first
 * write, and an interrupt of every other thread. */
void *arena_table(Arena *arena, size_t count, size_t size);
/* A block that held `old_size` bytes, now `new_size` (at least as large), contents kept, the rest zeroed.
 * Blocks of 64 KiB and more are their own malloc and are really reallocated; smaller ones move. */
void *arena_grow(Arena *arena, void *block, size_t old_size, size_t new_size);
/* Gives a block of 64 KiB or more back early; a smaller one stays until the arena is freed. */
void arena_release(Arena *arena, void *block, size_t size);
/* A NUL-terminated copy. */
char *arena_copy(Arena *arena, const char *bytes, size_t length);
/* printf into the arena, NUL-terminated. */
char *arena_format(Arena *arena, const char *format, ...) NARADA_PRINTF(2, 3);

/* `release(object)` runs when the arena is freed, or at once if not even the note of it can be had. */
void arena_defer(Arena *arena, void (*release)(void *object), void *object);

/* Runs `body(context)`. Exhaustion inside it ends it with STATUS_FAILED and `error` filled; nesting is allowed.
 * Locks and files opened by `body` must be registered with arena_defer. */
Status arena_protect(Arena *arena, Status (*body)(void *context, Error *error), void *context, Error *error);

size_t arena_used(const Arena *arena); /* bytes handed out, for reports and limits */

/* Makes the n-th following allocation of any arena in this process fail (once), 0 = never. For tests. */
void arena_test_fail_at(unsigned long n);

#endif
