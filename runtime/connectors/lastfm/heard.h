/* heard.h: what Last.fm has already, read before anything is sent: so that nothing is sent twice, and what an interrupted run sent is recognised. */
#ifndef NARADA_LASTFM_HEARD_H
#define NARADA_LASTFM_HEARD_H

#include "connectors/lastfm/call.h"

/* Two stamps of one listen lie at most so far apart. */
enum { HEARD_TOLERANCE_S = 30 };

typedef struct Heard Heard;
/* The user's scrobbles of `from` to `to`, seconds since 1970 and both included; whole, or a failure. */
Status heard_scrobbles(Run *run, Http *http, const LastfmAccount *account, int64_t from, int64_t to, Heard **out, Error *error);
/* The user's loved tracks. */
Status heard_loved(Run *run, Http *http, const LastfmAccount *account, Heard **out, Error *error);

/* Whether the track was scrobbled within HEARD_TOLERANCE_S of `second`. */
bool heard_at(Heard *heard, Text artist, Text title, int64_t second);
bool heard_is_loved(Heard *heard, Text artist, Text title);

#endif
