/* listens.h: the listens in the store: kept up with the plays, and read. Private to runtime/store.
 *
 * play_listens has a row for each observation that is not a listen by itself (migrations/, schema 4). New plays are noted as they go
 * into the store; before a commit, and before anybody reads, the clusters that they touch are judged anew. */
#ifndef NARADA_STORE_LISTENS_H
#define NARADA_STORE_LISTENS_H

#include "store/plays/listen_clusters.h"
#include "store/plays/play_stage.h"

typedef struct ListenRow {
  int64_t played_at, connector_track, ms_played; /* the key of the observation */
  int64_t listen;                                /* plays.id of the head */
  ListenRole role;                               /* all but LISTEN_ALONE */
  /* Of a head: */
  int64_t listen_track, listen_ms_played, listen_context; /* listen_track is a connector's */
  bool has_offline_at;
  Instant offline_at;
  int64_t before_ms, after_ms;
  bool divergent;
} ListenRow;

/* ---- listens.c ---- */
/* New plays, in order of their key, that were just stored; `highest` is the latest played_at there was before. Judged at
 * once if they go on from there, else noted. */
Status listens_add(Store *store, const StagedPlay *plays, size_t count, Instant highest, Error *error);
/* A new connector's track, before anything is judged that refers to it: saves reading it back. `track` 0 = none;
 * `names` is names_hash(), 0 = it has none. */
typedef struct ListenNewThing {
  int64_t id, track, names;
  Text connector, connector_track_id;
} ListenNewThing;
void listens_know_thing(Store *store, const ListenNewThing *thing);
/* The same of a new context. */
void listens_know_context(Store *store, int64_t context, Text source, Text reason_end);
/* A connector's track whose names or mapping changed. */
void listens_note_thing(Store *store, int64_t connector_track);
/* Brings play_listens to what the plays say. */
Status listens_refresh(Store *store, Error *error);
/* Hands over the rows for play_listens, for the job that commits; false if plays are to be judged first. */
bool listens_hand_over(Store *store);
/* Of that job. */
Status listens_store(Store *store, Error *error);
/* Says that play_listens is what the plays say. */
Status listens_set_current(Store *store, Error *error);
/* Makes the listens of a store that never had them. */
Status listens_open(Store *store, Error *error);
/* After a rollback: what was noted belonged to it. */
void listens_forget(Store *store);

/* ---- listen_things.c: what plays refer to, remembered ---- */
typedef struct ListenKnown ListenKnown;
typedef struct ListenContext {
  const ListenChannel *channel; /* NULL = not loaded */
  ListenEnd how;
} ListenContext;
ListenKnown *listen_known_new(Store *store);
/* Fetches it into the processor's caches; once it is there, its thing, or NULL if that is not known. */
void listen_thing_prefetch(const ListenKnown *known, int64_t connector_track);
const ListenThing *listen_thing_known(const ListenKnown *known, int64_t connector_track);
Status listen_thing(ListenKnown *known, int64_t connector_track, const ListenThing **out, Error *error);
Status listen_context(ListenKnown *known, uint32_t context, const ListenContext **out, Error *error);
void listen_know_thing(ListenKnown *known, const ListenNewThing *thing);
void listen_know_context(ListenKnown *known, uint32_t context, Text source, Text reason_end);
void listen_forget_thing(ListenKnown *known, int64_t connector_track);
void listen_forget_all(ListenKnown *known);

/* ---- listen_rows.c ---- */
/* The rows whose keys lie in a range of time, in their order. */
typedef struct ListenCursor {
  sqlite3_stmt *each; /* NULL at the end */
  ListenRow row;      /* valid while `each` is not NULL */
} ListenCursor;
Status listen_cursor_open(Store *store, InstantRange range, ListenCursor *out, Error *error);
Status listen_cursor_next(Store *store, ListenCursor *cursor, Error *error);
void listen_cursor_close(ListenCursor *cursor);
/* < 0 if the row comes before the key. */
int listen_row_compare(const ListenRow *row, int64_t played_at, int64_t connector_track, int64_t ms_played);
/* The row that has the key of `row`. */
Status listen_row_find(Store *store, const ListenRow *row, bool *found, ListenRow *out, Error *error);
bool listen_row_same(const ListenRow *a, const ListenRow *b);
Status listen_row_put(Store *store, const ListenRow *row, Error *error);
/* Only the key is looked at; no such row is no error. */
Status listen_row_delete(Store *store, const ListenRow *row, Error *error);

#endif
