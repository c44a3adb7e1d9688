#include "base/tag.h"
#include "engine/lists.h"
#include "expect/suite.h"
#include "expect/value.h"

typedef struct Checking {
  Suite *suite;
  TestCase *test;
  bool columns_told; /* columns are wrong: what refers to them is not told */
  Run reader; /* pools to read values with; no run */
} Checking;

/* ---- columns ---- */

bool suite_is_network(int column) {
  return column < FIELD_COUNT && field_def((FieldId)column)->provider > PROVIDER_LIBRARY;
}

static uint8_t rows_of(const Given *given) {
  if (given->kind == GIVEN_PLAYS) return ON_PLAY;
  if (given->kind != GIVEN_SOURCE || given->source == STAGEID_COUNT) return ON_TRACK;
  switch (stage_def(given->source)->output) {
    case OUTPUT_PLAYS:
      return ON_PLAY;
    case OUTPUT_PLAYLISTS:
      return ON_PLAYLIST;
    case OUTPUT_BY_WORD:
      return ON_TRACK | ON_PLAY;
    default:
      return ON_TRACK;
  }
}

static int column_named(const Given *given, Text name) {
  FieldId field = field_find(name);
  if (field != FIELD_COUNT && (field_def(field)->rows & rows_of(given) || given->kind == GIVEN_LIKES)) return (int)field;
  if (text_is(name, "id")) return COLUMN_ID;
  if (text_is(name, "track")) return COLUMN_TRACK;
  return text_is(name, "times") ? COLUMN_TIMES : COLUMN_FREE;
}

static bool takes(const Given *given, int column) {
  GivenKind kind = given->kind;
  if (column == COLUMN_ID) return kind == GIVEN_TRACKS || kind == GIVEN_SOURCE;
  if (column == COLUMN_TRACK) return kind != GIVEN_TRACKS;
  if (column == COLUMN_TIMES) return kind == GIVEN_PLAYS;
  if (column == COLUMN_FREE) return false;
  const FieldDef *def = field_def((FieldId)column);
  if (def->provider == PROVIDER_TRACK) return true;
  if (kind == GIVEN_TRACKS) return def->provider == PROVIDER_LIBRARY ? !def->windowed : suite_is_network(column);
  if (kind == GIVEN_LIKES) return column == FIELD_LIKED_AT || column == FIELD_SERVICE;
  if (kind == GIVEN_PLAYLIST) return column == FIELD_ADDED;
  if (kind == GIVEN_PLAYS) return def->provider == PROVIDER_SOURCE;
  if (kind == GIVEN_VALUES) return suite_is_network(column);
  return def->provider == PROVIDER_SOURCE || suite_is_network(column);
}

static void list_columns(const Given *given, Arena *arena, Text *names, size_t *count, TextBuilder *list) {
  static const char *const words[] = {"id", "track", "times"};
  for (int column = COLUMN_ID; column != COLUMN_FREE; column++)
    if (takes(given, column)) names[(*count)++] = text_of(words[column - COLUMN_ID]);
  for (int column = 0; column < FIELD_COUNT; column++) {
    Text name = text_of(field_def((FieldId)column)->name);
    if (takes(given, column) && column_named(given, name) == column) names[(*count)++] = name;
  }
  list->arena = arena;
  for (size_t i = 0; i < *count; i++)
    if (!suite_is_network((int)field_find(names[i]))) text_append_format(list, "%s" TEXT_FORMAT, i ? " " : "", TEXT_ARG(names[i]));
  if (takes(given, FIELD_LASTFM_PLAYS)) text_append(list, TEXT_LITERAL(", and values of services as lastfm.plays"));
}

static void check_column(Checking *checking, const Given *given, TestText name) {
  DiagList *diags = checking->suite->diags;
  checking->columns_told = true;
  Text names[FIELD_COUNT + 3];
  size_t count = 0;
  TextBuilder list = {0};
  list_columns(given, checking->suite->arena, names, &count, &list);
  FieldId field = field_find(name.text);
  Diag *diag = diag_report(diags, DIAG_EXPECT_COLUMN, name.span, "these rows have no column `" TEXT_FORMAT "`", TEXT_ARG(name.text));
  size_t near = text_nearest(name.text, names, count);
  if (field != FIELD_COUNT && field_def(field)->windowed)
    diag_hint(diags, diag, "it is counted from the rows of `plays`");
  else if (near != SIZE_MAX)
    diag_hint(diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(names[near]));
  diag_note(diags, diag, "they take " TEXT_FORMAT, TEXT_ARG(text_built(&list)));
}

size_t suite_column(const TestTable *table, int column) {
  for (uint32_t i = 0; i < table->column_count; i++)
    if (table->columns[i] == column) return i;
  return SIZE_MAX;
}

static void need_columns(Checking *checking, const Given *given) {
  DiagList *diags = checking->suite->diags;
  if (given->kind == GIVEN_SOURCE && rows_of(given) == ON_PLAYLIST) return;
  bool identified = suite_column(&given->table, COLUMN_TRACK) != SIZE_MAX || suite_column(&given->table, FIELD_TITLE) != SIZE_MAX ||
                    suite_column(&given->table, FIELD_SPOTIFY_ID) != SIZE_MAX;
  if (!identified) {
    Diag *diag = diag_report(diags, DIAG_EXPECT_COLUMN, given->table.names[0].span, "nothing says which track a row is");
    diag_hint(diags, diag, given->kind == GIVEN_TRACKS ? "add a column `title`" : "add a column `track` or `title`");
  }
  if (rows_of(given) == ON_PLAY && suite_column(&given->table, FIELD_PLAYED_AT) == SIZE_MAX)
    diag_report(diags, DIAG_EXPECT_COLUMN, given->table.names[0].span, "plays need a column `played_at`");
}

/* ---- cells ---- */

int suite_find_track(const TestCase *test, Arena *arena, Text reference, const Given **given, uint32_t *row) {
  int found = 0;
  for (int pass = 0; pass < 2 && !found; pass++) { /* the library first */
    for (size_t i = 0; i < test->given.count; i++) {
      const Given *at = &test->given.items[i];
      if ((at->kind == GIVEN_TRACKS) != (pass == 0) || (pass == 1 && at->kind != GIVEN_SOURCE)) continue;
      size_t ids = suite_column(&at->table, COLUMN_ID), titles = suite_column(&at->table, FIELD_TITLE), artists = suite_column(&at->table, FIELD_ARTIST);
      for (uint32_t r = 0; r < at->table.row_count; r++) {
        const TestText *cells = &at->table.cells[(size_t)r * at->table.column_count];
        bool by_id = ids != SIZE_MAX && text_equal(cells[ids].text, reference);
        Text title = titles != SIZE_MAX ? cell_text(arena, cells[titles].text) : (Text){"", 0};
        bool fits = by_id || (title.length && text_equal(title, reference));
        if (!fits && title.length && artists != SIZE_MAX)
          fits = text_is(reference, arena_format(arena, TEXT_FORMAT " - " TEXT_FORMAT, TEXT_ARG(cell_text(arena, cells[artists].text)), TEXT_ARG(title)));
        if (!fits) continue;
        if (by_id || !found) {
          *given = at;
          *row = r;
        }
        if (by_id) return 1;
        found++;
      }
    }
  }
  return found;
}

Text suite_cell(const TestCase *test, Arena *arena, const Given *given, uint32_t row, int column) {
  size_t at = suite_column(&given->table, column);
  const TestText *cells = &given->table.cells[(size_t)row * given->table.column_count];
  if (at != SIZE_MAX) return cells[at].text;
  size_t track = suite_column(&given->table, COLUMN_TRACK);
  const Given *other;
  uint32_t other_row;
  if (track == SIZE_MAX || !cells[track].text.length) return (Text){"", 0};
  if (!suite_find_track(test, arena, cell_text(arena, cells[track].text), &other, &other_row)) return (Text){"", 0};
  at = suite_column(&other->table, column);
  return at == SIZE_MAX ? (Text){"", 0} : other->table.cells[(size_t)other_row * other->table.column_count + at].text;
}

static void check_reference(Checking *checking, const TestText *cell) {
  DiagList *diags = checking->suite->diags;
  const Given *given;
  uint32_t row;
  Text reference = cell_text(checking->suite->arena, cell->text);
  int found = suite_find_track(checking->test, checking->suite->arena, reference, &given, &row);
  if (found == 1 || (found == 0 && checking->columns_told)) return;
  if (found > 1) {
    Diag *diag = diag_report(diags, DIAG_EXPECT_TRACK, cell->span, "%d tracks are called so", found);
    diag_hint(diags, diag, "give them an `id`, or write \"Artist - Title\"");
    return;
  }
  VEC(Text) names = {0};
  for (size_t i = 0; i < checking->test->given.count; i++) {
    const TestTable *table = &checking->test->given.items[i].table;
    for (int which = 0; which < 2 && checking->test->given.items[i].kind == GIVEN_TRACKS; which++) {
      size_t at = suite_column(table, which ? FIELD_TITLE : COLUMN_ID);
      for (uint32_t r = 0; at != SIZE_MAX && r < table->row_count; r++)
        vec_push(checking->suite->arena, &names, cell_text(checking->suite->arena, table->cells[(size_t)r * table->column_count + at].text));
    }
  }
  Diag *diag = diag_report(diags, DIAG_EXPECT_TRACK, cell->span, "no track is called so");
  size_t near = text_nearest(reference, names.items, names.count);
  if (near != SIZE_MAX)
    diag_hint(diags, diag, "did you mean `" TEXT_FORMAT "`?", TEXT_ARG(names.items[near]));
  else
    diag_hint(diags, diag, "add it to `tracks`, by `id` or `title`");
}

static void wrong_cell(Checking *checking, const TestText *cell, const char *column, const char *right) {
  Diag *diag = diag_report(checking->suite->diags, DIAG_EXPECT_CELL, cell->span, "`" TEXT_FORMAT "` is no value of `%s`", TEXT_ARG(cell->text), column);
  diag_hint(checking->suite->diags, diag, "%s", right);
}

static void check_times(Checking *checking, const TestText *cell) {
  unsigned times = 0;
  for (size_t i = 0; i < cell->text.length && times <= TEST_MAX_TIMES; i++)
    times = cell->text.bytes[i] >= '0' && cell->text.bytes[i] <= '9' ? times * 10 + (unsigned)(cell->text.bytes[i] - '0') : TEST_MAX_TIMES + 1;
  if (times > TEST_MAX_TIMES) wrong_cell(checking, cell, "times", "a number of plays, at most 1000");
}

/* What the library would not take although it is of the field's type. */
static void check_mark(Checking *checking, const TestText *cell, int column, Value value) {
  if (column == FIELD_RATING && (value.integer < 1 || value.integer > 5)) wrong_cell(checking, cell, "rating", "1 to 5");
  if (column != FIELD_TAGS) return;
  ListItems tags = list_items(checking->reader.lists, value);
  char tag[TAG_MAX_LENGTH];
  size_t length;
  for (uint32_t i = 0; i < tags.count; i++)
    if (!tag_normalise(text_at(checking->reader.texts, (TextId)tags.items[i].integer), tag, &length)) wrong_cell(checking, cell, "tags", "a tag is " TAG_RULE);
}

static void check_cell(Checking *checking, const TestText *cell, int column) {
  Value value;
  if (column == COLUMN_TIMES) check_times(checking, cell);
  if (!cell->text.length) {
    if (column == COLUMN_TRACK || column == FIELD_PLAYED_AT)
      diag_report(checking->suite->diags, DIAG_EXPECT_CELL, cell->span, column == COLUMN_TRACK ? "which track is it?" : "a play has a time");
    return;
  }
  if (column == COLUMN_TRACK) check_reference(checking, cell);
  if (column >= FIELD_COUNT) return;
  Type type = type_required(field_def((FieldId)column)->type);
  if (!test_value(&checking->reader, type, cell->text, &value))
    wrong_cell(checking, cell, field_def((FieldId)column)->name, test_value_form(type));
  else
    check_mark(checking, cell, column, value);
}

static void check_table(Checking *checking, Given *given) {
  TestTable *table = &given->table;
  for (uint32_t i = 0; i < table->column_count; i++) {
    int column = column_named(given, table->names[i].text);
    if (takes(given, column))
      table->columns[i] = column;
    else if (table->names[i].text.length)
      check_column(checking, given, table->names[i]);
  }
  if (table->column_count && !checking->columns_told) need_columns(checking, given);
}

static void check_cells(Checking *checking, const Given *given) {
  const TestTable *table = &given->table;
  for (uint32_t row = 0; row < table->row_count; row++)
    for (uint32_t i = 0; i < table->column_count; i++)
      if (table->columns[i] != COLUMN_FREE) check_cell(checking, &table->cells[(size_t)row * table->column_count + i], table->columns[i]);
}

/* ---- settings ---- */

static void wrong_setting(Checking *checking, const TestText *setting, const Error *error, const char *right) {
  Diag *diag = diag_report(checking->suite->diags, DIAG_EXPECT_SETTING, setting->span, "%s", error->message);
  diag_hint(checking->suite->diags, diag, "%s", right);
}

static void check_settings(Checking *checking) {
  TestCase *test = checking->test;
  Error error = {0};
  Instant now;
  Value seed;
  const char *zone = test->zone.text.length ? text_copy(checking->suite->arena, test->zone.text).bytes : "UTC";
  if (zone_use(zone, &checking->reader.options.zone, &error) != STATUS_OK) wrong_setting(checking, &test->zone, &error, "as in `zone Europe/Berlin`");
  if (test->now.text.length && instant_parse(test->now.text, checking->reader.options.zone, &now, &error) != STATUS_OK)
    wrong_setting(checking, &test->now, &error, "as in `now 2026-06-01T12:00Z`");
  error.message[0] = '\0';
  if (!test->seed.text.length) return;
  if (!test_value(&checking->reader, TYPE_OF(INT), test->seed.text, &seed) || seed.integer < 0) {
    fail(&error, STATUS_USAGE, "", "not a seed");
    wrong_setting(checking, &test->seed, &error, "a whole number, 0 or more");
  }
}

void suite_check_case(Suite *suite, TestCase *test) {
  Checking checking = {.suite = suite, .test = test};
  checking.reader = (Run){.arena = suite->arena, .texts = text_pool_new(suite->arena), .lists = list_pool_new(suite->arena)};
  check_settings(&checking);
  for (size_t i = 0; i < test->given.count; i++) check_table(&checking, &test->given.items[i]);
  for (size_t i = 0; i < test->given.count; i++) check_cells(&checking, &test->given.items[i]);
}
