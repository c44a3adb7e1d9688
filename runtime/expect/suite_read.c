/* Lines into settings, sections and expectations. */
#include <string.h>

#include "expect/suite.h"

typedef struct Reader {
  Suite *suite;
  const Source *source;
  uint32_t line;   /* the next one to read, from 1 */
  TestCase common; /* what stands before the first `case` */
  TestCase *test;  /* that lines belong to */
  size_t told;     /* diagnostics before the line at hand */
  bool may_lack;   /* tables and lines of what is expected */
  Text rest;       /* of the line at hand, behind what was read of it */
} Reader;

static Span span_of(const Reader *reader, Text text) {
  size_t start = (size_t)(text.bytes - reader->source->text.bytes);
  return (Span){reader->suite->source, (uint32_t)start, (uint32_t)(start + text.length)};
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

static Text trim(Text text) {
  while (text.length && is_blank(text.bytes[0])) text = (Text){text.bytes + 1, text.length - 1};
  while (text.length && is_blank(text.bytes[text.length - 1])) text.length--;
  return text;
}

/* The next word of the line; empty at its end. */
static Text take_word(Reader *reader) {
  reader->rest = trim(reader->rest);
  Text word = {reader->rest.bytes, 0};
  while (word.length < reader->rest.length && !is_blank(word.bytes[word.length]) && word.bytes[word.length] != '"') word.length++;
  reader->rest = (Text){word.bytes + word.length, reader->rest.length - word.length};
  return word;
}

static void wrong_form(Reader *reader, Text at, const char *what, const char *right) {
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_FORM, span_of(reader, at), "%s", what);
  diag_hint(reader->suite->diags, diag, "%s", right);
}

/* A text in double quotes, if one comes. */
static bool take_quoted(Reader *reader, Text *out) {
  reader->rest = trim(reader->rest);
  if (!reader->rest.length || reader->rest.bytes[0] != '"') return false;
  size_t at = 1;
  while (at < reader->rest.length && reader->rest.bytes[at] != '"') at += reader->rest.bytes[at] == '\\' ? 2 : 1;
  if (at >= reader->rest.length) {
    wrong_form(reader, reader->rest, "a quoted text is not closed", "close it on its line");
    reader->rest.length = 0;
    *out = TEXT_LITERAL("");
    return true;
  }
  *out = text_copy(reader->suite->arena, cell_text(reader->suite->arena, (Text){reader->rest.bytes, at + 1}));
  reader->rest = trim((Text){reader->rest.bytes + at + 1, reader->rest.length - at - 1});
  return true;
}

static void end_line(Reader *reader, const char *right) {
  reader->rest = trim(reader->rest);
  if (reader->rest.length) wrong_form(reader, reader->rest, "more than the line can have", right);
}

static void told_twice(Reader *reader, Span span, Span first, const char *what) {
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_TWICE, span, "%s stands twice", what);
  diag_label(reader->suite->diags, diag, first, "first here");
}

/* ---- settings ---- */

static void read_setting(Reader *reader, Text word, TestText *out) {
  const char *name = arena_copy(reader->suite->arena, word.bytes, word.length);
  Text value = trim(reader->rest);
  if (!value.length) {
    const char *form = text_is(word, "now") ? "now 2026-06-01T12:00Z" : text_is(word, "zone") ? "zone Europe/Berlin" : text_is(word, "seed") ? "seed 7" : "program mix.nrd";
    wrong_form(reader, word, arena_format(reader->suite->arena, "`%s` without a value", name), arena_format(reader->suite->arena, "as in `%s`", form));
    return;
  }
  if (out->text.length) told_twice(reader, span_of(reader, word), out->span, arena_format(reader->suite->arena, "`%s`", name));
  *out = (TestText){value, span_of(reader, value)};
}

static void read_param(Reader *reader, Text word) {
  Text line = reader->rest;
  const char *equals = line.length ? memchr(line.bytes, '=', line.length) : NULL;
  Text name = equals ? trim((Text){line.bytes, (size_t)(equals - line.bytes)}) : (Text){"", 0};
  if (!equals || !name.length) {
    wrong_form(reader, word, "a parameter without a value", "as in `param window = 90d`");
    return;
  }
  Text value = trim((Text){equals + 1, line.length - (size_t)(equals + 1 - line.bytes)});
  TestParam param = {{name, span_of(reader, name)}, cell_text(reader->suite->arena, value), span_of(reader, line)};
  for (size_t i = 0; i < reader->test->params.count; i++) {
    if (text_equal(reader->test->params.items[i].name.text, name)) told_twice(reader, param.name.span, reader->test->params.items[i].name.span, "this parameter");
  }
  vec_push(reader->suite->arena, &reader->test->params, param);
}

/* ---- bodies ---- */

static bool begins_with(const Reader *reader, uint32_t line, char c) {
  Text text = trim(source_line(reader->source, line));
  return line <= reader->source->line_count && text.length && text.bytes[0] == c;
}

static void read_lines(Reader *reader, TestLines *out) {
  TextBuilder text = {.arena = reader->suite->arena};
  text_append(&text, TEXT_LITERAL(""));
  for (; begins_with(reader, reader->line, '>'); reader->line++) {
    Text line = source_line(reader->source, reader->line);
    while (line.bytes[0] != '>') line = (Text){line.bytes + 1, line.length - 1};
    Span span = span_of(reader, line);
    out->span = out->present ? span_join(out->span, span) : span;
    out->present = true;
    size_t skip = line.length > 1 && line.bytes[1] == ' ' ? 2 : 1;
    text_append(&text, (Text){line.bytes + skip, line.length - skip});
    text_append_char(&text, '\n');
  }
  out->text = text_built(&text);
}

static void need_table(Reader *reader, Span span, TestTable *table) {
  if (begins_with(reader, reader->line, '|')) {
    table_read(reader->suite, &reader->line, table);
    return;
  }
  if (reader->suite->diags->count > reader->told) return;
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_TABLE, span, "a table is missing below this line");
  diag_hint(reader->suite->diags, diag, "begin with the names of its columns: `| title | artist |`");
}

static void need_lines(Reader *reader, Span span, TestLines *lines) {
  read_lines(reader, lines);
  if (lines->present || reader->suite->diags->count > reader->told) return;
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_TABLE, span, "the lines of the file are missing below this line");
  diag_hint(reader->suite->diags, diag, "begin each with `>`");
}

/* ---- what is given ---- */

static StageId find_stage(Reader *reader, Text name, bool source) {
  StageId id = source ? stage_find_source(name) : stage_find_destination(name);
  if (id != STAGEID_COUNT) return id;
  VEC(Text) names = {0};
  for (int i = 0; i < STAGEID_COUNT; i++) {
    const StageDef *def = stage_def((StageId)i);
    if (def->group == (source ? GROUP_SOURCE : GROUP_DESTINATION) && i != STAGEID_SHOW) vec_push(reader->suite->arena, &names, text_of(def->name));
  }
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_STAGE, span_of(reader, name), "no %s `" TEXT_FORMAT "`", source ? "source" : "destination", TEXT_ARG(name));
  size_t near = text_nearest(name, names.items, names.count);
  if (near != SIZE_MAX) diag_hint(reader->suite->diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(names.items[near]));
  return STAGEID_COUNT;
}

static bool same_section(const Given *a, const Given *b) {
  if (a->kind != b->kind || a->named != b->named) return false;
  if (a->kind == GIVEN_SOURCE && a->source != b->source) return false;
  return !a->named || text_equal(a->name, b->name);
}

static void add_given(Reader *reader, Given given) {
  for (size_t i = 0; i < reader->test->given.count; i++) {
    if (same_section(&reader->test->given.items[i], &given)) told_twice(reader, given.span, reader->test->given.items[i].span, "this section");
  }
  vec_push(reader->suite->arena, &reader->test->given, given);
}

static void read_given(Reader *reader, Text word, GivenKind kind) {
  Given given = {.kind = kind, .source = STAGEID_COUNT, .span = span_of(reader, word)};
  if (kind == GIVEN_SOURCE) {
    Text name = take_word(reader);
    if (!name.length) wrong_form(reader, word, "a source is missing", "as in `from spotify.playlist \"Radar\"`");
    else given.source = find_stage(reader, name, true);
    if (given.source != STAGEID_COUNT && stage_def(given.source)->connector == CONNECTOR_LIBRARY) {
      Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_STAGE, span_of(reader, name), "the rows of `" TEXT_FORMAT "` come from the library of the test", TEXT_ARG(name));
      diag_hint(reader->suite->diags, diag, "write them as `tracks`, `plays`, `likes` or `playlist`");
    }
  }
  given.named = take_quoted(reader, &given.name);
  bool wants_name = kind == GIVEN_PLAYLIST || kind == GIVEN_FILE;
  if (wants_name && (!given.named || !given.name.length))
    wrong_form(reader, word, "a name is missing", kind == GIVEN_FILE ? "as in `file \"new.csv\"`" : "as in `playlist \"Morning\"`");
  if (given.named && !wants_name && kind != GIVEN_SOURCE) wrong_form(reader, word, "this section has no name", "leave the quoted name out");
  end_line(reader, "its rows begin on the next line");
  if (kind == GIVEN_FILE)
    need_lines(reader, given.span, &given.lines);
  else
    need_table(reader, given.span, &given.table);
  add_given(reader, given);
}

/* ---- what is expected ---- */

/* `to library.playlist "Name"` or `show`, of which the first word was read. */
static bool read_destination(Reader *reader, Text word, Expectation *out) {
  if (text_is(word, "show")) {
    out->destination = STAGEID_SHOW;
    return true;
  }
  Text name = take_word(reader);
  if (!name.length) {
    wrong_form(reader, word, "a destination is missing", "as in `expect to library.playlist \"Morning\"`");
    return false;
  }
  out->destination = find_stage(reader, name, false);
  out->named = take_quoted(reader, &out->name);
  return out->destination != STAGEID_COUNT;
}

static void read_code(Reader *reader, Text word, Expectation *out) {
  if (take_quoted(reader, &out->text)) return;
  Text code = take_word(reader);
  out->text = code;
  if (!code.length || diag_find(code)) return;
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_FORM, span_of(reader, code), "`" TEXT_FORMAT "` is no code of a message", TEXT_ARG(code));
  diag_hint(reader->suite->diags, diag, "a code as N2004, or a part of the message in quotes");
  (void)word;
}

static void read_exit(Reader *reader, Text word, Expectation *out) {
  Text number = take_word(reader);
  for (size_t i = 0; i < number.length && out->exit >= 0 && out->exit < 256; i++)
    out->exit = number.bytes[i] >= '0' && number.bytes[i] <= '9' ? out->exit * 10 + number.bytes[i] - '0' : -1;
  if (!number.length || out->exit < 0 || out->exit > 255) wrong_form(reader, number.length ? number : word, "not an exit status", "as in `expect exit 4`, see `narada-run --help`");
}

static void unknown_expectation(Reader *reader, Text word, Text what) {
  static const char forms[] = "`expect show`, `to DESTINATION`, `nothing`, `file \"PATH\"`, `playlist \"NAME\"`, `notice \"TEXT\"`, `error CODE` or `exit N`";
  wrong_form(reader, what.length ? what : word, what.length ? "not something to expect" : "what is expected?", forms);
}

static void read_expectation(Reader *reader, Text word) {
  Expectation out = {.destination = STAGEID_COUNT, .span = span_of(reader, word)};
  Text what = take_word(reader);
  if (what.length) out.span = span_join(out.span, span_of(reader, trim((Text){what.bytes, what.length + reader->rest.length})));
  if (text_is(what, "show") || text_is(what, "to")) {
    out.kind = EXPECT_ROWS;
    if (!read_destination(reader, what, &out)) {
      reader->rest.length = 0;
    }
  } else if (text_is(what, "nothing")) {
    out.kind = EXPECT_NOTHING;
    Text more = take_word(reader);
    if (text_is(more, "show") || text_is(more, "to"))
      read_destination(reader, more, &out);
    else if (more.length)
      wrong_form(reader, more, "not a destination", "as in `expect nothing to file.csv`");
  } else if (text_is(what, "file") || text_is(what, "playlist") || text_is(what, "notice")) {
    out.kind = what.bytes[0] == 'f' ? EXPECT_FILE : what.bytes[0] == 'p' ? EXPECT_PLAYLIST : EXPECT_NOTICE;
    Text *into = out.kind == EXPECT_NOTICE ? &out.text : &out.name;
    out.named = take_quoted(reader, into);
    if (!out.named) wrong_form(reader, what, "a text in quotes is missing", out.kind == EXPECT_NOTICE ? "as in `expect notice \"no likes\"`" : "give its name");
  } else if (text_is(what, "error")) {
    out.kind = EXPECT_ERROR;
    read_code(reader, what, &out);
  } else if (text_is(what, "exit")) {
    out.kind = EXPECT_EXIT;
    read_exit(reader, what, &out);
  } else {
    unknown_expectation(reader, word, what);
    reader->rest.length = 0;
    if (begins_with(reader, reader->line, '|')) table_read(reader->suite, &reader->line, &out.table);
    return;
  }
  end_line(reader, "rows begin on the next line");
  bool lacks = reader->may_lack && !begins_with(reader, reader->line, out.kind == EXPECT_FILE ? '>' : '|');
  if (!lacks && (out.kind == EXPECT_ROWS || out.kind == EXPECT_PLAYLIST)) need_table(reader, out.span, &out.table);
  if (!lacks && out.kind == EXPECT_FILE) need_lines(reader, out.span, &out.lines);
  vec_push(reader->suite->arena, &reader->test->expectations, out);
}

/* ---- cases ---- */

static bool overridden(const TestCase *test, const Given *given) {
  for (size_t i = 0; i < test->given.count; i++)
    if (same_section(&test->given.items[i], given)) return true;
  return false;
}

/* What stands before the first case holds for each that does not say otherwise. */
static void finish_case(Reader *reader, TestCase *test) {
  const TestCase *common = &reader->common;
  Arena *arena = reader->suite->arena;
  if (!test->program.text.length) test->program = common->program;
  if (!test->now.text.length) test->now = common->now;
  if (!test->zone.text.length) test->zone = common->zone;
  if (!test->seed.text.length) test->seed = common->seed;
  test->consent = test->consent || common->consent;
  for (size_t i = 0; i < common->params.count; i++) {
    bool said = false;
    for (size_t k = 0; k < test->params.count; k++) said = said || text_equal(test->params.items[k].name.text, common->params.items[i].name.text);
    if (!said) vec_push(arena, &test->params, common->params.items[i]);
  }
  VEC(Given) given = {0};
  for (size_t i = 0; i < common->given.count; i++)
    if (!overridden(test, &common->given.items[i])) vec_push(arena, &given, common->given.items[i]);
  for (size_t i = 0; i < test->given.count; i++) vec_push(arena, &given, test->given.items[i]);
  test->given.items = given.items;
  test->given.count = given.count;
  test->given.capacity = given.capacity;
  suite_check_case(reader->suite, test);
  if (test->expectations.count) return;
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_EMPTY, test->span, "this case expects nothing of the program");
  diag_hint(reader->suite->diags, diag, "add `expect show`, `expect to …` or `expect nothing`");
}

static void read_case(Reader *reader, Text word) {
  TestCase test = {.span = span_of(reader, word)};
  if (!take_quoted(reader, &test.name) || !test.name.length) wrong_form(reader, word, "a case has a name", "as in `case \"keeps what is old\"`");
  end_line(reader, "the next line goes on");
  for (size_t i = 0; i < reader->suite->cases.count; i++) {
    if (test.name.length && text_equal(reader->suite->cases.items[i].name, test.name)) told_twice(reader, test.span, reader->suite->cases.items[i].span, "a case of this name");
  }
  vec_push(reader->suite->arena, &reader->suite->cases, test);
  reader->test = &reader->suite->cases.items[reader->suite->cases.count - 1];
}

static const char *const words[] = {"program", "now", "zone", "seed", "param", "yes", "case", "expect", "tracks", "plays", "likes", "playlist", "from", "values", "file"};
enum { WORD_COUNT = sizeof words / sizeof *words };

static void unknown_word(Reader *reader, Text word) {
  Text names[WORD_COUNT];
  TextBuilder list = {.arena = reader->suite->arena};
  for (size_t i = 0; i < WORD_COUNT; i++) {
    names[i] = text_of(words[i]);
    text_append_format(&list, "%s%s", i ? " " : "", words[i]);
  }
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_WORD, span_of(reader, word), "no line begins with `" TEXT_FORMAT "`", TEXT_ARG(word));
  size_t near = text_nearest(word, names, WORD_COUNT);
  if (near != SIZE_MAX) diag_hint(reader->suite->diags, diag, "did you mean `%s`?", words[near]);
  diag_note(reader->suite->diags, diag, "a line begins with one of " TEXT_FORMAT, TEXT_ARG(text_built(&list)));
  while (begins_with(reader, reader->line, '|') || begins_with(reader, reader->line, '>')) reader->line++;
}

static void stray(Reader *reader, Text line) {
  bool row = line.bytes[0] == '|';
  Diag *diag = diag_report(reader->suite->diags, DIAG_EXPECT_STRAY, span_of(reader, line), row ? "a table that belongs to nothing" : "lines of a file that belong to nothing");
  diag_hint(reader->suite->diags, diag, row ? "say above it what it is: `tracks`, `plays`, `expect show` …" : "say above them which file: `file \"new.csv\"`");
  while (begins_with(reader, reader->line, line.bytes[0])) reader->line++;
}

static void read_line(Reader *reader) {
  static const struct {
    const char *word;
    GivenKind kind;
  } sections[] = {{"tracks", GIVEN_TRACKS}, {"plays", GIVEN_PLAYS}, {"likes", GIVEN_LIKES}, {"playlist", GIVEN_PLAYLIST}, {"from", GIVEN_SOURCE}, {"values", GIVEN_VALUES}, {"file", GIVEN_FILE}};
  Text line = trim(source_line(reader->source, reader->line++));
  if (!line.length || line.bytes[0] == '#') return;
  if (line.bytes[0] == '|' || line.bytes[0] == '>') {
    stray(reader, line);
    return;
  }
  reader->rest = line;
  reader->told = reader->suite->diags->count;
  Text word = take_word(reader);
  if (!word.length) word = line;
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
    if (!text_is(word, sections[i].word)) continue;
    read_given(reader, word, sections[i].kind);
    return;
  }
  if (text_is(word, "program")) read_setting(reader, word, &reader->test->program);
  else if (text_is(word, "now")) read_setting(reader, word, &reader->test->now);
  else if (text_is(word, "zone")) read_setting(reader, word, &reader->test->zone);
  else if (text_is(word, "seed")) read_setting(reader, word, &reader->test->seed);
  else if (text_is(word, "param")) read_param(reader, word);
  else if (text_is(word, "expect")) read_expectation(reader, word);
  else if (text_is(word, "case")) read_case(reader, word);
  else if (text_is(word, "yes")) {
    reader->test->consent = true;
    end_line(reader, "`yes` stands alone");
  } else unknown_word(reader, word);
}

Suite *suite_read(Arena *arena, uint32_t source, bool may_lack, DiagList *diags) {
  Suite *suite = arena_alloc(arena, sizeof *suite);
  *suite = (Suite){.arena = arena, .diags = diags, .source = source};
  Reader reader = {.suite = suite, .source = &diags->sources->items[source], .line = 1, .may_lack = may_lack};
  reader.test = &reader.common;
  size_t invalid = text_invalid_at(reader.source->text);
  if (invalid < reader.source->text.length) {
    diag_report(diags, DIAG_NOT_UTF8, (Span){source, (uint32_t)invalid, (uint32_t)invalid + 1}, "the file is not UTF-8 here");
    return suite;
  }
  while (reader.line <= reader.source->line_count) read_line(&reader);
  if (!suite->cases.count) { /* a file without `case` is one case */
    TestCase whole = reader.common;
    reader.common = (TestCase){0};
    whole.span = (Span){source, 0, 0};
    vec_push(arena, &suite->cases, whole);
  } else if (reader.common.expectations.count) {
    Diag *diag = diag_report(diags, DIAG_EXPECT_STRAY, reader.common.expectations.items[0].span, "this expectation belongs to no case");
    diag_hint(diags, diag, "move it below a `case` line");
  }
  for (size_t i = 0; i < suite->cases.count; i++) finish_case(&reader, &suite->cases.items[i]);
  diag_sort(diags);
  return suite;
}
