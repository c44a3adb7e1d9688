#include "connectors/file/listed_track.h"

#include "base/vec.h"
#include "connectors/file/formats.h"
#include "connectors/file/listed_rows.h"

void listed_append_artist(TextBuilder *builder, void (*append)(TextBuilder *builder, Text text), const ListedTrack *track) {
  append(builder, track->artist);
  if (track->artist.length) return;
  for (uint32_t i = 0; i < track->artist_count; i++) {
    if (i) append(builder, TEXT_LITERAL(", "));
    append(builder, track->artists[i]);
  }
}

/* ---- rows of a batch ---- */

/* Columns of a batch; NULL = not there. */
typedef struct ListedColumns {
  const Column *title, *artist, *artists, *album, *duration, *isrc, *mbid, *spotify_id, *track_number, *added;
} ListedColumns;

static const Column *find_column(const Run *run, const Batch *batch, const char *name, Type type) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const PlanColumn *column = &batch->schema->columns[i];
    if (column->window.kind != WINDOW_NONE || type_required(column->type) != type) continue;
    if (text_is(plan_string(run->plan, column->name), name)) return &batch->columns[i];
  }
  return NULL;
}

static ListedColumns find_columns(const Run *run, const Batch *batch) {
  return (ListedColumns){
      .title = find_column(run, batch, "title", TYPE_OF(TEXT)),
      .artist = find_column(run, batch, "artist", TYPE_OF(TEXT)),
      .artists = find_column(run, batch, "artists", TYPE_LIST_OF(TEXT)),
      .album = find_column(run, batch, "album", TYPE_OF(TEXT)),
      .duration = find_column(run, batch, "duration", TYPE_OF(DURATION)),
      .isrc = find_column(run, batch, "isrc", TYPE_OF(TEXT)),
      .mbid = find_column(run, batch, "mbid", TYPE_OF(TEXT)),
      .spotify_id = find_column(run, batch, "spotify.id", TYPE_OF(TEXT)),
      .track_number = find_column(run, batch, "track_number", TYPE_OF(INT)),
      .added = find_column(run, batch, "added", TYPE_OF(TIME)),
  };
}

static bool is_known(const Column *column, size_t row) {
  return column && !column_is_missing(column, row);
}

static Text text_in(const Run *run, const Column *column, size_t row) {
  return is_known(column, row) ? text_at(run->texts, (TextId)column->values[row].integer) : (Text){"", 0};
}

static int64_t length_in(const Column *column, size_t row) {
  if (!is_known(column, row)) return 0;
  Duration duration = duration_unpack(column->values[row].integer);
  return duration.months ? 0 : duration.ms;
}

struct ListedRows {
  Run *run;
  const Batch *batch;
  ListedColumns columns;
  VEC(Text) artists; /* of the track at hand */
  ListedTrack track;
};

ListedRows *listed_rows_new(Run *run, const Batch *batch) {
  ListedRows *rows = arena_alloc(run->arena, sizeof *rows);
  *rows = (ListedRows){.run = run, .batch = batch, .columns = find_columns(run, batch)};
  return rows;
}

const ListedTrack *listed_rows_at(ListedRows *rows, size_t position) {
  Run *run = rows->run;
  const ListedColumns *columns = &rows->columns;
  size_t row = batch_row(rows->batch, position);
  rows->track = (ListedTrack){
      .title = text_in(run, columns->title, row),
      .artist = text_in(run, columns->artist, row),
      .album = text_in(run, columns->album, row),
      .isrc = text_in(run, columns->isrc, row),
      .mbid = text_in(run, columns->mbid, row),
      .spotify_id = text_in(run, columns->spotify_id, row),
      .duration_ms = length_in(columns->duration, row),
      .number = is_known(columns->track_number, row) ? columns->track_number->values[row].integer : 0,
      .has_added = is_known(columns->added, row),
  };
  if (rows->track.has_added) rows->track.added = columns->added->values[row].integer;
  rows->artists.count = 0;
  if (is_known(columns->artists, row)) {
    ListItems list = list_items(run->lists, columns->artists->values[row]);
    for (uint32_t i = 0; i < list.count; i++) vec_push(run->arena, &rows->artists, text_at(run->texts, (TextId)list.items[i].integer));
  }
  rows->track.artists = rows->artists.items;
  rows->track.artist_count = (uint32_t)rows->artists.count;
  return &rows->track;
}

static Status write_rows(Run *run, const Batch *batch, const ListedFormat *format, Output *output, Error *error) {
  ListedRows *rows = listed_rows_new(run, batch);
  TextBuilder piece = {.arena = run->arena}, scratch = {.arena = run->arena};
  format->begin(&piece, (Text){"", 0}, (Text){"", 0});
  Status status = output_write(output, text_built(&piece), error);
  for (size_t at = 0; !status && at < batch->selected; at++) {
    piece.length = 0;
    format->track(&piece, &scratch, listed_rows_at(rows, at), at == 0);
    status = output_write(output, text_built(&piece), error);
  }
  piece.length = 0;
  format->end(&piece, batch->selected == 0);
  return status ? status : output_write(output, text_built(&piece), error);
}

Status m3u_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  return write_rows(run, batch, &listed_m3u, output, error);
}

Status xspf_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  return write_rows(run, batch, &listed_xspf, output, error);
}

Status jspf_write_rows(Run *run, const Batch *batch, Output *output, Error *error) {
  return write_rows(run, batch, &listed_jspf, output, error);
}
