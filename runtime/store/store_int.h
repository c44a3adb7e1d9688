/* store_int.h: what the files of the store share. Nobody else includes it, tests excepted. */
#ifndef NARADA_STORE_STORE_INT_H
#define NARADA_STORE_STORE_INT_H

#include <sqlite3.h>

#include "base/vec.h"
#include "store/store.h"

typedef enum StatementId {
#define STATEMENT(id, reach, sql) SQL_##id,
#include "store/statements.def"
#undef STATEMENT
  SQL_COUNT
} StatementId;
const char *store_sql(StatementId id);

typedef struct PlayMap PlayMap; /* plays.c: connector's track to track */
typedef struct PlayStage PlayStage; /* play_stage.c: new plays on their way */
typedef struct PlayRefs PlayRefs;   /* play_refs.c: what they refer to */
typedef struct Totals Totals;       /* totals.c: what changes of them */
typedef struct Sweep Sweep;         /* sweep.c: a reading of many rows */
typedef struct SweepTarget SweepTarget; /* the same: where numbers are put */
typedef struct SweepAhead SweepAhead;   /* the same: rows that are read beside the one who works on them */
typedef struct TotalsRead TotalsRead; /* totals_read.c: what was read of them */
typedef struct Listens Listens;     /* listens.c: what is to be derived anew */
typedef struct StoreWorker StoreWorker; /* worker.c: what is done beside the writer */
typedef struct NotedFiles NotedFiles;   /* imported_files.c: those that wait for the commit */

struct Store {
  Arena *arena;
  sqlite3 *db;
  int lock; /* descriptor that holds the flock, -1 for readers */
  const char *path;
  StoreMode mode;
  Instant now;
  bool in_transaction;
  bool unchecked;      /* foreign keys are off, see store_begin */
  bool schema_changes; /* a migration is at work */
  uint64_t commits;
  uint64_t commit_given; /* ticket of the last commit beside (worker.h) */
  uint64_t rollbacks;  /* ids remembered across a rollback are worthless: caches compare this */
  uint64_t mappings_version; /* counts what changed the track of a connector's track */
  PlayWriter *writers; /* those not finished; they write their counts before each commit */
  PlayStage *stage;    /* NULL for readers */
  PlayRefs *refs;      /* NULL for readers */
  StoreWorker *worker; /* made on first use */
  Listens *listens;    /* made on first use */
  NotedFiles *noted_files; /* the same */
  Totals *totals;      /* made on first use */
  TotalsRead *totals_read; /* the same */
  CountingRule counting;
  OwnRule own_rule;
  bool counting_known;
  int64_t *durations; /* by track; 0 = not read, -1 = not known */
  size_t duration_size;
  uint64_t listens_version; /* counts what changed the listens without a new play */
  int64_t next_play;   /* id of the next stored play; 0 = not known */
  int64_t batch_of_last_play; /* of the one before it; 0 = there is none */
  VEC(int64_t) homeless; /* tracks that track_homes.c has yet to look at */
  bool all_identified;   /* each track has a Spotify id */
  bool loose_tracks;   /* there may be tracks with the id of a service that no connector's track has */
  PlayMap *play_map;   /* made on first use */
  Arena *scratch;      /* for folding names; emptied now and then */
  unsigned scratch_uses;
  VEC(Text) artists; /* what store_artists lent last */
  TextBuilder artist_texts;
  Sweep *sweep;         /* the one whose step is under way */
  Sweep *unused_sweeps; /* their room, for the next ones */
  const SweepTarget *sweep_target; /* of the sweep_place() that is under way */
  SweepAhead *sweep_ahead;         /* of the sweep_each() that is */
  sqlite3_stmt *statements[SQL_COUNT];
};

/* ---- statement.c ---- */
/* The statement, prepared once. NULL after a failure. The caller resets it by store_done. */
sqlite3_stmt *store_use(Store *store, StatementId id, Error *error);
/* One step; `*row` tells whether there is a row. After a failure the statement is reset. */
Status store_step(Store *store, sqlite3_stmt *statement, bool *row, const char *doing, Error *error);
/* One step that gives no row, then reset. */
Status store_run(Store *store, sqlite3_stmt *statement, const char *doing, Error *error);
void store_done(sqlite3_stmt *statement);
/* Fixed SQL without parameters. */
Status store_exec(Store *store, const char *sql, const char *doing, Error *error);
/* The first column of the first row of fixed SQL; 0 without a row. */
Status store_number(Store *store, const char *sql, int64_t *out, Error *error);
/* SELECT ... WHERE ... ( condition ) ...; the binds of the condition are set. To be finalized. */
Status store_prepare_where(Store *store, const char *select, const StoreCondition *condition, const char *order,
                           sqlite3_stmt **out, Error *error);
/* The last error of the connection in words of the user; `doing` completes "while ...". */
Status store_fail(Store *store, Error *error, const char *doing);

/* Parameters count from 1. The bytes are borrowed until store_done. */
void bind_text(sqlite3_stmt *statement, int index, Text text);         /* empty is '' */
void bind_text_or_null(sqlite3_stmt *statement, int index, Text text); /* empty is NULL */
void bind_number_or_null(sqlite3_stmt *statement, int index, int64_t number, int64_t null);
/* Columns count from 0; NULL is the empty text. Borrowed until the next step or store_done. */
Text column_text(sqlite3_stmt *statement, int index);
int64_t column_number(sqlite3_stmt *statement, int index, int64_t null);

/* Joins the transaction that is open or begins one; `*began` goes to store_leave, which ends only what it began: a
 * commit, or after a failure a rollback. */
Status store_enter(Store *store, bool *began, Error *error);
Status store_leave(Store *store, bool began, Status status, Error *error);

/* ---- lock.c ---- */
Status lock_take(Store *store, Error *error);
void lock_release(Store *store);

/* ---- names.c ---- */
/* A JSON list of texts. */
Text names_json(TextBuilder *builder, const Text *names, size_t count);
/* Hash of folded artist and title, and whether two pairs fold to the same. */
Status names_hash(Store *store, Text artist, Text title, int64_t *out, Error *error);
Status names_equal(Store *store, Text a, Text b, bool *out, Error *error);

/* Makes names_hash_of(ARTISTS, TITLE) known to a new connection: what tracks.names_hash is to be. */
Status names_define(Store *store, Error *error);

/* What tracks.names_hash keeps of a hash: enough to find candidates. Not 0. */
static inline int64_t names_column(int64_t hash) {
  return hash & 0x7FFFFFFF ? hash & 0x7FFFFFFF : 1;
}

/* ---- play_tracks.c ---- */
/* The id of a connector's track; 0 = none. */
Status connector_track_find(Store *store, Text connector, Text id, int64_t *out, bool *nameless, Error *error);

/* ---- play_writer.c ---- */
Status play_writers_flush(Store *store, Error *error);
/* Hands over what waits, for the job that commits; `*all` is false if something must be looked at first. */
Status play_writers_hand_over(Store *store, bool *all, Error *error);
/* Of that job. */
Status play_writers_store(Store *store, Error *error);

/* ---- imported_files.c ---- */
void imported_files_hand_over(Store *store);
Status imported_files_store(Store *store, Error *error);
void imported_files_forget(Store *store); /* after a rollback */

#endif
