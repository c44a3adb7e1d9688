#include "connectors/listenbrainz/row_facts.h"

RowReader row_reader(Run *run, const Batch *batch) {
  return (RowReader){
      .run = run,
      .batch = batch,
      .title = library_column(run, batch, FIELD_TITLE),
      .artist = library_column(run, batch, FIELD_ARTIST),
      .artists = library_column(run, batch, FIELD_ARTISTS),
      .album = library_column(run, batch, FIELD_ALBUM),
      .isrc = library_column(run, batch, FIELD_ISRC),
      .mbid = library_column(run, batch, FIELD_MBID),
      .spotify_id = library_column(run, batch, FIELD_SPOTIFY_ID),
      .duration = library_column(run, batch, FIELD_DURATION),
      .service = library_column(run, batch, FIELD_SERVICE),
  };
}

static Text first_of(Text a, Text b) {
  return a.length ? a : b;
}

static bool has(const RowReader *reader, size_t column, size_t row) {
  return column != SIZE_MAX && !column_is_missing(&reader->batch->columns[column], row);
}

static Text join_artists(const RowReader *reader, Arena *arena, size_t row) {
  TextBuilder all = {.arena = arena};
  if (!has(reader, reader->artists, row)) return TEXT_LITERAL("");
  ListItems list = list_items(reader->run->lists, reader->batch->columns[reader->artists].values[row]);
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) text_append(&all, TEXT_LITERAL(", "));
    text_append(&all, text_at(reader->run->texts, (TextId)list.items[i].integer));
  }
  return text_built(&all);
}

Status row_facts(const RowReader *reader, Arena *arena, size_t row, RowFacts *out, Error *error) {
  const Run *run = reader->run;
  const Batch *batch = reader->batch;
  TrackClues clues;
  Status status = track_clues(run->tracks, batch->tracks ? batch->tracks[row] : 0, &clues, error);
  if (status != STATUS_OK) return status;
  *out = (RowFacts){
      .title = first_of(library_text(run, batch, reader->title, row), clues.title),
      .first_artist = first_of(library_text(run, batch, reader->artist, row), clues.artist),
      .album = first_of(library_text(run, batch, reader->album, row), clues.album),
      .spotify_id = first_of(library_text(run, batch, reader->spotify_id, row), clues.spotify_id),
      .duration_ms = clues.duration_ms,
      .on_spotify = text_is(library_text(run, batch, reader->service, row), "spotify"),
  };
  out->artist = first_of(join_artists(reader, arena, row), out->first_artist);
  if (!mbid_read(first_of(library_text(run, batch, reader->mbid, row), clues.mbid), out->mbid)) out->mbid[0] = '\0';
  if (!isrc_read(first_of(library_text(run, batch, reader->isrc, row), clues.isrc), out->isrc)) out->isrc[0] = '\0';
  if (has(reader, reader->duration, row)) out->duration_ms = duration_total_ms(batch->columns[reader->duration].values[row].integer);
  return STATUS_OK;
}
