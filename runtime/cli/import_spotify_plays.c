/* narada import-spotify-plays: an extended streaming history into the store. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "cli/command.h"
#include "cli/import_report.h"

static const OptionDef option_defs[] = {
    {"store", 0, "PATH", "the store; else NARADA_STORE, else the XDG data folder"},
    {"report", 0, "FILE", "every duplicate and every rejection, as JSON Lines"},
    {"now", 0, "INSTANT", "import as if it were this moment, as 2024-03-05T20:00Z"},
    {"json", 0, NULL, "the summary as JSON"},
    {"quiet", 'q', NULL, "no summary and no progress"},
    {"help", 'h', NULL, "this text"},
};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs, PROGRESS_ROWS = 1 << 14 };
/* Whole files are committed together until they have this many rows: each commit waits for the disk. */
enum { COMMIT_ROWS = 1 << 17 };

typedef struct Import {
  Arena *arena;
  Options options;
  Instant now;
  HistoryReader *reader;
  Store *store;
  PlayWriter *writer;
  ImportReport report;
  bool progress;
  bool in_transaction;
  uint64_t uncommitted_rows, ended_files;
  uint64_t committed_files, committed_stored;
} Import;

static void print_help(void) {
  puts(
      "narada import-spotify-plays stores the plays of Spotify's extended streaming history.\n\n"
      "usage: narada import-spotify-plays PATH... [options]\n\n"
      "PATH is the zip as Spotify sends it, the unpacked folder, or a single file. In zips and folders the files "
      "named\n"
      "Streaming_History_*.json and endsong*.json are read. Importing the same files again, in any order, adds "
      "nothing.\n"
      "Addresses, user agents and the user's name are not read.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts(
      "\nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but a row was rejected or a file could not be read to "
      "its\n"
      "end, 75 the store is busy.");
}

/* ---- arguments ---- */

static bool same_file(const char *a, const char *b) {
  struct stat left, right;
  return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* The report must not take the place of what is read or of the store. */
static Status check_report_path(const Import *import, const char *store_path, Error *error) {
  const char *path = options_value(&import->options, "report");
  if (path && same_file(path, store_path)) {
    return fail(error, STATUS_USAGE, "", "--report %s is the store", path);
  }
  for (size_t i = 0; path && i < import->options.operands.count; i++) {
    if (same_file(path, import->options.operands.items[i])) {
      return fail(error, STATUS_USAGE, "", "--report %s is one of the files to import", path);
    }
  }
  return STATUS_OK;
}

static Status read_now(Import *import, Error *error) {
  const char *text = options_value(&import->options, "now");
  if (!text) {
    import->now = clock_now();
    return STATUS_OK;
  }
  Zone zone;
  Status status = zone_use(NULL, &zone, error);
  if (status == STATUS_OK && instant_parse(text_of(text), zone, &import->now, error) != STATUS_OK) {
    fail_context(error, "--now");
    return STATUS_USAGE;
  }
  return status;
}

/* The name of this import in the store, in the form of a UUID (version 8, RFC 9562). */
static Text batch_name(const Import *import) {
  Arena *arena = import->arena;
  size_t count = import->options.operands.count;
  DigestPart *parts = arena_array(arena, count + 1, sizeof *parts);
  parts[0] = (DigestPart){&import->now, sizeof import->now};
  for (size_t i = 0; i < count; i++) {
    const char *path = import->options.operands.items[i];
    parts[i + 1] = (DigestPart){path, strlen(path) + 1};
  }
  Digest digest = sha256_parts(parts, count + 1);
  digest.bytes[6] = (uint8_t)((digest.bytes[6] & 0x0F) | 0x80);
  digest.bytes[8] = (uint8_t)((digest.bytes[8] & 0x3F) | 0x80);
  char hex[33];
  digest_hex(&digest, 16, hex);
  return text_of(arena_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20));
}

/* ---- rows ---- */

static void show_progress(const Import *import, uint64_t rows) {
  if (import->progress && rows % PROGRESS_ROWS == 0) {
    fprintf(stderr, "\r  file %" PRIu64 " of %" PRIu64 ", %" PRIu64 " rows ", import->report.files_read + 1,
            import->report.files, rows);
    fflush(stderr);
  }
}

static void clear_progress(const Import *import) {
  if (import->progress) {
    fprintf(stderr, "\r%60s\r", "");
  }
}

static Text base_name(Text path) {
  size_t at = path.length;
  while (at > 0 && path.bytes[at - 1] != '/') at--;
  return (Text){path.bytes + at, path.length - at};
}

static Status add_row(Import *import, const HistoryRow *row, Error *error) {
  ImportReport *report = &import->report;
  report->kinds[row->kind].rows++;
  if (row->event == HISTORY_PLAY) {
    PlayAdded added;
    Status status = play_writer_add(import->writer, &row->play, &added, error);
    return status == STATUS_OK ? import_note_play(report, row, &added, error) : status;
  }
  Status status = play_writer_reject(import->writer, base_name(row->file), row->line, row->reason, error);
  return status == STATUS_OK ? import_note_rejected(report, row, error) : status;
}

static Status begin(Import *import, Error *error) {
  if (import->in_transaction) return STATUS_OK;
  Status status = store_begin(import->store, error);
  import->in_transaction = status == STATUS_OK;
  return status;
}

static Status commit(Import *import, Error *error) {
  Status status = store_commit(import->store, error);
  if (status == STATUS_OK) {
    import->in_transaction = false;
    import->uncommitted_rows = 0;
    import->committed_files = import->ended_files;
    import->committed_stored = import_total(&import->report).stored;
  }
  return status;
}

static Status end_file(Import *import, const HistoryRow *row, Error *error) {
  Status status = import_note_file_end(&import->report, row, error);
  import->ended_files++;
  return status == STATUS_OK && import->uncommitted_rows >= COMMIT_ROWS ? commit(import, error) : status;
}

static Status read_all(Import *import, Error *error) {
  uint64_t rows = 0;
  for (;;) {
    const HistoryRow *row;
    Status status = history_next(import->reader, &row, error);
    if (status == STATUS_OK) {
      switch (row->event) {
        case HISTORY_FILE:
          status = begin(import, error);
          break;
        case HISTORY_PLAY:
        case HISTORY_REJECTED:
          status = add_row(import, row, error);
          import->uncommitted_rows++;
          show_progress(import, ++rows);
          break;
        case HISTORY_FILE_END:
          status = end_file(import, row, error);
          break;
        case HISTORY_END:
          return STATUS_OK;
      }
    }
    if (status != STATUS_OK) {
      return status;
    }
  }
}

/* What a failure leaves behind is said with it. */
static Status stopped(Import *import, Error *error) {
  Status status = error->status;
  if (import->in_transaction) {
    store_rollback(import->store);
  }
  char message[ERROR_MESSAGE_SIZE];
  snprintf(message, sizeof message, "%s", error->message);
  return fail(error, status, error->code,
              "%s; %" PRIu64 " of %" PRIu64 " files with %" PRIu64
              " new plays are stored, and the same command goes on from there",
              message, import->committed_files, import->report.files, import->committed_stored);
}

/* ---- the command ---- */

static Status finish(Import *import, Error *error) {
  Status status = begin(import, error);
  if (status == STATUS_OK) {
    status = play_writer_finish(import->writer, import_total(&import->report), error);
  }
  if (status == STATUS_OK) {
    status = commit(import, error);
  }
  return status == STATUS_OK ? store_close(import->store, error) : status;
}

static Status tell(Import *import, Error *error) {
  ImportReport *report = &import->report;
  if (report->out) {
    Status status = output_commit(report->out, error);
    if (status != STATUS_OK) {
      return status;
    }
  }
  if (options_have(&import->options, "json")) {
    import_print_json(report, stdout);
  } else if (!options_have(&import->options, "quiet")) {
    import_print(report, stdout);
  }
  Status status = import_check(report, error);
  if (status != STATUS_OK) {
    return status;
  }
  return report->broken_files > 0 || import_total(report).rejected > 0 ? STATUS_PARTIAL : STATUS_OK;
}

static Status import_files(Import *import, Error *error) {
  Status status =
      play_writer_new(import->store, TEXT_LITERAL("spotify_export"), batch_name(import), &import->writer, error);
  if (status == STATUS_OK) {
    status = read_all(import, error);
  }
  if (status == STATUS_OK) {
    status = finish(import, error);
  }
  clear_progress(import);
  return status == STATUS_OK ? status : stopped(import, error);
}

static Status open_all(Import *import, Error *error) {
  Arena *arena = import->arena;
  const Options *options = &import->options;
  Text path;
  Status status = store_default_path(arena, options_value(options, "store"), &path, error);
  if (status == STATUS_OK) {
    status = check_report_path(import, path.bytes, error);
  }
  if (status == STATUS_OK) {
    status = history_open(arena, options->operands.items, options->operands.count, (HistoryOptions){.ahead = true},
                          &import->reader, error);
  }
  if (status == STATUS_OK) {
    import->report.files = history_file_count(import->reader);
    status = store_open(arena, path.bytes, STORE_WRITE, import->now, &import->store, error);
  }
  if (status == STATUS_OK && options_have(options, "report")) {
    status = output_create(arena, options_value(options, "report"), &import->report.out, error);
  }
  return status;
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  Import *import = arena_alloc(arena, sizeof *import);
  import->arena = arena;
  import->report.arena = arena;
  import->report.line.arena = arena;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &import->options, error);
  if (status != STATUS_OK) {
    return status;
  }
  if (options_have(&import->options, "help")) {
    print_help();
    return STATUS_OK;
  }
  if (import->options.operands.count == 0) {
    return fail(error, STATUS_USAGE, "",
                "import what? give the zip, the folder or the files of an extended streaming history");
  }
  import->progress = isatty(STDERR_FILENO) && !options_have(&import->options, "quiet");
  if ((status = read_now(import, error)) != STATUS_OK || (status = open_all(import, error)) != STATUS_OK) {
    return status;
  }
  status = import_files(import, error);
  return status == STATUS_OK ? tell(import, error) : status;
}

const Command command_import_spotify_plays = {
    .name = "import-spotify-plays",
    .summary = "the plays of an extended streaming history into the store",
    .run = run,
    .help = print_help,
};
