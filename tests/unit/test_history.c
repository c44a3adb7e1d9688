/* The reader of Spotify's extended streaming history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "connectors/spotify_export/history.h"
#include "connectors/spotify_export/zip.h"
#include "zip_write.h"

#include <cmocka.h> /* after ours: it defines a macro fail */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TS           "\"ts\":\"2024-03-05T20:00:00Z\","
#define MS           "\"ms_played\":180000,"
#define ID           "\"spotify_track_uri\":\"spotify:track:4uLU6hMCjMI75M1A2tKUQC\","
#define NAME         "\"master_metadata_track_name\":\"Paper Harbour\""

static int setup(void **state) {
  *state = arena_new(0);
  return *state ? 0 : 1;
}

static int teardown(void **state) {
  arena_free(*state);
  return 0;
}

static HistoryReader *read_text(Arena *arena, Text bytes, bool careful) {
  HistoryReader *reader;
  Error error = {0};
  assert_int_equal(history_open_text(arena, bytes, "h.json", (HistoryOptions){.careful = careful}, &reader, &error),
                   STATUS_OK);
  return reader;
}

static const HistoryRow *next(HistoryReader *reader) {
  const HistoryRow *row;
  Error error = {0};
  assert_int_equal(history_next(reader, &row, &error), STATUS_OK);
  return row;
}

static const HistoryRow *next_is(HistoryReader *reader, HistoryEvent event) {
  const HistoryRow *row = next(reader);
  if (row->event != event) {
    fail_msg("event %d instead of %d: " TEXT_FORMAT, (int)row->event, (int)event, TEXT_ARG(row->reason));
  }
  return row;
}

static void assert_text(Text text, const char *expected) {
  if (!text_is(text, expected)) {
    fail_msg("\"" TEXT_FORMAT "\" instead of \"%s\"", TEXT_ARG(text), expected);
  }
}

/* ---- one row ---- */

static void test_track(void **state) {
  static const char row[] =
      "[\n  {\n    \"ts\": \"2024-02-29T00:01:00Z\",\n    \"username\": \"u\",\n    \"platform\": \"iOS "
      "\\\"15\\\"\",\n    \"ms_played\": 61500,\n"
      "    \"conn_country\": \"ZZ\",\n    \"ip_addr\": \"192.0.2.7\",\n    \"master_metadata_track_name\": "
      "\"\\u00c5ngstr\\u00f6m \\ud83c\\udf12\",\n"
      "    \"master_metadata_album_artist_name\": \"Velda\",\n    \"master_metadata_album_album_name\": \"Kites\",\n"
      "    \"spotify_track_uri\": \"spotify:track:4uLU6hMCjMI75M1A2tKUQC\",\n    \"reason_start\": \"clickrow\",\n    "
      "\"reason_end\": null,\n    \"shuffle\": true,\n"
      "    \"skipped\": null,\n    \"offline\": false,\n    \"offline_timestamp\": 1709164799,\n    "
      "\"incognito_mode\": true,\n    \"novelty\": \"x\"\n  }\n]\n";
  for (int careful = 0; careful < 2; careful++) {
    HistoryReader *reader = read_text(*state, TEXT_LITERAL(row), careful);
    assert_text(next_is(reader, HISTORY_FILE)->file, "h.json");
    const HistoryRow *got = next_is(reader, HISTORY_PLAY);
    const PlayObservation *play = &got->play;
    assert_int_equal(got->line, 2);
    assert_int_equal(got->row, 1);
    assert_int_equal(got->kind, PLAY_TRACK);
    assert_int_equal(play->kind, PLAY_TRACK);
    assert_text(play->connector_track_id, "4uLU6hMCjMI75M1A2tKUQC");
    assert_text(play->title, "Ångström 🌒");
    assert_text(play->artist, "Velda");
    assert_text(play->album, "Kites");
    assert_true(play->played_at == INT64_C(1709164860000) - 61500); /* ts is the end */
    assert_int_equal(play->ms_played, 61500);
    assert_true(play->has_offline_at);
    assert_true(play->offline_at == INT64_C(1709164799000));
    assert_text(play->context.service, "spotify");
    assert_text(play->context.source, "spotify_export");
    assert_text(play->context.platform, "iOS \"15\"");
    assert_text(play->context.country, "ZZ");
    assert_text(play->context.reason_start, "clickrow");
    assert_text(play->context.reason_end, "");
    assert_int_equal(play->context.shuffle, TRISTATE_TRUE);
    assert_int_equal(play->context.skipped, TRISTATE_MISSING);
    assert_int_equal(play->context.offline, TRISTATE_FALSE);
    assert_int_equal(play->context.incognito, TRISTATE_TRUE);
    assert_text(next_is(reader, HISTORY_FILE_END)->reason, "");
    next_is(reader, HISTORY_END);
    next_is(reader, HISTORY_END);
  }
}

typedef struct Accepted {
  const char *row;
  int kind;
  const char *id, *title, *artist;
  int64_t offline_at; /* -1 = none */
} Accepted;

static const Accepted accepted[] = {
    {"{" TS MS ID NAME "}", PLAY_TRACK, "4uLU6hMCjMI75M1A2tKUQC", "Paper Harbour", "", -1},
    {"{" TS MS NAME ",\"master_metadata_album_artist_name\":\"Velda\",\"spotify_track_uri\":null}", PLAY_TRACK, "",
     "Paper Harbour", "Velda", -1},
    {"{" TS MS "\"spotify_track_uri\":\"spotify:local:Velda:Kites:Paper+Harbour:180\"," NAME "}", PLAY_TRACK, "",
     "Paper Harbour", "", -1},
    {"{" TS MS ID "\"offline_timestamp\":1709164799123}", PLAY_TRACK, "4uLU6hMCjMI75M1A2tKUQC", "", "",
     INT64_C(1709164799123)},
    {"{" TS MS ID "\"offline_timestamp\":0}", PLAY_TRACK, "4uLU6hMCjMI75M1A2tKUQC", "", "", -1},
    {"{" TS MS ID "\"offline_timestamp\":-5}", PLAY_TRACK, "4uLU6hMCjMI75M1A2tKUQC", "", "", -1},
    {"{" TS MS "\"episode_name\":\"#1\",\"episode_show_name\":\"Hour\",\"spotify_episode_uri\":\"spotify:episode:"
     "512ojhOuo1ktJprKbVcKyQ\"}",
     PLAY_EPISODE, "512ojhOuo1ktJprKbVcKyQ", "#1", "Hour", -1},
    {"{" TS MS "\"audiobook_title\":\"Book\",\"audiobook_uri\":\"spotify:show:1\",\"audiobook_chapter_uri\":\"spotify:"
     "chapter:0IsXVP0JmcB2adSE338GkK\","
     "\"audiobook_chapter_title\":\"One\"}",
     PLAY_CHAPTER, "0IsXVP0JmcB2adSE338GkK", "One", "Book", -1},
    {"{\"ts\":\"2024-03-05T20:00:00.250Z\",\"ms_played\":0," NAME ",\"extra\":{\"deep\":[1,2,{}]},\"more\":1.5e3}",
     PLAY_TRACK, "", "Paper Harbour", "", -1},
    {"{" TS MS ID "\"ip_addr\":12,\"username\":[]}", PLAY_TRACK, "4uLU6hMCjMI75M1A2tKUQC", "", "", -1},
};

static void test_accepted(void **state) {
  for (size_t i = 0; i < COUNT(accepted); i++) {
    const Accepted *expected = &accepted[i];
    for (int careful = 0; careful < 2; careful++) {
      HistoryReader *reader = read_text(*state, text_of(arena_format(*state, "[%s]", expected->row)), careful);
      next_is(reader, HISTORY_FILE);
      const HistoryRow *row = next_is(reader, HISTORY_PLAY);
      assert_int_equal(row->kind, expected->kind);
      assert_text(row->play.connector_track_id, expected->id);
      assert_text(row->play.title, expected->title);
      assert_text(row->play.artist, expected->artist);
      assert_int_equal(row->play.has_offline_at, expected->offline_at >= 0);
      assert_true(expected->offline_at < 0 || row->play.offline_at == expected->offline_at);
      assert_text(next_is(reader, HISTORY_FILE_END)->reason, "");
    }
  }
}

typedef struct Refused {
  const char *row, *reason;
} Refused;

static const Refused refused[] = {
    {"{" TS MS "\"spotify_track_uri\":null,\"master_metadata_track_name\":null}",
     "names no track, episode or audiobook"},
    {"{" TS MS "\"master_metadata_album_artist_name\":\"Velda\"}", "names no track, episode or audiobook"},
    {"{" MS NAME "}", "ts is missing, not a time such as 2024-03-05T20:00:00Z"},
    {"{\"ts\":null," MS NAME "}", "ts is null, not a time such as 2024-03-05T20:00:00Z"},
    {"{\"ts\":1709164800," MS NAME "}", "ts is 1709164800, not a time such as 2024-03-05T20:00:00Z"},
    {"{\"ts\":\"2023-02-29T20:00:00Z\"," MS NAME "}",
     "ts is \"2023-02-29T20:00:00Z\", not a time such as 2024-03-05T20:00:00Z"},
    {"{\"ts\":\"2023-02-28 20:00\"," MS NAME "}",
     "ts is \"2023-02-28 20:00\", not a time such as 2024-03-05T20:00:00Z"},
    {"{\"ts\":\"2023-02-28T24:00:00Z\"," MS NAME "}",
     "ts is \"2023-02-28T24:00:00Z\", not a time such as 2024-03-05T20:00:00Z"},
    {"{\"ts\":\"a\\u001bb\\n\"," MS NAME "}", "ts is \"a\\x1Bb\\x0A\", not a time such as 2024-03-05T20:00:00Z"},
    {"{" TS NAME "}", "ms_played is missing, not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":null," NAME "}", "ms_played is null, not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":-1," NAME "}", "ms_played is -1, not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":1.5," NAME "}", "ms_played is 1.5, not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":\"12\"," NAME "}", "ms_played is \"12\", not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":true," NAME "}", "ms_played is true, not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":123456789012345678901," NAME "}",
     "ms_played is 123456789012345678901, not a whole number of milliseconds from 0"},
    {"{" TS "\"ms_played\":99999999999999," NAME "}",
     "ms_played is 99999999999999, not a length of play that begins after the year 1"},
    {"{" TS MS "\"spotify_track_uri\":\"https://example.org\"," NAME "}",
     "spotify_track_uri is \"https://example.org\", not a track such as spotify:track:4uLU6hMCjMI75M1A2tKUQC"},
    {"{" TS MS "\"spotify_track_uri\":\"spotify:track:\"," NAME "}",
     "spotify_track_uri is \"spotify:track:\", not a track such as spotify:track:4uLU6hMCjMI75M1A2tKUQC"},
    {"{" TS MS "\"spotify_track_uri\":7," NAME "}", "spotify_track_uri is 7, not a text or null"},
    {"{" TS MS "\"master_metadata_track_name\":{\"a\":1}}",
     "master_metadata_track_name is an object, not a text or null"},
    {"{" TS MS NAME ",\"platform\":[]}", "platform is an array, not a text or null"},
    {"{" TS MS NAME ",\"shuffle\":0}", "shuffle is 0, not true, false or null"},
    {"{" TS MS NAME ",\"offline_timestamp\":\"x\"}", "offline_timestamp is \"x\", not a whole number or null"},
    {"{" TS MS NAME ",\"ms_played\":1}", "the key \"ms_played\" occurs twice"},
    {"{" TS MS NAME ",\"t\\u0073\":1}", "the key \"ts\" occurs twice"},
    {"{" TS MS NAME ",\"odd\":1,\"odd\":2}", "the key \"odd\" occurs twice"},
    {"{}", "ts is missing, not a time such as 2024-03-05T20:00:00Z"},
    {"7", "is a number, not an object with the keys of a play"},
    {"\"x\"", "is a text, not an object with the keys of a play"},
    {"[1]", "is an array, not an object with the keys of a play"},
    {"null", "is null, not an object with the keys of a play"},
};

/* A refused row leaves the rows around it as they are. */
static void test_refused(void **state) {
  static const char good[] = "{" TS MS NAME "}";
  for (size_t i = 0; i < COUNT(refused); i++) {
    for (int careful = 0; careful < 2; careful++) {
      HistoryReader *reader =
          read_text(*state, text_of(arena_format(*state, "[%s,\n%s,\n%s]", good, refused[i].row, good)), careful);
      next_is(reader, HISTORY_FILE);
      next_is(reader, HISTORY_PLAY);
      const HistoryRow *row = next_is(reader, HISTORY_REJECTED);
      assert_text(row->reason, refused[i].reason);
      assert_int_equal(row->line, 2);
      assert_int_equal(row->row, 2);
      assert_int_equal(next_is(reader, HISTORY_PLAY)->line, 3);
      row = next_is(reader, HISTORY_FILE_END);
      assert_text(row->reason, "");
      assert_int_equal(row->row, 3);
    }
  }
}

static void test_long_text(void **state) {
  for (size_t length = 65536; length <= 65537; length++) {
    char *title = arena_alloc(*state, length + 1);
    memset(title, 'a', length);
    HistoryReader *reader = read_text(
        *state, text_of(arena_format(*state, "[{" TS MS "\"master_metadata_track_name\":\"%s\"}]", title)), false);
    next_is(reader, HISTORY_FILE);
    const HistoryRow *row = next(reader);
    assert_int_equal(row->event, length == 65536 ? HISTORY_PLAY : HISTORY_REJECTED);
    if (length > 65536) {
      assert_text(row->reason,
                  "master_metadata_track_name is a text of more than 64 KiB, not a text of at most 64 KiB");
    }
  }
}

/* ---- whole files ---- */

typedef struct Broken {
  const char *bytes;
  uint64_t plays, rejected;
  const char *reason, *problem; /* beginnings; NULL = none */
} Broken;

#define GOOD "{" TS MS NAME "}"
static const Broken broken[] = {
    {"", 0, 0, NULL, "the file is empty"},
    {" \n ", 0, 0, NULL, "the file is empty"},
    {"[]", 0, 0, NULL, NULL},
    {"\xEF\xBB\xBF[ ]\n", 0, 0, NULL, NULL},
    {"\xEF\xBB\xBF[" GOOD "]", 1, 0, NULL, NULL},
    {"{}", 0, 0, NULL, "this is one object, as YourLibrary.json"},
    {"{\"tracks\":[]}", 0, 0, NULL, "this is one object, as YourLibrary.json"},
    {"3", 0, 0, NULL, "this is a single value"},
    {"nonsense", 0, 0, NULL, "broken JSON at 1:1: "},
    {"[" GOOD ",", 1, 1, "broken JSON at 1:", "rows after line 1 could not be read"},
    {"[" GOOD ",]", 1, 1, "broken JSON at 1:", NULL},
    {"[" GOOD "\n" GOOD "]", 2, 1, "broken JSON at 2:1: ", NULL},
    {"[" GOOD ",\n{\"ts\":\"2024", 1, 1, "broken JSON at 2:12: ", "rows after line 2 could not be read"},
    {"[" GOOD ",\n{\"ts\":\"a\nb\"}]", 1, 1, "broken JSON at 2:9: ", NULL},
    {"[" GOOD ",\n{\"x\":\"\xff\"}," GOOD "]", 2, 1, "broken JSON at 2:7: ", NULL},
    {"[" GOOD ",\n{\"x\":\"\xff\"}," GOOD, 2, 2, "broken JSON at ", "rows after line 2 could not be read"},
    {"[" GOOD ",\n{\"x\":01}]", 1, 1, "broken JSON at 2:6: ", NULL},
    {"[" GOOD ",\n{\"x\":01}\n", 1, 1, "broken JSON at 2:6: ", "rows after line 2 could not be read"},
    {"[{\"x\":1,\n\"y\":\"a,\n " GOOD "\n," GOOD "]", 2, 1, "broken JSON at 2:8: ", NULL},
    {"[{\"x\":1,\n" GOOD " , " GOOD "]", 2, 1, "broken JSON at 2:1: ", NULL},
    {"[{\"x\":\"\xff\",\"y\":[{\"a\":1}]}," GOOD "]", 1, 1, "broken JSON at 1:8: ", NULL},
    {"[" GOOD "] x", 1, 0, NULL, "broken JSON at 1:"},
    {"[" GOOD "", 1, 1, "broken JSON at 1:", "rows after line 1 could not be read"},
    {"[{\"endTime\":\"2024-01-01 10:00\",\"artistName\":\"V\",\"trackName\":\"P\",\"msPlayed\":1}]", 0, 0, NULL,
     "this is account data (endTime, msPlayed)"},
};

static bool begins(Text text, const char *prefix) {
  return text.length >= strlen(prefix) && memcmp(text.bytes, prefix, strlen(prefix)) == 0;
}

static void check_file(HistoryReader *reader, const Broken *expected, const char *shown) {
  uint64_t plays = 0, rejected = 0;
  for (;;) {
    const HistoryRow *row = next(reader);
    plays += row->event == HISTORY_PLAY;
    rejected += row->event == HISTORY_REJECTED;
    if (row->event == HISTORY_REJECTED && expected->reason && !begins(row->reason, expected->reason)) {
      fail_msg("%s: rejected for \"" TEXT_FORMAT "\"", shown, TEXT_ARG(row->reason));
    }
    if (row->event == HISTORY_FILE_END) {
      if (!(expected->problem ? begins(row->reason, expected->problem) : row->reason.length == 0)) {
        fail_msg("%s: ends with \"" TEXT_FORMAT "\"", shown, TEXT_ARG(row->reason));
      }
      break;
    }
  }
  if (plays != expected->plays || rejected != expected->rejected) {
    fail_msg("%s: %llu plays, %llu rejected", shown, (unsigned long long)plays, (unsigned long long)rejected);
  }
}

static void test_broken(void **state) {
  for (size_t i = 0; i < COUNT(broken); i++) {
    for (int careful = 0; careful < 2; careful++) {
      check_file(read_text(*state, text_of(broken[i].bytes), careful), &broken[i], broken[i].bytes);
    }
  }
}

static void test_hostile(void **state) {
  enum { MILLION = 1000000 };
  static const Broken nested = {NULL, 1, 1, "is an array", "rows after line 1"},
                      deep = {NULL, 1, 1, "broken JSON", "rows after line 1"},
                      number = {NULL, 1, 1, "broken JSON", NULL};
  const char *bytes = arena_alloc(*state, 4 * MILLION);
  char *at = (char *)(uintptr_t)bytes;
  at += sprintf(at, "[" GOOD ",");
  memset(at, '[', MILLION);
  check_file(read_text(*state, text_of(bytes), false), &nested, "deep arrays");
  char *object = at + sprintf(at, "{\"x\":");
  memset(object, '[', MILLION);
  check_file(read_text(*state, text_of(bytes), false), &deep, "deep value");
  char *digits = at + sprintf(at, "{" TS "\"ms_played\":");
  memset(digits, '7', MILLION);
  strcpy(digits + MILLION, "," NAME "}]");
  check_file(read_text(*state, text_of(bytes), false), &number, "a million digits");
  char *keys = at + sprintf(at, "{" TS MS NAME);
  for (int i = 0; i < 50000; i++) {
    keys += sprintf(keys, ",\"k%d\":0", i);
  }
  strcpy(keys, "}]");
  static const Broken many = {NULL, 1, 1, "more than 32 keys that are not Spotify's", NULL};
  check_file(read_text(*state, text_of(bytes), false), &many, "many keys");
}

/* A row longer than what is read at once, and one longer than a block; the rows around them stay. */
static void test_long_rows(void **state) {
  static const size_t lengths[] = {200000, 300000, 900000, 1040000};
  for (size_t i = 0; i < COUNT(lengths); i++) {
    char *filler = arena_alloc(*state, lengths[i] + 1);
    memset(filler, 'x', lengths[i]);
    Text bytes = text_of(arena_format(*state, "[" GOOD ",\n{" TS MS NAME ",\"novelty\":\"%s\"},\n" GOOD "]", filler));
    HistoryReader *reader = read_text(*state, bytes, false);
    next_is(reader, HISTORY_FILE);
    next_is(reader, HISTORY_PLAY);
    assert_int_equal(next_is(reader, HISTORY_PLAY)->line, 2);
    assert_int_equal(next_is(reader, HISTORY_PLAY)->line, 3);
    assert_text(next_is(reader, HISTORY_FILE_END)->reason, "");
  }
}

/* ---- many rows, every way of reading them ---- */

typedef struct Sum {
  uint64_t plays, rejected, hash;
} Sum;

static Sum sum_of(HistoryReader *reader) {
  Sum sum = {0};
  for (;;) {
    const HistoryRow *row = next(reader);
    if (row->event == HISTORY_END) {
      return sum;
    }
    sum.plays += row->event == HISTORY_PLAY;
    sum.rejected += row->event == HISTORY_REJECTED;
    uint64_t part = row->line * 31 + row->row;
    if (row->event == HISTORY_PLAY) {
      const PlayContext *context = &row->play.context;
      part += (uint64_t)row->play.played_at + row->kind +
              hash_bytes(row->play.title.bytes, row->play.title.length, context->platform.length) +
              (uint64_t)(context->shuffle | context->skipped << 2 | context->incognito << 4) +
              hash_bytes(context->reason_end.bytes, context->reason_end.length, row->play.artist.length);
    } else if (row->event == HISTORY_REJECTED) {
      part += hash_bytes(row->reason.bytes, row->reason.length, 0);
    }
    sum.hash = sum.hash * 1099511628211u + part;
  }
}

/* Keys that are mostly null together, as those of episodes are in rows of songs; now and then one is missing, unknown,
 * there twice, or has a value. */
static void append_nulls(TextBuilder *json, Random *random, const char *gap) {
  static const struct {
    const char *key, *value;
  } keys[] = {{"episode_name", "\"Sails\""},
              {"episode_show_name", "\"Harbour\""},
              {"spotify_episode_uri", "7"},
              {"audiobook_title", "\"Knots\""},
              {"novelty", "1"},
              {"reason_end", "\"endplay\""},
              {"shuffle", "true"},
              {"skipped", "false"},
              {"incognito_mode", "true"},
              {"offline_timestamp", "1709164799"},
              {"platform", "\"web\""}};
  enum { USUAL = COUNT(keys) - 1 };
  uint64_t kind = random_below(random, 3);
  for (size_t i = 0; i < USUAL; i++) {
    bool usual = random_below(random, 40) != 0;
    size_t key = usual ? i : random_below(random, COUNT(keys));
    bool null = random_below(random, 40) ? (i >> kind & 1) == 0 : random_below(random, 2);
    text_append_format(json, ",%s\"%s\":%s", gap, keys[key].key, null ? "null" : keys[key].value);
  }
}

static Text many_rows(Arena *arena, Random *random, size_t rows) {
  TextBuilder json = {.arena = arena};
  text_append_char(&json, '[');
  for (size_t i = 0; i < rows; i++) {
    static const char *const gaps[] = {"", "\n  ", " ", "\n\t", "\r\n"};
    static const char *const platforms[] = {",\"platform\":\"ios\"", ",\"platform\":null", ""};
    const char *gap = gaps[random_below(random, 50) ? 1 : random_below(random, COUNT(gaps))];
    text_append_format(
        &json,
        "%s%s{%s\"ts\":%s\"20%02d-0%d-1%dT1%d:00:00Z\",%s\"ms_played\":%d,\"master_metadata_track_"
        "name\":\"%s %d\"%s",
        i ? "," : "", gap, gap, random_below(random, 30) ? " " : "", (int)random_below(random, 30),
        1 + (int)random_below(random, 9), (int)random_below(random, 10), (int)random_below(random, 10), gap,
        (int)random_below(random, 300000) - 300, random_below(random, 9) ? "Kites" : "K\\u00e5tes \xF0\x9F\x8C\x92",
        (int)random_below(random, 1000), platforms[random_below(random, 20) ? random_below(random, 2) : 2]);
    append_nulls(&json, random, gap);
    text_append_char(&json, '}');
  }
  text_append(&json, TEXT_LITERAL("\n]"));
  return text_built(&json);
}

static void test_ways(void **state) {
  Random random = random_seeded(11);
  for (int round = 0; round < 6; round++) {
    Text bytes = many_rows(*state, &random, 1 + random_below(&random, 20000));
    Sum sums[3];
    for (int way = 0; way < 3; way++) {
      HistoryReader *reader;
      Error error = {0};
      assert_int_equal(history_open_text(*state, bytes, "h.json",
                                         (HistoryOptions){.ahead = way == 1, .careful = way == 2}, &reader, &error),
                       STATUS_OK);
      sums[way] = sum_of(reader);
      history_close(reader);
    }
    assert_memory_equal(&sums[0], &sums[1], sizeof sums[0]);
    assert_memory_equal(&sums[0], &sums[2], sizeof sums[0]);
    assert_true(sums[0].plays > 0);
  }
}

/* Closing in the middle ends the thread. */
static void test_close_early(void **state) {
  Random random = random_seeded(12);
  Text bytes = many_rows(*state, &random, 20000);
  for (int i = 0; i < 20; i++) {
    HistoryReader *reader;
    Error error = {0};
    assert_int_equal(history_open_text(*state, bytes, "h.json", (HistoryOptions){.ahead = true}, &reader, &error),
                     STATUS_OK);
    for (int rows = 0; rows < i * 100; rows++) {
      next(reader);
    }
    history_close(reader);
  }
}

/* What is wrong with one row costs no other; but where all rows are in one line, a string that lost its quote ends at
 * the first quote of the next row. */
static void test_one_broken_row(void **state) {
  enum { ROWS = 12 };
  Random random = random_seeded(14);
  for (int round = 0; round < 3000; round++) {
    bool lines = round % 2;
    const char *gap = lines ? "\n    " : "";
    TextBuilder json = {.arena = *state};
    size_t broken_row = random_below(&random, ROWS), begin = 0, end = 0;
    text_append_char(&json, '[');
    for (size_t i = 0; i < ROWS; i++) {
      if (i == broken_row) begin = json.length + (i > 0);
      text_append_format(&json,
                         "%s{%s\"ts\":\"2024-03-05T20:00:00Z\",%s\"ms_played\":%zu,%s\"platform\":null,%s\"master_"
                         "metadata_track_name\":\"a {\\\"}, [%zu]\"}",
                         i ? "," : "", gap, gap, i, gap, gap, i);
      if (i == broken_row) end = json.length;
    }
    text_append_char(&json, ']');
    size_t at = begin + random_below(&random, end - begin);
    json.bytes[at] = (char)random_below(&random, 256);
    bool read[ROWS] = {false};
    HistoryReader *reader = read_text(*state, text_built(&json), round % 4 / 2);
    for (const HistoryRow *row; (row = next(reader))->event != HISTORY_END;)
      if (row->event == HISTORY_PLAY && row->play.ms_played < ROWS) read[row->play.ms_played] = true;
    history_close(reader);
    for (size_t i = 0; i < ROWS; i++)
      if (!read[i] && i != broken_row && (lines || i != broken_row + 1))
        fail_msg("row %zu is lost: byte %zu of row %zu is 0x%02x (%s)", i, at - begin, broken_row,
                 (unsigned)json.bytes[at] & 0xFF, gap);
  }
}

/* ---- mutations: a seeded slice of tests/fuzz/fuzz_history.c ---- */

static void test_mutations(void **state) {
  (void)state;
  Random random = random_seeded(20240305);
  static const char *const pieces[] = {
      "\"", "\\", "\\u0000", "\\ud83c",          "{",       "}",  "[", "]",    ",",    ":", "null", "1e999", "-",
      "0",  "\n", "\xC3",    "\xF0\x9F\x8C\x92", "\"ts\":", "ts", " ", "\r\n", "false"};
  char buffer[4096];
  for (int round = 0; round < 6000; round++) {
    size_t seeds = COUNT(accepted) + COUNT(refused) + COUNT(broken), pick = random_below(&random, seeds);
    const char *row = pick < COUNT(accepted)                    ? accepted[pick].row
                      : pick < COUNT(accepted) + COUNT(refused) ? refused[pick - COUNT(accepted)].row
                                                                : NULL;
    int written = row ? snprintf(buffer, sizeof buffer, "[\n  " GOOD ",\n  %s,\n  " GOOD ",\n  %s\n]", row, row)
                      : snprintf(buffer, sizeof buffer, "%s", broken[pick - COUNT(accepted) - COUNT(refused)].bytes);
    size_t length = (size_t)written;
    for (uint64_t changes = random_below(&random, 4); changes > 0 && length > 0; changes--) {
      size_t at = random_below(&random, length);
      const char *piece = pieces[random_below(&random, COUNT(pieces))];
      size_t size = strlen(piece);
      switch (random_below(&random, 4)) {
        case 0:
          buffer[at] = (char)random_below(&random, 256);
          break;
        case 1:
          length = random_below(&random, 3) ? length : at;
          break;
        case 2:
          memmove(buffer + at, buffer + at + 1, length - at - 1);
          length--;
          break;
        default:
          if (length + size < sizeof buffer) {
            memmove(buffer + at + size, buffer + at, length - at);
            memcpy(buffer + at, piece, size);
            length += size;
          }
      }
    }
    uint8_t *copy = malloc(length + 1); /* its own block, so that a read beyond it is seen */
    assert_non_null(copy);
    memcpy(copy, buffer, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
  }
}

/* ---- files, folders, zips ---- */

static char folder[64];

static int make_folder(void **state) {
  strcpy(folder, "/tmp/narada-history-XXXXXX");
  return setup(state) || !mkdtemp(folder);
}

static int remove_folder(void **state) {
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return teardown(state) || system(command);
}

static const char *in_folder(Arena *arena, const char *name) {
  return arena_format(arena, "%s/%s", folder, name);
}

static void write_file(Arena *arena, const char *name, const char *bytes) {
  FILE *file = fopen(in_folder(arena, name), "wb");
  assert_non_null(file);
  fputs(bytes, file);
  assert_int_equal(fclose(file), 0);
}

static Status try_open(Arena *arena, const char *path, HistoryReader **reader, Error *error) {
  *error = (Error){0};
  return history_open(arena, &path, 1, (HistoryOptions){0}, reader, error);
}

static void assert_refused(Arena *arena, const char *path, const char *part) {
  HistoryReader *reader;
  Error error;
  assert_int_equal(try_open(arena, path, &reader, &error), STATUS_FAILED);
  if (!strstr(error.message, part)) {
    fail_msg("\"%s\" does not say \"%s\"", error.message, part);
  }
}

static void test_folder(void **state) {
  Arena *arena = *state;
  HistoryReader *reader;
  Error error;
  assert_refused(arena, folder, "holds no extended streaming history");
  write_file(arena, "StreamingHistory_music_0.json", "[]");
  assert_refused(arena, folder,
                 "holds account data (StreamingHistory_music_0.json), not the extended streaming history");
  assert_int_equal(mkdir(in_folder(arena, "b"), 0700), 0);
  write_file(arena, "b/Streaming_History_Video_2020.json", "[" GOOD "]");
  write_file(arena, "a_streaming_history.json", "[" GOOD "]");
  write_file(arena, "ENDSONG_0.JSON", "[" GOOD "]");
  write_file(arena, "Streaming_History_Audio_2019_1 (1).json", "[" GOOD "]");
  write_file(arena, "Streaming_History_Audio_2019-2020_10.json", "[" GOOD "]");
  write_file(arena, "Streaming_History_Audio_2019_2.json", "[" GOOD "]");
  write_file(arena, "Streaming_History_Audio_2019_1.json.bak", "[" GOOD "]");
  assert_int_equal(symlink(folder, in_folder(arena, "loop")), 0);
  assert_int_equal(try_open(arena, folder, &reader, &error), STATUS_OK);
  static const char *const names[] = {
      "ENDSONG_0.JSON", "Streaming_History_Audio_2019_1 (1).json", "Streaming_History_Audio_2019_2.json",
      "Streaming_History_Audio_2019-2020_10.json", "b/Streaming_History_Video_2020.json"};
  assert_int_equal(history_file_count(reader), COUNT(names));
  for (size_t i = 0; i < COUNT(names); i++) {
    assert_text(next_is(reader, HISTORY_FILE)->file, in_folder(arena, names[i]));
    next_is(reader, HISTORY_PLAY);
    next_is(reader, HISTORY_FILE_END);
  }
  next_is(reader, HISTORY_END);
  /* A file that is named is read whatever its name. */
  assert_int_equal(try_open(arena, in_folder(arena, "a_streaming_history.json"), &reader, &error), STATUS_OK);
  next_is(reader, HISTORY_FILE);
  next_is(reader, HISTORY_PLAY);
  assert_refused(arena, in_folder(arena, "nowhere.json"), "cannot be opened: No such file");
}

static ZipWriter *begin_zip(Arena *arena, const char *name) {
  ZipWriter *zip = zip_writer_new(in_folder(arena, name));
  assert_non_null(zip);
  return zip;
}

static void test_zip(void **state) {
  Arena *arena = *state;
  HistoryReader *reader;
  Error error;
  static const char rows[] = "[" GOOD "]";
  ZipWriter *zip = begin_zip(arena, "good.zip");
  assert_true(zip_writer_folder(zip, "Spotify Extended Streaming History/"));
  assert_true(zip_writer_file(zip, "Spotify Extended Streaming History/Streaming_History_Audio_2020_1.json", rows,
                              sizeof rows - 1));
  assert_true(zip_writer_file(zip, "Spotify Extended Streaming History/ReadMeFirst.pdf", "x", 1));
  assert_true(zip_writer_file(zip, "nested.zip", "PK\3\4", 4));
  assert_true(zip_writer_file(zip, "Übung/endsong_0.json", rows, sizeof rows - 1));
  assert_true(zip_writer_close(zip));
  const char *path = in_folder(arena, "good.zip");
  const char *twice[] = {path, path};
  assert_int_equal(history_open(arena, twice, 2, (HistoryOptions){.ahead = true}, &reader, &error), STATUS_OK);
  assert_int_equal(history_file_count(reader), 6);
  for (int i = 0; i < 6; i++) {
    const HistoryRow *row = next_is(reader, HISTORY_FILE);
    if (i % 3 == 0) {
      assert_text(row->file,
                  in_folder(arena, "good.zip/Spotify Extended Streaming History/Streaming_History_Audio_2020_1.json"));
    }
    if (i % 3 == 2) { /* it is not read, and told */
      assert_text(row->file, in_folder(arena, "good.zip/nested.zip"));
      assert_text(next_is(reader, HISTORY_FILE_END)->reason, "is a zip in the zip; unpack it and import it by itself");
      continue;
    }
    next_is(reader, HISTORY_PLAY);
    assert_text(next_is(reader, HISTORY_FILE_END)->reason, "");
  }
  next_is(reader, HISTORY_END);
}

static void test_dangerous_zips(void **state) {
  Arena *arena = *state;
  HistoryReader *reader;
  Error error;
  static const char *const names[] = {"../Streaming_History_Audio_1.json", "/Streaming_History_Audio_1.json",
                                      "a/../../endsong_0.json"};
  for (size_t i = 0; i < COUNT(names); i++) {
    ZipWriter *zip = begin_zip(arena, "out.zip");
    assert_true(zip_writer_file(zip, names[i], "[]", 2));
    assert_true(zip_writer_close(zip));
    assert_refused(arena, in_folder(arena, "out.zip"), "leads outside of the zip");
  }
  ZipWriter *zip = begin_zip(arena, "link.zip");
  assert_true(zip_writer_entry(zip, "Streaming_History_Audio_1.json", "/etc/passwd", 11, 0120777));
  assert_true(zip_writer_close(zip));
  assert_refused(arena, in_folder(arena, "link.zip"), "is a link");

  zip = begin_zip(arena, "many.zip");
  for (int i = 0; i <= ZIP_MAX_ENTRIES; i++) {
    assert_true(zip_writer_file(zip, arena_format(arena, "f%d", i), "", 0));
  }
  assert_true(zip_writer_close(zip));
  assert_refused(arena, in_folder(arena, "many.zip"), "more than 1000 entries");

  zip = begin_zip(arena, "account.zip");
  assert_true(zip_writer_file(zip, "Spotify Account Data/StreamingHistory0.json", "[]", 2));
  assert_true(zip_writer_close(zip));
  assert_refused(arena, in_folder(arena, "account.zip"), "holds account data (StreamingHistory0.json)");

  /* 64 MiB of spaces deflate to about 64 KiB: a thousandfold. */
  size_t size = 64 << 20;
  char *spaces = malloc(size);
  assert_non_null(spaces);
  memset(spaces, ' ', size);
  zip = begin_zip(arena, "bomb.zip");
  assert_true(zip_writer_file(zip, "endsong_0.json", spaces, size));
  assert_true(zip_writer_close(zip));
  free(spaces);
  assert_int_equal(try_open(arena, in_folder(arena, "bomb.zip"), &reader, &error), STATUS_OK);
  next_is(reader, HISTORY_FILE);
  const HistoryRow *row = next(reader);
  assert_true(row->event == HISTORY_FILE_END || row->event == HISTORY_REJECTED);
  assert_non_null(strstr(text_copy(arena, row->reason).bytes, "unpacks to more than"));

  write_file(arena, "cut.zip", "PK\3\4\24");
  assert_refused(arena, in_folder(arena, "cut.zip"), "");
}

/* ---- the store: what is read is stored, recognised or rejected, in every order and division ---- */

enum { PROPERTY_ROWS = 300, PROPERTY_FILES = 5 };

static const char *one_row(Arena *arena, Random *random) {
  if (random_below(random, 20) == 0) {
    return "{\"ts\":null}";
  }
  return arena_format(arena,
                      "{\"ts\":\"2024-01-0%dT10:00:0%dZ\",\"ms_played\":%d,\"spotify_track_uri\":\"spotify:track:%d\","
                      "\"master_metadata_track_name\":\"T%d\",\"shuffle\":%s}",
                      1 + (int)random_below(random, 9), (int)random_below(random, 10),
                      1000 * (int)random_below(random, 3), 10 + (int)random_below(random, 4),
                      (int)random_below(random, 4), random_below(random, 2) ? "true" : "null");
}

typedef struct PlaySet {
  uint64_t count, hash;
} PlaySet;

static bool add_to_set(void *context, const StorePlay *play) {
  PlaySet *set = context;
  set->count++;
  uint64_t numbers[] = {(uint64_t)play->played_at, (uint64_t)play->ms_played};
  set->hash += hash_bytes(numbers, sizeof numbers, 1); /* the same in any order */
  return true;
}

static ImportCounts import_text(Arena *arena, Store *store, PlayWriter *writer, Text bytes) {
  ImportCounts counts = {0};
  Error error = {0};
  HistoryReader *reader = read_text(arena, bytes, false);
  assert_int_equal(store_begin(store, &error), STATUS_OK);
  for (;;) {
    const HistoryRow *row = next(reader);
    PlayAdded added;
    if (row->event == HISTORY_PLAY) {
      assert_int_equal(play_writer_add(writer, &row->play, &added, &error), STATUS_OK);
      assert_true(added.play > 0);
      counts.stored += !added.duplicate;
      counts.duplicates += added.duplicate;
      counts.rows++;
    } else if (row->event == HISTORY_REJECTED) {
      counts.rejected++;
      counts.rows++;
    } else if (row->event == HISTORY_END) {
      break;
    }
  }
  assert_int_equal(store_commit(store, &error), STATUS_OK);
  return counts;
}

/* Deals the rows to files in random order and imports these, the first of them twice. */
static PlaySet import_dealt(Arena *arena, Random *random, const char **rows, int round) {
  Error error = {0};
  Store *store;
  PlayWriter *writer;
  assert_int_equal(store_open(arena, in_folder(arena, arena_format(arena, "p%d.db", round)), STORE_WRITE,
                              INT64_C(1700000000000), &store, &error),
                   STATUS_OK);
  assert_int_equal(play_writer_new(store, TEXT_LITERAL("spotify_export"), TEXT_LITERAL("batch"), &writer, &error),
                   STATUS_OK);
  for (size_t i = PROPERTY_ROWS - 1; i > 0; i--) {
    size_t other = random_below(random, i + 1);
    const char *row = rows[i];
    rows[i] = rows[other];
    rows[other] = row;
  }
  TextBuilder files[PROPERTY_FILES];
  for (size_t f = 0; f < PROPERTY_FILES; f++) {
    files[f] = (TextBuilder){.arena = arena};
    text_append_char(&files[f], '[');
  }
  for (size_t i = 0; i < PROPERTY_ROWS; i++) {
    TextBuilder *file = &files[random_below(random, PROPERTY_FILES)];
    text_append_format(file, "%s%s", file->length > 1 ? ",\n" : "", rows[i]);
  }
  ImportCounts total = {0};
  for (size_t f = 0; f <= PROPERTY_FILES; f++) {
    if (f < PROPERTY_FILES) {
      text_append_char(&files[f], ']');
    }
    ImportCounts counts = import_text(arena, store, writer, text_built(&files[f % PROPERTY_FILES]));
    assert_int_equal(counts.rows, counts.stored + counts.duplicates + counts.rejected);
    if (f == PROPERTY_FILES) {
      assert_int_equal(counts.stored, 0);
    } else {
      total.rows += counts.rows;
      total.stored += counts.stored;
    }
  }
  assert_int_equal(total.rows, PROPERTY_ROWS);
  assert_int_equal(play_writer_finish(writer, total, &error), STATUS_OK);
  PlaySet set = {0};
  assert_int_equal(store_each_play(store, (InstantRange){INSTANT_MIN, INSTANT_MAX},
                                   PLAYS_OF_EVERY_KIND | PLAYS_AS_OBSERVED, add_to_set, &set, &error),
                   STATUS_OK);
  assert_int_equal(set.count, total.stored);
  assert_int_equal(store_close(store, &error), STATUS_OK);
  return set;
}

static void test_conservation(void **state) {
  Random random = random_seeded(77);
  const char *rows[PROPERTY_ROWS];
  for (size_t i = 0; i < PROPERTY_ROWS; i++) {
    rows[i] = one_row(*state, &random);
  }
  PlaySet first = import_dealt(*state, &random, rows, 0);
  assert_true(first.count > 50 && first.count < PROPERTY_ROWS - 20);
  for (int round = 1; round < 12; round++) {
    PlaySet set = import_dealt(*state, &random, rows, round);
    assert_int_equal(set.count, first.count);
    assert_true(set.hash == first.hash);
  }
}

/* ---- memory runs out ---- */

typedef struct ReadCall {
  Arena *arena;
  Text bytes;
  HistoryOptions options;
} ReadCall;

static Status read_body(void *context, Error *error) {
  ReadCall *call = context;
  HistoryReader *reader;
  const HistoryRow *row = NULL;
  Status status = history_open_text(call->arena, call->bytes, "h.json", call->options, &reader, error);
  while (status == STATUS_OK && (!row || row->event != HISTORY_END)) {
    status = history_next(reader, &row, error);
  }
  return status;
}

/* Each allocation fails once; nothing worse than an error comes of it. */
static void test_no_memory(void **state) {
  Random random = random_seeded(5);
  Text bytes = many_rows(*state, &random, 300);
  int failures = 0;
  for (unsigned long at = 1; at < 40; at++) {
    for (int way = 0; way < 4; way++) {
      Arena *arena = arena_new(0);
      Error error = {0};
      ReadCall call = {arena, bytes, {.ahead = way & 1, .careful = way >> 1}};
      arena_test_fail_at(at);
      Status status = arena_protect(arena, read_body, &call, &error);
      arena_test_fail_at(0);
      assert_true(status == STATUS_OK || error.message[0] != '\0');
      failures += status != STATUS_OK;
      arena_free(arena);
    }
  }
  assert_true(failures > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_track, setup, teardown),
      cmocka_unit_test_setup_teardown(test_accepted, setup, teardown),
      cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_long_text, setup, teardown),
      cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
      cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
      cmocka_unit_test_setup_teardown(test_long_rows, setup, teardown),
      cmocka_unit_test_setup_teardown(test_ways, setup, teardown),
      cmocka_unit_test_setup_teardown(test_close_early, setup, teardown),
      cmocka_unit_test_setup_teardown(test_one_broken_row, setup, teardown),
      cmocka_unit_test(test_mutations),
      cmocka_unit_test_setup_teardown(test_folder, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_zip, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_dangerous_zips, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_conservation, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_no_memory, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
