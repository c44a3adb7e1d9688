/* scrobble_call.h: one call of track.scrobble: up to 50 plays, and a verdict for each. */
#ifndef NARADA_LASTFM_SCROBBLE_CALL_H
#define NARADA_LASTFM_SCROBBLE_CALL_H

#include "connectors/lastfm/call.h"

enum { SCROBBLES_A_CALL = 50 };

typedef struct ScrobbleWish {
  Text artist, title, album; /* album may be empty */
  int64_t second;            /* when it began, since 1970 */
  int64_t duration_s;        /* 0 = not known */
  int64_t wish;              /* in the outbox */
} ScrobbleWish;

/* What Last.fm says of one (last.fm/api/show/track.scrobble). */
typedef enum ScrobbleVerdict {
  SCROBBLE_UNTOLD = -1, /* the reply has no verdict for it */
  SCROBBLE_TAKEN = 0,
  SCROBBLE_ARTIST = 1,
  SCROBBLE_TRACK = 2,
  SCROBBLE_TOO_OLD = 3,
  SCROBBLE_TOO_NEW = 4,
  SCROBBLE_DAY_FULL = 5,
} ScrobbleVerdict;
const char *scrobble_verdict_text(ScrobbleVerdict verdict);

/* As JSON for the outbox, and back; texts of the arena. False for what is none. */
Text scrobble_write(Arena *arena, const ScrobbleWish *wish);
bool scrobble_read(Arena *arena, Text json, ScrobbleWish *out);

HttpCall *scrobble_submit(Http *http, Arena *arena, const LastfmAccount *account, const ScrobbleWish *wishes, size_t count);
/* The verdicts of a call that is HTTP_DONE, by time and names, as Last.fm may give them in another order. */
Status scrobble_verdicts(const HttpCall *call, Arena *arena, const ScrobbleWish *wishes, size_t count, ScrobbleVerdict *out, Error *error);

#endif
