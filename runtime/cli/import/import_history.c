#include "cli/import/import_session.h"

enum { LOOK_AHEAD = 8 };

static Status read_all(ImportSession *session, HistoryReader *reader, Error *error) {
  for (;;) {
    const HistoryRow *row;
    Status status = history_next(reader, &row, error);
    if (status == STATUS_OK && row->event == HISTORY_END) return STATUS_OK;
    const HistoryRow *coming = history_coming(reader, LOOK_AHEAD);
    if (coming && coming->event == HISTORY_PLAY) play_writer_expect(session->writer, &coming->play);
    if (status == STATUS_OK) status = import_session_take(session, row, error);
    if (status != STATUS_OK) return status;
  }
}

Status import_history(ImportSession *session, const char *const *paths, size_t count, HistoryOptions how, Error *error) {
  HistoryReader *reader;
  how.ahead = true;
  how.choose = import_known_choose;
  how.context = session->known;
  Status status = history_open(session->arena, paths, count, how, &reader, error);
  if (status != STATUS_OK) return status;
  ImportCounts before = import_total(&session->report); /* with what is known not to have changed */
  session->report.files += history_file_count(reader);
  session->progress.total += import_known_bytes(session->known);
  status = import_source_begin(session, TEXT_LITERAL("spotify_export"), paths, count, error);
  if (status == STATUS_OK) status = read_all(session, reader, error);
  ImportCounts after = import_total(&session->report);
  if (status == STATUS_OK)
    status = import_source_end(session, (ImportCounts){after.rows - before.rows, after.stored - before.stored, after.duplicates - before.duplicates, after.rejected - before.rejected}, error);
  history_close(reader);
  return status;
}
