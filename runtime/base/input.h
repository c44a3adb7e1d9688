/* input.h: bytes from a file, a zip member or memory, read forward in blocks; and files written whole or not at all. */
#ifndef NARADA_BASE_INPUT_H
#define NARADA_BASE_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* A forward reader. `read` fills up to `size` bytes and sets `*got`; 0 means the end. */
typedef struct Input {
  Status (*read)(struct Input *input, void *buffer, size_t size, size_t *got, Error *error);
  void *context;
  const char *name; /* for messages; borrowed */
} Input;

/* Opens a regular file (or a pipe) for reading; the descriptor is closed with the arena. Fails with a message that names
 * the path for: not there, a folder, not readable. O_CLOEXEC. */
Status input_open(Arena *arena, const char *path, Input **out, Error *error);
Input *input_of_text(Arena *arena, Text text, const char *name);
/* Closes early what input_open opened. */
void input_close(Input *input);

/* The whole file, NUL-terminated after its end, at most `limit` bytes (else an error that states the limit). */
Status file_read_all(Arena *arena, const char *path, size_t limit, Text *out, Error *error);

/* A file that appears under its name only when complete: written beside it, fsync, rename, fsync of the folder. */
typedef struct Output Output;
Status output_create(Arena *arena, const char *path, Output **out, Error *error);
/* The same into memory: commit appends what was written to `into`. `name` is for messages. */
Output *output_to_text(Arena *arena, TextBuilder *into, const char *name);
Status output_write(Output *output, Text text, Error *error); /* buffered */
Status output_commit(Output *output, Error *error);           /* short writes and a full disk are told here */
/* An output not committed is removed with the arena and the file of that name is as it was. */

#endif
