/* history.h: reads Spotify's extended streaming history, row by row: a file, a folder, or the zip as Spotify sends it.
 *
 * A row is a play, or is rejected with a reason; none disappears. Memory does not grow with the size of the history. */
#ifndef NARADA_CONNECTORS_SPOTIFY_HISTORY_H
#define NARADA_CONNECTORS_SPOTIFY_HISTORY_H

#include "base/input.h"
#include "store/store.h"

enum { HISTORY_MAX_FILES = 10000, HISTORY_MAX_FOLDER_DEPTH = 16 };

typedef enum HistoryEvent {
  HISTORY_FILE,     /* a file begins */
  HISTORY_PLAY,     /* a row that is a play */
  HISTORY_REJECTED, /* a row that is not; `reason` says why */
  HISTORY_FILE_END, /* `reason` is empty, or says what kept the file, or the rest of it, from being read */
  HISTORY_END,      /* nothing is left */
} HistoryEvent;

/* What a row tells of: a PlayKind, or that it cannot be told. */
enum { HISTORY_KIND_UNKNOWN = PLAY_CHAPTER + 1, HISTORY_KIND_COUNT };

typedef struct HistoryRow {
  HistoryEvent event;
  uint8_t kind;  /* of PLAY and REJECTED */
  Text file;     /* its path, in a zip the zip's path, '/' and the entry's name; borrowed from the reader */
  const char *path; /* on the disk: of the file, or of its zip; NULL of bytes; the same pointer for all of one path */
  bool path_ends;   /* of FILE_END: nothing more comes from `path` */
  uint64_t line; /* 1-based, where the row begins; of FILE_END where reading stopped, 0 = at the end */
  uint64_t read; /* bytes of the file, unpacked, that were read when this was told */
  uint64_t row;  /* 1-based place in the file's array; of FILE_END the number of its rows */
  PlayObservation play;
  Text reason;
} HistoryRow;

typedef struct HistoryReader HistoryReader;

typedef struct HistoryOptions {
  bool ahead;   /* read in a thread of its own, a few blocks ahead */
  bool careful; /* read every row with the JSON reader instead of the quick scanner; the rows are the same */
  /* Asked of each file or zip before anything of it is read; `*skip` leaves it out. `path` lives as long as the reader.
   * NULL = nothing is left out. */
  Status (*choose)(void *context, const char *path, bool *skip, Error *error);
  void *context;
  /* Which entries of a zip are a history, its files counted from 1. NULL = those that are named as Spotify names them. */
  bool (*has_history)(const void *of, const char *path, size_t entry);
  /* What can be read only once and was begun already, a pipe; NULL for every other path. NULL = all paths are opened. */
  Input *(*opened)(const void *of, const char *path);
  const void *of;
} HistoryOptions;

/* Finds the files of each path, in the order given; a folder's by name and running number, a zip's in its order. In
 * folders and zips only files named as Spotify names them count (Streaming_History_*.json, endsong*.json, any case).
 * Fails for a path that is not there or not readable, a folder or zip without a history, and a zip that is broken or
 * dangerous. Closed with the arena, or by history_close. */
Status history_open(Arena *arena, const char *const *paths, size_t count, HistoryOptions options, HistoryReader **out,
                    Error *error);
/* The same over bytes; for tests. */
Status history_open_text(Arena *arena, Text bytes, const char *name, HistoryOptions options, HistoryReader **out,
                         Error *error);
void history_close(HistoryReader *reader);
size_t history_file_count(const HistoryReader *reader);

/* The next event, borrowed until the next call. What is wrong with a file is told by its events; this fails only when
 * memory is out. */
Status history_next(HistoryReader *reader, const HistoryRow **out, Error *error);
/* The event that comes `ahead` calls later, or NULL if it is not at hand yet. */
const HistoryRow *history_coming(const HistoryReader *reader, uint32_t ahead);

#endif
