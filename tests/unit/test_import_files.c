/* What folders and zips hold, as people download, move and break them: each file is read, passed over, or told with what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/import/import_files.h"
#include "zip_write.h"

#include <cmocka.h> /* last: its macro `fail` hides ours */

#define PLAYS   "[{\"ts\":\"2024-03-05T20:01:00Z\",\"ms_played\":187000,\"master_metadata_track_name\":\"A\",\"master_metadata_album_artist_name\":\"B\"}]"
#define HISTORY "Spotify, extended streaming history"
#define UNPACK  "; unpack it and import what was in it"

static Arena *arena;
static char folder[] = "import-files-XXXXXX";

static int set_up(void **state) {
  (void)state;
  strcpy(folder + strlen(folder) - 6, "XXXXXX");
  arena = arena_new(0);
  return arena && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  const char *remove = arena_format(arena, "rm -rf '%s'", folder);
  int result = system(remove);
  arena_free(arena);
  return result;
}

static const char *in_folder(const char *name) {
  return arena_format(arena, "%s/%s", folder, name);
}

static void write_file(const char *name, const void *bytes, size_t length) {
  FILE *file = fopen(in_folder(name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

static Text read_file(const char *name) {
  Text text;
  Error error;
  assert_int_equal(file_read_all(arena, in_folder(name), 1 << 20, &text, &error), STATUS_OK);
  return text;
}

typedef struct Packed {
  const char *name, *bytes;
  size_t length;
} Packed;

static void write_zip(const char *name, const Packed *entries, size_t count) {
  ZipWriter *zip = zip_writer_new(in_folder(name));
  assert_non_null(zip);
  for (size_t i = 0; i < count; i++) assert_true(zip_writer_file(zip, entries[i].name, entries[i].bytes, entries[i].length));
  assert_true(zip_writer_close(zip));
}

/* As a program marks entries that want a password: the first bit of the flags, in both headers. */
static void lock_zip(const char *name) {
  Text zip = read_file(name);
  char *bytes = arena_copy(arena, zip.bytes, zip.length);
  for (size_t at = 0; at + 10 < zip.length; at++) {
    if (memcmp(bytes + at, "PK\3\4", 4) == 0) bytes[at + 6] |= 1;
    if (memcmp(bytes + at, "PK\1\2", 4) == 0) bytes[at + 8] |= 1;
  }
  write_file(name, bytes, zip.length);
}

#define BYTES(literal) literal, sizeof(literal) - 1

/* ---- single entries and files ---- */

static const struct {
  const char *name, *bytes;
  size_t length;
  const char *label, *problem; /* neither: passed over */
  bool hidden;
} cases[] = {
    {"Spotify Extended Streaming History/Streaming_History_Audio_2024_1.json", BYTES(PLAYS), HISTORY, NULL, false},
    {"Verlauf/Verlauf 2024.json", BYTES(PLAYS), HISTORY, NULL, false},
    {"Streaming_History_Audio_2024_2.json", BYTES(""), NULL, NULL, false},
    {"ReadMeFirst.pdf", BYTES("%PDF-1.4"), NULL, NULL, false},
    {"table.xlsx", BYTES("PK\3\4 an office's document"), NULL, NULL, false},
    {"my_spotify_data.json.gz", BYTES("\x1F\x8B\x08\0\0"), NULL, "is packed (gzip)" UNPACK, false},
    {"listens.bz2", BYTES("BZh91AY&SY"), NULL, "is packed (bzip2)" UNPACK, false},
    {"listens.xz", BYTES("\xFD" "7zXZ\0\0\4"), NULL, "is packed (xz)" UNPACK, false},
    {"listens.zst", BYTES("\x28\xB5\x2F\xFD\x24"), NULL, "is packed (zstd)" UNPACK, false},
    {"all.7z", BYTES("7z\xBC\xAF\x27\x1C\0\4"), NULL, "is packed (7z)" UNPACK, false},
    {"all.rar", BYTES("Rar!\x1A\x07\1\0"), NULL, "is packed (rar)" UNPACK, false},
    {"__MACOSX/Spotify/._Streaming_History_Audio_2024_1.json", BYTES("\0\5\x16\7\0\2\0\0Mac OS X"), NULL, NULL, true},
    {"Spotify/._endsong_0.json", BYTES("\0\5\x16\7\0\2\0\0Mac OS X"), NULL, NULL, true},
    {".DS_Store", BYTES("\0\0\0\1Bud1"), NULL, NULL, true},
};
enum { CASES = sizeof cases / sizeof *cases };

static const ImportFile *find(const ImportFiles *files, const char *path) {
  for (size_t i = 0; i < files->count; i++)
    if (text_is(files->items[i].name, path)) return &files->items[i];
  return NULL;
}

static void check_case(const ImportFiles *files, size_t i, const char *root) {
  const ImportFile *file = find(files, arena_format(arena, "%s/%s", root, cases[i].name));
  if (cases[i].hidden ? file != NULL : !file) fail_msg("%s is %s", cases[i].name, file ? "there" : "not there");
  if (!file) return;
  if (cases[i].label) assert_string_equal(file->format ? file->format->label : "none", cases[i].label);
  else assert_null(file->format);
  if (cases[i].problem) assert_string_equal(file->problem ? file->problem : "none", cases[i].problem);
  else assert_null(file->problem);
  assert_int_equal(file->empty, cases[i].length == 0);
}

static void make_folders(const char *name) {
  for (size_t at = 0; name[at]; at++)
    if (name[at] == '/') mkdir(in_folder(arena_format(arena, "%.*s", (int)at, name)), 0700);
}

static void files_in_a_folder(void **state) {
  (void)state;
  ImportFiles files = {0};
  Error error;
  for (size_t i = 0; i < CASES; i++) {
    make_folders(cases[i].name);
    write_file(cases[i].name, cases[i].bytes, cases[i].length);
  }
  assert_int_equal(unlink(in_folder("table.xlsx")), 0); /* in a folder it is looked into as any zip */
  write_file("table.xlsx", BYTES("an old document"));
  assert_int_equal(import_files_add(arena, folder, &files, &error), STATUS_OK);
  for (size_t i = 0; i < CASES; i++) check_case(&files, i, folder);
}

static void files_in_a_zip(void **state) {
  (void)state;
  ImportFiles files = {0};
  Error error;
  Packed entries[CASES + 1];
  write_zip("inner.zip", &(Packed){"endsong_0.json", BYTES(PLAYS)}, 1);
  Text inner = read_file("inner.zip");
  for (size_t i = 0; i < CASES; i++) entries[i] = (Packed){cases[i].name, cases[i].bytes, cases[i].length};
  entries[CASES] = (Packed){"part/My_Spotify_Data.ZIP", inner.bytes, inner.length};
  write_zip("all.zip", entries, CASES + 1);
  const char *path = in_folder("all.zip");
  assert_int_equal(import_files_add(arena, path, &files, &error), STATUS_OK);
  for (size_t i = 0; i < CASES; i++) check_case(&files, i, path);
  const ImportFile *nested = find(&files, arena_format(arena, "%s/part/My_Spotify_Data.ZIP", path));
  assert_non_null(nested);
  assert_string_equal(nested->problem, "is packed (zip)" UNPACK);
  /* what is to be read is opened by its place, whatever lies between */
  for (size_t i = 0; i < files.count; i++) {
    char bytes[sizeof PLAYS];
    size_t length = 0;
    Input *input;
    if (!files.items[i].format) continue;
    assert_int_equal(import_file_open(arena, &files.items[i], &input, &error), STATUS_OK);
    for (size_t got = 1; got; length += got) assert_int_equal(input->read(input, bytes + length, sizeof bytes - length, &got, &error), STATUS_OK);
    assert_true(text_equal((Text){bytes, length}, TEXT_LITERAL(PLAYS)));
  }
}

/* ---- whole zips ---- */

static void expect_bad(const char *name, const char *why) {
  ImportFiles files = {0};
  Error error = {0};
  const char *path = in_folder(name);
  assert_int_equal(import_files_add(arena, path, &files, &error), STATUS_FAILED);
  if (!strstr(error.message, why) || strncmp(error.message, path, strlen(path)) != 0) fail_msg("%s", error.message);
  /* in a folder the others are read all the same */
  files.count = 0;
  assert_int_equal(import_files_add(arena, folder, &files, &error), STATUS_OK);
  const ImportFile *bad = find(&files, path), *good = find(&files, in_folder("endsong_0.json"));
  assert_non_null(good);
  assert_non_null(good->format);
  assert_non_null(bad);
  assert_non_null(bad->problem);
  if (!strstr(bad->problem, why) || strstr(bad->problem, path)) fail_msg("%s", bad->problem);
  assert_int_equal(unlink(path), 0);
}

static void zips_that_cannot_be_read(void **state) {
  (void)state;
  write_file("endsong_0.json", BYTES(PLAYS));
  const Packed history = {"endsong_1.json", BYTES(PLAYS)};
  write_zip("bad.zip", &history, 1);
  lock_zip("bad.zip");
  expect_bad("bad.zip", "is locked by a password; unpack it and give the folder");
  write_zip("bad.zip", NULL, 0);
  expect_bad("bad.zip", "there is nothing in this zip");
  write_zip("bad.zip", &(Packed){".DS_Store", BYTES("x")}, 1);
  expect_bad("bad.zip", "there is nothing in this zip");
  write_zip("bad.zip", &(Packed){"../endsong_1.json", BYTES(PLAYS)}, 1);
  expect_bad("bad.zip", "leads outside of the zip");
  write_zip("whole.zip", &history, 1);
  Text whole = read_file("whole.zip");
  for (size_t length = 4; length < whole.length; length += 7) {
    write_file("bad.zip", whole.bytes, length);
    expect_bad("bad.zip", "is not whole: its end is missing, as of a download that broke off; get it again");
  }
}

/* Of a zip with an entry that is damaged the others are read. */
static void one_entry_is_damaged(void **state) {
  (void)state;
  ImportFiles files = {0};
  Error error;
  const Packed entries[] = {{"endsong_0.json", BYTES(PLAYS)}, {"endsong_1.json", BYTES(PLAYS)}, {"endsong_2.json", BYTES(PLAYS)}};
  write_zip("some.zip", entries, 3);
  Text zip = read_file("some.zip");
  char *bytes = arena_copy(arena, zip.bytes, zip.length);
  size_t seen = 0, at = 0;
  for (; seen < 2; at++) seen += memcmp(bytes + at, "PK\3\4", 4) == 0;
  memset(bytes + at - 1 + 30 + strlen("endsong_1.json"), 0xFF, 24); /* of its contents */
  write_file("some.zip", bytes, zip.length);
  assert_int_equal(import_files_add(arena, in_folder("some.zip"), &files, &error), STATUS_OK);
  assert_int_equal(files.count, 3);
  assert_non_null(files.items[0].format);
  assert_null(files.items[1].format);
  assert_non_null(strstr(files.items[1].problem, "cannot be unpacked"));
  assert_non_null(files.items[2].format);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(files_in_a_folder, set_up, tear_down),
      cmocka_unit_test_setup_teardown(files_in_a_zip, set_up, tear_down),
      cmocka_unit_test_setup_teardown(zips_that_cannot_be_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(one_entry_is_damaged, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
