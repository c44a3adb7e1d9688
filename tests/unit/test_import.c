/* What other programs hand out: moments as they are written, files by what they hold, and a seeded slice of the fuzzing. */
#include "base/random.h"
#include "connectors/import/import_format.h"
#include "connectors/import/import_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void moments_are_read(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t at; /* -1 = no moment */
  } cases[] = {
      {"1709668678", 1709668678000},
      {"1709668678000", 1709668678000},
      {"1709668678.5", 1709668678500},
      {"0", 0},
      {"2024-03-05", 1709596800000},
      {"2024-03-05 19:57", 1709668620000},
      {"2024-03-05 19:57:58", 1709668678000},
      {"2024-03-05T19:57:58Z", 1709668678000},
      {"2024-03-05T19:57:58.250Z", 1709668678250},
      {"2024-03-05T20:57:58+01:00", 1709668678000},
      {"2024-03-05T20:57:58+0100", 1709668678000},
      {"05 Mar 2024, 19:57", 1709668620000},
      {"5 mar 2024 19:57:58", 1709668678000},
      {"5 Mar 2024", 1709596800000},
      {"2024/3/5 19:57", 1709668620000},
      {"05.03.2024 19:57", 1709668620000},
      {"5. March 2024, 7:57 PM", 1709668620000},
      {"March 5, 2024 12:00 am", 1709596800000},
      {"Sept. 5 2024", 1725494400000},
      {"Tue, 05 Mar 2024 19:57:58 GMT", 1709668678000},
      {"2024-03-05 20:57:58 +0100", 1709668678000},
      {"2024-03-05 19:57:58,250 UTC", 1709668678250},
      {"05/03/2024", -1}, /* a day in March or in May */
      {"2024-03/05", -1},
      {"05.13.2024", -1},
      {"13:00 PM", -1},
      {"2024-03-05 13:00 PM", -1},
      {"2024-03-05 0:30 AM", -1},
      {"Marchy 5, 2024", -1},
      {"2024-03-05 19:57 ut", -1},
      {"29 Feb 2023", -1},
      {"2024-13-01", -1},
      {"2024-03-05 24:00", -1},
      {"2024-03-05 19:57 tomorrow", -1},
      {"", -1},
      {"yesterday", -1},
      {"-5", -1},
      {"99999999999999999999", -1},
      {"+010000-01-01", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Instant at = -1;
    bool read = import_time_read(text_of(cases[i].text), &at);
    if (read != (cases[i].at >= 0) || (read && at != cases[i].at)) fail_msg("`%s` is read as %lld", cases[i].text, read ? (long long)at : -1LL);
  }
  Instant at;
  SlashedDate date;
  assert_false(import_time_read((Text){0}, &at)); /* a column that is not there */
  assert_false(import_time_slashed((Text){0}, &date));
}

static void files_are_recognised(void **state) {
  (void)state;
  static const struct {
    const char *text, *label; /* NULL = none */
  } cases[] = {
      {"[{\"ts\":\"2024-03-05T20:01:00Z\",\"ms_played\":1}]", "Spotify, extended streaming history"},
      {"\xEF\xBB\xBF[{\"endTime\":\"2024-03-05 20:01\",\"artistName\":\"A\",\"trackName\":\"B\",\"msPlayed\":1}", "Spotify, account data: plays"},
      {"{\"tracks\":[{\"artist\":\"A\",\"album\":\"B\",\"track\":\"C\",\"uri\":\"spotify:track:x\"}", "Spotify, account data: your library"},
      {"{\"playlists\":[{\"name\":\"P\",\"items\":[{\"track\":{\"trackName\":\"T\",\"trackUri\":\"u\"}}", "Spotify, account data: playlists"},
      {"{\"listened_at\":1709668680,\"track_metadata\":{\"track_name\":\"A\",\"artist_name\":\"B\"}}\n{", "ListenBrainz, listens"},
      {"[{\"listened_at\":1709668680,\"track_metadata\":{\"track_name\":\"A\",\"artist_name\":\"B\"}}]", "ListenBrainz, listens"},
      {"{\"score\":1,\"recording_mbid\":\"x\"}\n", "ListenBrainz, loved and hated"},
      {"{\"lovedtracks\":{\"track\":[{\"name\":\"A\",\"artist\":{\"name\":\"B\"}}", "Last.fm, loved tracks"},
      {"{\"recenttracks\":{\"track\":[{\"name\":\"A\",\"artist\":{\"#text\":\"B\"},\"date\":{\"uts\":\"1709668680\"}}", "Last.fm, scrobbles"},
      {"{\"username\":\"x\",\"scrobbles\":[{\"track\":\"A\",\"artist\":\"B\",\"album\":\"\",\"date\":1709668680000}", "Last.fm, scrobbles"},
      {"uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n1709668680,x,A,,B,,C,\n", "Last.fm, scrobbles as CSV"},
      {"Artist;Album;AlbumId;Track;Date#x\nA;B;;C;1709668680000\n", "Last.fm, scrobbles as CSV"},
      {"A,B,C,05 Mar 2024 19:57\n", "Last.fm, scrobbles as CSV without a header"},
      {"A,B,C,D\n", NULL},
      {"title,artist\nA,B\n", "a table of tracks (CSV), the first line names title, artist and more: a playlist"},
      {"\xFF\xFET\0i\0t\0l\0e\0;\0A\0r\0t\0i\0s\0t\0\n\0A\0;\0B\0", NULL}, /* only as far as its first NUL here; tests/cli has whole ones */
      {"Title;Artist\nCaf\xE9;B\xFCrger\n", "a table of tracks (CSV), the first line names title, artist and more: a playlist"},
      {"title\nA\n", NULL},
      {"Artist,Track,Date\n", "Last.fm, scrobbles as CSV"},
      {"title,artist\n", "a table of tracks (CSV), the first line names title, artist and more: a playlist"},
      {"artist;title;date\nA;B;03/05/2024 20:01\n", "Last.fm, scrobbles as CSV"},
      {"artist,album,name,date\nA,B,C,05 Mar 2024 19:57\n", "Last.fm, scrobbles as CSV"},
      {"title,artist,time\nA,B,3:45\nC,D,215\nE,F,1:02:45\n", "a table of tracks (CSV), the first line names title, artist and more: a playlist"},
      {"\xEF\xBB\xBF#EXTM3U\n#EXTINF:1,A - B\nx.mp3\n", "M3U playlist"},
      {"# made by hand\n#EXTINF:1,A - B\nx.mp3\n", "M3U playlist"},
      {"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nseg1.ts\n", NULL},
      {"<?xml version=\"1.0\"?>\n<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\"><trackList>", "XSPF playlist"},
      {"<html>", NULL},
      {"{\"playlist\":{\"title\":\"P\",\"track\":[{\"title\":\"A\"}", "JSPF playlist"},
      {"{\"a\":1}", NULL},
      {"[]", NULL},
      {"", NULL},
      {"\x89NRD", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena *arena = arena_new(0);
    const ImportFormat *format = import_recognise(arena, text_of(cases[i].text));
    const char *label = format ? format->label : "nothing", *wanted = cases[i].label ? cases[i].label : "nothing";
    if (strcmp(label, wanted) != 0) fail_msg("%s: %s, not %s", cases[i].text, label, wanted);
    arena_free(arena);
  }
}

/* Good beginnings with bytes changed, left out and put in. */
static void changed_files_do_no_harm(void **state) {
  (void)state;
  static const char *const seeds[] = {
      "[{\"endTime\":\"2024-03-05 20:01\",\"artistName\":\"A\",\"trackName\":\"B\",\"msPlayed\":1000},{\"endTime\":null}]",
      "{\"playlists\":[{\"name\":\"P\",\"items\":[{\"track\":null,\"localTrack\":{\"uri\":\"spotify:local:A+B:%41:T:200\"}},null,[1]]}]}",
      "[{\"track\":[{\"artist\":{\"#text\":\"E\"},\"name\":\"S\",\"@attr\":{\"nowplaying\":\"true\"}},{\"artist\":{\"#text\":\"E\"},\"name\":\"S\",\"date\":{\"uts\":\"1709710000\"}}]}]",
      "uts,utc_time,artist,album,track\n\"1709668678\",\"05 Mar 2024, 19:57\",\"A\",\"\",\"B \"\"x\"\"\"\n",
      "#EXTM3U\n#PLAYLIST:Caf\xE9\n#EXTINF:187,A - B\nspotify:track:0000000000000000000001\nC:\\music\\D - E.mp3\n",
      "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\"><title>P &amp; &#81;</title><trackList><track><title>A</title><creator>B</creator></track></trackList></playlist>",
      "{\"playlist\":{\"title\":\"P\",\"track\":[{\"title\":\"A\",\"identifier\":[\"isrc:USRC17607839\",\"https://musicbrainz.org/recording/0a5c5e35-0d8e-4f5c-9a0c-0a5c5e350d8e\"]}]}}",
      "Playlist name;Track name;Artist name;Spotify - id\nP;A;B;0000000000000000000001\nQ;C;D;\n",
  };
  static const char single[] = "\"\"{0}\n:a"; /* a value where a record should be, before anything has a path */
  LLVMFuzzerTestOneInput((const uint8_t *)single, sizeof single - 1);
  Random random = random_seeded(11);
  for (int round = 0; round < 3000; round++) {
    char bytes[512];
    const char *seed = seeds[random_below(&random, sizeof seeds / sizeof *seeds)];
    size_t length = strlen(seed);
    memcpy(bytes, seed, length);
    for (uint64_t change = random_below(&random, 6); change > 0; change--) {
      size_t at = (size_t)random_below(&random, length);
      uint64_t what = random_below(&random, 3);
      if (what == 0) bytes[at] = (char)random_below(&random, 256);
      if (what == 1 && length > 2) {
        memmove(bytes + at, bytes + at + 1, length - at - 1);
        length--;
      }
      if (what == 2 && length < sizeof bytes) {
        memmove(bytes + at + 1, bytes + at, length - at);
        bytes[at] = "{}[]\",:\\;\n"[random_below(&random, 10)];
        length++;
      }
    }
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_are_read),
      cmocka_unit_test(files_are_recognised),
      cmocka_unit_test(changed_files_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
