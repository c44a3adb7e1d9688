#include "base/json.h"
#include "base/vec.h"
#include "connectors/file/entry_reader.h"
#include "connectors/file/formats.h"

#define JSPF_EXTENSION "https://musicbrainz.org/doc/jspf#track"

typedef struct JspfReader {
  const Input *input;
  JsonReader *json;
  Arena *arena;
  EntryReader entry;
  VEC(Cell) artists;
  TextBuilder texts; /* their names, one after another */
} JspfReader;

static uint64_t line_of(const JspfReader *reader) {
  return json_line(reader->json);
}

static Status refuse(const JspfReader *reader, const char *what, Error *error) {
  return fail(error, STATUS_FAILED, "", "%s:%llu: %s", reader->input->name, (unsigned long long)line_of(reader), what);
}

/* Skips what begins with the token just read. */
static Status skip(const JspfReader *reader, JsonToken token, Error *error) {
  return token == JSON_OBJECT || token == JSON_ARRAY ? json_skip(reader->json, error) : STATUS_OK;
}

/* The next member of an object: its key, or the object's end. */
static Status next_member(JspfReader *reader, Text *key, bool *more, Error *error) {
  JsonToken token;
  Status status = json_next(reader->json, &token, error);
  *more = !status && token == JSON_KEY;
  if (*more) *key = json_text(reader->json);
  return status;
}

/* ---- the values of a track ---- */

static Status read_value(JspfReader *reader, EntryField field, Error *error) {
  JsonToken token;
  Status status = json_next(reader->json, &token, error);
  if (status) return status;
  uint64_t line = line_of(reader);
  Cell cell = {.kind = CELL_OBJECT};
  switch (token) {
    case JSON_NULL:
      return STATUS_OK;
    case JSON_STRING:
      cell = (Cell){.kind = CELL_STRING, .text = json_text(reader->json)};
      break;
    case JSON_INTEGER:
      cell = (Cell){.kind = CELL_INTEGER, .integer = json_integer(reader->json)};
      break;
    case JSON_NUMBER:
      cell = (Cell){.kind = CELL_NUMBER, .number = json_number(reader->json)};
      break;
    case JSON_TRUE:
    case JSON_FALSE:
      cell = (Cell){.kind = CELL_BOOL, .truth = token == JSON_TRUE};
      break;
    default:
      status = skip(reader, token, error);
  }
  return status ? status : entry_set(&reader->entry, field, &cell, line, error);
}

typedef Status TakeAddress(EntryReader *entry, Text address, uint64_t line, Error *error);

/* One text, or a list of texts. */
static Status read_addresses(JspfReader *reader, TakeAddress *take, Error *error) {
  JsonToken token;
  Status status = json_next(reader->json, &token, error);
  bool list = !status && token == JSON_ARRAY;
  if (list) status = json_next(reader->json, &token, error);
  while (!status && !(list && token == JSON_ARRAY_END)) {
    if (token == JSON_STRING) {
      status = take(&reader->entry, json_text(reader->json), line_of(reader), error);
    } else if (token != JSON_NULL) {
      return refuse(reader, "an identifier or location is a text, or a list of texts", error);
    }
    if (!list || status) return status;
    status = json_next(reader->json, &token, error);
  }
  return status;
}

/* ---- the extension of MusicBrainz ---- */

/* {"artist_credit_name": "A", ...}; the name's place is kept in `integer` until all are there, because the builder moves.
 */
static Status read_artist(JspfReader *reader, Error *error) {
  for (;;) {
    Text key;
    bool more;
    JsonToken token;
    Status status = next_member(reader, &key, &more, error);
    if (status || !more) return status;
    bool name = text_is(key, "artist_credit_name");
    status = json_next(reader->json, &token, error);
    if (!status && name && token == JSON_STRING && reader->artists.count < CELL_MAX_ITEMS) {
      Cell item = {.kind = CELL_STRING, .text = json_text(reader->json), .integer = (int64_t)reader->texts.length};
      text_append(&reader->texts, item.text);
      vec_push(reader->arena, &reader->artists, item);
    }
    if (!status) status = skip(reader, token, error);
    if (status) return status;
  }
}

static Status read_artists(JspfReader *reader, Error *error) {
  JsonToken token;
  reader->artists.count = reader->texts.length = 0;
  Status status = json_next(reader->json, &token, error);
  if (status || token != JSON_ARRAY) return status ? status : skip(reader, token, error);
  while (!(status = json_next(reader->json, &token, error)) && token != JSON_ARRAY_END) {
    status = token == JSON_OBJECT ? read_artist(reader, error) : skip(reader, token, error);
    if (status) return status;
  }
  if (status || reader->artists.count == 0) return status;
  const char *bytes = text_built(&reader->texts).bytes;
  for (size_t i = 0; i < reader->artists.count; i++)
    reader->artists.items[i].text.bytes = bytes + reader->artists.items[i].integer;
  const Cell list = {.kind = CELL_LIST, .items = reader->artists.items, .item_count = reader->artists.count};
  return entry_set(&reader->entry, ENTRY_ARTISTS, &list, line_of(reader), error);
}

typedef Status ReadMember(JspfReader *reader, Text key, Error *error);

/* Of an object the members, each by `read`; anything else is passed over. */
static Status read_object(JspfReader *reader, ReadMember *read, Error *error) {
  JsonToken token;
  Status status = json_next(reader->json, &token, error);
  if (status || token != JSON_OBJECT) return status ? status : skip(reader, token, error);
  for (;;) {
    Text key;
    bool more;
    status = next_member(reader, &key, &more, error);
    if (!status && more) status = read(reader, key, error);
    if (status || !more) return status;
  }
}

static Status read_additional(JspfReader *reader, Text key, Error *error) {
  return text_is(key, "artists") ? read_artists(reader, error) : json_skip(reader->json, error);
}

static Status read_musicbrainz(JspfReader *reader, Text key, Error *error) {
  if (text_is(key, "added_at")) return read_value(reader, ENTRY_ADDED, error);
  if (text_is(key, "additional_metadata")) return read_object(reader, read_additional, error);
  return json_skip(reader->json, error);
}

static Status read_extension(JspfReader *reader, Text key, Error *error) {
  return text_is(key, JSPF_EXTENSION) ? read_object(reader, read_musicbrainz, error) : json_skip(reader->json, error);
}

/* ---- the playlist ---- */

static Status read_track_member(JspfReader *reader, Text key, Error *error) {
  static const struct {
    const char *key;
    EntryField field;
  } values[] = {{"title", ENTRY_TITLE},
                {"creator", ENTRY_ARTIST},
                {"album", ENTRY_ALBUM},
                {"duration", ENTRY_DURATION},
                {"trackNum", ENTRY_TRACK_NUMBER}};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    if (text_is(key, values[i].key)) return read_value(reader, values[i].field, error);
  }
  if (text_is(key, "identifier")) return read_addresses(reader, entry_identifier, error);
  if (text_is(key, "location")) return read_addresses(reader, entry_location, error);
  if (text_is(key, "extension")) return read_object(reader, read_extension, error);
  return json_skip(reader->json, error);
}

static Status read_tracks(JspfReader *reader, Error *error) {
  JsonToken token;
  Status status = json_next(reader->json, &token, error);
  if (!status && token != JSON_ARRAY) return refuse(reader, "`track` must be a list of tracks, [ {...}, ... ]", error);
  while (!status && !(status = json_next(reader->json, &token, error)) && token != JSON_ARRAY_END) {
    if (token != JSON_OBJECT) return refuse(reader, "each track must be an object, {\"title\": ...}", error);
    entry_begin(&reader->entry, line_of(reader));
    for (bool more = true; !status && more;) {
      Text key;
      status = next_member(reader, &key, &more, error);
      if (!status && more) status = read_track_member(reader, key, error);
    }
    if (!status) status = entry_end(&reader->entry, error);
  }
  return status;
}

/* After the key `playlist`. */
static Status read_playlist(JspfReader *reader, Error *error) {
  JsonToken token;
  bool listed = false;
  Status status = json_next(reader->json, &token, error);
  if (status) return status;
  if (token != JSON_OBJECT) return refuse(reader, "`playlist` must be an object, {\"track\": [...]}", error);
  for (;;) {
    Text key;
    bool more;
    status = next_member(reader, &key, &more, error);
    if (status) return status;
    if (!more) break;
    if (!text_is(key, "track")) {
      status = json_skip(reader->json, error);
    } else if (listed) {
      return refuse(reader, "a playlist has one list of tracks, and this is the second", error);
    } else {
      listed = true;
      status = read_tracks(reader, error);
    }
    if (status) return status;
  }
  return listed ? STATUS_OK : refuse(reader, "the playlist has no `track`, the list of its tracks", error);
}

static Status read_document(JspfReader *reader, Error *error) {
  static const char wanted[] = "a JSPF playlist was expected, {\"playlist\": {\"track\": [...]}}";
  JsonToken token;
  bool found = false;
  Status status = json_next(reader->json, &token, error);
  if (status) return status;
  if (token != JSON_OBJECT) return refuse(reader, wanted, error);
  for (;;) {
    Text key;
    bool more;
    status = next_member(reader, &key, &more, error);
    if (status) return status;
    if (!more) break;
    if (!text_is(key, "playlist")) {
      status = json_skip(reader->json, error);
    } else if (found) {
      return refuse(reader, "the file holds one `playlist`, and this is the second", error);
    } else {
      found = true;
      status = read_playlist(reader, error);
    }
    if (status) return status;
  }
  if (!found) return refuse(reader, wanted, error);
  return json_next(reader->json, &token, error); /* tells of bytes after the end */
}

Status jspf_read_rows(Run *run, Input *input, FileRows *rows, Error *error) {
  JspfReader reader = {.input = input,
                       .json = json_reader_new(run->arena, input),
                       .arena = run->arena,
                       .texts = {.arena = run->arena}};
  Status status = entry_reader_init(&reader.entry, run, rows, error);
  return status ? status : read_document(&reader, error);
}
