/* from spotify.export: the plays of an extended streaming history, straight from its files. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "connectors/spotify_export/history.h"
#include "engine/stage.h"

typedef struct Export {
  StageCall *call;
  Run *run;
  BatchWriter *writer;
  size_t columns[FIELD_COUNT]; /* of the output, SIZE_MAX = not asked for */
  bool podcasts;
  uint64_t left_out; /* podcast and audiobook plays */
  uint64_t rejected, broken;
  Text first_rejection, first_problem;
} Export;

static void find_columns(Export *export) {
  const Plan *plan = export->run->plan;
  const PlanSchema *schema = export->call->schema;
  for (size_t field = 0; field < FIELD_COUNT; field++) {
    export->columns[field] = SIZE_MAX;
  }
  for (uint32_t i = 0; i < schema->column_count; i++) {
    const PlanColumn *column = &schema->columns[i];
    if (column->field != PLAN_NONE) {
      export->columns[plan->imports[column->field].id] = i;
    }
  }
}

static void set(Export *export, FieldId field, Value value) {
  if (export->columns[field] != SIZE_MAX) {
    batch_writer_set(export->writer, export->columns[field], value);
  }
}

static void set_integer(Export *export, FieldId field, int64_t integer) {
  set(export, field, (Value){.integer = integer});
}

/* An empty text is a missing one. */
static void set_text(Export *export, FieldId field, Text text) {
  if (text.length > 0 && export->columns[field] != SIZE_MAX) {
    set_integer(export, field, text_intern(export->run->texts, text));
  }
}

static void set_flag(Export *export, FieldId field, Tristate flag) {
  if (flag != TRISTATE_MISSING) {
    set_integer(export, field, flag == TRISTATE_TRUE);
  }
}

static void set_artists(Export *export, Text artist) {
  if (artist.length > 0 && export->columns[FIELD_ARTISTS] != SIZE_MAX) {
    Value item = {.integer = text_intern(export->run->texts, artist)};
    set(export, FIELD_ARTISTS, list_add(export->run->lists, &item, 1));
  }
}

static void set_context(Export *export, const PlayContext *context) {
  set_text(export, FIELD_SERVICE, context->service);
  set_text(export, FIELD_SOURCE, context->source);
  set_text(export, FIELD_PLATFORM, context->platform);
  set_text(export, FIELD_COUNTRY, context->country);
  set_text(export, FIELD_REASON_START, context->reason_start);
  set_text(export, FIELD_REASON_END, context->reason_end);
  set_flag(export, FIELD_SHUFFLE, context->shuffle);
  set_flag(export, FIELD_SKIPPED, context->skipped);
  set_flag(export, FIELD_OFFLINE, context->offline);
  set_flag(export, FIELD_INCOGNITO, context->incognito);
}

static Status add_play(Export *export, const PlayObservation *play, Error *error) {
  TrackHandle track = 0;
  Text spotify_id = play->kind == PLAY_TRACK ? play->connector_track_id : (Text){0};
  if (play->kind == PLAY_TRACK) {
    TrackClues clues = {.spotify_id = spotify_id, .title = play->title, .artist = play->artist, .album = play->album};
    Status status = track_identify(export->run->tracks, &clues, &track, error);
    if (status != STATUS_OK) {
      return status;
    }
  }
  Status status = batch_writer_row(export->writer, track, error);
  if (status != STATUS_OK) {
    return status;
  }
  set_text(export, FIELD_TITLE, play->title);
  set_text(export, FIELD_ARTIST, play->artist);
  set_artists(export, play->artist);
  set_text(export, FIELD_ALBUM, play->album);
  set_text(export, FIELD_SPOTIFY_ID, spotify_id);
  set_text(export, FIELD_KIND, text_of(play_kind_name(play->kind)));
  set_integer(export, FIELD_PLAYED_AT, play->played_at);
  set_integer(export, FIELD_MS_PLAYED, duration_pack((Duration){.ms = play->ms_played}));
  if (play->has_offline_at) {
    set_integer(export, FIELD_OFFLINE_AT, play->offline_at);
  }
  set_context(export, &play->context);
  return STATUS_OK;
}

static Text place(Export *export, const HistoryRow *row) {
  Arena *arena = export->run->arena;
  if (row->event == HISTORY_FILE_END) {
    return text_of(arena_format(arena, TEXT_FORMAT ": " TEXT_FORMAT, TEXT_ARG(row->file), TEXT_ARG(row->reason)));
  }
  return text_of(arena_format(arena, TEXT_FORMAT ":%" PRIu64 ": " TEXT_FORMAT, TEXT_ARG(row->file), row->line,
                              TEXT_ARG(row->reason)));
}

static void note_rejection(Export *export, const HistoryRow *row) {
  if (export->rejected++ == 0) {
    export->first_rejection = place(export, row);
  }
}

static void note_file_end(Export *export, const HistoryRow *row) {
  if (row->reason.length > 0 && export->broken++ == 0) {
    export->first_problem = place(export, row);
  }
}

static Status add_row(Export *export, const HistoryRow *row, Error *error) {
  switch (row->event) {
    case HISTORY_PLAY:
      if (row->play.kind != PLAY_TRACK && !export->podcasts) {
        export->left_out++;
        return STATUS_OK;
      }
      return add_play(export, &row->play, error);
    case HISTORY_REJECTED:
      note_rejection(export, row);
      return STATUS_OK;
    case HISTORY_FILE_END:
      note_file_end(export, row);
      return STATUS_OK;
    default:
      return STATUS_OK;
  }
}

static void give_notices(const Export *export) {
  uint32_t node = export->call->node;
  if (export->left_out > 0) {
    run_notice(export->run, node, false,
               "%" PRIu64 " play%s of podcasts and audiobooks left out; `podcasts: true` includes them",
               export->left_out, export->left_out == 1 ? "" : "s");
  }
  if (export->rejected > 0) {
    run_notice(export->run, node, true, "%" PRIu64 " row%s could not be used, the first: " TEXT_FORMAT,
               export->rejected, export->rejected == 1 ? "" : "s", TEXT_ARG(export->first_rejection));
  }
  if (export->broken > 0) {
    run_notice(export->run, node, true, "%" PRIu64 " file%s could not be read to the end, the first: " TEXT_FORMAT,
               export->broken, export->broken == 1 ? "" : "s", TEXT_ARG(export->first_problem));
  }
}

Status stage_run_FROM_SPOTIFY_EXPORT(StageCall *call, const Batch **out, Error *error) {
  Arena *arena = call->run->arena;
  Export *export = arena_alloc(arena, sizeof *export);
  export->call = call;
  export->run = call->run;
  export->podcasts = call_bool(call, "podcasts", false);
  export->writer = batch_writer_new(arena, call->schema, true);
  find_columns(export);
  Text given = call_text(call, "path");
  if (given.length == 0 || memchr(given.bytes, '\0', given.length)) {
    return fail(error, STATUS_USAGE, "",
                "%s: the path is empty or holds a NUL character; name a file, a folder or a zip", call->def->name);
  }
  const char *path = text_copy(arena, given).bytes;
  HistoryReader *reader;
  Status status = history_open(arena, &path, 1, (HistoryOptions){.ahead = true}, &reader, error);
  if (status != STATUS_OK) {
    return status;
  }
  for (;;) {
    const HistoryRow *row;
    status = history_next(reader, &row, error);
    if (status != STATUS_OK || row->event == HISTORY_END) {
      break;
    }
    status = add_row(export, row, error);
    if (status != STATUS_OK) {
      break;
    }
  }
  history_close(reader);
  if (status == STATUS_OK) {
    give_notices(export);
    *out = batch_writer_finish(export->writer);
  }
  return status;
}
