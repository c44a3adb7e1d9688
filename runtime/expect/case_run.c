#include "expect/case_run.h"

#include <string.h>

#include "expect/rows.h"
#include "expect/value.h"

/* When a case does not say. */
static const char default_now[] = "2026-01-01T00:00Z";
enum { DEFAULT_SEED = 1 };

/* One case under way. The arena is the case's own. */
typedef struct Trial {
  const Suite *suite;
  const TestCase *test;
  const TestProgram *program;
  CaseResult *result;
  Arena *arena;
  TestWorld *world;
  Run *run; /* NULL when the program does not compile or its parameters are wrong */
  Status status;
  Error error; /* of the run */
} Trial;

static Failure *add_failure(Trial *trial, DiagCode code, Span span, const char *format, ...) NARADA_PRINTF(4, 5);
static Failure *add_failure(Trial *trial, DiagCode code, Span span, const char *format, ...) {
  Error message;
  va_list arguments;
  va_start(arguments, format);
  fail_with(&message, STATUS_FAILED, "", format, arguments);
  va_end(arguments);
  Failure failure = {.code = code, .span = span, .message = text_copy(trial->result->arena, text_of(message.message))};
  vec_push(trial->result->arena, &trial->result->failures, failure);
  return &trial->result->failures.items[trial->result->failures.count - 1];
}

static void set_detail(Trial *trial, Failure *failure, Text detail) {
  if (detail.length && detail.bytes[detail.length - 1] == '\n') detail.length--;
  failure->detail = text_copy(trial->result->arena, detail);
}

static void replace(Trial *trial, Span span, Text text) {
  Replacement replacement = {span, text_copy(trial->result->arena, text), trial->result->failures.count - 1};
  vec_push(trial->result->arena, &trial->result->replacements, replacement);
}

/* ---- the run ---- */

static Status read_options(const TestCase *test, Arena *arena, RunOptions *out, Error *error) {
  *out = (RunOptions){.yes = test->consent, .has_seed = true, .seed = DEFAULT_SEED, .out = stderr};
  for (size_t i = 0; i < test->seed.text.length; i++) out->seed = (i ? out->seed : 0) * 10 + (uint64_t)(test->seed.text.bytes[i] - '0');
  Status status = zone_use(test->zone.text.length ? text_copy(arena, test->zone.text).bytes : "UTC", &out->zone, error);
  if (status != STATUS_OK) return status;
  return instant_parse(test->now.text.length ? test->now.text : text_of(default_now), out->zone, &out->now, error);
}

static Status execute(Trial *trial, Error *error) {
  const TestCase *test = trial->test;
  RunOptions options;
  Status status = read_options(test, trial->arena, &options, error);
  if (status != STATUS_OK) return status;
  trial->world = arena_alloc(trial->arena, sizeof *trial->world);
  test_world_init(trial->world, test);
  options.world = &trial->world->world;
  ParamText *params = arena_array(trial->arena, test->params.count, sizeof *params);
  for (size_t i = 0; i < test->params.count; i++) params[i] = (ParamText){test->params.items[i].name.text, test->params.items[i].value};
  status = run_new(trial->arena, trial->program->plan, &options, params, test->params.count, &trial->run, error);
  if (status != STATUS_OK) return status;
  trial->world->run = trial->run;
  status = test_library_build(test, trial->run, error);
  if (status == STATUS_OK) status = run_execute(trial->run, error);
  if (status != STATUS_OK) return status;
  for (size_t i = 0; i < trial->run->notice_count; i++)
    if (trial->run->notices[i].problem) status = STATUS_PARTIAL;
  return status;
}

static bool stopped(const Trial *trial) {
  return trial->status != STATUS_OK && trial->status != STATUS_PARTIAL;
}

/* ---- rows ---- */

static const char *destination_text(Trial *trial, StageId destination, bool named, Text name) {
  const char *prefix = stage_prefix(destination);
  if (!named) return arena_format(trial->arena, "%s%s", prefix, stage_def(destination)->name);
  return arena_format(trial->arena, "%s%s \"" TEXT_FORMAT "\"", prefix, stage_def(destination)->name, TEXT_ARG(text_escaped(trial->arena, name)));
}

static bool is_meant(const Expectation *expectation, const Captured *captured) {
  if (expectation->destination != STAGEID_COUNT && expectation->destination != captured->destination) return false;
  return !expectation->named || text_equal(expectation->name, captured->name);
}

static Captured *find_captured(Trial *trial, const Expectation *expectation) {
  for (size_t i = 0; i < trial->world->captured.count; i++) {
    Captured *captured = &trial->world->captured.items[i];
    if (captured->used || !is_meant(expectation, captured)) continue;
    captured->used = true;
    return captured;
  }
  return NULL;
}

static void fail_unwritten(Trial *trial, const Expectation *expectation) {
  TextBuilder there = {.arena = trial->arena};
  text_append(&there, TEXT_LITERAL(""));
  size_t meant = 0;
  for (size_t i = 0; i < trial->world->captured.count; i++) {
    const Captured *captured = &trial->world->captured.items[i];
    meant += is_meant(expectation, captured);
    text_append_format(&there, "%s`%s`", i ? ", " : "", destination_text(trial, captured->destination, captured->name.length != 0, captured->name));
  }
  if (meant)
    add_failure(trial, DIAG_EXPECT_NOT_WRITTEN, expectation->span, "the program has only %zu such destination%s, and an expectation above speaks of %s", meant,
                meant == 1 ? "" : "s", meant == 1 ? "it" : "the last");
  else
    add_failure(trial, DIAG_EXPECT_NOT_WRITTEN, expectation->span, "the program has no `%s`; it has %s",
              destination_text(trial, expectation->destination, expectation->named, expectation->name), there.length ? there.bytes : "no destination at all");
}

/* Behind the line of an expectation that has no table or lines yet. */
static void fill_in(Trial *trial, const Expectation *expectation, Text body) {
  add_failure(trial, DIAG_EXPECT_TABLE, expectation->span, "what is expected is missing below this line");
  Span behind = {expectation->span.source, expectation->span.end, expectation->span.end};
  replace(trial, behind, text_of(arena_format(trial->arena, "\n" TEXT_FORMAT, TEXT_ARG(body))));
}

static void compare_rows(Trial *trial, const Expectation *expectation, const TestTable *table, const ActualRows *actual, const char *what) {
  if (!expectation->table.present) {
    RowDiff all;
    rows_compare(trial->run, table, actual, &all);
    fill_in(trial, expectation, rows_updated(trial->run, table, actual, &all));
    return;
  }
  size_t wrong = rows_wrong_cell(trial->run, &expectation->table, actual);
  if (wrong != SIZE_MAX) {
    const TestText *cell = &expectation->table.cells[wrong];
    Type type = actual->types[wrong % expectation->table.column_count];
    add_failure(trial, DIAG_EXPECT_VALUE, cell->span, "%s: `" TEXT_FORMAT "` is no value of `" TEXT_FORMAT "`; write %s", what, TEXT_ARG(cell->text),
                TEXT_ARG(expectation->table.names[wrong % expectation->table.column_count].text), test_value_form(type));
  }
  RowDiff diff;
  rows_compare(trial->run, &expectation->table, actual, &diff);
  if (diff.same) return;
  if (wrong == SIZE_MAX) add_failure(trial, DIAG_EXPECT_DIFFERS, expectation->span, "%s has other rows", what);
  Failure *failure = &trial->result->failures.items[trial->result->failures.count - 1];
  set_detail(trial, failure, rows_show(trial->run, &expectation->table, actual, &diff));
  replace(trial, expectation->table.span, rows_updated(trial->run, &expectation->table, actual, &diff));
}

static Status check_rows(Trial *trial, const Expectation *expectation, Error *error) {
  Captured *captured = find_captured(trial, expectation);
  if (!captured) {
    fail_unwritten(trial, expectation);
    return STATUS_OK;
  }
  ActualRows actual;
  uint32_t unknown;
  TestTable table = expectation->table.present ? expectation->table : rows_all_columns(trial->world, captured->rows);
  Status status = rows_of_batch(trial->world, captured->rows, &table, &actual, &unknown, error);
  if (status != STATUS_OK) return status;
  const char *what = arena_format(trial->arena, "`%s`", destination_text(trial, expectation->destination, expectation->named, expectation->name));
  if (unknown != PLAN_NONE)
    add_failure(trial, DIAG_EXPECT_NO_COLUMN, expectation->table.names[unknown].span, "%s has no column `" TEXT_FORMAT "`; it has " TEXT_FORMAT, what,
                TEXT_ARG(expectation->table.names[unknown].text), TEXT_ARG(rows_column_names(trial->world, captured->rows)));
  else
    compare_rows(trial, expectation, &table, &actual, what);
  return STATUS_OK;
}

static void check_nothing(Trial *trial, const Expectation *expectation) {
  bool written = false;
  for (size_t i = 0; i < trial->world->captured.count; i++) {
    Captured *captured = &trial->world->captured.items[i];
    if (!is_meant(expectation, captured)) continue;
    captured->used = written = true;
    if (captured->rows->selected)
      add_failure(trial, DIAG_EXPECT_DIFFERS, expectation->span, "`%s` has %zu row%s, and nothing was expected",
                  destination_text(trial, captured->destination, captured->name.length != 0, captured->name), captured->rows->selected, captured->rows->selected == 1 ? "" : "s");
  }
  if (!written && !stopped(trial) && expectation->destination != STAGEID_COUNT) fail_unwritten(trial, expectation);
}

static Status check_playlist(Trial *trial, const Expectation *expectation, Error *error) {
  ActualRows actual;
  uint32_t unknown;
  bool found;
  TestText usual[] = {{.text = TEXT_LITERAL("title")}, {.text = TEXT_LITERAL("artist")}};
  TestTable table = expectation->table.present ? expectation->table : (TestTable){.names = usual, .column_count = 2};
  Status status = rows_of_playlist(trial->world, expectation->name, &table, &actual, &unknown, &found, error);
  if (status != STATUS_OK) return status;
  const char *what = arena_format(trial->arena, "the playlist \"" TEXT_FORMAT "\"", TEXT_ARG(text_escaped(trial->arena, expectation->name)));
  if (!found)
    add_failure(trial, DIAG_EXPECT_NOT_WRITTEN, expectation->span, "%s is not in the library after the run", what);
  else if (unknown != PLAN_NONE)
    add_failure(trial, DIAG_EXPECT_NO_COLUMN, expectation->table.names[unknown].span, "%s has no column `" TEXT_FORMAT "`; it has title artist artists album duration released isrc mbid explicit spotify.id added position",
                what, TEXT_ARG(expectation->table.names[unknown].text));
  else
    compare_rows(trial, expectation, &table, &actual, what);
  return STATUS_OK;
}

/* ---- files ---- */

static Text quoted_lines(Arena *arena, Text text) {
  TextBuilder out = {.arena = arena};
  text_append(&out, TEXT_LITERAL(""));
  while (text.length) {
    const char *end = memchr(text.bytes, '\n', text.length);
    size_t length = end ? (size_t)(end - text.bytes) : text.length, taken = length + (end != NULL);
    text_append_format(&out, "%s>%s" TEXT_FORMAT, out.length ? "\n" : "", length ? " " : "", (int)length, text.bytes);
    text = (Text){text.bytes + taken, text.length - taken};
  }
  return text_built(&out);
}

static void check_file(Trial *trial, const Expectation *expectation) {
  const CapturedFile *file = NULL;
  for (size_t i = 0; i < trial->world->files.count; i++)
    if (text_equal(trial->world->files.items[i]->path, expectation->name)) file = trial->world->files.items[i];
  if (!file) {
    add_failure(trial, DIAG_EXPECT_NOT_WRITTEN, expectation->span, "the program does not write the file \"" TEXT_FORMAT "\"", TEXT_ARG(text_escaped(trial->arena, expectation->name)));
    return;
  }
  Text text = text_built(&file->text);
  if (!expectation->lines.present) {
    fill_in(trial, expectation, quoted_lines(trial->arena, text));
    return;
  }
  if (text_equal(text, expectation->lines.text)) return;
  Failure *failure = add_failure(trial, DIAG_EXPECT_DIFFERS, expectation->span, "the file \"" TEXT_FORMAT "\" has other lines", TEXT_ARG(text_escaped(trial->arena, expectation->name)));
  set_detail(trial, failure, lines_show(trial->arena, expectation->lines.text, text));
  if (text.length) replace(trial, expectation->lines.span, quoted_lines(trial->arena, text));
}

/* ---- notices, errors, exit ---- */

static bool holds(Text text, Text part) {
  for (size_t at = 0; at + part.length <= text.length; at++)
    if (part.length == 0 || memcmp(text.bytes + at, part.bytes, part.length) == 0) return true;
  return false;
}

static void check_notice(Trial *trial, const Expectation *expectation) {
  TextBuilder said = {.arena = trial->arena};
  text_append(&said, TEXT_LITERAL(""));
  for (size_t i = 0; i < trial->run->notice_count; i++) {
    if (holds(trial->run->notices[i].text, expectation->text)) return;
    text_append_format(&said, "      " TEXT_FORMAT "\n", TEXT_ARG(trial->run->notices[i].text));
  }
  Failure *failure = add_failure(trial, DIAG_EXPECT_NO_MESSAGE, expectation->span, "no notice holds this text; the run said%s", said.length ? ":" : " nothing");
  set_detail(trial, failure, text_built(&said));
}

static Text all_errors(const Trial *trial) {
  TextBuilder text = {.arena = trial->arena};
  text_append(&text, TEXT_LITERAL(""));
  const DiagList *diags = trial->program->diags;
  for (size_t i = 0; diags && i < diags->count; i++) {
    const DiagInfo *info = diag_info(diags->items[i]->code);
    if (info->severity != SEVERITY_ERROR) continue;
    SourcePlace place = source_place(&diags->sources->items[diags->items[i]->span.source], diags->items[i]->span.start);
    text_append_format(&text, "      %u:%u: " TEXT_FORMAT " [%s]\n", place.line, place.column, TEXT_ARG(diags->items[i]->message), info->code);
  }
  if (!text.length) text_append_format(&text, "      %s%s%s%s\n", trial->error.message, trial->error.code[0] ? " [" : "", trial->error.code, trial->error.code[0] ? "]" : "");
  return text_built(&text);
}

static void check_error(Trial *trial, const Expectation *expectation) {
  if (!stopped(trial)) {
    add_failure(trial, DIAG_EXPECT_NO_MESSAGE, expectation->span, "the program ran without an error");
    return;
  }
  Text errors = all_errors(trial);
  const DiagInfo *info = diag_find(expectation->text);
  Text wanted = info ? text_of(arena_format(trial->arena, "[%s]", info->code)) : expectation->text;
  if (holds(errors, wanted)) return;
  set_detail(trial, add_failure(trial, DIAG_EXPECT_NO_MESSAGE, expectation->span, "the program failed with another error:"), errors);
}

static void check_exit(Trial *trial, const Expectation *expectation) {
  if (trial->status == (Status)expectation->exit) return;
  Failure *failure = add_failure(trial, DIAG_EXPECT_DIFFERS, expectation->span, "the exit status is %d, not %d", (int)trial->status, expectation->exit);
  if (stopped(trial)) set_detail(trial, failure, all_errors(trial));
}

static bool expects_failure(const TestCase *test) {
  for (size_t i = 0; i < test->expectations.count; i++)
    if (test->expectations.items[i].kind == EXPECT_ERROR || test->expectations.items[i].kind == EXPECT_EXIT) return true;
  return false;
}

static Status check_one(Trial *trial, const Expectation *expectation, Error *error) {
  switch (expectation->kind) {
    case EXPECT_ERROR:
      check_error(trial, expectation);
      return STATUS_OK;
    case EXPECT_EXIT:
      check_exit(trial, expectation);
      return STATUS_OK;
    default:
      break;
  }
  if (!trial->run) return STATUS_OK; /* told already: it did not run */
  switch (expectation->kind) {
    case EXPECT_ROWS:
      return stopped(trial) ? STATUS_OK : check_rows(trial, expectation, error);
    case EXPECT_PLAYLIST:
      return trial->run->store ? check_playlist(trial, expectation, error) : STATUS_OK;
    case EXPECT_NOTHING:
      check_nothing(trial, expectation);
      return STATUS_OK;
    case EXPECT_FILE:
      if (!stopped(trial)) check_file(trial, expectation);
      return STATUS_OK;
    default:
      check_notice(trial, expectation);
      return STATUS_OK;
  }
}

static Status run_trial(void *context, Error *error) {
  Trial *trial = context;
  const TestProgram *program = trial->program;
  trial->error = program->error;
  trial->status = program->plan ? execute(trial, &trial->error) : program->status;
  /* A world that lacks something is a mistake of the test; no `expect exit` may hide it. */
  bool lacking = strcmp(trial->error.code, diag_info(DIAG_EXPECT_UNKNOWN_WORLD)->code) == 0;
  if (stopped(trial) && (lacking || !expects_failure(trial->test))) {
    Failure *failure = add_failure(trial, DIAG_EXPECT_FAILED, trial->test->span, program->plan ? "the run failed:" : program->diags->count ? "the program does not compile:" : "the program cannot be read:");
    set_detail(trial, failure, all_errors(trial));
    return STATUS_OK;
  }
  Status status = STATUS_OK;
  for (size_t i = 0; i < trial->test->expectations.count && status == STATUS_OK; i++) status = check_one(trial, &trial->test->expectations.items[i], error);
  return status;
}

/* A case's memory goes with it, also when the memory of its results runs out in the middle. */
static void release_trial(void *object) {
  Arena **arena = object;
  arena_free(*arena);
  *arena = NULL;
}

Status case_run(const Suite *suite, const TestCase *test, const TestProgram *program, CaseResult *out, Error *error) {
  Arena **arena = arena_alloc(out->arena, sizeof *arena);
  arena_defer(out->arena, release_trial, arena);
  *arena = arena_new(0);
  if (!*arena) return fail(error, STATUS_FAILED, "", "no memory");
  Trial trial = {.suite = suite, .test = test, .program = program, .result = out, .arena = *arena};
  Status status = arena_protect(*arena, run_trial, &trial, error);
  release_trial(arena);
  return status;
}
