/* zip_write.h: writes a zip as Spotify does: deflated, with data descriptors (sizes only in the central directory), the
 * UTF-8 flag, and folders that carry data. */
#ifndef NARADA_TESTS_HISTORY_ZIP_WRITE_H
#define NARADA_TESTS_HISTORY_ZIP_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ZipWriter ZipWriter;

ZipWriter *zip_writer_new(const char *path);
bool zip_writer_folder(ZipWriter *zip, const char *name);
bool zip_writer_file(ZipWriter *zip, const char *name, const void *bytes, size_t length);
/* An entry with that Unix mode, for what must be refused. */
bool zip_writer_entry(ZipWriter *zip, const char *name, const void *bytes, size_t length, uint32_t mode);
/* Writes the directory and frees. */
bool zip_writer_close(ZipWriter *zip);

#endif
