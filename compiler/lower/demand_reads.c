#include "compiler/lower/demand_int.h"

#include <string.h>

bool column_same(const ColumnRef *a, const ColumnRef *b) {
  if (a->field != b->field || !text_equal(a->name, b->name) || !a->window != !b->window) return false;
  if (!a->window) return true;
  const Typed *x = a->window, *y = b->window;
  if (x->kind != y->kind || x->type != y->type) return false;
  if (x->kind == TYPED_PARAM) return x->param == y->param;
  const Literal *p = &x->literal, *q = &y->literal;
  if (p->type == TYPE_OF(DURATION)) return p->duration.months == q->duration.months && p->duration.ms == q->duration.ms;
  const Literal *ends[4] = {p->type == TYPE_OF(DATE) ? p : p->low, p->type == TYPE_OF(DATE) ? p : p->high, q->type == TYPE_OF(DATE) ? q : q->low,
                            q->type == TYPE_OF(DATE) ? q : q->high};
  for (int i = 0; i < 2; i++) {
    if (!ends[i] != !ends[i + 2]) return false;
    if (ends[i] && memcmp(&ends[i]->date, &ends[i + 2]->date, sizeof(Date)) != 0) return false;
  }
  return true;
}

ColumnRef *column_find(const ColumnSet *columns, const ColumnRef *column) {
  for (size_t i = 0; i < columns->count; i++)
    if (column_same(&columns->items[i], column)) return &columns->items[i];
  return NULL;
}

void column_add(Arena *arena, ColumnSet *columns, const ColumnRef *column) {
  ColumnRef *there = column_find(columns, column);
  if (!there)
    vec_push(arena, columns, *column);
  else
    there->if_given = there->if_given && column->if_given;
}

ColumnRef field_column(FieldId field) {
  return (ColumnRef){.name = text_of(field_def(field)->name), .field = field, .type = field_def(field)->type};
}

/* ---- what a stage reads from its inputs ---- */

static void read_expr(Arena *arena, const Typed *typed, ColumnSet *out) {
  if (typed->kind == TYPED_COLUMN) column_add(arena, out, &typed->column);
  for (size_t i = 0; i < typed->operand_count; i++)
    if (typed->operands[i]) read_expr(arena, typed->operands[i], out);
}

static const FieldId entry_fields[] = {FIELD_ADDED, FIELD_POSITION};
static const FieldId shown_of_track[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ALBUM};
static const FieldId shown_of_play[] = {FIELD_PLAYED_AT, FIELD_TITLE, FIELD_ARTIST, FIELD_MS_PLAYED};
static const FieldId written_of_track[] = {FIELD_TITLE,    FIELD_ARTIST, FIELD_ARTISTS,  FIELD_ALBUM,      FIELD_DURATION,      FIELD_RELEASED,
                                           FIELD_ISRC,     FIELD_MBID,   FIELD_EXPLICIT, FIELD_SPOTIFY_ID};
static const FieldId written_of_play[] = {FIELD_PLAYED_AT, FIELD_MS_PLAYED, FIELD_SERVICE, FIELD_SOURCE, FIELD_TITLE,  FIELD_ARTIST,
                                          FIELD_ARTISTS,   FIELD_ALBUM,     FIELD_ISRC,    FIELD_MBID,   FIELD_SPOTIFY_ID};
static const FieldId shown_of_playlist[] = {FIELD_LIST_NAME, FIELD_LIST_SIZE, FIELD_LIST_UPDATED};
static const FieldId written_of_playlist[] = {FIELD_LIST_NAME,    FIELD_LIST_DESCRIPTION, FIELD_LIST_OWNER, FIELD_LIST_SIZE,
                                              FIELD_LIST_UPDATED, FIELD_SERVICE,          FIELD_LIST_ID};
static const FieldId resolved_by[] = {FIELD_SPOTIFY_ID, FIELD_MBID, FIELD_MUSICBRAINZ_ID, FIELD_ISRC, FIELD_DURATION};
static const FieldId listed[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ARTISTS, FIELD_DURATION, FIELD_SPOTIFY_ID};
static const FieldId exchanged[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ARTISTS, FIELD_ALBUM, FIELD_DURATION, FIELD_ISRC, FIELD_MBID, FIELD_SPOTIFY_ID};
static const FieldId dated[] = {FIELD_LIKED_AT};
static const FieldId exchanged_entries[] = {FIELD_ADDED, FIELD_TRACK_NUMBER};
static const FieldId stored_of_play[] = {FIELD_PLAYED_AT, FIELD_MS_PLAYED, FIELD_SERVICE, FIELD_SOURCE,     FIELD_PLATFORM,  FIELD_COUNTRY,
                                         FIELD_REASON_START, FIELD_REASON_END, FIELD_SHUFFLE, FIELD_SKIPPED, FIELD_OFFLINE, FIELD_OFFLINE_AT,
                                         FIELD_INCOGNITO, FIELD_KIND,      FIELD_TITLE,   FIELD_ARTIST,     FIELD_ALBUM,     FIELD_SPOTIFY_ID};
static const FieldId stored_of_track[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ARTISTS, FIELD_ALBUM, FIELD_DURATION, FIELD_RELEASED, FIELD_ISRC, FIELD_MBID, FIELD_SPOTIFY_ID};

/* What a service needs to find the track by. */
static const FieldId sent_of_track[] = {FIELD_TITLE, FIELD_ARTIST, FIELD_ALBUM, FIELD_DURATION, FIELD_ISRC, FIELD_MBID, FIELD_SPOTIFY_ID};
static const FieldId sent_of_play[] = {FIELD_PLAYED_AT, FIELD_MS_PLAYED, FIELD_SERVICE, FIELD_TITLE, FIELD_ARTIST,
                                       FIELD_ALBUM,     FIELD_DURATION,  FIELD_ISRC,    FIELD_MBID,  FIELD_SPOTIFY_ID};
static const FieldId sent_if_given[] = {FIELD_ARTISTS, FIELD_KIND};

static void read_fields(Arena *arena, const FieldId *fields, size_t count, bool if_given, ColumnSet *out) {
  for (size_t i = 0; i < count; i++) {
    ColumnRef column = field_column(fields[i]);
    column.if_given = if_given;
    column_add(arena, out, &column);
  }
}
#define READ_FIELDS(fields, if_given) read_fields(arena, (fields), sizeof(fields) / sizeof *(fields), (if_given), out)

/* The columns a destination wants although the program does not name them. What a destination in the store wants of a track (`stored`) is taken
 * where a source gives it, and never fetched: a track of the store is known by its id. */
static void read_destination(Arena *arena, const Node *node, ColumnSet *out) {
  RowKind kind = node->inputs[0]->type.kind;
  if (kind == ROWS_ANY) return;
  switch (node->stage) {
    case STAGEID_SHOW:
      if (kind == ROWS_PLAY)
        READ_FIELDS(shown_of_play, false);
      else if (kind == ROWS_PLAYLIST)
        READ_FIELDS(shown_of_playlist, false);
      else
        READ_FIELDS(shown_of_track, false);
      break;
    case STAGEID_TO_FILE_M3U: READ_FIELDS(listed, false); break;
    case STAGEID_TO_FILE_XSPF:
    case STAGEID_TO_FILE_JSPF:
      READ_FIELDS(exchanged, false);
      READ_FIELDS(exchanged_entries, true);
      break;
    case STAGEID_TO_LIBRARY_PLAYS: READ_FIELDS(stored_of_play, true); break;
    case STAGEID_TO_LIBRARY_LIKES:
      READ_FIELDS(stored_of_track, true);
      READ_FIELDS(dated, true);
      break;
    case STAGEID_TO_LIBRARY_PLAYLIST:
    case STAGEID_TO_LIBRARY_TAGS:
    case STAGEID_TO_LIBRARY_RATING: READ_FIELDS(stored_of_track, true); break;
    case STAGEID_TO_SPOTIFY_PLAYLIST:
    case STAGEID_TO_SPOTIFY_LIKES:
    case STAGEID_TO_LASTFM_LOVED:
    case STAGEID_TO_LISTENBRAINZ_PLAYLIST:
    case STAGEID_TO_LISTENBRAINZ_LOVED: READ_FIELDS(sent_of_track, false); break;
    case STAGEID_TO_LASTFM_SCROBBLES:
    case STAGEID_TO_LISTENBRAINZ_LISTENS:
      READ_FIELDS(sent_of_play, false);
      READ_FIELDS(sent_if_given, true);
      break;
    default:
      if (kind == ROWS_PLAY) {
        READ_FIELDS(written_of_play, false);
      } else if (kind == ROWS_PLAYLIST) {
        READ_FIELDS(written_of_playlist, false);
      } else {
        READ_FIELDS(written_of_track, false);
        READ_FIELDS(entry_fields, true);
      }
      break;
  }
}

static void read_identity(Arena *arena, Text word, ColumnSet *out) {
  static const FieldId words[] = {FIELD_ARTIST, FIELD_ISRC, FIELD_TITLE};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    ColumnRef column = field_column(words[i]);
    if (text_equal(word, column.name)) column_add(arena, out, &column);
  }
  if (!text_is(word, "artists")) return;
  ColumnRef all = field_column(FIELD_ARTISTS), first = field_column(FIELD_ARTIST); /* a file may know the first alone */
  column_add(arena, out, &all);
  column_add(arena, out, &first);
}

void node_reads(Arena *arena, const Node *node, ColumnSet *out) {
  for (size_t i = 0; i < node->arg_count; i++) {
    const NodeArg *arg = &node->args[i];
    bool of_rows = arg->kind == NODE_ROW || arg->kind == NODE_KEY || arg->kind == NODE_AGGREGATE;
    if (of_rows && arg->value) read_expr(arena, arg->value, out);
    if (arg->kind == NODE_WORD && stage_def(node->stage)->params[arg->param].kind == PARAM_IDENTITY) read_identity(arena, arg->word, out);
  }
  if (node->stage == STAGEID_RESOLVE) READ_FIELDS(resolved_by, true);
  if (stage_def(node->stage)->group == GROUP_DESTINATION) read_destination(arena, node, out);
}
