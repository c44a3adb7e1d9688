#include "cli/import/import_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"

static const char *const kind_titles[REPORT_KIND_COUNT] = {"tracks", "podcast episodes", "audiobook chapters",
                                                           "not to be told", "likes", "playlist entries"};
static const char *const kind_keys[REPORT_KIND_COUNT] = {"tracks", "episodes", "chapters", "unknown", "likes", "playlist_entries"};

ImportCounts import_total(const ImportReport *report) {
  ImportCounts total = {0};
  for (int kind = 0; kind < REPORT_KIND_COUNT; kind++) {
    const ImportCounts *counts = &report->kinds[kind];
    total.rows += counts->rows;
    total.stored += counts->stored;
    total.duplicates += counts->duplicates;
    total.rejected += counts->rejected;
  }
  return total;
}

Status import_check(const ImportReport *report, Error *error) {
  ImportCounts total = import_total(report);
  for (int kind = 0; kind <= REPORT_KIND_COUNT; kind++) {
    ImportCounts counts = kind < REPORT_KIND_COUNT ? report->kinds[kind] : total;
    if (counts.rows != counts.stored + counts.duplicates + counts.rejected) {
      return fail(error, STATUS_FAILED, "",
                  "internal error: of %s, %" PRIu64 " rows were read, but %" PRIu64 " stored, %" PRIu64
                  " recognised and %" PRIu64 " rejected",
                  kind < REPORT_KIND_COUNT ? kind_titles[kind] : "all kinds", counts.rows, counts.stored,
                  counts.duplicates, counts.rejected);
    }
  }
  if (total.rows != report->file_rows) {
    return fail(error, STATUS_FAILED, "", "internal error: the files have %" PRIu64 " rows, but %" PRIu64 " were read",
                report->file_rows, total.rows);
  }
  return STATUS_OK;
}

/* ---- the report file ---- */

static TextBuilder *begin_line(ImportReport *report, const char *event, const HistoryRow *row) {
  TextBuilder *line = &report->line;
  line->length = 0;
  text_append_format(line, "{\"event\":\"%s\",\"file\":", event);
  json_append_string(line, row->file);
  text_append_format(line, ",\"line\":%" PRIu64 ",\"row\":%" PRIu64, row->line, row->row);
  return line;
}

static Status end_line(ImportReport *report, Error *error) {
  text_append(&report->line, TEXT_LITERAL("}\n"));
  return output_write(report->out, text_built(&report->line), error);
}

static Status write_reason(ImportReport *report, const char *event, const HistoryRow *row, Error *error) {
  TextBuilder *line = begin_line(report, event, row);
  if (row->event == HISTORY_REJECTED) {
    text_append_format(line, ",\"kind\":\"%s\"", kind_keys[row->kind]);
  }
  text_append(line, TEXT_LITERAL(",\"reason\":"));
  json_append_string(line, row->reason);
  return end_line(report, error);
}

/* ---- counting ---- */

static ImportIssue issue_of(ImportReport *report, const HistoryRow *row, uint64_t line) {
  return (ImportIssue){row->file, line, text_copy(report->arena, row->reason)};
}

Status import_note_play(ImportReport *report, const HistoryRow *row, const PlayAdded *added, Error *error) {
  ImportCounts *counts = &report->kinds[row->kind];
  counts->stored += !added->duplicate;
  counts->duplicates += added->duplicate;
  report->new_tracks += added->new_track && row->kind == PLAY_TRACK;
  if (!added->duplicate || !report->out) {
    return STATUS_OK;
  }
  TextBuilder *line = begin_line(report, "duplicate", row);
  text_append_format(line, ",\"kind\":\"%s\",\"play\":%" PRId64, kind_keys[row->kind], added->play);
  return end_line(report, error);
}

Status import_note_rejected(ImportReport *report, const HistoryRow *row, Error *error) {
  uint64_t before = import_total(report).rejected - report->unchanged.rejected;
  report->kinds[row->kind].rejected++;
  if (before < REPORT_FIRST) {
    report->rejections[before] = issue_of(report, row, row->line);
  }
  return report->out ? write_reason(report, "rejected", row, error) : STATUS_OK;
}

Status import_note_ahead(ImportReport *report, const HistoryRow *row, Error *error) {
  if (!report->ahead) report->first_ahead = issue_of(report, row, row->line);
  if (!report->ahead || row->play.played_at > report->last_ahead) report->last_ahead = row->play.played_at;
  report->ahead++;
  if (!report->out) return STATUS_OK;
  TextBuilder *line = begin_line(report, "ahead", row);
  text_append_format(line, ",\"kind\":\"%s\",\"played_at\":", kind_keys[row->kind]);
  json_append_string(line, instant_format(report->arena, row->play.played_at));
  return end_line(report, error);
}

Status import_note_file_end(ImportReport *report, const HistoryRow *row, Error *error) {
  report->files_read++;
  report->file_rows += row->row;
  if (row->reason.length == 0) {
    return STATUS_OK;
  }
  if (report->broken_files < REPORT_FIRST) {
    report->problems[report->broken_files] = issue_of(report, row, 0);
  }
  report->broken_files++;
  return report->out ? write_reason(report, "problem", row, error) : STATUS_OK;
}

Status import_note_unread(ImportReport *report, Text file, Text reason, Error *error) {
  HistoryRow row = {.file = file, .reason = reason};
  if (report->broken_files < REPORT_FIRST) report->problems[report->broken_files] = issue_of(report, &row, 0);
  report->broken_files++;
  report->unread++;
  return report->out ? write_reason(report, "problem", &row, error) : STATUS_OK;
}

Status import_note_passed_over(ImportReport *report, Text file, bool empty, Error *error) {
  if (report->passed_over < REPORT_FIRST) {
    report->first_passed_over[report->passed_over] = file;
    report->first_empty[report->passed_over] = empty;
  }
  report->passed_over++;
  if (!report->out) return STATUS_OK;
  report->line.length = 0;
  text_append(&report->line, TEXT_LITERAL("{\"event\":\"passed_over\",\"file\":"));
  json_append_string(&report->line, file);
  if (empty) text_append(&report->line, TEXT_LITERAL(",\"reason\":\"is empty\""));
  return end_line(report, error);
}

/* ---- telling ---- */

static void print_issue(const ImportIssue *issue, FILE *out) {
  Text reason = issue->reason, file = issue->file;
  bool placed = reason.length > file.length && memcmp(reason.bytes, file.bytes, file.length) == 0 && reason.bytes[file.length] == ':';
  fputs("  ", out);
  if (placed) { /* it names the file, and where in it */
    text_print(out, reason);
    fputc('\n', out);
    return;
  }
  text_print(out, issue->file);
  if (issue->line) {
    fprintf(out, ":%" PRIu64, issue->line);
  }
  fputs(": ", out);
  text_print(out, issue->reason);
  fputc('\n', out);
}

static void print_issues(const char *title, const ImportIssue *issues, uint64_t count, const char *where, FILE *out) {
  if (count == 0) {
    return;
  }
  fprintf(out, "\n%s\n", title);
  for (uint64_t i = 0; i < count && i < REPORT_FIRST; i++) {
    print_issue(&issues[i], out);
  }
  if (count > REPORT_FIRST) {
    fprintf(out, "  and %" PRIu64 " more%s\n", count - REPORT_FIRST, where);
  }
}

static void print_counts(const char *title, ImportCounts counts, FILE *out) {
  fprintf(out, "%-20s %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %12" PRIu64 "\n", title, counts.rows, counts.stored,
          counts.duplicates, counts.rejected);
}

static void print_passed_over(const ImportReport *report, FILE *out) {
  if (!report->passed_over) return;
  fprintf(out, "\nPassed over, being none of the formats that are known:\n");
  for (uint64_t i = 0; i < report->passed_over && i < REPORT_FIRST; i++) {
    fputs("  ", out);
    text_print(out, report->first_passed_over[i]);
    fputs(report->first_empty[i] ? " (empty)\n" : "\n", out);
  }
  if (report->passed_over > REPORT_FIRST)
    fprintf(out, "  and %" PRIu64 " more%s\n", report->passed_over - REPORT_FIRST, report->out ? ", in the report" : "; --report FILE writes all");
}

static void print_ahead(const ImportReport *report, FILE *out) {
  if (!report->ahead) return;
  bool one = report->ahead == 1;
  Text last = instant_format(report->arena, report->last_ahead);
  fprintf(out, "\n%" PRIu64 " play%s dated in the future, the last at " TEXT_FORMAT "; kept as %s, and in no window that ends now:\n", report->ahead,
          one ? " is" : "s are", TEXT_ARG(last), one ? "it is" : "they are");
  fputs("  ", out);
  text_print(out, report->first_ahead.file);
  fprintf(out, ":%" PRIu64 "%s\n", report->first_ahead.line, one ? "" : " is the first");
}

void import_print(const ImportReport *report, FILE *out) {
  ImportCounts total = import_total(report);
  const char *where = report->out
                          ? ", in the report"
                          : "; --report FILE writes all, and the store keeps the rejections in import_rejections";
  fprintf(out, "%" PRIu64 " file%s, %" PRIu64 " row%s\n", report->files_read, report->files_read == 1 ? "" : "s",
          total.rows, total.rows == 1 ? "" : "s");
  if (report->unchanged_files)
    fprintf(out, "%" PRIu64 " of the files %s imported before and did not change; %s not read again.\n", report->unchanged_files,
            report->unchanged_files == 1 ? "was" : "were", report->unchanged_files == 1 ? "it was" : "they were");
  fputc('\n', out);
  fprintf(out, "%-20s %12s %12s %12s %12s\n", "", "rows read", "stored", "duplicates", "rejected");
  for (int kind = 0; kind < REPORT_KIND_COUNT; kind++) {
    if (kind < HISTORY_KIND_UNKNOWN || report->kinds[kind].rows > 0) {
      print_counts(kind_titles[kind], report->kinds[kind], out);
    }
  }
  print_counts("all", total, out);
  fprintf(out, "\n%" PRIu64 " new track%s", report->new_tracks, report->new_tracks == 1 ? "" : "s");
  if (report->playlists) fprintf(out, ", %" PRIu64 " new playlist%s", report->new_playlists, report->new_playlists == 1 ? "" : "s");
  fputs(".\n", out);
  if (report->dry_run) fputs("This was a dry run: nothing of it is stored.\n", out);
  if (total.rows == 0) {
    fputs("There was no row to read.\n", out);
  }
  print_ahead(report, out);
  print_passed_over(report, out);
  print_issues(report->unread ? "Not read, or not to the end:" : "Not read to the end:", report->problems, report->broken_files, where, out);
  print_issues("Rejected:", report->rejections, total.rejected - report->unchanged.rejected, where, out);
}

static void append_counts(TextBuilder *json, const char *key, ImportCounts counts) {
  text_append_format(
      json, "\"%s\":{\"rows\":%" PRIu64 ",\"stored\":%" PRIu64 ",\"duplicates\":%" PRIu64 ",\"rejected\":%" PRIu64 "}",
      key, counts.rows, counts.stored, counts.duplicates, counts.rejected);
}

static void append_issues(TextBuilder *json, const char *key, const ImportIssue *issues, uint64_t count) {
  text_append_format(json, ",\"%s\":[", key);
  for (uint64_t i = 0; i < count && i < REPORT_FIRST; i++) {
    text_append(json, i ? TEXT_LITERAL(",{\"file\":") : TEXT_LITERAL("{\"file\":"));
    json_append_string(json, issues[i].file);
    if (issues[i].line) {
      text_append_format(json, ",\"line\":%" PRIu64, issues[i].line);
    }
    text_append(json, TEXT_LITERAL(",\"reason\":"));
    json_append_string(json, issues[i].reason);
    text_append_char(json, '}');
  }
  text_append_char(json, ']');
}

void import_print_json(const ImportReport *report, FILE *out) {
  TextBuilder json = {.arena = report->arena};
  ImportCounts total = import_total(report);
  text_append_format(&json, "{\"files\":%" PRIu64 ",\"unchanged_files\":%" PRIu64 ",\"broken_files\":%" PRIu64 ",\"new_tracks\":%" PRIu64 ",\"new_playlists\":%" PRIu64 ",\"dry_run\":%s,",
                     report->files_read, report->unchanged_files, report->broken_files, report->new_tracks, report->new_playlists, report->dry_run ? "true" : "false");
  append_counts(&json, "all", total);
  text_append(&json, TEXT_LITERAL(",\"kinds\":{"));
  for (int kind = 0; kind < REPORT_KIND_COUNT; kind++) {
    if (kind) {
      text_append_char(&json, ',');
    }
    append_counts(&json, kind_keys[kind], report->kinds[kind]);
  }
  text_append_char(&json, '}');
  text_append_format(&json, ",\"future_plays\":%" PRIu64, report->ahead);
  text_append_format(&json, ",\"passed_over_files\":%" PRIu64 ",\"first_passed_over\":[", report->passed_over);
  for (uint64_t i = 0; i < report->passed_over && i < REPORT_FIRST; i++) {
    if (i) text_append_char(&json, ',');
    json_append_string(&json, report->first_passed_over[i]);
  }
  text_append_char(&json, ']');
  append_issues(&json, "first_problems", report->problems, report->broken_files);
  append_issues(&json, "first_rejections", report->rejections, total.rejected - report->unchanged.rejected);
  text_append(&json, TEXT_LITERAL("}\n"));
  fwrite(json.bytes, 1, json.length, out);
}
