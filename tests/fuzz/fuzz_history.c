/* Any bytes as an extended streaming history: the quick scanner and the JSON reader must give the same rows, messages
 * included, and number them without a gap. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/spotify_export/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void differ(const char *what) {
  fprintf(stderr, "the two readers differ: %s\n", what);
  abort();
}

static void same_text(const char *what, Text a, Text b) {
  if (!text_equal(a, b)) {
    fprintf(stderr, "\"" TEXT_FORMAT "\"\n\"" TEXT_FORMAT "\"\n", TEXT_ARG(a), TEXT_ARG(b));
    differ(what);
  }
}

static void same_play(const PlayObservation *a, const PlayObservation *b) {
  if (a->kind != b->kind || a->played_at != b->played_at || a->ms_played != b->ms_played ||
      a->has_offline_at != b->has_offline_at || a->offline_at != b->offline_at) {
    differ("play");
  }
  if (a->context.shuffle != b->context.shuffle || a->context.skipped != b->context.skipped ||
      a->context.offline != b->context.offline || a->context.incognito != b->context.incognito) {
    differ("flags");
  }
  same_text("id", a->connector_track_id, b->connector_track_id);
  same_text("title", a->title, b->title);
  same_text("artist", a->artist, b->artist);
  same_text("album", a->album, b->album);
  same_text("platform", a->context.platform, b->context.platform);
  same_text("country", a->context.country, b->context.country);
  same_text("reason_start", a->context.reason_start, b->context.reason_start);
  same_text("reason_end", a->context.reason_end, b->context.reason_end);
  const Text texts[] = {a->connector_track_id,
                        a->title,
                        a->artist,
                        a->album,
                        a->context.platform,
                        a->context.country,
                        a->context.reason_start,
                        a->context.reason_end};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (text_invalid_at(texts[i]) != texts[i].length) {
      differ("a text that is not UTF-8");
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena *arena = arena_new(0);
  HistoryReader *quick, *careful;
  Error error = {0};
  Text bytes = {(const char *)data, size};
  if (history_open_text(arena, bytes, "fuzz.json", (HistoryOptions){.careful = false}, &quick, &error) != STATUS_OK ||
      history_open_text(arena, bytes, "fuzz.json", (HistoryOptions){.careful = true}, &careful, &error) != STATUS_OK) {
    differ("opening");
  }
  uint64_t rows = 0;
  for (;;) {
    const HistoryRow *a = NULL, *b = NULL;
    if (history_next(quick, &a, &error) != STATUS_OK || history_next(careful, &b, &error) != STATUS_OK) {
      differ("reading failed");
    }
    if (a->event == HISTORY_REJECTED || a->event == HISTORY_FILE_END) {
      same_text("reason", a->reason, b->reason);
    }
    if (a->event != b->event || a->kind != b->kind) {
      differ("event");
    }
    if (a->event == HISTORY_END) {
      break;
    }
    if (a->event == HISTORY_PLAY || a->event == HISTORY_REJECTED) {
      if (a->row != ++rows || b->row != rows || a->line != b->line) {
        differ("place");
      }
    }
    if (a->event == HISTORY_PLAY) {
      same_play(&a->play, &b->play);
    }
    if (a->event == HISTORY_FILE_END && a->row != rows) {
      differ("the rows of the file");
    }
  }
  arena_free(arena);
  return 0;
}
