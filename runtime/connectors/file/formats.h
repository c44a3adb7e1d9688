/* formats.h: the file formats, each a reader and a writer of rows.
 *
 *   csv    csv.h; the first line names the columns
 *   json   an array of objects, written one a line
 *   jsonl  an object a line
 *   m3u    #EXTM3U, and for each row #EXTINF:seconds,Artist - Title and a line that is spotify:track:ID where the id is
 *          known, else a readable "Artist - Title"; UTF-8. It holds title, artist, duration and Spotify id and nothing
 *          else; an artist whose name holds " - " is read back as far as there.
 *
 *   xspf   XSPF 1 (xspf.org/spec): title, first artist, album, length, number on the album, MusicBrainz id and ISRC as
 *          identifiers, Spotify's id as location. Version 0 is read too
 *   jspf   the same as JSON, {"playlist": {"track": [...]}}; as ListenBrainz does, all artists and when an entry was added
 *          stand in the extension https://musicbrainz.org/doc/jspf#track
 *
 * The keys and columns are the names of the batch's columns, in order and with their windows: title, plays(90d). */
#ifndef NARADA_CONNECTORS_FILE_FORMATS_H
#define NARADA_CONNECTORS_FILE_FORMATS_H

#include "base/input.h"
#include "connectors/file/file_rows.h"

/* Reads all rows; the caller finishes. */
typedef Status FileRead(Run *run, Input *input, FileRows *rows, Error *error);
/* The same, and what the list calls itself (arena; empty = nothing); `title` may be NULL. */
Status xspf_read_list(Run *run, Input *input, FileRows *rows, Text *title, Error *error);
/* Writes the selected rows; the caller commits. */
typedef Status FileWrite(Run *run, const Batch *batch, Output *output, Error *error);

FileRead csv_read_rows, json_read_rows, jsonl_read_rows, m3u_read_rows, xspf_read_rows, jspf_read_rows;
FileWrite csv_write_rows, json_write_rows, jsonl_write_rows, m3u_write_rows, xspf_write_rows, jspf_write_rows;

#endif
