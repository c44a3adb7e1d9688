#include "connectors/lastfm/sent_row.h"

#include "connectors/library/library.h"
#include "engine/tracks.h"

static const Value *value_of(const StageCall *call, FieldId field, size_t row) {
  const Batch *batch = call->inputs[0];
  size_t at = library_column(call->run, batch, field);
  return at == SIZE_MAX || column_is_missing(&batch->columns[at], row) ? NULL : &batch->columns[at].values[row];
}

static Text text_of_field(const StageCall *call, FieldId field, size_t row) {
  return library_text(call->run, call->inputs[0], library_column(call->run, call->inputs[0], field), row);
}

Status sent_row_read(const StageCall *call, size_t row, SentRow *out, Error *error) {
  const Batch *batch = call->inputs[0];
  TrackClues clues;
  Status status = track_clues(call->run->tracks, batch->tracks ? batch->tracks[row] : 0, &clues, error);
  if (status != STATUS_OK) return status;
  Text kind = text_of_field(call, FIELD_KIND, row);
  const Value *duration = value_of(call, FIELD_DURATION, row), *at = value_of(call, FIELD_PLAYED_AT, row), *ms = value_of(call, FIELD_MS_PLAYED, row);
  *out = (SentRow){.artist = text_of_field(call, FIELD_ARTIST, row), .title = text_of_field(call, FIELD_TITLE, row), .album = text_of_field(call, FIELD_ALBUM, row),
                   .duration_ms = duration ? duration_total_ms(duration->integer) : clues.duration_ms, .played_at = at ? at->integer : INSTANT_MIN,
                   .ms_played = ms ? duration_total_ms(ms->integer) : -1, .is_spoken = kind.length && !text_is(kind, "track")};
  if (!out->artist.length) out->artist = clues.artist;
  if (!out->title.length) out->title = clues.title;
  if (!out->album.length) out->album = clues.album;
  return STATUS_OK;
}

Text sent_names_key(Arena *arena, Text artist, Text title) {
  TextBuilder key = {.arena = arena};
  text_append(&key, text_fold(arena, artist));
  text_append_char(&key, '\n');
  text_append(&key, text_fold(arena, title));
  return text_built(&key);
}
