#include "base/json.h"
#include "connectors/file/cell.h"
#include "connectors/file/formats.h"
#include "connectors/file/listed_track.h"
#include "connectors/file/track_links.h"

static void append_key(TextBuilder *track, const char *key) {
  text_append_format(track, "%s\"%s\":", track->bytes[track->length - 1] == '{' ? "" : ",", key);
}

static void append_member(TextBuilder *track, const char *key, Text text) {
  if (text.length == 0) return;
  append_key(track, key);
  json_append_string(track, text);
}

static void append_number(TextBuilder *track, const char *key, int64_t number) {
  append_key(track, key);
  text_append_format(track, "%lld", (long long)number);
}

/* One item of a list; an id that is none writes nothing. */
static void append_link(TextBuilder *list, TrackLinkKind kind, Text id) {
  size_t before = list->length;
  text_append(list, before ? TEXT_LITERAL(",\"") : TEXT_LITERAL("\""));
  if (track_link_append(list, kind, id))
    text_append_char(list, '"');
  else
    list->length = before;
}

static void append_links(TextBuilder *track, TextBuilder *list, const Run *run, const ListedColumns *columns,
                         size_t row) {
  list->length = 0;
  append_link(list, LINK_MBID, listed_text(run, columns->mbid, row));
  append_link(list, LINK_ISRC, listed_text(run, columns->isrc, row));
  if (list->length) {
    append_key(track, "identifier");
    text_append_format(track, "[" TEXT_FORMAT "]", TEXT_ARG(text_built(list)));
  }
  list->length = 0;
  append_link(list, LINK_SPOTIFY, listed_text(run, columns->spotify_id, row));
  if (list->length == 0) return;
  append_key(track, "location");
  text_append_format(track, "[" TEXT_FORMAT "]", TEXT_ARG(text_built(list)));
}

/* What JSPF itself has no place for: several artists, and when the entry was added. */
static void append_extension(TextBuilder *track, TextBuilder *scratch, Run *run, const ListedColumns *columns,
                             size_t row) {
  ListItems artists = {0};
  if (columns->artists && !column_is_missing(columns->artists, row))
    artists = list_items(run->lists, columns->artists->values[row]);
  bool added = columns->added && !column_is_missing(columns->added, row);
  if (!added && artists.count < 2) return;
  append_key(track, "extension");
  text_append(track, TEXT_LITERAL("{\"https://musicbrainz.org/doc/jspf#track\":{"));
  if (added) {
    append_key(track, "added_at");
    value_append_json(track, run, TYPE_OF(TIME), columns->added->values[row], scratch);
  }
  if (artists.count >= 2) {
    append_key(track, "additional_metadata");
    text_append(track, TEXT_LITERAL("{\"artists\":["));
    for (uint32_t i = 0; i < artists.count; i++) {
      text_append(track, i ? TEXT_LITERAL(",{\"artist_credit_name\":") : TEXT_LITERAL("{\"artist_credit_name\":"));
      json_append_string(track, text_at(run->texts, (TextId)artists.items[i].integer));
      text_append_char(track, '}');
    }
    text_append(track, TEXT_LITERAL("]}"));
  }
  text_append(track, TEXT_LITERAL("}}"));
}

static void append_track(TextBuilder *track, TextBuilder *scratch, Run *run, const ListedColumns *columns, size_t row) {
  text_append_char(track, '{');
  append_member(track, "title", listed_text(run, columns->title, row));
  scratch->length = 0;
  listed_append_artist(scratch, text_append, run, columns, row);
  append_member(track, "creator", text_built(scratch));
  append_member(track, "album", listed_text(run, columns->album, row));
  const Column *number = columns->track_number;
  if (number && !column_is_missing(number, row) && number->values[row].integer > 0)
    append_number(track, "trackNum", number->values[row].integer);
  int64_t ms = listed_length(columns, row);
  if (ms > 0) append_number(track, "duration", ms);
  append_links(track, scratch, run, columns, row);
  append_extension(track, scratch, run, columns, row);
  text_append_char(track, '}');
}

Status jspf_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  const ListedColumns columns = listed_columns(run, batch);
  TextBuilder track = {.arena = run->arena}, scratch = {.arena = run->arena};
  Status status = output_write(output, TEXT_LITERAL("{\"playlist\":{\"track\":["), error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    track.length = 0;
    text_append(&track, at ? TEXT_LITERAL(",\n") : TEXT_LITERAL("\n"));
    append_track(&track, &scratch, run, &columns, batch_row(batch, at));
    status = output_write(output, text_built(&track), error);
  }
  return status ? status : output_write(output, batch->selected ? TEXT_LITERAL("\n]}}\n") : TEXT_LITERAL("]}}\n"), error);
}
