/* export_words.h: what the files for other programs say of a track, and of how it was played. Put into words once, as long as there is room: memory does not grow with
 * the plays. */
#ifndef NARADA_CLI_EXPORT_WORDS_H
#define NARADA_CLI_EXPORT_WORDS_H

#include "base/text.h"
#include "store/store.h"

typedef struct ExportWords ExportWords;
/* Keeps up to `room` bytes of words, 1 MiB at least, and 24 bytes for each track and circumstance. */
ExportWords *export_words_new(Arena *arena, Store *store, size_t room);

typedef struct TrackWords {
  Text csv_front, csv_back; /* the fields before and behind those of the play, each with a comma before it */
  Text json;                /* inside of track_metadata, without what the play says */
  bool named;               /* it has a title and an artist, without which ListenBrainz takes no listen */
} TrackWords;
typedef struct HowWords {
  Text csv;  /* service to incognito, each with a comma before it */
  Text json; /* members of additional_info, each with a comma before it */
} HowWords;

/* Lent until the next of the same kind is asked for. Of a track that the store has not, all is empty. */
Status export_track_words(ExportWords *words, int64_t track, TrackWords *out, Error *error);
Status export_how_words(ExportWords *words, uint32_t context, HowWords *out, Error *error);

#endif
