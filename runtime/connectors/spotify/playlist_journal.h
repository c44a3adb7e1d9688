/* playlist_journal.h: what a playlist was and is to become, on disk before the first call that changes it. */
#ifndef NARADA_SPOTIFY_PLAYLIST_JOURNAL_H
#define NARADA_SPOTIFY_PLAYLIST_JOURNAL_H

#include "connectors/spotify/playlist_write.h"
#include "store/outbox.h"

typedef struct PlaylistJournal {
  Store *store;
  int64_t entry;
} PlaylistJournal;

/* Goes on with the entry of a writing of the same that was cut off; one of something else is cancelled, since the list was read anew. STATUS_BUSY while
 * somebody else writes. */
Status playlist_journal_open(const PlaylistWrite *write, EntryList before, EntryList wanted, PlaylistJournal *out, Error *error);
/* The list is `wanted` already: what earlier runs left open for it is settled. */
Status playlist_journal_settle(const PlaylistWrite *write, EntryList wanted, Error *error);
/* STATUS_OK: it is what was wanted. STATUS_BUSY: it is to be gone on with. */
Status playlist_journal_close(const PlaylistJournal *journal, Status ended, const char *message, Error *error);

#endif
