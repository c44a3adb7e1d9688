/* narada import: what other programs and services handed out, into the store. */
#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/import/import_other.h"
#include "cli/import/import_store.h"

static const OptionDef option_defs[] = {IMPORT_OPTIONS, {"zone", 0, "NAME", "of times in tables (CSV) that do not say it, as Europe/Berlin; else UTC"}};
enum { OPTION_COUNT = sizeof option_defs / sizeof *option_defs };

static void print_help(void) {
  puts(
      "narada import brings plays, likes and playlists from what other programs and services hand out.\n\n"
      "usage: narada import PATH... [options]\n\n"
      "PATH is a file, a folder or a zip. What each file is, is seen from what it holds, whatever its name:\n");
  for (int id = 0; id < IMPORT_FORMAT_COUNT; id++) printf("  %s\n", import_format((ImportFormatId)id)->label);
  puts(
      "  Narada, the folder that `narada export` wrote: into an empty store, which then is what the exported one was\n"
      "\nImporting the same files again, in any order, adds nothing; an import that was interrupted goes on. Every row read is stored,\n"
      "recognised as a duplicate, or rejected with file, line and reason. What else lies in a folder or zip is passed over, and told.\n\noptions");
  options_print(option_defs, OPTION_COUNT, stdout);
  puts(
      "\nExit status: 0 done, 1 failed, 2 wrong usage, 3 done but a row was rejected or a file could not be read to its\n"
      "end, 75 the store is busy.");
}

/* A file in a folder may be anything; one that was named is meant to be imported. */
static Status check_files(Arena *arena, const ImportFiles *files, Error *error) {
  size_t known = 0, problems = 0;
  const ImportFile *problem = NULL;
  for (size_t i = 0; i < files->count; i++) {
    const ImportFile *file = &files->items[i];
    known += file->format != NULL;
    problems += file->problem != NULL;
    if (file->problem && !problem) problem = file;
    if (file->named && file->empty) return fail(error, STATUS_FAILED, "", TEXT_FORMAT " is empty", TEXT_ARG(text_escaped(arena, file->name)));
    if (file->named && file->problem) return fail(error, STATUS_FAILED, "", TEXT_FORMAT " %s", TEXT_ARG(text_escaped(arena, file->name)), file->problem);
    if (file->named && !file->format)
      return fail(error, STATUS_FAILED, "", TEXT_FORMAT ": this is none of the formats that are known; `narada import --help` lists them",
                  TEXT_ARG(text_escaped(arena, file->name)));
  }
  if (!known && problem)
    return fail(error, STATUS_FAILED, "", "there is nothing to import: " TEXT_FORMAT " %s%s", TEXT_ARG(text_escaped(arena, problem->name)), problem->problem,
                problems > 1 ? arena_format(arena, "; and so with %zu more", problems - 1) : "");
  return known ? STATUS_OK : fail(error, STATUS_FAILED, "", "there is nothing to import: no file has a format that is known; `narada import --help` lists them");
}

static bool has_history(const void *of, const char *path, size_t entry) {
  const ImportFiles *files = of;
  for (size_t i = 0; i < files->count; i++) {
    const ImportFile *file = &files->items[i];
    if (file->entry == entry && file->format && file->format->id == IMPORT_SPOTIFY_EXTENDED && strcmp(file->path, path) == 0) return true;
  }
  return false;
}

static Input *input_of(const void *of, const char *path) {
  const ImportFiles *files = of;
  for (size_t i = 0; i < files->count; i++)
    if (strcmp(files->items[i].path, path) == 0) return files->items[i].input;
  return NULL;
}

/* What is known of a file that is not imported. */
static Status note_others(ImportSession *session, const ImportFiles *files, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < files->count && status == STATUS_OK; i++) {
    const ImportFile *file = &files->items[i];
    if (file->problem) status = import_note_unread(&session->report, file->name, text_of(file->problem), error);
    else if (!file->format) status = import_note_passed_over(&session->report, file->name, file->empty, error);
  }
  return status;
}

/* The extended history has a reader of its own. */
static Status import_extended(ImportSession *session, const ImportFiles *files, Error *error) {
  VEC(const char *) paths = {0};
  for (size_t i = 0; i < files->count; i++) {
    const ImportFile *file = &files->items[i];
    if (!file->format || file->format->id != IMPORT_SPOTIFY_EXTENDED) continue;
    if (!file->entry || !paths.count || paths.items[paths.count - 1] != file->path) vec_push(session->arena, &paths, file->path);
  }
  HistoryOptions how = {.has_history = has_history, .opened = input_of, .of = files};
  return paths.count ? import_history(session, paths.items, paths.count, how, error) : STATUS_OK;
}

static Status import_all(ImportSession *session, const ImportFiles *files, Error *error) {
  for (size_t i = 0; i < files->count; i++) {
    const ImportFile *file = &files->items[i];
    bool other = file->format && file->format->id != IMPORT_SPOTIFY_EXTENDED;
    session->report.files += other;
    session->progress.total += other ? file->bytes : 0;
  }
  Status status = note_others(session, files, error);
  if (status == STATUS_OK) status = import_extended(session, files, error);
  for (int id = IMPORT_SPOTIFY_EXTENDED + 1; id < IMPORT_FORMAT_COUNT && status == STATUS_OK; id++)
    status = import_other(session, files, (ImportFormatId)id, error);
  return status == STATUS_OK ? import_session_close(session, error) : status;
}

/* An export of a whole store is imported by itself. */
static Status find_export(Arena *arena, const Options *options, ExportFolder *folder, bool *found, Error *error) {
  *found = false;
  for (size_t i = 0; i < options->operands.count && !*found; i++) {
    Status status = export_folder_find(arena, options->operands.items[i], folder, found, error);
    if (status != STATUS_OK) return status;
  }
  if (*found && options->operands.count > 1) return fail(error, STATUS_USAGE, "", "%s: is an export of a whole store; import it by itself", folder->path);
  if (*found && options_value(options, "report")) return fail(error, STATUS_USAGE, "", "--report: an export of a whole store has neither duplicates nor rejections");
  return STATUS_OK;
}

static Status run_import(Arena *arena, int argc, char **argv, Error *error) {
  Options options;
  ImportSession *session;
  ImportFiles files = {0};
  ExportFolder folder;
  bool whole = false;
  Status status = options_read(arena, option_defs, OPTION_COUNT, false, argc, argv, &options, error);
  if (status != STATUS_OK) return status;
  if (options_have(&options, "help")) {
    print_help();
    return STATUS_OK;
  }
  interrupt_watch();
  if (options.operands.count == 0) return fail(error, STATUS_USAGE, "", "import what? give files, folders or zips; `narada import --help` lists the formats");
  if ((status = import_session_new(arena, &options, &session, error)) != STATUS_OK) return status;
  session->zone_name = options_value(&options, "zone");
  if (session->zone_name && zone_use(session->zone_name, &session->zone, error) != STATUS_OK) return fail_context(error, "--zone");
  if ((status = find_export(arena, &options, &folder, &whole, error)) != STATUS_OK) return status;
  if (whole) return import_store(arena, &options, &folder, session->store_path, session->now, error);
  for (size_t i = 0; i < options.operands.count && (status = interrupt_check(error)) == STATUS_OK; i++) status = import_files_add(arena, options.operands.items[i], &files, error);
  if (status == STATUS_OK) status = check_files(arena, &files, error);
  if (status == STATUS_OK) status = import_session_open(session, error);
  if (status != STATUS_OK) return status;
  if ((status = import_all(session, &files, error)) != STATUS_OK) return import_session_stopped(session, error);
  return import_session_tell(session, &options, error);
}

static Status run(Arena *arena, int argc, char **argv, Error *error) {
  return import_told(run_import(arena, argc, argv, error), error);
}

const Command command_import = {
    .name = "import",
    .summary = "plays, likes and playlists from other programs and services",
    .run = run,
    .help = print_help,
};
