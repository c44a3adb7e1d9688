/* The readers and writers of files, and the table of `show`. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_rig.h"

#include "base/random.h"
#include "connectors/file/csv.h"
#include "connectors/file/formats.h"
#include "engine/stage.h"
/* After error.h: its macro fail() would hide ours. */
#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- round trips ---- */

static Text random_text(Arena *arena, Random *random) {
  static const char *const pieces[] = {"a",
                                       "B",
                                       "=",
                                       "+",
                                       "-",
                                       "@",
                                       "\t",
                                       "\r",
                                       "\n",
                                       "\r\n",
                                       "\"",
                                       ",",
                                       "'",
                                       ";",
                                       "\\",
                                       " ",
                                       "e",
                                       "#",
                                       "é",
                                       "日本",
                                       "🎵",
                                       "\x01",
                                       "\xC2\x85",
                                       "\xE2\x80\xAE",
                                       "\xEF\xBB\xBF",
                                       "; ",
                                       "\\e",
                                       "''",
                                       "null",
                                       "true",
                                       "0",
                                       "1e5",
                                       "\x7F",
                                       "{",
                                       "}"};
  TextBuilder text = {.arena = arena};
  for (uint64_t n = random_below(random, 7); n; n--)
    text_append(&text, text_of(pieces[random_below(random, sizeof pieces / sizeof pieces[0])]));
  return text_built(&text);
}

static int64_t between(Random *random, int64_t low, int64_t high) {
  return low + (int64_t)random_below(random, (uint64_t)high - (uint64_t)low + 1);
}

static Value random_one(Fixture *fixture, Random *random, BaseType base) {
  switch (base) {
    case BASE_BOOL:
      return (Value){.integer = (int64_t)random_below(random, 2)};
    case BASE_INT:
      return (Value){.integer = (int64_t)(random_next(random) >> random_below(random, 64))};
    case BASE_FLOAT:
    case BASE_PERCENT: {
      double number = (random_unit(random) - 0.5) * (random_below(random, 2) ? 1 : 1e200);
      return (Value){.number = random_below(random, 4) ? number : (double)between(random, -3, 3)};
    }
    case BASE_DATE: {
      const DatePrecision precisions[] = {DATE_YEAR, DATE_MONTH, DATE_DAY};
      Date date = {.year = (int16_t)between(random, 1, 9999),
                   .month = 1,
                   .day = 1,
                   .precision = (uint8_t)precisions[random_below(random, 3)]};
      if (date.precision >= DATE_MONTH) date.month = (uint8_t)between(random, 1, 12);
      if (date.precision >= DATE_DAY) date.day = (uint8_t)between(random, 1, 28);
      return (Value){.integer = date_pack(date)};
    }
    case BASE_TIME: {
      int64_t instant = between(random, INSTANT_MIN, INSTANT_MAX);
      return (Value){.integer = random_below(random, 2) ? instant : instant / 1000 * 1000};
    }
    case BASE_DURATION: {
      int sign = random_below(random, 2) ? 1 : -1;
      Duration duration = {0, sign * between(random, 0, INT64_C(1) << 45)};
      if (random_below(random, 3) == 0) duration.months = sign * (int32_t)between(random, 1, 30000);
      return (Value){.integer = duration_pack(duration)};
    }
    default:
      return (Value){.integer = text_intern(fixture->run->texts, random_text(fixture->arena, random))};
  }
}

static Value random_value(Fixture *fixture, Random *random, Type type) {
  if (type_form(type) != FORM_LIST) return random_one(fixture, random, type_base(type));
  Value items[4];
  uint32_t count = (uint32_t)random_below(random, 5);
  for (uint32_t i = 0; i < count; i++) items[i] = random_one(fixture, random, type_base(type));
  return list_add(fixture->run->lists, items, count);
}

/* Rows that reading leaves as they are: `artist` and `artists` (columns 0 and 1) are both there or both missing. */
static Batch *random_batch(Fixture *fixture, Random *random, size_t rows) {
  Batch *batch = batch_new(fixture->arena, &fixture->schema, rows, true);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < fixture->schema.column_count; column++) {
      bool missing = random_below(random, 4) == 0 && column != 0;
      if (column == 1) missing = false;
      if (missing)
        batch_missing(fixture->arena, batch, column)[row] = 1;
      else
        batch_values(batch, column)[row] = random_value(fixture, random, fixture->schema.columns[column].type);
    }
  }
  return batch;
}

static void check_round_trip(FileRead *read, FileWrite *write, uint64_t seed) {
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  Random random = random_seeded(seed);
  add_fields(fixture, "artist artists title album duration released isrc explicit added plays first_played spotify.id");
  add_column(fixture, "score", TYPE_OF(FLOAT));
  add_column(fixture, "share", TYPE_OF(PERCENT));
  add_column(fixture, "numbers", TYPE_LIST_OF(INT));
  add_column(fixture, "days", TYPE_LIST_OF(DATE));
  add_column(fixture, "lengths", TYPE_LIST_OF(DURATION));
  add_column(fixture, "a \"name\", quoted", TYPE_OF(TEXT));
  Batch *batch = random_batch(fixture, &random, 200);
  Text content = written(fixture, write, batch);
  const Batch *back = try_read(fixture, read, content);
  if (!back)
    fail_msg("seed %llu: %s\n" TEXT_FORMAT, (unsigned long long)seed, fixture->error.message, TEXT_ARG(content));
  assert_int_equal(back->selected, batch->selected);
  for (size_t row = 0; row < batch->selected; row++) {
    for (size_t column = 0; column < fixture->schema.column_count; column++) {
      const char *before = cell_text(fixture, batch, column, row);
      assert_cell(fixture, back, column, row, before);
    }
  }
  assert_int_equal(fixture->run->notice_count, 0);
  arena_free(fixture->arena);
}

static void test_round_trip(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    check_round_trip(csv_read_rows, csv_write_rows, seed);
    check_round_trip(json_read_rows, json_write_rows, seed);
    check_round_trip(jsonl_read_rows, jsonl_write_rows, seed);
  }
}

static void test_one_column(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title");
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 3, true);
  set_text(fixture, batch, 0, 0, NULL);
  set_text(fixture, batch, 0, 1, "");
  set_text(fixture, batch, 0, 2, "x");
  Text content = written(fixture, csv_write_rows, batch);
  assert_text(content, "title\n\"\"\n'\nx\n");
  const Batch *back = try_read(fixture, csv_read_rows, content);
  assert_int_equal(back->selected, 3);
  assert_cell(fixture, back, 0, 0, "-");
  assert_cell(fixture, back, 0, 1, "\"\"");
  arena_free(fixture->arena);
}

static void test_no_rows(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title plays");
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 0, true);
  assert_text(written(fixture, csv_write_rows, batch), "title,plays\n");
  assert_text(written(fixture, json_write_rows, batch), "[]\n");
  assert_text(written(fixture, jsonl_write_rows, batch), "");
  assert_text(written(fixture, m3u_write_rows, batch), "#EXTM3U\n");
  assert_int_equal(read_ok(fixture, csv_read_rows, "title,plays\n")->selected, 0);
  assert_int_equal(read_ok(fixture, json_read_rows, "[]")->selected, 0);
  assert_int_equal(read_ok(fixture, jsonl_read_rows, "")->selected, 0);
  assert_int_equal(read_ok(fixture, m3u_read_rows, "")->selected, 0);
  arena_free(fixture->arena);
}

/* ---- what is written ---- */

static Batch *sample_batch(Fixture *fixture) {
  add_fields(fixture, "title artists duration released played_at explicit plays");
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 2, true);
  Value artists[2] = {{.integer = text_intern(fixture->run->texts, TEXT_LITERAL("A; B"))},
                      {.integer = text_intern(fixture->run->texts, TEXT_LITERAL("C"))}};
  set_text(fixture, batch, 0, 0, "=LOVE, \"x\"");
  set_text(fixture, batch, 0, 1, "+44");
  batch_values(batch, 1)[0] = list_add(fixture->run->lists, artists, 2);
  batch_missing(fixture->arena, batch, 1)[1] = 1;
  batch_values(batch, 2)[0].integer = duration_pack((Duration){0, 213000});
  batch_values(batch, 2)[1].integer = duration_pack((Duration){18, 0});
  batch_values(batch, 3)[0].integer = date_pack((Date){.year = 2024, .month = 3, .day = 1, .precision = DATE_MONTH});
  batch_missing(fixture->arena, batch, 3)[1] = 1;
  batch_values(batch, 4)[0].integer = INT64_C(1709668800000);
  batch_values(batch, 4)[1].integer = INT64_C(1709668800250);
  batch_values(batch, 5)[0].integer = 1;
  batch_missing(fixture->arena, batch, 5)[1] = 1;
  batch_values(batch, 6)[0].integer = -3;
  batch_values(batch, 6)[1].integer = 1234567890123;
  return batch;
}

static void test_written_text(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_PLAY, "x");
  Batch *batch = sample_batch(fixture);
  assert_text(written(fixture, csv_write_rows, batch),
              "title,artists,duration,released,played_at,explicit,plays\n"
              "\"'=LOVE, \"\"x\"\"\",A\\; B; C,213000,2024-03,2024-03-05T20:00:00Z,true,-3\n"
              "'+44,,1y6mo,,2024-03-05T20:00:00.250Z,,1234567890123\n");
  assert_text(
      written(fixture, json_write_rows, batch),
      "[\n"
      "{\"title\":\"=LOVE, \\\"x\\\"\",\"artists\":[\"A; B\",\"C\"],\"duration\":213000,\"released\":\"2024-03\","
      "\"played_at\":\"2024-03-05T20:00:00Z\",\"explicit\":true,\"plays\":-3},\n"
      "{\"title\":\"+44\",\"duration\":\"1y6mo\",\"played_at\":\"2024-03-05T20:00:00.250Z\",\"plays\":1234567890123}\n"
      "]\n");
  const uint32_t second[] = {1};
  assert_text(written(fixture, jsonl_write_rows, batch_select(fixture->arena, batch, second, 1)),
              "{\"title\":\"+44\",\"duration\":\"1y6mo\",\"played_at\":\"2024-03-05T20:00:00.250Z\",\"plays\":"
              "1234567890123}\n");
  arena_free(fixture->arena);
}

static void test_formulas(void **state) {
  (void)state;
  static const char *const formulas[] = {"=a", "+a", "-a", "@a", "\ta", "\ra", "'=a", "''-a", "", "'", "''"};
  static const char *const plain[] = {"a=", "'a", " =a", "''a", "\n=", "é"};
  for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++)
    assert_true(csv_needs_apostrophe(text_of(formulas[i])));
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
    assert_false(csv_needs_apostrophe(text_of(plain[i])));
    assert_text(csv_text_decode(text_of(plain[i])), plain[i]);
  }
}

static void test_m3u_written(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "artist title duration spotify.id");
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 6, true);
  static const char *const rows[][3] = {{"Queen", "Bohemian\r\n#EXTINF:1,Evil\x1b[2J", "4u7EnebtmKWzUH433cf5Qv"},
                                        {"#1 Dads", "Two Weeks", NULL},
                                        {NULL, "http://evil.example/x.mp3", "not an id\n/etc/passwd"},
                                        {NULL, NULL, NULL},
                                        {NULL, "\n", NULL},
                                        {"AC/DC", NULL, NULL}};
  for (size_t row = 0; row < 6; row++) {
    set_text(fixture, batch, 0, row, rows[row][0]);
    set_text(fixture, batch, 1, row, rows[row][1]);
    set_text(fixture, batch, 3, row, rows[row][2]);
    batch_values(batch, 2)[row].integer = duration_pack((Duration){0, 354947});
  }
  batch_missing(fixture->arena, batch, 2)[1] = 1;
  Text content = written(fixture, m3u_write_rows, batch);
  assert_text(content,
              "#EXTM3U\n"
              "#EXTINF:355,Queen - Bohemian#EXTINF:1,Evil[2J\nspotify:track:4u7EnebtmKWzUH433cf5Qv\n"
              "#EXTINF:-1,#1 Dads - Two Weeks\n./#1 Dads - Two Weeks\n"
              "#EXTINF:355,http://evil.example/x.mp3\n./http:__evil.example_x.mp3\n"
              "#EXTINF:355,\nunknown track\n"
              "#EXTINF:355,\nunknown track\n"
              "#EXTINF:355,AC/DC\nAC_DC\n");
  const Batch *back = try_read(fixture, m3u_read_rows, content);
  assert_int_equal(back->selected, 6);
  assert_cell(fixture, back, 0, 0, "\"Queen\"");
  assert_cell(fixture, back, 2, 0, "355000");
  assert_cell(fixture, back, 3, 0, "\"4u7EnebtmKWzUH433cf5Qv\"");
  assert_cell(fixture, back, 0, 1, "\"#1 Dads\"");
  assert_cell(fixture, back, 2, 1, "-");
  arena_free(fixture->arena);
}

/* ---- what is read ---- */

static void test_csv_forms(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title artist artists duration position explicit plays");
  const Batch *batch = read_ok(fixture, csv_read_rows,
                               "\xEF\xBB\xBF title ,artists,duration,explicit,plays\r\n"
                               "\"two\r\nlines, and \"\"quotes\"\"\",A;B ;  C\\D;,3:33,TRUE, 7 \r\n"
                               "\r\n"
                               "x,,1:02:03,false,0\r\n"
                               "y,'=a,90d,,");
  assert_int_equal(batch->selected, 3);
  assert_cell(fixture, batch, 0, 0, "\"two\\r\\nlines, and \\\"quotes\\\"\"");
  assert_cell(fixture, batch, 1, 0, "\"A\"");
  assert_cell(fixture, batch, 2, 0, "[\"A\",\"B\",\"C\\\\D\"]");
  assert_cell(fixture, batch, 3, 0, "213000");
  assert_cell(fixture, batch, 4, 0, "1");
  assert_cell(fixture, batch, 5, 0, "true");
  assert_cell(fixture, batch, 6, 0, "7");
  assert_cell(fixture, batch, 1, 1, "-");
  assert_cell(fixture, batch, 2, 1, "-");
  assert_cell(fixture, batch, 3, 1, "3723000");
  assert_cell(fixture, batch, 4, 1, "2");
  assert_cell(fixture, batch, 2, 2, "[\"=a\"]");
  assert_cell(fixture, batch, 3, 2, "7776000000");
  assert_cell(fixture, batch, 6, 2, "-");
  assert_int_equal(fixture->run->notice_count, 0);
  arena_free(fixture->arena);
}

static void test_identity(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "plays");
  const Batch *batch = read_ok(fixture, json_read_rows,
                               "[{\"spotify.id\":\"s1\",\"title\":\"a\"},{\"spotify.id\":\"s1\",\"title\":\"b\"},"
                               "{\"title\":\"Song\",\"artist\":\"X\"},{\"title\":\"song\",\"artists\":[\"x\",\"y\"]},"
                               "{\"mbid\":\"m\"},{\"musicbrainz.id\":\"m\"},{}]");
  assert_int_equal(batch->selected, 7);
  assert_true(batch->tracks[0] != 0 && batch->tracks[0] == batch->tracks[1]);
  assert_true(batch->tracks[2] != 0 && batch->tracks[2] == batch->tracks[3]);
  assert_true(batch->tracks[4] != 0 && batch->tracks[4] == batch->tracks[5]);
  assert_true(batch->tracks[0] != batch->tracks[2] && batch->tracks[2] != batch->tracks[4]);
  assert_true(batch->tracks[6] == 0);
  arena_free(fixture->arena);
}

static void test_fill(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "artist artists mbid musicbrainz.id position");
  const Batch *batch =
      read_ok(fixture, jsonl_read_rows,
              "{\"artist\":\"A\",\"musicbrainz.id\":\"m\"}\n{\"artists\":[\"B\",\"C\"],\"position\":9}\n"
              "{\"artists\":[],\"mbid\":\"n\"}\n{\"artist\":null}\n");
  assert_cell(fixture, batch, 1, 0, "[\"A\"]");
  assert_cell(fixture, batch, 2, 0, "\"m\"");
  assert_cell(fixture, batch, 3, 0, "\"m\"");
  assert_cell(fixture, batch, 4, 0, "1");
  assert_cell(fixture, batch, 0, 1, "\"B\"");
  assert_cell(fixture, batch, 4, 1, "9");
  assert_cell(fixture, batch, 0, 2, "-");
  assert_cell(fixture, batch, 1, 2, "[]");
  assert_cell(fixture, batch, 3, 2, "\"n\"");
  assert_cell(fixture, batch, 0, 3, "-");
  assert_cell(fixture, batch, 4, 3, "4");
  arena_free(fixture->arena);
}

static void test_m3u_forms(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "artist title duration spotify.id position");
  const Batch *batch = read_ok(fixture, m3u_read_rows,
                               "#EXTM3U\r\n#PLAYLIST:Mine\r\n"
                               "#EXTINF:123.5 logo=\"a,b\",Queen - We Will, We Will\r\nmusic/queen.mp3\r\n"
                               "C:\\Music\\Low - Sunflower.FLAC\n"
                               "file:///music/Sigur%20R%C3%B3s%20-%20Popplagi%C3%B0.ogg\n"
                               "https://open.spotify.com/intl-de/track/4u7EnebtmKWzUH433cf5Qv?si=1\n"
                               "#EXTINF:0,No Path\n"
                               "#EXTINF:-1,Last");
  assert_int_equal(batch->selected, 6);
  static const char *const expected[][4] = {{"\"Queen\"", "\"We Will, We Will\"", "123500", "-"},
                                            {"\"Low\"", "\"Sunflower\"", "-", "-"},
                                            {"\"Sigur Rós\"", "\"Popplagið\"", "-", "-"},
                                            {"-", "-", "-", "\"4u7EnebtmKWzUH433cf5Qv\""},
                                            {"-", "\"No Path\"", "-", "-"},
                                            {"-", "\"Last\"", "-", "-"}};
  for (size_t row = 0; row < 6; row++) {
    for (size_t column = 0; column < 4; column++) assert_cell(fixture, batch, column, row, expected[row][column]);
  }
  assert_int_equal(fixture->run->notice_count, 0);
  arena_free(fixture->arena);
}

/* ---- what is told ---- */

static void test_notices(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title duration explicit plays added released artists");
  const Batch *batch = read_ok(fixture, csv_read_rows,
                               "Tittle,duration,explicit,plays,added,,title,album,played_at,plays(90d)\n"
                               "a,long\x1b[1m,maybe,1.5,yesterday,z,b,c,d,1\n"
                               "a,,\n"
                               "a,,,,,,b,c,d,1,too,many\n");
  assert_int_equal(batch->selected, 3);
  assert_cell(fixture, batch, 1, 0, "-");
  assert_cell(fixture, batch, 3, 0, "-");
  assert_has_notice(fixture, true,
                    "4 values could not be read and are missing; the first: in.txt:2, column duration: "
                    "\"long\\x1b[1m\" is not a length in "
                    "milliseconds, or such as 3:33 or 90d");
  assert_has_notice(
      fixture, false,
      "in.txt: not read, because tracks have no such field: \"Tittle\" (did you mean title?), one without a name, "
      "\"played_at\" (not a field of tracks)");
  assert_has_notice(
      fixture, true,
      "1 row had more values than the first line has names, and the values beyond were not read; the first: in.txt:4");
  assert_has_notice(
      fixture, false,
      "1 row had fewer values than the first line has names, and the rest is missing; the first: in.txt:3");
  assert_int_equal(fixture->run->notice_count, 4);
  arena_free(fixture->arena);
}

/* Near misses: each row is missing in all columns. */
static void test_not_values(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "duration plays released added");
  add_column(fixture, "score", TYPE_OF(FLOAT));
  const Batch *batch = read_ok(fixture, csv_read_rows,
                               "duration,plays,released,added,score\n"
                               "3:3,99999999999999999999,2024-13,2024,1e999\n"
                               "1:60,+1,2024-02-30,20240305,nan\n"
                               "1:2:3:4,0x1,2024-03-05T20:00Z,now,0x1\n"
                               "140737488355328,--1,05.03.2024,2024-03-05 20:00,1.\n"
                               ":10,9223372036854775808,24,12:00,.5\n"
                               "5m,1 2,y,z,1e\n");
  assert_int_equal(batch->selected, 6);
  for (size_t row = 0; row < 6; row++) {
    for (size_t column = 0; column < 5; column++) assert_cell(fixture, batch, column, row, "-");
  }
  assert_has_notice(fixture, true, "30 values could not be read and are missing");
  arena_free(fixture->arena);
}

static void test_json_types(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title duration explicit plays added released artists");
  const Batch *batch = read_ok(
      fixture, json_read_rows,
      "[{\"title\":1999,\"duration\":\"3:33\",\"explicit\":\"true\",\"plays\":1.0,\"added\":5,\"released\":\"2024-03\","
      "\"artists\":[\"a\",1]},\n"
      "{\"title\":{\"a\":[1]},\"artists\":[[\"a\"]],\"duration\":99999999999999999,\"x\":{\"y\":{}},\"plays\":\"3\"}]");
  assert_int_equal(batch->selected, 2);
  assert_cell(fixture, batch, 1, 0, "213000");
  assert_cell(fixture, batch, 5, 0, "\"2024-03\"");
  for (size_t column = 0; column < 7; column++) {
    if (column != 1 && column != 5) assert_cell(fixture, batch, column, 0, "-");
    assert_cell(fixture, batch, column, 1, "-");
  }
  assert_has_notice(
      fixture, true,
      "9 values could not be read and are missing; the first: in.txt:1, column title: 1999 is not a text");
  assert_has_notice(fixture, false, "\"x\"");
  arena_free(fixture->arena);
}

static void test_undated_plays(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_PLAY, "x");
  add_fields(fixture, "title");
  const Batch *batch = read_ok(fixture, jsonl_read_rows,
                               "{\"title\":\"a\",\"played_at\":\"2024-03-05T20:00:00Z\"}\n{\"title\":\"b\"}\n{"
                               "\"title\":\"c\",\"played_at\":3}\n");
  assert_int_equal(batch->selected, 1);
  assert_has_notice(fixture, true, "2 plays without played_at left out; the first: in.txt:2");
  assert_has_notice(fixture, true,
                    "1 value could not be read and is missing; the first: in.txt:3, column played_at: 3 is not a time "
                    "such as 2024-03-05T20:00:00Z");
  arena_free(fixture->arena);
}

typedef struct BadFile {
  FileRead *read;
  const char *content;
  size_t length; /* 0 = to the NUL */
  const char *message;
} BadFile;

static void test_bad_files(void **state) {
  (void)state;
  const BadFile files[] = {
      {csv_read_rows, "", 0, "in.txt: is empty; the first line must name the columns"},
      {csv_read_rows, "\n\r\n\n", 0, "in.txt: is empty; the first line must name the columns"},
      {csv_read_rows, "Bohemian Rhapsody,Queen\n", 0,
       "in.txt:1: the first line must name the columns, such as title,artist,album; \"Bohemian Rhapsody\" and what "
       "follows it is none"},
      {csv_read_rows, "title,album,title\n", 0, "in.txt:1: two columns are called \"title\""},
      {csv_read_rows, "title,x,x\n", 0, "in.txt:1: two columns are called \"x\""},
      {csv_read_rows, "title\na\n\"b\nc\nd", 0, "in.txt:3: the quote opened on this line is not closed"},
      {csv_read_rows, "title\n\"a\nb\"\n\"c\n", 0, "in.txt:4: the quote opened on this line is not closed"},
      {csv_read_rows, "title,album\n\"a\"b,c\n", 0,
       "in.txt:2: text after a closing quote; a comma or the end of the line was expected"},
      {csv_read_rows, "title\n12\" mix\n", 0, "in.txt:2: a quote inside a value; enclose the whole value in quotes"},
      {csv_read_rows, "title\na\rb\n", 0, "in.txt:2: a carriage return without a line feed"},
      {csv_read_rows, "title\nab\xE9t\n", 0,
       "in.txt:2: byte 3 of the line, 0xE9, is not valid UTF-8; save the file as UTF-8"},
      {csv_read_rows, "title\nab\xE9", 0, "in.txt:2: byte 3 of the line, 0xE9, is not valid UTF-8"},
      {csv_read_rows, "title\n\0x\n", 9, "in.txt:2: byte 1 of the line is NUL"},
      {csv_read_rows, "\xFF\xFEt\0i\0", 6, "in.txt: is UTF-16; save it as UTF-8"},
      {json_read_rows, "", 0, "in.txt"},
      {json_read_rows, "{\"title\":1}", 0,
       "in.txt:1: an array of objects was expected, [ {...}, ... ]; for one object a line use file.jsonl"},
      {json_read_rows, "3", 0, "in.txt:1: an array of objects was expected"},
      {json_read_rows, "[\n{},\n3]", 0, "in.txt:3: each element of the array must be an object"},
      {json_read_rows, "[{}] x", 0, "in.txt:1"},
      {json_read_rows, "[{\"title\":\"a\",\n\"title\":\"b\"}]", 0, "in.txt:2: \"title\" stands twice in one row"},
      {json_read_rows, "[{\"zzz\":\"a\",\"zzz\":1}]", 0, "in.txt:1: \"zzz\" stands twice in one row"},
      {json_read_rows, "[{\"title\":\"a\"", 0, "in.txt:1"},
      {jsonl_read_rows, "[]", 0,
       "in.txt:1: each line must be one object, {\"title\": ...}; for an array use file.json"},
      {jsonl_read_rows, "{}\n\"x\"\n", 0, "in.txt:2: each line must be one object"},
      {jsonl_read_rows, "{}\n{\"a\":}\n", 0, "in.txt:2"},
      {m3u_read_rows, "#EXTM3U\n#EXTINF:1,Caf\xE9\nx\n", 0,
       "in.txt:2: byte 14 of the line, 0xE9, is not valid UTF-8; older players write Latin-1: convert it with iconv"},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    Fixture *fixture = fixture_new(ROWS_TRACK, "x");
    add_fields(fixture, "title album");
    const BadFile *file = &files[i];
    Text content = {file->content, file->length ? file->length : strlen(file->content)};
    if (try_read(fixture, file->read, content)) fail_msg("no error, expected: %s", file->message);
    if (!strstr(fixture->error.message, file->message))
      fail_msg("\nhave: %s\nwant: %s", fixture->error.message, file->message);
    arena_free(fixture->arena);
  }
}

static void test_limits(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title");
  TextBuilder text = {.arena = fixture->arena};
  text_append(&text, TEXT_LITERAL("title\n"));
  for (int i = 0; i <= 1 << 20; i++) text_append_char(&text, 'x');
  assert_null(try_read(fixture, csv_read_rows, text_built(&text)));
  assert_non_null(strstr(fixture->error.message, "in.txt:2: a value is longer than the limit of 1 MiB"));
  assert_null(try_read(fixture, m3u_read_rows, text_built(&text)));
  assert_non_null(strstr(fixture->error.message, "in.txt:2: a line is longer than the limit of 1 MiB"));
  text.length = 0;
  for (int i = 0; i <= 1024; i++) text_append_format(&text, "{\"k%d\":1}\n", i);
  assert_null(try_read(fixture, jsonl_read_rows, text_built(&text)));
  assert_non_null(strstr(fixture->error.message, "in.txt:1025: more than 1024 different columns"));
  text.length = 0;
  for (int i = 0; i <= 1024; i++) text_append(&text, TEXT_LITERAL("title,"));
  assert_null(try_read(fixture, csv_read_rows, text_built(&text)));
  assert_non_null(strstr(fixture->error.message, "in.txt:1: a row has more than 1024 values"));
  arena_free(fixture->arena);
}

/* Blocks end in the middle of characters, quotes and line ends. */
static Status drip(Input *input, void *buffer, size_t size, size_t *got, Error *error) {
  (void)error;
  Text *rest = input->context;
  *got = rest->length && size ? 1 : 0;
  if (*got) *(char *)buffer = *rest->bytes++;
  rest->length -= *got;
  return STATUS_OK;
}

static void test_small_reads(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, "title album");
  Text content = TEXT_LITERAL("\xEF\xBB\xBFtitle,album\r\n\"日本 \"\"🎵\"\"\",é\r\nx,y");
  Input input = {drip, &content, "in.txt"};
  FileRows *rows = file_rows_new(fixture->run, 0, &fixture->schema, "in.txt");
  assert_int_equal(csv_read_rows(fixture->run, &input, rows, &fixture->error), STATUS_OK);
  const Batch *batch = file_rows_finish(rows);
  assert_int_equal(batch->selected, 2);
  assert_cell(fixture, batch, 0, 0, "\"日本 \\\"🎵\\\"\"");
  assert_cell(fixture, batch, 1, 0, "\"é\"");
  assert_cell(fixture, batch, 1, 1, "\"y\"");
  arena_free(fixture->arena);
}

/* ---- the stages ---- */

static Status run_stage(Fixture *fixture, StageId id, const Batch *input, const Batch **out) {
  static const PlanArg path = {.param = 0, .kind = ARG_CONSTANT, .name = PLAN_NONE, .index = 0, .code = PLAN_NONE};
  PlanArg args[] = {path};
  const PlanNode node = {.args = args, .arg_count = id == STAGEID_SHOW ? 0 : 1};
  NodeReport report = {0};
  StageRun *const stages[] = {
      [STAGEID_FROM_FILE_CSV] = stage_run_FROM_FILE_CSV,
      [STAGEID_FROM_FILE_JSON] = stage_run_FROM_FILE_JSON,
      [STAGEID_FROM_FILE_JSONL] = stage_run_FROM_FILE_JSONL,
      [STAGEID_FROM_FILE_M3U] = stage_run_FROM_FILE_M3U,
      [STAGEID_FROM_FILE_XSPF] = stage_run_FROM_FILE_XSPF,
      [STAGEID_FROM_FILE_JSPF] = stage_run_FROM_FILE_JSPF,
      [STAGEID_TO_FILE_CSV] = stage_run_TO_FILE_CSV,
      [STAGEID_TO_FILE_JSON] = stage_run_TO_FILE_JSON,
      [STAGEID_TO_FILE_JSONL] = stage_run_TO_FILE_JSONL,
      [STAGEID_TO_FILE_M3U] = stage_run_TO_FILE_M3U,
      [STAGEID_TO_FILE_XSPF] = stage_run_TO_FILE_XSPF,
      [STAGEID_TO_FILE_JSPF] = stage_run_TO_FILE_JSPF,
      [STAGEID_SHOW] = stage_run_SHOW,
  };
  StageCall call = {.run = fixture->run,
                    .def = stage_def(id),
                    .plan_node = &node,
                    .inputs = &input,
                    .input_count = input ? 1 : 0,
                    .schema = &fixture->schema,
                    .report = &report};
  return stages[id](&call, out, &fixture->error);
}

static void assert_stage_fails(RowKind kind, StageId id, bool source, const char *path, const char *message) {
  Fixture *fixture = fixture_new(kind, path);
  add_fields(fixture, "title");
  const Batch *input = source ? NULL : batch_new(fixture->arena, &fixture->schema, 3, true), *out;
  assert_int_not_equal(run_stage(fixture, id, input, &out), STATUS_OK);
  if (!strstr(fixture->error.message, message)) fail_msg("\nhave: %s\nwant: %s", fixture->error.message, message);
  arena_free(fixture->arena);
}

static void test_paths(void **state) {
  (void)state;
  char below_file[128];
  snprintf(below_file, sizeof below_file, "%s/no/such.csv", folder);
  for (StageId id = STAGEID_FROM_FILE_CSV; id <= STAGEID_FROM_FILE_JSPF; id++) {
    assert_stage_fails(ROWS_TRACK, id, true, below_file, "such.csv: there is no such file");
    assert_stage_fails(ROWS_TRACK, id, true, folder, "is a folder; name a file");
    assert_stage_fails(ROWS_TRACK, id, true, "", "the path is empty; name a file");
  }
  for (StageId id = STAGEID_TO_FILE_CSV; id <= STAGEID_TO_FILE_JSPF; id++) {
    assert_stage_fails(ROWS_TRACK, id, false, below_file, "there is no folder");
    assert_stage_fails(ROWS_TRACK, id, false, folder, "it is a folder; name a file in it");
    assert_stage_fails(ROWS_TRACK, id, false, "", "the path is empty; name a file");
    if (access("/dev/full", W_OK) == 0) assert_stage_fails(ROWS_TRACK, id, false, "/dev/full", "the disk is full");
  }
  if (geteuid() != 0) {
    char locked[128];
    snprintf(locked, sizeof locked, "%s/locked", folder);
    assert_int_equal(mkdir(locked, 0500), 0);
    strcat(locked, "/x.csv");
    assert_stage_fails(ROWS_TRACK, STAGEID_TO_FILE_CSV, false, locked, "may not write in the folder");
  }
}

static void test_write_and_read_stages(void **state) {
  (void)state;
  char path[128];
  snprintf(path, sizeof path, "%s/tracks", folder);
  for (StageId id = STAGEID_TO_FILE_CSV; id <= STAGEID_TO_FILE_JSPF; id++) {
    Fixture *fixture = fixture_new(ROWS_TRACK, path);
    add_fields(fixture, "title artist");
    Batch *batch = batch_new(fixture->arena, &fixture->schema, 2, true);
    for (size_t row = 0; row < 2; row++) {
      set_text(fixture, batch, 0, row, row ? "Two" : "One");
      set_text(fixture, batch, 1, row, "Nobody");
    }
    const Batch *out = NULL;
    fixture->run->options.dry_run = true;
    assert_int_equal(run_stage(fixture, id, batch, &out), STATUS_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_has_notice(fixture, false, "would write 2 rows to ");
    fixture->run->options.dry_run = false;
    assert_int_equal(run_stage(fixture, id, batch, &out), STATUS_OK);
    assert_ptr_equal(out, batch);
    assert_has_notice(fixture, false, "wrote 2 rows to ");
    StageId source = (StageId)(STAGEID_FROM_FILE_CSV + (id - STAGEID_TO_FILE_CSV));
    assert_int_equal(run_stage(fixture, source, NULL, &out), STATUS_OK);
    assert_int_equal(out->selected, 2);
    assert_cell(fixture, out, 0, 1, "\"Two\"");
    assert_cell(fixture, out, 1, 1, "\"Nobody\"");
    assert_int_equal(unlink(path), 0);
    arena_free(fixture->arena);
  }
}

/* ---- show ---- */

static const char *shown(Fixture *fixture, const Batch *batch, int width) {
  char *bytes = NULL;
  size_t length = 0;
  const Batch *out;
  fixture->run->options.out = open_memstream(&bytes, &length);
  fixture->run->options.terminal_width = width;
  assert_int_equal(run_stage(fixture, STAGEID_SHOW, batch, &out), STATUS_OK);
  assert_ptr_equal(out, batch);
  fclose(fixture->run->options.out);
  const char *copy = arena_copy(fixture->arena, bytes, length);
  free(bytes);
  return copy;
}

static Batch *table_batch(Fixture *fixture) {
  add_fields(fixture, "artist artists title duration plays last_played released liked");
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 3, true);
  static const char *const artists[] = {"日本", "Sigur Rós", NULL};
  static const char *const titles[] = {"a\x1b[2Jb\nc", "A rather long title that goes on", "🎵"};
  for (size_t row = 0; row < 3; row++) {
    set_text(fixture, batch, 0, row, artists[row]);
    set_text(fixture, batch, 2, row, titles[row]);
    batch_values(batch, 3)[row].integer = duration_pack((Duration){0, row == 1 ? 3753000 : 213400});
    batch_values(batch, 4)[row].integer = row == 1 ? 1234 : 7;
    batch_values(batch, 5)[row].integer = INT64_C(1709668800000);
    batch_values(batch, 6)[row].integer =
        date_pack((Date){.year = 2024, .month = 3, .day = 1, .precision = DATE_MONTH});
    batch_values(batch, 7)[row].integer = row == 0;
  }
  batch_missing(fixture->arena, batch, 5)[1] = 1;
  return batch;
}

static void test_show(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  Batch *batch = table_batch(fixture);
  const char *wide =
      "#  artist     title                             duration  plays  last_played       released  liked\n"
      "1  日本       a\\x1b[2Jb\\x0ac                        3:33      7  2024-03-05 20:00  2024-03   yes\n"
      "2  Sigur Rós  A rather long title that goes on   1:02:33   1234  –                 2024-03   no\n"
      "3  –          🎵                                    3:33      7  2024-03-05 20:00  2024-03   no\n";
  assert_string_equal(shown(fixture, batch, 0), wide);
  assert_string_equal(shown(fixture, batch, 80),
                      "#  artist     title           duration  plays  last_played       released  liked\n"
                      "1  日本       a\\x1b[2Jb\\x0ac      3:33      7  2024-03-05 20:00  2024-03   yes\n"
                      "2  Sigur Rós  A rather long…   1:02:33   1234  –                 2024-03   no\n"
                      "3  –          🎵                  3:33      7  2024-03-05 20:00  2024-03   no\n");
  const char *narrow = shown(fixture, batch, 10);
  assert_non_null(strstr(narrow, "2  Sigur R…  A rathe…   1:02:33"));
  arena_free(fixture->arena);
}

static void test_show_in_every_locale(void **state) {
  (void)state;
  static const char *const names[] = {"C", "C.UTF-8", "en_US.UTF-8", "de_DE.ISO-8859-1"};
  const char *first = NULL;
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  Batch *batch = table_batch(fixture);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (!setlocale(LC_ALL, names[i])) continue;
    const char *table = shown(fixture, batch, 70);
    if (!first) first = table;
    assert_string_equal(table, first);
    assert_string_equal(setlocale(LC_ALL, NULL), names[i]);
  }
  setlocale(LC_ALL, "C");
  arena_free(fixture->arena);
}

static void test_show_edges(void **state) {
  (void)state;
  Fixture *fixture = fixture_new(ROWS_ANY, "x");
  add_column(fixture, "name", TYPE_OF(TEXT));
  add_column(fixture, "n", TYPE_OF(INT));
  add_column(fixture, "share", TYPE_OF(PERCENT));
  add_column(fixture, "mean", TYPE_OF(FLOAT));
  assert_string_equal(shown(fixture, batch_new(fixture->arena, &fixture->schema, 0, false), 0),
                      "#  name  n  share  mean\nno rows\n");
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 1003, false);
  for (size_t row = 0; row < 1003; row++) {
    set_text(fixture, batch, 0, row, "x");
    batch_values(batch, 2)[row].number = 0.125;
    batch_values(batch, 3)[row].number = row ? 1.0 / 3 : 12345678.5;
  }
  const char *table = shown(fixture, batch, 0);
  static const char head[] =
      "   #  name  n  share      mean\n   1  x     0  12.5%  12345678\n   2  x     0  12.5%  0.333333\n";
  static const char tail[] = "1000  x     0  12.5%  0.333333\n… and 3 more\n";
  assert_memory_equal(table, head, sizeof head - 1);
  assert_string_equal(table + strlen(table) - strlen(tail), tail);
  const Batch *out;
  FILE *full = fopen("/dev/full", "w");
  if (full) {
    fixture->run->options.out = full;
    assert_int_equal(run_stage(fixture, STAGEID_SHOW, batch, &out), STATUS_FAILED);
    assert_non_null(strstr(fixture->error.message, "show: the table could not be printed"));
    fclose(full);
  }
  arena_free(fixture->arena);
}

/* ---- hostile bytes: a slice of tests/fuzz/fuzz_files.c ---- */

static const char *const samples[] = {
    "title,artists,duration,played_at\n\"a \"\"b\"\"\",A; B\\;,3:33,2024-03-05T20:00:00Z\n'=x,',90d,2024\n",
    "[{\"title\":\"a\",\"artists\":[\"A\",\"B\"],\"played_at\":\"2024-03-05T20:00:00Z\"},{\"x\":{\"y\":[1]}}]",
    "{\"title\":\"\\ud83c\\udfb5\",\"released\":\"2024-03\"}\n{\"plays\":1e3,\"explicit\":null}\n",
    "#EXTM3U\n#EXTINF:123 x=\"y,z\",A - B\nspotify:track:4u7EnebtmKWzUH433cf5Qv\nfile:///a%20b/c%C3%A9.mp3\n",
    "<playlist version='1' xmlns='http://xspf.org/ns/0/'><trackList><track><title>A &amp; B</title><duration>9</duration>"
    "<identifier>isrc:GBAYE6900531</identifier></track><track><location>a - b.mp3</location></track></trackList></playlist>",
    "{\"playlist\":{\"track\":[{\"title\":\"a\",\"identifier\":[\"isrc:GBAYE6900531\"],\"extension\":{\"https://"
    "musicbrainz.org/doc/jspf#track\":{\"additional_metadata\":{\"artists\":[{\"artist_credit_name\":\"B\"}]}}}}]}}",
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void test_damaged_files(void **state) {
  (void)state;
  static const char alphabet[] = "<>&\",;\\'\n\r{}[]:=%#0-9aeT\xFF\xC3\x80\x00";
  Random random = random_seeded(7);
  uint8_t data[512];
  for (int trial = 0; trial < 6000; trial++) {
    int sample = trial % SAMPLES;
    size_t size = strlen(samples[sample]) + 1;
    data[0] = (uint8_t)(sample | (trial / SAMPLES % 2 ? 8 : 0));
    memcpy(data + 1, samples[sample], size - 1);
    for (uint64_t n = random_below(&random, 6); n; n--) {
      size_t at = 1 + random_below(&random, size - 1);
      switch (random_below(&random, 3)) {
        case 0:
          data[at] = (uint8_t)alphabet[random_below(&random, sizeof alphabet)];
          break;
        case 1:
          memmove(data + at, data + at + 1, size - at - 1);
          size--;
          break;
        default:
          size = at + 1;
      }
      if (size < 2) break;
    }
    uint8_t *exact = malloc(size); /* so that a read beyond the end is seen */
    memcpy(exact, data, size);
    assert_int_equal(LLVMFuzzerTestOneInput(exact, size), 0);
    free(exact);
  }
}

/* Every allocation of reading and writing fails once; the sanitizer build sees what would be lost. */
static void test_exhaustion(void **state) {
  (void)state;
  uint8_t data[512];
  for (size_t sample = 0; sample < SAMPLES; sample++) {
    size_t length = strlen(samples[sample]);
    data[0] = (uint8_t)sample;
    memcpy(data + 1, samples[sample], length);
    for (unsigned long n = 1; n <= 400; n++) {
      arena_test_fail_at(n);
      assert_int_equal(LLVMFuzzerTestOneInput(data, length + 1), 0);
    }
    arena_test_fail_at(0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_one_column),
      cmocka_unit_test(test_no_rows),
      cmocka_unit_test(test_written_text),
      cmocka_unit_test(test_formulas),
      cmocka_unit_test(test_m3u_written),
      cmocka_unit_test(test_csv_forms),
      cmocka_unit_test(test_identity),
      cmocka_unit_test(test_fill),
      cmocka_unit_test(test_m3u_forms),
      cmocka_unit_test(test_notices),
      cmocka_unit_test(test_not_values),
      cmocka_unit_test(test_json_types),
      cmocka_unit_test(test_undated_plays),
      cmocka_unit_test(test_bad_files),
      cmocka_unit_test(test_limits),
      cmocka_unit_test(test_small_reads),
      cmocka_unit_test(test_paths),
      cmocka_unit_test(test_write_and_read_stages),
      cmocka_unit_test(test_show),
      cmocka_unit_test(test_show_in_every_locale),
      cmocka_unit_test(test_show_edges),
      cmocka_unit_test(test_damaged_files),
      cmocka_unit_test(test_exhaustion),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
