/* remote_list.h: a playlist as it is on Spotify, read whole. */
#ifndef NARADA_SPOTIFY_REMOTE_LIST_H
#define NARADA_SPOTIFY_REMOTE_LIST_H

#include "base/map.h"
#include "base/vec.h"
#include "connectors/services/services.h"
#include "connectors/spotify/track_json.h"
#include "sync/edit_script.h"

/* Entries of equal keys are the same: URIs, interned. What Spotify does not have any more is all one key. */
typedef struct RemoteNames {
  Arena *arena;
  TextPool *uris;
  IntMap *listed; /* of a track that is played in another's place: to the key of what the list holds */
} RemoteNames;

typedef struct RemoteEntry {
  EntryKey key;
  SpotifyThing thing;
  Text title, artist; /* for messages, and to know files of the person's own by */
} RemoteEntry;

typedef struct RemoteList {
  VEC(RemoteEntry) entries;
} RemoteList;

RemoteNames *remote_names_new(Arena *arena);
/* The key of a track by its id; of what the list holds in its place. */
EntryKey remote_track_key(RemoteNames *names, Text id);
/* "" for what is no more. */
Text remote_uri(const RemoteNames *names, EntryKey key);
/* Asks for all its pages and waits. A list that does not come whole is an error, never a short list. */
Status remote_list_read(Services *services, RemoteNames *names, Text playlist, RemoteList *out, Error *error);
EntryList remote_keys(Arena *arena, const RemoteList *list);

#endif
