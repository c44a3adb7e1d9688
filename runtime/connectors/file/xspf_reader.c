#include <expat.h>
#include <string.h>

#include "connectors/file/entry_reader.h"
#include "connectors/file/formats.h"

#define XSPF_NAMESPACE "http://xspf.org/ns/0/"
/* Expat puts it between the namespace and the name; it stands in no namespace. */
#define SEPARATOR '\n'

enum { BLOCK_SIZE = 64 << 10, TEXT_MAX = 1 << 20, TAG_MAX = 1 << 20, DEPTH_MAX = 64 };
#define ULL(number) ((unsigned long long)(number))

/* What the text of the element at hand is. */
typedef enum Content {
  CONTENT_NONE,
  CONTENT_FIELD,
  CONTENT_IDENTIFIER,
  CONTENT_LOCATION,
  CONTENT_LIST_TITLE,
} Content;

/* How deep the text of an element lies: of a track, and of the list. */
enum { TRACK_TEXT = 4, LIST_TEXT = 2 };

typedef struct XspfReader {
  XML_Parser parser;
  const Input *input;
  EntryReader entry;
  unsigned depth;                /* open elements */
  uint64_t opened[DEPTH_MAX];    /* the line on which each began */
  bool in_list, listed, in_track; /* inside trackList, after it, inside one of its tracks */
  Content content;
  EntryField field;
  uint64_t text_line;
  unsigned text_depth;
  Text *title; /* of the list; NULL = not wanted */
  TextBuilder text;
  Status status; /* of what a handler refused */
  Error *error;
} XspfReader;

/* ---- messages ---- */

static uint64_t line_of(const XspfReader *reader) {
  return XML_GetCurrentLineNumber(reader->parser);
}

static void stop(XspfReader *reader, Status status) {
  reader->status = status;
  XML_StopParser(reader->parser, XML_FALSE);
}

/* The first refusal counts: expat may report a little more after it was stopped. */
static void refuse(XspfReader *reader, const char *what) {
  if (reader->status) return;
  stop(reader, fail(reader->error, STATUS_FAILED, "", "%s:%llu:%llu: %s", reader->input->name, ULL(line_of(reader)),
                    ULL(XML_GetCurrentColumnNumber(reader->parser)) + 1, what));
}

static const char *explain(const XspfReader *reader, enum XML_Error code, Arena *arena) {
  switch (code) {
    case XML_ERROR_NO_ELEMENTS:
      if (reader->depth == 0) return "the file holds no element; an XSPF playlist was expected, <playlist ...>";
      return "the file ends in the middle of the playlist; it is incomplete";
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return "the file ends in the middle of the playlist; it is incomplete";
    case XML_ERROR_TAG_MISMATCH:
      return arena_format(arena, "this closing tag is not that of the element opened on line %llu",
                          ULL(reader->opened[reader->depth - 1]));
    case XML_ERROR_SYNTAX:
    case XML_ERROR_INVALID_TOKEN:
      if (reader->depth == 0) return "this is no XML; an XSPF playlist was expected, <playlist ...>";
      return "this is not well-formed XML; in a text, < and & are written &lt; and &amp;";
    case XML_ERROR_UNDEFINED_ENTITY:
      return "XML has no such entity; write the character itself, and & as &amp;";
    case XML_ERROR_BAD_CHAR_REF:
      return "this number is no character that XML allows";
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
      return "the end of the file was expected after the playlist";
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
      return "the file's encoding is not read; save it as UTF-8";
    case XML_ERROR_UNBOUND_PREFIX:
      return "a prefix that no xmlns: declares";
    case XML_ERROR_NO_MEMORY:
      return "memory ran out";
    default:
      return XML_ErrorString(code);
  }
}

static void refuse_root(XspfReader *reader, const char *name) {
  const char *local = strchr(name, SEPARATOR);
  if (!local && strcmp(name, "playlist") == 0) {
    refuse(reader, "the playlist names no namespace; <playlist version=\"1\" xmlns=\"" XSPF_NAMESPACE "\"> was expected");
    return;
  }
  Arena *arena = reader->text.arena;
  Text shown = text_escaped(arena, text_cut(text_of(local ? local + 1 : name), 60));
  refuse(reader, arena_format(arena, "this is no XSPF playlist: it begins with <" TEXT_FORMAT "> and not with "
                                     "<playlist xmlns=\"" XSPF_NAMESPACE "\">", TEXT_ARG(shown)));
}

/* ---- elements ---- */

/* The name within XSPF's namespace, or NULL. */
static const char *xspf_name(const char *name) {
  static const size_t length = sizeof XSPF_NAMESPACE - 1;
  return strncmp(name, XSPF_NAMESPACE, length) == 0 && name[length] == SEPARATOR ? name + length + 1 : NULL;
}

static void open_playlist(XspfReader *reader, const char *name, const char **attributes) {
  const char *local = xspf_name(name);
  if (!local || strcmp(local, "playlist") != 0) {
    refuse_root(reader, name);
    return;
  }
  for (size_t i = 0; attributes[i]; i += 2) {
    bool known = strcmp(attributes[i + 1], "0") == 0 || strcmp(attributes[i + 1], "1") == 0;
    if (strcmp(attributes[i], "version") == 0 && !known) refuse(reader, "only versions 0 and 1 of XSPF are read");
  }
}

static void open_list(XspfReader *reader) {
  if (reader->listed) refuse(reader, "a playlist has one trackList, and this is the second");
  reader->in_list = reader->listed = true;
}

static void open_content(XspfReader *reader, const char *local) {
  static const struct {
    const char *name;
    Content content;
    EntryField field;
  } elements[] = {{"title", CONTENT_FIELD, ENTRY_TITLE},
                  {"creator", CONTENT_FIELD, ENTRY_ARTIST},
                  {"album", CONTENT_FIELD, ENTRY_ALBUM},
                  {"duration", CONTENT_FIELD, ENTRY_DURATION},
                  {"trackNum", CONTENT_FIELD, ENTRY_TRACK_NUMBER},
                  {"identifier", CONTENT_IDENTIFIER, ENTRY_TITLE},
                  {"location", CONTENT_LOCATION, ENTRY_TITLE}};
  for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
    if (strcmp(local, elements[i].name) != 0) continue;
    reader->content = elements[i].content;
    reader->text_depth = TRACK_TEXT;
    reader->field = elements[i].field;
    reader->text.length = 0;
    reader->text_line = line_of(reader);
  }
}

/* What expat reports. */
typedef struct Event {
  XspfReader *reader;
  const char *name, **attributes; /* of a start */
  Text text;
} Event;

static Status start_element(void *context, Error *error) {
  (void)error;
  const Event *event = context;
  XspfReader *reader = event->reader;
  if (reader->depth == DEPTH_MAX) {
    refuse(reader, "elements are nested more than 64 deep");
    return STATUS_OK;
  }
  reader->opened[reader->depth++] = line_of(reader);
  const char *local = xspf_name(event->name);
  if (reader->depth == 1) open_playlist(reader, event->name, event->attributes);
  if (!local) return STATUS_OK;
  if (reader->depth == 2 && strcmp(local, "trackList") == 0) open_list(reader);
  if (reader->depth == LIST_TEXT && reader->title && strcmp(local, "title") == 0) {
    reader->content = CONTENT_LIST_TITLE;
    reader->text_depth = LIST_TEXT;
    reader->text.length = 0;
  }
  if (reader->depth == 3 && reader->in_list && strcmp(local, "track") == 0) {
    reader->in_track = true;
    entry_begin(&reader->entry, line_of(reader));
  }
  if (reader->depth == TRACK_TEXT && reader->in_track) open_content(reader, local);
  return STATUS_OK;
}

static Text trimmed(const TextBuilder *builder) {
  Text text = text_built(builder);
  while (text.length && strchr(" \t\r\n", text.bytes[0])) text = (Text){text.bytes + 1, text.length - 1};
  while (text.length && strchr(" \t\r\n", text.bytes[text.length - 1])) text.length--;
  return text;
}

static Status close_content(XspfReader *reader) {
  Text text = trimmed(&reader->text);
  bool number = reader->field == ENTRY_DURATION || reader->field == ENTRY_TRACK_NUMBER;
  const Cell cell = {.kind = number ? CELL_PLAIN : CELL_STRING, .text = text};
  switch (reader->content) {
    case CONTENT_FIELD:
      return entry_set(&reader->entry, reader->field, &cell, reader->text_line, reader->error);
    case CONTENT_LIST_TITLE:
      *reader->title = text_copy(reader->text.arena, text);
      return STATUS_OK;
    case CONTENT_IDENTIFIER:
      return entry_identifier(&reader->entry, text, reader->text_line, reader->error);
    default:
      return entry_location(&reader->entry, text, reader->text_line, reader->error);
  }
}

static Status end_element(void *context, Error *error) {
  XspfReader *reader = ((const Event *)context)->reader;
  Status status = STATUS_OK;
  if (reader->content && reader->depth == reader->text_depth) {
    status = close_content(reader);
    reader->content = CONTENT_NONE;
  } else if (reader->depth == 3 && reader->in_track) {
    status = entry_end(&reader->entry, error);
    reader->in_track = false;
  } else if (reader->depth == 2) {
    reader->in_list = false;
  }
  reader->depth--;
  return status;
}

static Status take_text(void *context, Error *error) {
  (void)error;
  const Event *event = context;
  XspfReader *reader = event->reader;
  if (!reader->content || reader->depth != reader->text_depth) return STATUS_OK;
  if (reader->text.length + event->text.length > TEXT_MAX)
    refuse(reader, "a text is longer than the limit of 1 MiB");
  else
    text_append(&reader->text, event->text);
  return STATUS_OK;
}

/* Expat must come to its end before it can be freed, so running out of memory may not jump over it. */
static void guard(Event event, Status (*body)(void *context, Error *error)) {
  XspfReader *reader = event.reader;
  if (reader->status) return;
  Status status = arena_protect(reader->text.arena, body, &event, reader->error);
  if (status && !reader->status) stop(reader, status);
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes) {
  guard((Event){.reader = data, .name = name, .attributes = attributes}, start_element);
}

static void XMLCALL on_end(void *data, const char *name) {
  guard((Event){.reader = data, .name = name}, end_element);
}

static void XMLCALL on_text(void *data, const char *bytes, int length) {
  guard((Event){.reader = data, .text = {bytes, (size_t)length}}, take_text);
}

/* Entities that grow when expanded need a document type, and XSPF has none. */
static void XMLCALL on_document_type(void *data, const char *name, const char *system, const char *public, int internal) {
  (void)name, (void)system, (void)public, (void)internal;
  refuse(data, "a playlist has no document type (<!DOCTYPE>), and the entities that it could declare are not read");
}

/* ---- the file ---- */

static void free_parser(void *parser) {
  XML_ParserFree(parser);
}

static Status new_parser(XspfReader *reader, Arena *arena) {
  reader->parser = XML_ParserCreateNS(NULL, SEPARATOR);
  if (!reader->parser) return fail(reader->error, STATUS_FAILED, "", "%s: memory ran out", reader->input->name);
  arena_defer(arena, free_parser, reader->parser);
  XML_SetUserData(reader->parser, reader);
  XML_SetElementHandler(reader->parser, on_start, on_end);
  XML_SetCharacterDataHandler(reader->parser, on_text);
  XML_SetStartDoctypeDeclHandler(reader->parser, on_document_type);
  return STATUS_OK;
}

static Status parse_block(XspfReader *reader, const char *block, size_t length, uint64_t fed, Error *error) {
  if (XML_Parse(reader->parser, block, (int)length, length == 0) != XML_STATUS_OK) {
    if (!reader->status) refuse(reader, explain(reader, XML_GetErrorCode(reader->parser), reader->text.arena));
    return reader->status;
  }
  /* What expat has not reported yet it keeps until it is whole. */
  XML_Index done = XML_GetCurrentByteIndex(reader->parser);
  if (length && done >= 0 && fed - (uint64_t)done > TAG_MAX + BLOCK_SIZE) {
    return fail(error, STATUS_FAILED, "", "%s:%llu: a tag or comment is longer than the limit of 1 MiB",
                reader->input->name, ULL(line_of(reader)));
  }
  return STATUS_OK;
}

static Status parse_all(XspfReader *reader, Input *input, Error *error) {
  char *block = arena_alloc(reader->text.arena, BLOCK_SIZE);
  uint64_t fed = 0;
  for (;;) {
    size_t got;
    Status status = input->read(input, block, BLOCK_SIZE, &got, error);
    if (!status && got == 0 && fed == 0) {
      return fail(error, STATUS_FAILED, "", "%s: is empty; an XSPF playlist was expected, <playlist ...>", input->name);
    }
    fed += got;
    if (!status) status = parse_block(reader, block, got, fed, error);
    if (status || got == 0) return status;
  }
}

Status xspf_read_rows(Run *run, Input *input, FileRows *rows, Error *error) {
  return xspf_read_list(run, input, rows, NULL, error);
}

Status xspf_read_list(Run *run, Input *input, FileRows *rows, Text *title, Error *error) {
  XspfReader *reader = arena_alloc(run->arena, sizeof *reader);
  *reader = (XspfReader){.input = input, .title = title, .text = {.arena = run->arena}, .error = error};
  Status status = entry_reader_init(&reader->entry, run, rows, error);
  if (!status) status = new_parser(reader, run->arena);
  if (!status) status = parse_all(reader, input, error);
  if (status || reader->listed) return status;
  return fail(error, STATUS_FAILED, "", "%s: the playlist has no <trackList>, which holds its tracks", input->name);
}
