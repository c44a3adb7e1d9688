/* playlist_edit.h: the calls that make one playlist on ListenBrainz out of another. It inserts, moves and deletes by place, so that of two entries of one
 * recording either can go. */
#ifndef NARADA_LISTENBRAINZ_PLAYLIST_EDIT_H
#define NARADA_LISTENBRAINZ_PLAYLIST_EDIT_H

#include "base/map.h"
#include "base/track_ids.h"
#include "connectors/http/http.h"
#include "sync/edit_script.h"

/* Entries by recording and number: the second entry of a recording is not its first. */
typedef struct PlaylistKeys {
  Arena *arena;
  TextPool *names;
} PlaylistKeys;
typedef VEC(EntryKey) EntryKeys;

PlaylistKeys playlist_keys_new(Arena *arena);
/* Adds an entry behind those that `to` has. `counts` (int_map_new) is of this list. */
void playlist_keys_add(PlaylistKeys *keys, IntMap *counts, EntryKeys *to, const char mbid[MBID_LENGTH + 1]);
Text playlist_key_mbid(const PlaylistKeys *keys, EntryKey key);

typedef enum PlaylistStepKind { PLAYLIST_INSERT, PLAYLIST_MOVE, PLAYLIST_DELETE } PlaylistStepKind;
typedef struct PlaylistStep {
  PlaylistStepKind kind;
  const EntryKey *keys; /* INSERT: the new entries; MOVE: those that are moved */
  size_t count, at, to; /* `to` of a MOVE counts without the block */
} PlaylistStep;

typedef struct PlaylistPlan {
  VEC(PlaylistStep) steps;
  size_t added, removed, moves;
} PlaylistPlan;

/* `anew`: everything goes and comes again. */
void playlist_plan(Arena *arena, EntryList is, EntryList wanted, bool anew, PlaylistPlan *out);
/* `path` has room for two texts, of which the first is the playlist's id. */
HttpRequest playlist_step_request(const PlaylistKeys *keys, Text path[2], const PlaylistStep *step);

#endif
