#include "expect/expect.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/input.h"
#include "expect/case_run.h"

enum { MAX_DEPTH = 32 };

/* One test file under way. */
typedef struct FileRun {
  Arena *arena;
  const char *path;
  const TestOptions *options;
  TestTotals *totals;
  SourceSet sources;
  DiagList *diags;
  Suite *suite;
  VEC(TestProgram *) programs;
  VEC(Replacement) replacements;
} FileRun;

static DiagList *new_diags(FileRun *file) {
  DiagList *diags = arena_alloc(file->arena, sizeof *diags);
  *diags = (DiagList){.arena = file->arena, .sources = &file->sources};
  return diags;
}

/* ---- the program ---- */

/* Beside the test file, and called like it, unless the case says otherwise. */
static Text program_path(const FileRun *file, const TestCase *test) {
  const char *slash = strrchr(file->path, '/');
  if (test->program.text.length) {
    if (test->program.text.bytes[0] == '/' || !slash) return text_copy(file->arena, test->program.text);
    return text_of(arena_format(file->arena, "%.*s" TEXT_FORMAT, (int)(slash + 1 - file->path), file->path, TEXT_ARG(test->program.text)));
  }
  const char *dot = strrchr(slash ? slash : file->path, '.');
  size_t length = dot ? (size_t)(dot - file->path) : strlen(file->path);
  static const char *const endings[] = {"nrd", "json", "nsp"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    const char *path = arena_format(file->arena, "%.*s.%s", (int)length, file->path, endings[i]);
    if (access(path, F_OK) == 0) return text_of(path);
  }
  return text_of(arena_format(file->arena, "%.*s.nrd", (int)length, file->path));
}

static const TestProgram *load_program(FileRun *file, Text path) {
  for (size_t i = 0; i < file->programs.count; i++)
    if (text_equal(file->programs.items[i]->path, path)) return file->programs.items[i];
  TestProgram *program = arena_alloc(file->arena, sizeof *program);
  *program = (TestProgram){.path = path, .diags = new_diags(file)};
  uint32_t source;
  Compiled compiled;
  program->status = source_read(&file->sources, path.bytes, &source, &program->error);
  if (program->status == STATUS_OK) {
    program->status = compile_source(file->arena, &file->sources, source, program->diags, &compiled, &program->error);
    if (program->status == STATUS_OK) program->plan = compiled.plan;
  }
  vec_push(file->arena, &file->programs, program);
  return program;
}

/* ---- telling ---- */

static void print_word(const FileRun *file, const char *word, const char *tint) {
  if (file->options->colour)
    fprintf(file->options->out, "\033[%sm%-7s\033[0m ", tint, word);
  else
    fprintf(file->options->out, "%-7s ", word);
}

static void print_case(const FileRun *file, const TestCase *test, const char *word, const char *tint) {
  print_word(file, word, tint);
  text_print(file->options->out, text_of(file->path));
  if (test->name.length) {
    fputs(": ", file->options->out);
    text_print(file->options->out, test->name);
  }
  fputc('\n', file->options->out);
}

static void print_failure(const FileRun *file, const Failure *failure) {
  SourcePlace place = source_place(&file->sources.items[failure->span.source], failure->span.start);
  fputs("  ", file->options->out);
  text_print(file->options->out, text_of(file->path));
  fprintf(file->options->out, ":%u:%u: ", place.line, place.column);
  text_print(file->options->out, failure->message);
  fprintf(file->options->out, " [%s]\n", diag_info(failure->code)->code);
  if (failure->detail.length) text_print_lines(file->options->out, failure->detail);
}

static bool is_mended(const CaseResult *result, size_t failure) {
  for (size_t i = 0; i < result->replacements.count; i++)
    if (result->replacements.items[i].failure == failure) return true;
  return false;
}

static void tell(FileRun *file, const TestCase *test, const CaseResult *result) {
  size_t left = 0;
  for (size_t i = 0; i < result->failures.count; i++) left += !(file->options->update && is_mended(result, i));
  if (left) {
    file->totals->failed++;
    print_case(file, test, "FAILED", "1;31");
    for (size_t i = 0; i < result->failures.count; i++)
      if (!(file->options->update && is_mended(result, i))) print_failure(file, &result->failures.items[i]);
    return;
  }
  file->totals->passed++;
  if (result->failures.count)
    print_case(file, test, "updated", "1;33");
  else if (!file->options->quiet)
    print_case(file, test, "ok", "32");
}

/* ---- --update ---- */

/* In order of the file, and no part twice. */
static void sort_replacements(FileRun *file) {
  for (size_t i = 1; i < file->replacements.count; i++) {
    Replacement one = file->replacements.items[i];
    size_t at = i;
    for (; at > 0 && file->replacements.items[at - 1].span.start > one.span.start; at--) file->replacements.items[at] = file->replacements.items[at - 1];
    file->replacements.items[at] = one;
  }
}

static Status write_updated(FileRun *file, Error *error) {
  if (!file->options->update || !file->replacements.count) return STATUS_OK;
  sort_replacements(file);
  Text old = file->sources.items[file->suite->source].text;
  Output *output;
  size_t at = 0;
  Status status = output_create(file->arena, file->path, &output, error);
  for (size_t i = 0; i < file->replacements.count && status == STATUS_OK; i++) {
    const Replacement *one = &file->replacements.items[i];
    status = output_write(output, (Text){old.bytes + at, one->span.start - at}, error);
    if (status == STATUS_OK) status = output_write(output, one->text, error);
    at = one->span.end;
    file->totals->updated++;
  }
  if (status == STATUS_OK) status = output_write(output, (Text){old.bytes + at, old.length - at}, error);
  return status == STATUS_OK ? output_commit(output, error) : status;
}

/* ---- files and folders ---- */

static Status run_cases(FileRun *file, Error *error) {
  Status status = STATUS_OK;
  for (size_t i = 0; i < file->suite->cases.count && status == STATUS_OK; i++) {
    const TestCase *test = &file->suite->cases.items[i];
    CaseResult result = {.arena = file->arena};
    status = case_run(file->suite, test, load_program(file, program_path(file, test)), &result, error);
    if (status != STATUS_OK) return fail_context(error, "%s: " TEXT_FORMAT, file->path, TEXT_ARG(test->name));
    tell(file, test, &result);
    for (size_t k = 0; k < result.replacements.count; k++) vec_push(file->arena, &file->replacements, result.replacements.items[k]);
  }
  return write_updated(file, error);
}

static Status run_file(void *context, Error *error) {
  FileRun *file = context;
  uint32_t source;
  Error reading = {0};
  file->sources.arena = file->arena;
  file->diags = new_diags(file);
  if (source_read(&file->sources, file->path, &source, &reading) != STATUS_OK) {
    print_word(file, "FAILED", "1;31");
    text_print(file->options->out, text_of(reading.message));
    fputc('\n', file->options->out);
    file->totals->unreadable++;
    return STATUS_OK;
  }
  file->totals->files++;
  file->suite = suite_read(file->arena, source, file->options->update, file->diags);
  if (!file->diags->errors) return run_cases(file, error);
  file->totals->broken++;
  diag_render(file->diags, file->options->out, file->options->colour);
  return STATUS_OK;
}

/* Nothing of the file is in the caller's memory, so exhaustion there cannot pass over the release. */
static Status test_file(const char *path, const TestOptions *options, TestTotals *totals, Error *error) {
  FileRun file = {.arena = arena_new(0), .path = path, .options = options, .totals = totals};
  if (!file.arena) return fail(error, STATUS_FAILED, "", "no memory");
  Status status = arena_protect(file.arena, run_file, &file, error);
  arena_free(file.arena);
  return status;
}

static Status test_folder(Arena *arena, const char *path, int depth, const TestOptions *options, TestTotals *totals, Error *error) {
  PathList names = {0};
  Status status = folder_list(arena, path, &names, error);
  for (size_t i = 0; i < names.count && status == STATUS_OK; i++) {
    struct stat about;
    if (lstat(names.items[i], &about) != 0) continue;
    if (S_ISDIR(about.st_mode) && depth < MAX_DEPTH)
      status = test_folder(arena, names.items[i], depth + 1, options, totals, error);
    else if (path_ends_with(names.items[i], ".expect"))
      status = test_file(names.items[i], options, totals, error);
  }
  return status;
}

Status test_path(Arena *arena, const char *path, const TestOptions *options, TestTotals *totals, Error *error) {
  struct stat about;
  if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) return test_folder(arena, path, 0, options, totals, error);
  return test_file(path, options, totals, error);
}
