#include "zip_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FLAGS = 0x0808, DEFLATED = 8, ENTRIES_MOST = 4096 };

typedef struct Entry {
  char *name;
  uint32_t crc, packed, size, offset, mode;
} Entry;

struct ZipWriter {
  FILE *file;
  uint32_t offset;
  Entry entries[ENTRIES_MOST];
  uint32_t count;
  bool good;
};

ZipWriter *zip_writer_new(const char *path) {
  ZipWriter *zip = calloc(1, sizeof *zip);
  if (zip && !(zip->file = fopen(path, "wb"))) {
    free(zip);
    return NULL;
  }
  if (zip) {
    zip->good = true;
  }
  return zip;
}

static void put_bytes(ZipWriter *zip, const void *bytes, size_t length) {
  zip->good = zip->good && fwrite(bytes, 1, length, zip->file) == length;
  zip->offset += (uint32_t)length;
}

static void put_number(ZipWriter *zip, uint32_t number, int bytes) {
  unsigned char little[4] = {number & 255, number >> 8 & 255, number >> 16 & 255, number >> 24};
  put_bytes(zip, little, (size_t)bytes);
}

/* Version, flags, method, time, date: common to both headers. */
static void put_common(ZipWriter *zip, uint32_t crc, uint32_t packed, uint32_t size, size_t name_length) {
  put_number(zip, 20, 2);
  put_number(zip, FLAGS, 2);
  put_number(zip, DEFLATED, 2);
  put_number(zip, 0, 2);
  put_number(zip, 0x5A21, 2);
  put_number(zip, crc, 4);
  put_number(zip, packed, 4);
  put_number(zip, size, 4);
  put_number(zip, (uint32_t)name_length, 2);
  put_number(zip, 0, 2);
}

bool zip_writer_entry(ZipWriter *zip, const char *name, const void *bytes, size_t length, uint32_t mode) {
  if (zip->count == ENTRIES_MOST) {
    return false;
  }
  Entry *entry = &zip->entries[zip->count];
  uLong bound = compressBound((uLong)length) + 64;
  unsigned char *packed = malloc(bound);
  entry->name = malloc(strlen(name) + 1);
  z_stream stream = {0};
  if (!packed || !entry->name || deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    free(packed);
    return false;
  }
  zip->count++;
  strcpy(entry->name, name);
  stream.next_in = (Bytef *)(uintptr_t)bytes;
  stream.avail_in = (uInt)length;
  stream.next_out = packed;
  stream.avail_out = (uInt)bound;
  zip->good = deflate(&stream, Z_FINISH) == Z_STREAM_END && zip->good;
  entry->packed = (uint32_t)stream.total_out;
  entry->size = (uint32_t)length;
  entry->crc = (uint32_t)crc32(0, bytes, (uInt)length);
  entry->offset = zip->offset;
  entry->mode = mode;
  deflateEnd(&stream);
  put_number(zip, 0x04034B50, 4);
  put_common(zip, 0, 0, 0, strlen(name));
  put_bytes(zip, name, strlen(name));
  put_bytes(zip, packed, entry->packed);
  put_number(zip, 0x08074B50, 4);
  put_number(zip, entry->crc, 4);
  put_number(zip, entry->packed, 4);
  put_number(zip, entry->size, 4);
  free(packed);
  return zip->good;
}

bool zip_writer_file(ZipWriter *zip, const char *name, const void *bytes, size_t length) {
  return zip_writer_entry(zip, name, bytes, length, 0100644);
}

bool zip_writer_folder(ZipWriter *zip, const char *name) {
  return zip_writer_entry(zip, name, "odd folder.", 11, 040755);
}

bool zip_writer_close(ZipWriter *zip) {
  uint32_t begin = zip->offset;
  for (uint32_t i = 0; i < zip->count; i++) {
    const Entry *entry = &zip->entries[i];
    put_number(zip, 0x02014B50, 4);
    put_number(zip, 0x0314, 2); /* made on Unix: the mode counts */
    put_common(zip, entry->crc, entry->packed, entry->size, strlen(entry->name));
    put_number(zip, 0, 4);
    put_number(zip, 0, 2);
    put_number(zip, entry->mode << 16, 4);
    put_number(zip, entry->offset, 4);
    put_bytes(zip, entry->name, strlen(entry->name));
  }
  uint32_t size = zip->offset - begin;
  put_number(zip, 0x06054B50, 4);
  put_number(zip, 0, 4);
  put_number(zip, zip->count, 2);
  put_number(zip, zip->count, 2);
  put_number(zip, size, 4);
  put_number(zip, begin, 4);
  put_number(zip, 0, 2);
  bool good = fclose(zip->file) == 0 && zip->good;
  for (uint32_t i = 0; i < zip->count; i++) {
    free(zip->entries[i].name);
  }
  free(zip);
  return good;
}
