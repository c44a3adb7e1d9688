/* entry_reader.h: the tracks of an XSPF or JSPF playlist on their way into rows.
 *
 *   title, creator, album, duration, trackNum   title, artist, album, duration, track_number
 *   identifier, location                        spotify.id, mbid, isrc, see track_links.h; the first of each kind counts
 * Where `artists` are given, the first of them is the artist, and not the creator, who may be "A & B". A track that says neither its title nor an id is named
 * after the file at its location, as in an M3U. A duration of 0 is not known. */
#ifndef NARADA_CONNECTORS_FILE_ENTRY_READER_H
#define NARADA_CONNECTORS_FILE_ENTRY_READER_H

#include "connectors/file/file_rows.h"
#include "connectors/file/track_links.h"

typedef enum EntryField {
  ENTRY_TITLE,
  ENTRY_ARTIST,
  ENTRY_ARTISTS,
  ENTRY_ALBUM,
  ENTRY_DURATION,
  ENTRY_TRACK_NUMBER,
  ENTRY_ADDED,
  ENTRY_FIELD_COUNT,
} EntryField;

typedef struct EntryReader {
  Run *run;
  FileRows *rows;
  uint32_t columns[ENTRY_FIELD_COUNT], links[LINK_ISRC + 1];
  bool given[ENTRY_FIELD_COUNT], linked[LINK_ISRC + 1]; /* by this entry */
  uint64_t line, creator_line;
  TextBuilder creator;  /* until it is known whether there are artists */
  TextBuilder location; /* the first that names no track, for its file name */
} EntryReader;

Status entry_reader_init(EntryReader *reader, Run *run, FileRows *rows, Error *error);
void entry_begin(EntryReader *reader, uint64_t line);
/* The cell is not kept. A field that the entry has had already is an error. */
Status entry_set(EntryReader *reader, EntryField field, const Cell *cell, uint64_t line, Error *error);
Status entry_identifier(EntryReader *reader, Text address, uint64_t line, Error *error);
Status entry_location(EntryReader *reader, Text address, uint64_t line, Error *error);
Status entry_end(EntryReader *reader, Error *error);

#endif
