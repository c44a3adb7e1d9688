/* import_report.h: what an import read, stored, recognised and rejected, and how that is told. */
#ifndef NARADA_CLI_IMPORT_REPORT_H
#define NARADA_CLI_IMPORT_REPORT_H

#include "connectors/spotify_export/history.h"

enum { REPORT_FIRST = 10 };
/* What is counted: the kinds of plays (HISTORY_KIND_COUNT of them), and these. */
enum { REPORT_LIKES = HISTORY_KIND_COUNT, REPORT_ENTRIES, REPORT_KIND_COUNT };

/* A rejection or a file's problem that is told on the terminal. */
typedef struct ImportIssue {
  Text file;
  uint64_t line; /* 0 = the file as a whole */
  Text reason;
} ImportIssue;

typedef struct ImportReport {
  Arena *arena;
  Output *out; /* JSON Lines of every duplicate and rejection, or NULL */
  ImportCounts kinds[REPORT_KIND_COUNT];
  uint64_t file_rows; /* the rows of all files, as the reader numbers them */
  uint64_t files, files_read, broken_files, new_tracks;
  uint64_t playlists, new_playlists;
  bool dry_run; /* what is told as stored would be */
  uint64_t unchanged_files; /* of files_read: not read again, see import_known.h */
  ImportCounts unchanged;   /* their part of `kinds` */
  ImportIssue rejections[REPORT_FIRST];
  ImportIssue problems[REPORT_FIRST];
  uint64_t ahead; /* plays of times yet to come */
  Instant last_ahead;
  ImportIssue first_ahead;
  uint64_t unread; /* of broken_files: those that could not even be looked into */
  uint64_t passed_over; /* files of folders and zips that are none of the known formats */
  Text first_passed_over[REPORT_FIRST];
  bool first_empty[REPORT_FIRST]; /* of these */
  TextBuilder line; /* of `out` */
} ImportReport;

ImportCounts import_total(const ImportReport *report);
/* That every row read was stored, recognised or rejected, for each kind and in all; a difference is a mistake of ours
 * and says so. */
Status import_check(const ImportReport *report, Error *error);

/* Each counts one row; `added` is what became of a play. */
Status import_note_play(ImportReport *report, const HistoryRow *row, const PlayAdded *added, Error *error);
Status import_note_rejected(ImportReport *report, const HistoryRow *row, Error *error);
Status import_note_file_end(ImportReport *report, const HistoryRow *row, Error *error);
/* A play, counted already, that is dated after the import: it is kept, and worth a word. */
Status import_note_ahead(ImportReport *report, const HistoryRow *row, Error *error);

/* A file that was found in a folder or zip and is none of the known formats. */
Status import_note_passed_over(ImportReport *report, Text file, bool empty, Error *error);
/* One that could not be looked into: it counts as broken. */
Status import_note_unread(ImportReport *report, Text file, Text reason, Error *error);

void import_print(const ImportReport *report, FILE *out);
void import_print_json(const ImportReport *report, FILE *out);

#endif
