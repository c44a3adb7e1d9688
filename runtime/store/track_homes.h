/* track_homes.h: one track for what several sources know by the same names. Private to runtime/store.
 *
 * A source without ids (Last.fm, the account data, a playlist file) tells artist and title. Which track of the library that is must not depend on which
 * source came first. So before a commit, of the tracks that fold to the same first artist and title, those without a Spotify id become one with their home:
 * the track with the least Spotify id, or else one of them, named as the least of the sources' spellings. */
#ifndef NARADA_STORE_TRACK_HOMES_H
#define NARADA_STORE_TRACK_HOMES_H

#include "store/store_int.h"

/* A new track, or one that got other names or another source; `identified`: it has a Spotify id. */
void track_homes_note(Store *store, int64_t track, bool identified);
/* Before a commit: moves what refers to the tracks that are given up (plays, marks, entries of playlists) to their homes and marks them deleted. */
Status track_homes_settle(Store *store, Error *error);
void track_homes_forget(Store *store); /* after a rollback */

#endif
