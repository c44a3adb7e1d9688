/* file_notices.h: what the user is told after a file was read: one sentence for each kind of thing that did not fit. */
#ifndef NARADA_CONNECTORS_FILE_FILE_NOTICES_H
#define NARADA_CONNECTORS_FILE_FILE_NOTICES_H

#include "connectors/file/cell.h"

enum { FILE_UNKNOWN_SHOWN = 8 };

typedef struct FileCount {
  uint64_t count;
  uint64_t line; /* of the first */
} FileCount;

/* Zero-initialise all but the first four. */
typedef struct FileNotices {
  Run *run;
  uint32_t node;
  const char *path;
  RowKind kind;
  Text unknown[FILE_UNKNOWN_SHOWN];
  uint64_t unknown_count;
  FileCount lacking; /* rows without what they cannot be without */
  FileCount too_long, too_short;
  FileCount bad;
  Text bad_first; /* the first bad value, explained */
} FileNotices;

void file_notices_count(FileCount *count, uint64_t line);
/* `name` must live as long as the run. */
void file_notices_unknown(FileNotices *notices, Text name);
void file_notices_bad_value(FileNotices *notices, uint64_t line, Text column, Type type, const Cell *cell);
/* Leaves the notices with the run. */
void file_notices_tell(const FileNotices *notices);

/* Of a file that was written, or in a dry run would have been. */
void file_notice_written(Run *run, uint32_t node, const char *path, size_t rows);

#endif
