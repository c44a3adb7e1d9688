/* wanted_list.h: what a playlist on Spotify is to become: the rows, and what is in it already and no row can speak of. */
#ifndef NARADA_SPOTIFY_WANTED_LIST_H
#define NARADA_SPOTIFY_WANTED_LIST_H

#include "connectors/spotify/find_tracks.h"
#include "connectors/spotify/remote_list.h"
#include "engine/stage.h"

typedef enum PlaylistChangeMode { CHANGE_UPDATE, CHANGE_REPLACE, CHANGE_APPEND } PlaylistChangeMode;

typedef struct WantedRow {
  EntryKey key; /* 0 = Spotify does not have it, as far as is known */
  Text title, artist;
} WantedRow;

typedef struct WantedRows {
  VEC(WantedRow) rows;
  VEC(SpotifyWanted) sought; /* those that came without an id and do not stand in the list under their names */
} WantedRows;

typedef struct WantedList {
  EntryList list;
  size_t stays; /* episodes, files of the person's own and entries that are no more, which stay although no row names them */
} WantedList;

/* By Spotify's id; a row without one is what stands in the list under its title and artist, a file of the person's own too, else what Spotify finds. */
Status wanted_rows(StageCall *call, Services *services, RemoteNames *names, const RemoteList *is, WantedRows *out, Error *error);
/* What no row can speak of keeps its place behind the entry before it that stays; with CHANGE_REPLACE it goes to the end. CHANGE_APPEND leaves the list as it is
 * and adds at its end what is not there yet, each once. */
void wanted_list(Arena *arena, const RemoteList *is, const WantedRows *rows, PlaylistChangeMode mode, WantedList *out);

#endif
