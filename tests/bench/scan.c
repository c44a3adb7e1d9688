/* Reads the same files with the reader of an import and with cJSON, whole file by whole file, in turns; both add up the same
 * figures. `scan RUNS FILE...` prints the best of each, and the ratio. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "connectors/spotify_export/history.h"

typedef struct Sum {
  uint64_t rows, ms, title_bytes;
} Sum;

/* Processor time: neither waits for anything but the disk. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void stop(const char *what, const char *why) {
  fprintf(stderr, "scan: %s: %s\n", what, why);
  exit(1);
}

static Sum read_history(const char *const *files, size_t count) {
  Error error = {0};
  Arena *arena = arena_new(0);
  HistoryReader *reader;
  const HistoryRow *row;
  Sum sum = {0};
  if (history_open(arena, files, count, (HistoryOptions){0}, &reader, &error) != STATUS_OK) stop("narada", error.message);
  do {
    if (history_next(reader, &row, &error) != STATUS_OK) stop("narada", error.message);
    if (row->event != HISTORY_PLAY && row->event != HISTORY_REJECTED) continue;
    sum.rows++;
    sum.ms += (uint64_t)row->play.ms_played;
    if (row->kind == PLAY_TRACK) sum.title_bytes += row->play.title.length;
  } while (row->event != HISTORY_END);
  history_close(reader);
  arena_free(arena);
  return sum;
}

static char *read_whole(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) stop(path, "cannot be read");
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  if (!bytes || fread(bytes, 1, *size, file) != *size) stop(path, "cannot be read");
  fclose(file);
  return bytes;
}

static Sum read_cjson(const char *const *files, size_t count, uint64_t *bytes) {
  Sum sum = {0};
  for (size_t i = 0; i < count; i++) {
    size_t size;
    char *text = read_whole(files[i], &size);
    cJSON *rows = cJSON_ParseWithLength(text, size);
    if (!rows) stop(files[i], "is no JSON");
    *bytes += size;
    for (const cJSON *row = rows->child; row; row = row->next) {
      const cJSON *title = cJSON_GetObjectItemCaseSensitive(row, "master_metadata_track_name");
      sum.rows++;
      sum.ms += (uint64_t)cJSON_GetObjectItemCaseSensitive(row, "ms_played")->valuedouble;
      if (cJSON_IsString(title)) sum.title_bytes += strlen(title->valuestring);
    }
    cJSON_Delete(rows);
    free(text);
  }
  return sum;
}

int main(int argc, char **argv) {
  int runs = argc > 2 ? atoi(argv[1]) : 0;
  if (runs < 1) {
    fputs("usage: scan RUNS FILE...\n", stderr);
    return 2;
  }
  const char *const *files = (const char *const *)(argv + 2);
  size_t count = (size_t)argc - 2;
  double best[2] = {1e9, 1e9};
  uint64_t bytes = 0;
  for (int i = 0; i <= runs; i++) { /* the first brings the files into memory */
    double start = now();
    Sum mine = read_history(files, count);
    double middle = now();
    bytes = 0;
    Sum peer = read_cjson(files, count, &bytes);
    double end = now();
    if (memcmp(&mine, &peer, sizeof mine) != 0) stop("narada and cJSON", "read different things");
    if (i && middle - start < best[0]) best[0] = middle - start;
    if (i && end - middle < best[1]) best[1] = end - middle;
  }
  printf("narada %7.0f MB/s   cJSON %7.0f MB/s   %.1f times (processor time, best of %d)\n", (double)bytes / best[0] / 1e6, (double)bytes / best[1] / 1e6,
         best[1] / best[0], runs);
  return 0;
}
