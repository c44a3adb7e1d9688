/* export_writer.h: the files of an export are hashed and written by a thread of their own, while the next rows are put together. */
#ifndef NARADA_CLI_EXPORT_WRITER_H
#define NARADA_CLI_EXPORT_WRITER_H

#include "base/digest.h"
#include "base/input.h"

typedef struct ExportWriter ExportWriter;
/* Its thread ends with the arena. Where the system gives none, all is done by the caller. */
ExportWriter *export_writer_new(Arena *arena);

/* A file on its way; at most EXPORT_STREAMS are open at a time. */
typedef struct ExportStream ExportStream;
enum { EXPORT_STREAMS = 4 };
Status export_stream_open(ExportWriter *writer, const char *path, ExportStream **out, Error *error);
Status export_stream_write(ExportStream *stream, Text text, Error *error);
/* No more comes; the stream is not to be used any more. The file is whole, and `digest` is set, after export_writer_wait. */
Status export_stream_end(ExportStream *stream, Digest *digest, Error *error);
/* Waits until all that was given is on the disk, or tells what went wrong. */
Status export_writer_wait(ExportWriter *writer, Error *error);

#endif
