/* XSPF and JSPF: what is read, what is written, and that both fit together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "connectors/file/track_links.h"
#include "files_rig.h"
/* After error.h: its macro fail() would hide ours. */
#include <cmocka.h>

#define XSPF(inside) \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n" inside "</playlist>\n"
#define TRACK(inside) XSPF("<trackList><track>" inside "</track></trackList>")
#define MBID          "6b3f1d0a-54b1-4a0c-9b0e-1f2d3c4b5a69"
#define SPOTIFY       "4u7EnebtmKWzUH433cf5Qv"
#define FIELDS        "title artist artists album duration isrc mbid spotify.id track_number position"

enum { TITLE, ARTIST, ARTISTS, ALBUM, DURATION, ISRC, MBID_COLUMN, SPOTIFY_COLUMN, TRACK_NUMBER, POSITION, WIDTH };

static Fixture *fixture_of_tracks(void) {
  Fixture *fixture = fixture_new(ROWS_TRACK, "x");
  add_fields(fixture, FIELDS);
  return fixture;
}

static void assert_row(Fixture *fixture, const Batch *batch, size_t row, const char *const *expected) {
  for (size_t column = 0; column < WIDTH; column++) assert_cell(fixture, batch, column, row, expected[column]);
}

/* ---- addresses ---- */

static void test_links(void **state) {
  (void)state;
  static const struct {
    const char *address, *id;
    TrackLinkKind kind;
  } cases[] = {
      {"https://musicbrainz.org/recording/" MBID, MBID, LINK_MBID},
      {"HTTP://MusicBrainz.org/recording/6B3F1D0A-54B1-4A0C-9B0E-1F2D3C4B5A69?x#y", MBID, LINK_MBID},
      {"https://beta.musicbrainz.org/recording/" MBID "/", MBID, LINK_MBID},
      {"https://musicbrainz.org/recording/" MBID "0", "", LINK_OTHER},
      {"https://musicbrainz.org/recording/6b3f1d0a", "", LINK_OTHER},
      {"https://musicbrainz.org/release/" MBID, "", LINK_OTHER},
      {"https://musicbrainz.org.evil.example/recording/" MBID, "", LINK_OTHER},
      {"isrc:GB-AYE-69-00531", "GBAYE6900531", LINK_ISRC},
      {"urn:ISRC:gbaye6900531", "GBAYE6900531", LINK_ISRC},
      {"isrc:GBAYE690053", "", LINK_OTHER},
      {"isrc:GBAYE69005311", "", LINK_OTHER},
      {"isrc:1BAYE6900531", "", LINK_OTHER},
      {"isrc:", "", LINK_OTHER},
      {"spotify:track:" SPOTIFY, SPOTIFY, LINK_SPOTIFY},
      {"https://open.spotify.com/track/" SPOTIFY "?si=1", SPOTIFY, LINK_SPOTIFY},
      {"spotify:album:" SPOTIFY, "", LINK_OTHER},
      {"", "", LINK_OTHER},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    TrackLink link = track_link(text_of(cases[i].address));
    assert_string_equal(link.id, cases[i].id);
    assert_int_equal(link.kind, cases[i].kind);
  }
}

static void test_links_written(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  TextBuilder text = {.arena = arena};
  assert_true(track_link_append(&text, LINK_ISRC, text_of("gb-aye-69-00531")));
  assert_false(track_link_append(&text, LINK_ISRC, text_of("GBAYE6900531</identifier>")));
  assert_false(track_link_append(&text, LINK_MBID, text_of(MBID "?x")));
  assert_false(track_link_append(&text, LINK_MBID, text_of("")));
  assert_false(track_link_append(&text, LINK_SPOTIFY, text_of(SPOTIFY "\n/etc/passwd")));
  assert_true(track_link_append(&text, LINK_SPOTIFY, text_of(SPOTIFY)));
  assert_text(text_built(&text), "isrc:GBAYE6900531spotify:track:" SPOTIFY);
  arena_free(arena);
}

/* ---- XSPF ---- */

static void test_xspf_forms(void **state) {
  (void)state;
  Fixture *fixture = fixture_of_tracks();
  const Batch *batch = read_ok(
      fixture, xspf_read_rows,
      "\xEF\xBB\xBF<?xml version='1.0'?><!-- a comment -->\n"
      "<x:playlist xmlns:x='http://xspf.org/ns/0/' xmlns:other='http://example.org/' version='1'>\n"
      "<x:title>The playlist's own</x:title><other:trackList><x:track/></other:trackList><x:trackList>\n"
      "<x:track>\n"
      "  <x:title>\n   Rock &amp; Roll &#x1F3B5; <![CDATA[<live>]]>\n  </x:title>\n"
      "  <x:creator>AC/DC</x:creator><x:album>Back</x:album><x:duration> 215000 </x:duration>\n"
      "  <x:trackNum>3</x:trackNum><other:title>not this</other:title><x:annotation>nor this</x:annotation>\n"
      "  <x:identifier>https://musicbrainz.org/recording/" MBID "</x:identifier>\n"
      "  <x:identifier>isrc:AUAP09000045</x:identifier>\n"
      "  <x:identifier>isrc:AUAP09000046</x:identifier>\n"
      "  <x:location>file:///music/a.mp3</x:location><x:location>spotify:track:" SPOTIFY "</x:location>\n"
      "  <x:extension application='http://example.org/'><x:title>hidden</x:title></x:extension>\n"
      "</x:track>\n"
      "<x:track><x:location>file:///music/Sigur%20R%C3%B3s%20-%20Popplagi%C3%B0.ogg</x:location></x:track>\n"
      "<x:track><x:location>Low - Sunflower.flac</x:location><x:creator>Someone</x:creator></x:track>\n"
      "<x:track><x:title/><x:duration>0</x:duration><x:album>  </x:album></x:track>\n"
      "<x:track/>\n"
      "</x:trackList></x:playlist>\n");
  static const char *const rows[][WIDTH] = {
      {"\"Rock & Roll 🎵 <live>\"", "\"AC/DC\"", "[\"AC/DC\"]", "\"Back\"", "215000", "\"AUAP09000045\"",
       "\"" MBID "\"", "\"" SPOTIFY "\"", "3", "1"},
      {"\"Popplagið\"", "\"Sigur Rós\"", "[\"Sigur Rós\"]", "-", "-", "-", "-", "-", "-", "2"},
      {"\"Sunflower\"", "\"Someone\"", "[\"Someone\"]", "-", "-", "-", "-", "-", "-", "3"},
      {"-", "-", "-", "-", "-", "-", "-", "-", "-", "4"},
      {"-", "-", "-", "-", "-", "-", "-", "-", "-", "5"}};
  assert_int_equal(batch->selected, 5);
  for (size_t row = 0; row < 5; row++) assert_row(fixture, batch, row, rows[row]);
  assert_true(batch->tracks[0] != 0 && batch->tracks[4] == 0);
  assert_int_equal(fixture->run->notice_count, 0);
  arena_free(fixture->arena);
}

static void test_xspf_encodings(void **state) {
  (void)state;
  Fixture *fixture = fixture_of_tracks();
  const Batch *batch = read_ok(fixture, xspf_read_rows,
                               "<?xml version='1.0' encoding='ISO-8859-1'?><playlist version='0' "
                               "xmlns='http://xspf.org/ns/0/'><trackList><track><title>Caf\xE9</title></track>"
                               "</trackList></playlist>");
  assert_cell(fixture, batch, TITLE, 0, "\"Café\"");
  static const char plain[] = "<playlist xmlns='http://xspf.org/ns/0/'><trackList><track><title>A</title></track></trackList></playlist>";
  TextBuilder wide = {.arena = fixture->arena};
  text_append(&wide, TEXT_LITERAL("\xFF\xFE"));
  for (size_t i = 0; plain[i]; i++) {
    text_append_char(&wide, plain[i]);
    text_append_char(&wide, '\0');
  }
  batch = try_read(fixture, xspf_read_rows, text_built(&wide));
  assert_non_null(batch);
  assert_cell(fixture, batch, TITLE, 0, "\"A\"");
  arena_free(fixture->arena);
}

static void test_xspf_bad_values(void **state) {
  (void)state;
  Fixture *fixture = fixture_of_tracks();
  const Batch *batch = read_ok(fixture, xspf_read_rows, TRACK("\n<title>A</title><duration>long</duration><trackNum>one</trackNum>"));
  assert_cell(fixture, batch, TITLE, 0, "\"A\"");
  assert_cell(fixture, batch, DURATION, 0, "-");
  assert_has_notice(fixture, true,
                    "2 values could not be read and are missing; the first: in.txt:4, column duration: \"long\" is not a "
                    "length in milliseconds");
  arena_free(fixture->arena);
}

static void test_xspf_refused(void **state) {
  (void)state;
  static const struct {
    const char *content, *message;
  } files[] = {
      {"", "in.txt: is empty; an XSPF playlist was expected"},
      {"\n \n", "the file holds no element; an XSPF playlist was expected"},
      {"#EXTM3U\n", "in.txt:1:1: this is no XML; an XSPF playlist was expected"},
      {"{\"playlist\":{}}", "in.txt:1:1: this is no XML"},
      {"<rss version='2.0'><channel/></rss>",
       "in.txt:1:1: this is no XSPF playlist: it begins with <rss> and not with <playlist"},
      {"<y:playlist xmlns:y='http://example.org/'/>", "in.txt:1:1: this is no XSPF playlist: it begins with <playlist>"},
      {"<playlist><trackList/></playlist>", "in.txt:1:1: the playlist names no namespace"},
      {"<playlist xmlns='http://xspf.org/ns/0/' version='2'><trackList/></playlist>",
       "in.txt:1:1: only versions 0 and 1 of XSPF are read"},
      {XSPF(""), "in.txt: the playlist has no <trackList>"},
      {XSPF("<trackList/>\n <trackList/>"), "in.txt:4:2: a playlist has one trackList"},
      {XSPF("<trackList>\n<track><title>A</titel></track></trackList>"),
       "in.txt:4:18: this closing tag is not that of the element opened on line 4"},
      {TRACK("<title>Rock & Roll</title>"), "in.txt:3:32: this is not well-formed XML; in a text, < and & are written"},
      {TRACK("<title>\x01</title>"), "this is not well-formed XML"},
      {TRACK("<title>&#1;</title>"), "this number is no character that XML allows"},
      {TRACK("<title>a&nbsp;b</title>"), "in.txt:3:27: XML has no such entity"},
      {TRACK("<y:title>a</y:title>"), "a prefix that no xmlns: declares"},
      {TRACK("<title>A</title>\n<title>B</title>"), "in.txt:4: \"title\" stands twice in one row"},
      {TRACK("<creator>A</creator>\n<creator>B</creator>"), "in.txt:4: \"artist\" stands twice in one row"},
      {TRACK("<title>caf\xE9</title>"), "in.txt:3:29: this is not well-formed XML"},
      {"<?xml version='1.0' encoding='EBCDIC-X'?><playlist/>", "the file's encoding is not read; save it as UTF-8"},
      {"<playlist xmlns='http://xspf.org/ns/0/'><trackList><track><title>A</ti",
       "the file ends in the middle of the playlist; it is incomplete"},
      {"<playlist xmlns='http://xspf.org/ns/0/'><trackList><track><title>A", "the file ends in the middle"},
      {XSPF("<trackList/>") "more", "the end of the file was expected after the playlist"},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    assert_refused(xspf_read_rows, text_of(files[i].content), files[i].message);
}

/* Each entity is ten of the one before it: were they expanded, this would be a thousand million letters. */
static void test_xspf_entities(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  TextBuilder bomb = {.arena = arena};
  text_append(&bomb, TEXT_LITERAL("<?xml version='1.0'?>\n<!DOCTYPE playlist [<!ENTITY l0 'x'>"));
  for (int i = 1; i < 10; i++) {
    text_append_format(&bomb, "<!ENTITY l%d '", i);
    for (int n = 0; n < 10; n++) text_append_format(&bomb, "&l%d;", i - 1);
    text_append(&bomb, TEXT_LITERAL("'>"));
  }
  text_append(&bomb, TEXT_LITERAL("]><playlist xmlns='http://xspf.org/ns/0/'><trackList><track><title>&l9;</title></track>"
                                  "</trackList></playlist>"));
  assert_refused(xspf_read_rows, text_built(&bomb), "in.txt:2:20: a playlist has no document type");
  assert_refused(xspf_read_rows,
                 text_of("<!DOCTYPE playlist SYSTEM 'file:///etc/passwd'><playlist xmlns='http://xspf.org/ns/0/'/>"),
                 "a playlist has no document type");
  arena_free(arena);
}

static void test_xspf_limits(void **state) {
  (void)state;
  Arena *arena = arena_new(0);
  TextBuilder text = {.arena = arena};
  text_append(&text, TEXT_LITERAL("<playlist xmlns='http://xspf.org/ns/0/'><trackList><track><title>"));
  size_t front = text.length;
  for (int i = 0; i <= 1 << 20; i++) text_append_char(&text, 'x');
  assert_refused(xspf_read_rows, text_built(&text), "a text is longer than the limit of 1 MiB");
  text.length = front;
  text_append(&text, TEXT_LITERAL("<!--"));
  for (int i = 0; i < 3 << 20; i++) text_append_char(&text, 'x');
  assert_refused(xspf_read_rows, text_built(&text), "a tag or comment is longer than the limit of 1 MiB");
  text.length = front;
  for (int i = 0; i < 100; i++) text_append(&text, TEXT_LITERAL("<a>"));
  assert_refused(xspf_read_rows, text_built(&text), "elements are nested more than 64 deep");
  arena_free(arena);
}

/* ---- JSPF ---- */

#define JSPF(tracks) "{\"playlist\":{\"title\":\"T\",\"track\":[" tracks "]}}"

static void test_jspf_forms(void **state) {
  (void)state;
  Fixture *fixture = fixture_of_tracks();
  add_fields(fixture, "added");
  const Batch *batch = read_ok(
      fixture, jspf_read_rows,
      "{\"x\":[1,{}],\"playlist\":{\"extension\":{\"y\":[]},\"track\":[\n"
      "{\"title\":\"Under Pressure\",\"creator\":\"Queen & David Bowie\",\"album\":\"Hot Space\",\"duration\":248000,"
      "\"trackNum\":11,\"identifier\":[\"https://musicbrainz.org/recording/" MBID "\",null,\"isrc:GBUM71029620\"],"
      "\"location\":\"https://open.spotify.com/track/" SPOTIFY "\",\"extension\":{\"https://musicbrainz.org/doc/jspf#track\":{"
      "\"added_at\":\"2024-03-05T20:00:00+00:00\",\"additional_metadata\":{\"artists\":[{\"artist_credit_name\":\"Queen\","
      "\"join_phrase\":\" & \"},{\"artist_mbid\":\"m\",\"artist_credit_name\":\"David Bowie\"}],\"caa_id\":1}}}},\n"
      "{\"identifier\":\"https://musicbrainz.org/recording/" MBID "\",\"title\":null,\"annotation\":{}},\n"
      "{\"location\":[\"Low - Sunflower.flac\"],\"duration\":0},{}]}}");
  static const char *const rows[][WIDTH] = {
      {"\"Under Pressure\"", "\"Queen\"", "[\"Queen\",\"David Bowie\"]", "\"Hot Space\"", "248000",
       "\"GBUM71029620\"", "\"" MBID "\"", "\"" SPOTIFY "\"", "11", "1"},
      {"-", "-", "-", "-", "-", "-", "\"" MBID "\"", "-", "-", "2"},
      {"\"Sunflower\"", "\"Low\"", "[\"Low\"]", "-", "-", "-", "-", "-", "-", "3"},
      {"-", "-", "-", "-", "-", "-", "-", "-", "-", "4"}};
  assert_int_equal(batch->selected, 4);
  for (size_t row = 0; row < 4; row++) assert_row(fixture, batch, row, rows[row]);
  assert_cell(fixture, batch, WIDTH, 0, "\"2024-03-05T20:00:00Z\"");
  assert_int_equal(fixture->run->notice_count, 0);
  arena_free(fixture->arena);
}

static void test_jspf_refused(void **state) {
  (void)state;
  static const struct {
    const char *content, *message;
  } files[] = {
      {"", "in.txt: is empty"},
      {"[]", "in.txt:1: a JSPF playlist was expected, {\"playlist\": {\"track\": [...]}}"},
      {"{\"title\":\"A\"}", "in.txt:1: a JSPF playlist was expected"},
      {"{\"playlist\":[]}", "in.txt:1: `playlist` must be an object"},
      {"{\"playlist\":{\"title\":\"x\"}}", "in.txt:1: the playlist has no `track`"},
      {"{\"playlist\":{\"track\":{}}}", "in.txt:1: `track` must be a list of tracks"},
      {JSPF("\n3"), "in.txt:2: each track must be an object"},
      {JSPF("{\"title\":\"A\",\n\"title\":\"B\"}"), "in.txt:2: \"title\" stands twice in one row"},
      {JSPF("{\"identifier\":7}"), "in.txt:1: an identifier or location is a text, or a list of texts"},
      {JSPF("{\"location\":[[]]}"), "in.txt:1: an identifier or location is a text, or a list of texts"},
      {"{\"playlist\":{\"track\":[],\"track\":[]}}", "this is the second"},
      {"{\"playlist\":{\"track\":[]},\"playlist\":{}}", "this is the second"},
      {"{\"playlist\":{\"track\":[{\"title\":\"A\"},{\"ti", "incomplete"},
      {JSPF("") " x", "expected the end of the file after the document"},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    assert_refused(jspf_read_rows, text_of(files[i].content), files[i].message);
}

/* ---- writing ---- */

static Batch *hostile_batch(Fixture *fixture) {
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 2, true);
  for (size_t row = 0; row < 2; row++) {
    for (size_t column = 0; column < WIDTH; column++) batch_missing(fixture->arena, batch, column)[row] = 1;
  }
  static const char *const texts[] = {"]]></title>\n<evil a=\"1\">&amp;\x1b[2J\xC2\x85\xEF\xBF\xBF", "A & B\t<C>"};
  for (size_t i = 0; i < 2; i++) {
    batch_missing(fixture->arena, batch, i)[0] = 0;
    set_text(fixture, batch, i, 0, texts[i]);
  }
  batch_missing(fixture->arena, batch, ISRC)[0] = batch_missing(fixture->arena, batch, SPOTIFY_COLUMN)[0] = 0;
  set_text(fixture, batch, ISRC, 0, "x</identifier>");
  set_text(fixture, batch, SPOTIFY_COLUMN, 0, SPOTIFY);
  return batch;
}

static void test_written_text(void **state) {
  (void)state;
  Fixture *fixture = fixture_of_tracks();
  Batch *batch = hostile_batch(fixture);
  assert_text(written(fixture, xspf_write_rows, batch),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n"
              " <trackList>\n  <track>\n   <location>spotify:track:" SPOTIFY "</location>\n"
              "   <title>]]&gt;&lt;/title&gt; &lt;evil a=\"1\"&gt;&amp;amp;[2J</title>\n"
              "   <creator>A &amp; B &lt;C&gt;</creator>\n  </track>\n  <track>\n  </track>\n"
              " </trackList>\n</playlist>\n");
  assert_text(written(fixture, jspf_write_rows, batch),
              "{\"playlist\":{\"track\":[\n"
              "{\"title\":\"]]></title>\\n<evil a=\\\"1\\\">&amp;\\u001b[2J\\u0085\xEF\xBF\xBF\",\"creator\":\"A & B\\t<C>\","
              "\"location\":[\"spotify:track:" SPOTIFY "\"]},\n{}\n]}}\n");
  assert_int_equal(read_ok(fixture, jspf_read_rows, "{\"playlist\":{\"track\":[]}}\n")->selected, 0);
  Batch *none = batch_new(fixture->arena, &fixture->schema, 0, true);
  assert_text(written(fixture, jspf_write_rows, none), "{\"playlist\":{\"track\":[]}}\n");
  assert_int_equal(try_read(fixture, xspf_read_rows, written(fixture, xspf_write_rows, none))->selected, 0);
  arena_free(fixture->arena);
}

static const char *random_name(Fixture *fixture, Random *random) {
  static const char *const pieces[] = {"a", "B", "<", "&", ">", "\"", "'", "]]>", "é", "日本", "🎵", "&amp;", "--", " x"};
  TextBuilder text = {.arena = fixture->arena};
  text_append_char(&text, 'n');
  for (uint64_t n = random_below(random, 6); n; n--)
    text_append(&text, text_of(pieces[random_below(random, sizeof pieces / sizeof pieces[0])]));
  return text_built(&text).bytes;
}

static const char *random_id(Fixture *fixture, Random *random, size_t column) {
  unsigned long long n = random_next(random) >> 16;
  if (column == ISRC) return arena_format(fixture->arena, "SEX%02llu%07llu", n % 100, n / 100 % 10000000);
  if (column == MBID_COLUMN) return arena_format(fixture->arena, "6b3f1d0a-54b1-4a0c-9b0e-%012llx", n);
  return arena_format(fixture->arena, "%022llu", n);
}

static void check_round_trip(FileRead *read, FileWrite *write, bool several_artists, uint64_t seed) {
  Fixture *fixture = fixture_of_tracks();
  Random random = random_seeded(seed);
  Batch *batch = batch_new(fixture->arena, &fixture->schema, 50, true);
  for (size_t row = 0; row < 50; row++) {
    Value artists[3];
    uint32_t count = several_artists ? 1 + (uint32_t)random_below(&random, 3) : 1;
    for (uint32_t i = 0; i < count; i++)
      artists[i].integer = text_intern(fixture->run->texts, text_of(random_name(fixture, &random)));
    batch_values(batch, ARTIST)[row] = artists[0];
    batch_values(batch, ARTISTS)[row] = list_add(fixture->run->lists, artists, count);
    set_text(fixture, batch, TITLE, row, random_name(fixture, &random));
    set_text(fixture, batch, ALBUM, row, random_below(&random, 3) ? random_name(fixture, &random) : NULL);
    for (size_t column = ISRC; column <= SPOTIFY_COLUMN; column++)
      set_text(fixture, batch, column, row, random_below(&random, 3) ? random_id(fixture, &random, column) : NULL);
    batch_values(batch, DURATION)[row].integer = duration_pack((Duration){0, 1 + (int64_t)random_below(&random, 1000000)});
    batch_values(batch, TRACK_NUMBER)[row].integer = 1 + (int64_t)random_below(&random, 20);
    batch_values(batch, POSITION)[row].integer = (int64_t)row + 1;
  }
  Text content = written(fixture, write, batch);
  const Batch *back = try_read(fixture, read, content);
  if (!back) fail_msg("seed %llu: %s\n" TEXT_FORMAT, (unsigned long long)seed, fixture->error.message, TEXT_ARG(content));
  assert_int_equal(back->selected, 50);
  for (size_t row = 0; row < 50; row++) {
    for (size_t column = 0; column < WIDTH; column++)
      assert_cell(fixture, back, column, row, cell_text(fixture, batch, column, row));
  }
  assert_text(written(fixture, write, back), content.bytes);
  assert_int_equal(fixture->run->notice_count, 0);
  arena_free(fixture->arena);
}

static void test_round_trip(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    check_round_trip(xspf_read_rows, xspf_write_rows, false, seed);
    check_round_trip(jspf_read_rows, jspf_write_rows, true, seed);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_links),          cmocka_unit_test(test_links_written), cmocka_unit_test(test_xspf_forms),
      cmocka_unit_test(test_xspf_encodings), cmocka_unit_test(test_xspf_bad_values), cmocka_unit_test(test_xspf_refused),
      cmocka_unit_test(test_xspf_entities),  cmocka_unit_test(test_xspf_limits),   cmocka_unit_test(test_jspf_forms),
      cmocka_unit_test(test_jspf_refused),   cmocka_unit_test(test_written_text),  cmocka_unit_test(test_round_trip),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
