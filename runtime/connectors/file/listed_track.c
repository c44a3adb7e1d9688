#include "connectors/file/listed_track.h"

static const Column *find_column(const Run *run, const Batch *batch, const char *name, Type type) {
  for (uint32_t i = 0; i < batch->schema->column_count; i++) {
    const PlanColumn *column = &batch->schema->columns[i];
    if (column->window.kind != WINDOW_NONE || type_required(column->type) != type) continue;
    if (text_is(plan_string(run->plan, column->name), name)) return &batch->columns[i];
  }
  return NULL;
}

ListedColumns listed_columns(const Run *run, const Batch *batch) {
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

Text listed_text(const Run *run, const Column *column, size_t row) {
  if (!column || column_is_missing(column, row)) return (Text){"", 0};
  return text_at(run->texts, (TextId)column->values[row].integer);
}

void listed_append_artist(TextBuilder *builder, void (*append)(TextBuilder *builder, Text text), const Run *run,
                          const ListedColumns *columns, size_t row) {
  Text artist = listed_text(run, columns->artist, row);
  append(builder, artist);
  if (artist.length || !columns->artists || column_is_missing(columns->artists, row)) return;
  ListItems list = list_items(run->lists, columns->artists->values[row]);
  for (uint32_t i = 0; i < list.count; i++) {
    if (i) append(builder, TEXT_LITERAL(", "));
    append(builder, text_at(run->texts, (TextId)list.items[i].integer));
  }
}

int64_t listed_length(const ListedColumns *columns, size_t row) {
  if (!columns->duration || column_is_missing(columns->duration, row)) return -1;
  Duration duration = duration_unpack(columns->duration->values[row].integer);
  return duration.months || duration.ms <= 0 ? -1 : duration.ms;
}
