/* import_session.h: one import into the store, from as many files as there are: its transactions, its counts, its progress. */
#ifndef NARADA_CLI_IMPORT_SESSION_H
#define NARADA_CLI_IMPORT_SESSION_H

#include "cli/import/import_known.h"
#include "cli/import/import_progress.h"
#include "cli/options.h"

typedef struct ImportCommitted {
  uint64_t files, stored, commits;
} ImportCommitted;

typedef struct ImportSession {
  Arena *arena;
  Instant now;
  const char *zone_name; /* of times in tables that do not say theirs; NULL = UTC */
  Zone zone;
  Text store_path;
  const char *report_path; /* NULL = none wanted */
  Store *store;
  ImportKnown *known;
  PlayWriter *writer; /* of the source at hand; NULL between sources */
  ImportReport report;
  ImportProgress progress;
  bool dry_run; /* one transaction for all, which ends in nothing */
  bool in_transaction;
  uint64_t uncommitted_rows, ended_files;
  ImportCommitted committed, committing; /* the latter once the store has made `commits` */
} ImportSession;

/* The options that every import has. */
#define IMPORT_OPTIONS                                                                     \
  {"store", 0, "PATH", "the store; else NARADA_STORE, else the XDG data folder"},          \
      {"report", 0, "FILE", "every duplicate and every rejection, as JSON Lines"},         \
      {"dry-run", 0, NULL, "tell what would be stored, and store nothing"},                \
      {"now", 0, "INSTANT", "import as if it were this moment, as 2024-03-05T20:00Z"},     \
      {"json", 0, NULL, "the summary as JSON"},                                            \
      {"quiet", 'q', NULL, "no summary and no progress"}, {"help", 'h', NULL, "this text"}

/* Reads the options and checks that the report takes nobody's place. Nothing is made yet. */
Status import_session_new(Arena *arena, const Options *options, ImportSession **out, Error *error);
/* Opens the store for writing and makes the report. */
Status import_session_open(ImportSession *session, Error *error);
/* The summary, as the options want it; STATUS_PARTIAL when a row was rejected or a file not read to its end. */
Status import_session_tell(ImportSession *session, const Options *options, Error *error);
Status import_session_close(ImportSession *session, Error *error);

/* A source of plays begins and ends; `paths` tell this import from others. `counts` are the rows of the source. */
Status import_source_begin(ImportSession *session, Text source, const char *const *paths, size_t path_count, Error *error);
Status import_source_end(ImportSession *session, ImportCounts counts, Error *error);

/* What a reader has to tell; between import_source_begin and _end. */
Status import_session_take(ImportSession *session, const HistoryRow *row, Error *error);
/* One more row, for the progress. */
void import_session_progress(ImportSession *session);
/* The transaction at hand, begun if there is none. Whole files are committed together. */
Status import_session_begin(ImportSession *session, Error *error);
/* Rolls back what is open and says in `error` what the import leaves behind. */
Status import_session_stopped(ImportSession *session, Error *error);

/* The status of an import, with words for one that was interrupted before anything was read. */
Status import_told(Status status, Error *error);

/* Spotify's extended streaming history; `how` may say which entries of a zip it is. */
Status import_history(ImportSession *session, const char *const *paths, size_t count, HistoryOptions how, Error *error);

#endif
