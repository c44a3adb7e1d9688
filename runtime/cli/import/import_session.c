#include "cli/import/import_session.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/interrupt.h"
#include "cli/store_option.h"

/* Whole files are committed together until they have this many rows: each commit waits for the disk. */
enum { COMMIT_ROWS = 1 << 17 };

/* A clock may be wrong, and a time may be local: only what is further ahead is surely of the future. */
enum { AHEAD_MS = 24 * 60 * 60 * 1000 };

/* ---- opening ---- */

static bool same_file(const char *a, const char *b) {
  struct stat left, right;
  return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* The report must not take the place of what is read or of the store. */
static Status check_report_path(const Options *options, const char *store_path, Error *error) {
  const char *path = options_value(options, "report");
  if (path && same_file(path, store_path)) return fail(error, STATUS_USAGE, "", "--report %s is the store", path);
  for (size_t i = 0; path && i < options->operands.count; i++)
    if (same_file(path, options->operands.items[i])) return fail(error, STATUS_USAGE, "", "--report %s is one of the files to import", path);
  return STATUS_OK;
}

static Status read_now(ImportSession *session, const Options *options, Error *error) {
  const char *text = options_value(options, "now");
  session->now = text ? 0 : clock_now();
  if (!text) return STATUS_OK;
  Zone zone;
  Status status = zone_use(NULL, &zone, error);
  if (status == STATUS_OK && instant_parse(text_of(text), zone, &session->now, error) != STATUS_OK) {
    fail_context(error, "--now");
    return STATUS_USAGE;
  }
  return status;
}

Status import_session_new(Arena *arena, const Options *options, ImportSession **out, Error *error) {
  ImportSession *session = arena_alloc(arena, sizeof *session);
  *out = session;
  session->arena = session->report.arena = session->report.line.arena = arena;
  session->progress.shown = isatty(STDERR_FILENO) && !options_have(options, "quiet");
  session->dry_run = session->report.dry_run = options_have(options, "dry-run");
  session->report_path = options_value(options, "report");
  Status status = read_now(session, options, error);
  if (status == STATUS_OK) status = store_default_path(arena, options_value(options, "store"), &session->store_path, error);
  return status == STATUS_OK ? check_report_path(options, session->store_path.bytes, error) : status;
}

Status import_session_open(ImportSession *session, Error *error) {
  bool none = session->dry_run && !store_exists(session->store_path.bytes); /* and none is left behind */
  Status status = none ? store_open_memory(session->arena, session->now, &session->store, error)
                       : store_open(session->arena, session->store_path.bytes, STORE_WRITE, session->now, &session->store, error);
  if (status != STATUS_OK) return status;
  session->known = import_known_new(session->arena, session->store, &session->report);
  if (!session->report_path) return STATUS_OK;
  return output_create(session->arena, session->report_path, &session->report.out, error);
}

/* ---- sources ---- */

/* The name of this import in the store, in the form of a UUID (version 8, RFC 9562). */
static Text batch_name(const ImportSession *session, Text source, const char *const *paths, size_t count) {
  Arena *arena = session->arena;
  DigestPart *parts = arena_array(arena, count + 2, sizeof *parts);
  parts[0] = (DigestPart){&session->now, sizeof session->now};
  for (size_t i = 0; i < count; i++) parts[i + 1] = (DigestPart){paths[i], strlen(paths[i]) + 1};
  parts[count + 1] = (DigestPart){source.bytes, source.length};
  Digest digest = sha256_parts(parts, count + 2);
  digest.bytes[6] = (uint8_t)((digest.bytes[6] & 0x0F) | 0x80);
  digest.bytes[8] = (uint8_t)((digest.bytes[8] & 0x3F) | 0x80);
  char hex[33];
  digest_hex(&digest, 16, hex);
  return text_of(arena_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20));
}

Status import_source_begin(ImportSession *session, Text source, const char *const *paths, size_t path_count, Error *error) {
  return play_writer_new(session->store, source, batch_name(session, source, paths, path_count), &session->writer, error);
}

static ImportCommitted counts_now(const ImportSession *session) {
  return (ImportCommitted){.files = session->ended_files, .stored = import_total(&session->report).stored};
}

static Status commit(ImportSession *session, Error *error) {
  Status status = session->dry_run ? store_flush(session->store, error) : store_commit(session->store, error);
  if (status != STATUS_OK) return status;
  session->uncommitted_rows = 0;
  if (session->dry_run) return STATUS_OK;
  session->in_transaction = false;
  session->committed = session->committing = counts_now(session);
  return STATUS_OK;
}

/* While more is read. What was committed before is so now. */
static Status commit_beside(ImportSession *session, Error *error) {
  if (session->dry_run) return commit(session, error);
  uint64_t number = 0;
  Status status = store_commit_beside(session->store, &number, error);
  if (status != STATUS_OK) return status;
  session->uncommitted_rows = 0;
  session->committed = session->committing;
  session->committing = counts_now(session);
  session->committing.commits = number;
  return STATUS_OK;
}

Status import_source_end(ImportSession *session, ImportCounts counts, Error *error) {
  Status status = import_session_begin(session, error);
  if (status == STATUS_OK) status = play_writer_finish(session->writer, counts, error);
  if (status == STATUS_OK) status = commit(session, error);
  session->writer = NULL;
  return status;
}

/* ---- rows ---- */

void import_session_progress(ImportSession *session) {
  session->progress.files = session->report.files;
  session->progress.ended = session->report.files_read;
  import_progress_row(&session->progress);
}

static Text base_name(Text path) {
  size_t at = path.length;
  while (at > 0 && path.bytes[at - 1] != '/') at--;
  return (Text){path.bytes + at, path.length - at};
}

static Status add_row(ImportSession *session, const HistoryRow *row, Error *error) {
  ImportReport *report = &session->report;
  report->kinds[row->kind].rows++;
  session->uncommitted_rows++;
  session->progress.part = row->read ? row->read : session->progress.part;
  import_session_progress(session);
  if (row->event == HISTORY_PLAY) {
    PlayAdded added;
    Status status = play_writer_add(session->writer, &row->play, &added, error);
    added.new_track = added.new_track && !row->play.track;
    if (status == STATUS_OK) status = import_note_play(report, row, &added, error);
    bool ahead = row->play.played_at > session->now && row->play.played_at - session->now > AHEAD_MS;
    return status == STATUS_OK && ahead ? import_note_ahead(report, row, error) : status;
  }
  Status status = play_writer_reject(session->writer, base_name(row->file), row->line, row->reason, error);
  return status == STATUS_OK ? import_note_rejected(report, row, error) : status;
}

Status import_session_begin(ImportSession *session, Error *error) {
  if (session->in_transaction) return STATUS_OK;
  Status status = store_begin(session->store, error);
  session->in_transaction = status == STATUS_OK;
  return status;
}

/* What is read of a zip before its end is not told: how much is to be unpacked is not known. */
static void end_path(ImportSession *session, const char *path) {
  struct stat about;
  session->progress.part = 0;
  if (stat(path, &about) == 0) session->progress.done += (uint64_t)about.st_size;
}

Status import_session_take(ImportSession *session, const HistoryRow *row, Error *error) {
  Status status = interrupt_check(error); /* before a file is told as broken that was only left */
  if (status != STATUS_OK) return status;
  switch (row->event) {
    case HISTORY_FILE:
      status = import_session_begin(session, error);
      return status == STATUS_OK ? import_known_note(session->known, row, error) : status;
    case HISTORY_PLAY:
    case HISTORY_REJECTED: return add_row(session, row, error);
    case HISTORY_FILE_END:
      status = import_note_file_end(&session->report, row, error);
      if (status == STATUS_OK) status = import_known_note(session->known, row, error);
      session->ended_files++;
      if (row->path_ends) end_path(session, row->path);
      return status == STATUS_OK && session->uncommitted_rows >= COMMIT_ROWS ? commit_beside(session, error) : status;
    case HISTORY_END: return STATUS_OK;
  }
  return STATUS_OK;
}

/* What lies in the store now, and how to go on. */
static Status interrupted(const ImportSession *session, Error *error) {
  if (session->dry_run) return fail(error, STATUS_INTERRUPTED, "", "interrupted: it was a dry run, nothing is stored");
  if (!session->committed.files) return fail(error, STATUS_INTERRUPTED, "", "interrupted: nothing is stored yet; the same command begins again");
  return fail(error, STATUS_INTERRUPTED, "", "interrupted: %" PRIu64 " of %s with %s are stored; the same command goes on from there", session->committed.files,
              words_of_many(session->arena, (int64_t)session->report.files, "file"), words_of_many(session->arena, (int64_t)session->committed.stored, "new row"));
}

Status import_session_stopped(ImportSession *session, Error *error) {
  import_progress_clear(&session->progress);
  Status status = error->status;
  if (session->in_transaction) store_rollback(session->store);
  session->in_transaction = false;
  if (session->store && store_commits(session->store) >= session->committing.commits) session->committed = session->committing;
  if (status == STATUS_INTERRUPTED) return interrupted(session, error);
  char message[ERROR_MESSAGE_SIZE];
  snprintf(message, sizeof message, "%s", error->message);
  return fail(error, status, error->code,
              "%s; %" PRIu64 " of %" PRIu64 " files with %" PRIu64 " new plays are stored, and the same command goes on from there", message,
              session->committed.files, session->report.files, session->committed.stored);
}

Status import_told(Status status, Error *error) {
  bool early = status == STATUS_INTERRUPTED && strcmp(error->message, "interrupted") == 0;
  return early ? fail(error, status, "", "interrupted: nothing is stored yet; the same command begins again") : status;
}

/* ---- the end ---- */

Status import_session_close(ImportSession *session, Error *error) {
  import_progress_clear(&session->progress);
  if (session->in_transaction) store_rollback(session->store); /* of a dry run */
  session->in_transaction = false;
  return store_close(session->store, error);
}

Status import_session_tell(ImportSession *session, const Options *options, Error *error) {
  ImportReport *report = &session->report;
  if (report->out) {
    Status status = output_commit(report->out, error);
    if (status != STATUS_OK) return status;
  }
  if (options_have(options, "json")) import_print_json(report, stdout);
  else if (!options_have(options, "quiet")) import_print(report, stdout);
  Status status = import_check(report, error);
  if (status != STATUS_OK) return status;
  return report->broken_files > 0 || import_total(report).rejected > 0 ? STATUS_PARTIAL : STATUS_OK;
}
