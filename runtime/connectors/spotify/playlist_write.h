/* playlist_write.h: brings a playlist on Spotify to what is wanted, call by call, and looks afterwards whether it is that. */
#ifndef NARADA_SPOTIFY_PLAYLIST_WRITE_H
#define NARADA_SPOTIFY_PLAYLIST_WRITE_H

#include "connectors/spotify/playlist_steps.h"

typedef struct PlaylistWrite {
  Services *services;
  Run *run;
  RemoteNames *names;
  Text id;
  Text shown; /* as messages call it: its name or id */
  PlaylistChangeMode mode;
  bool yes; /* the person consents to what the guard would refuse */
} PlaylistWrite;

/* What was done; adds up over all attempts. */
typedef struct PlaylistWritten {
  size_t calls;
  size_t replaced; /* entries in whose place Spotify shows another track */
} PlaylistWritten;

/* STATUS_REFUSED with what would happen, where the plan wants a consent that is not given. */
Status playlist_guard(const PlaylistWrite *write, const StepPlan *plan, Error *error);
/* From `is` to `wanted`. Before the first call both are in the outbox. A call whose end is uncertain is not made again before the list was read; at the end the
 * whole list is read and compared: an entry that somebody else added meanwhile ends it with an error and is left alone, anything else is mended. STATUS_BUSY:
 * parked; what is done is kept, and running the program again does the rest. */
Status playlist_write(const PlaylistWrite *write, const RemoteList *is, const WantedList *wanted, const StepPlan *plan, PlaylistWritten *out, Error *error);

#endif
