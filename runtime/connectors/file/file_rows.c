#include "connectors/file/file_rows.h"

#include "base/vec.h"
#include "connectors/file/file_notices.h"
#include "engine/columns.h"
#include "engine/tracks.h"

/* What is read of every file, asked for or not: it identifies the track, and dates the play. */
static const FieldId always[] = {FIELD_TITLE, FIELD_ARTIST,     FIELD_ARTISTS,        FIELD_ALBUM,    FIELD_ISRC,
                                 FIELD_MBID,  FIELD_SPOTIFY_ID, FIELD_MUSICBRAINZ_ID, FIELD_PLAYED_AT,
                                 FIELD_LIST_NAME};
enum { ALWAYS_COUNT = sizeof always / sizeof always[0] };
#define NO_TARGET UINT32_MAX

/* Where a value goes. */
typedef struct Target {
  Text name;
  Type type;
  size_t column; /* of the schema, or SIZE_MAX */
  bool given;    /* by the current row */
  Value value;
} Target;

typedef struct FileColumn {
  Text name;
  ColumnUse use;
  uint32_t target;   /* NO_TARGET unless wanted */
  uint64_t last_row; /* that had it, to find repetitions; 0 = none */
} FileColumn;

struct FileRows {
  Run *run;
  const PlanSchema *schema;
  FileNotices notices;
  VEC(Target) targets;
  VEC(FileColumn) columns;
  TextPool *names;      /* of the columns */
  uint32_t *name_index; /* from TextId in `names`; id 0 is the empty name */
  BatchWriter *writer;
  uint32_t by_field[FIELD_COUNT]; /* targets without a window */
  uint64_t row, line;             /* the current one, from 1 */
  uint64_t kept;
  FieldId required; /* without it a row is left out; FIELD_COUNT = none */
  TextBuilder scratch;
  bool keeps_lines;
  VEC(uint64_t) lines; /* of the kept rows */
};

static uint32_t find_target(const FileRows *rows, Text name) {
  for (uint32_t i = 0; i < rows->targets.count; i++) {
    if (text_equal(rows->targets.items[i].name, name)) return i;
  }
  return NO_TARGET;
}

static void add_targets(FileRows *rows) {
  Arena *arena = rows->run->arena;
  for (uint32_t i = 0; i < rows->schema->column_count; i++) {
    const PlanColumn *column = &rows->schema->columns[i];
    Text name = run_column_name(rows->run, column);
    vec_push(arena, &rows->targets, (Target){.name = name, .type = column->type, .column = i});
  }
  for (size_t i = 0; i < ALWAYS_COUNT; i++) {
    const FieldDef *def = field_def(always[i]);
    if (!(def->rows & (1 << rows->schema->kind)) || find_target(rows, text_of(def->name)) != NO_TARGET) continue;
    vec_push(arena, &rows->targets, (Target){.name = text_of(def->name), .type = def->type, .column = SIZE_MAX});
  }
  for (FieldId id = 0; id < FIELD_COUNT; id++) rows->by_field[id] = find_target(rows, text_of(field_def(id)->name));
}

FileRows *file_rows_new(Run *run, uint32_t node, const PlanSchema *schema, const char *path) {
  FileRows *rows = arena_alloc(run->arena, sizeof *rows);
  rows->run = run;
  rows->schema = schema;
  rows->notices = (FileNotices){.run = run, .node = node, .path = path, .kind = schema->kind};
  rows->names = text_pool_new(run->arena);
  rows->name_index = arena_array(run->arena, FILE_MAX_COLUMNS + 1, sizeof *rows->name_index);
  rows->required = schema->kind == ROWS_PLAY       ? FIELD_PLAYED_AT
                   : schema->kind == ROWS_PLAYLIST ? FIELD_LIST_NAME
                                                   : FIELD_COUNT;
  rows->writer = batch_writer_new(run->arena, schema, schema->kind != ROWS_PLAYLIST);
  rows->scratch.arena = run->arena;
  add_targets(rows);
  return rows;
}

/* "plays(90d)" is the field plays if plays takes a window. */
static FieldId field_of(Text name) {
  FieldId id = field_find(name);
  if (id != FIELD_COUNT || name.length == 0 || name.bytes[name.length - 1] != ')') return id;
  size_t at = 0;
  while (name.bytes[at] != '(' && name.bytes[at] != ')') at++;
  id = field_find((Text){name.bytes, at});
  return id != FIELD_COUNT && field_def(id)->windowed ? id : FIELD_COUNT;
}

static ColumnUse use_of(const FileRows *rows, Text name, uint32_t target) {
  if (target != NO_TARGET) return COLUMN_WANTED;
  FieldId id = field_of(name);
  return id != FIELD_COUNT && field_def(id)->rows & (1 << rows->schema->kind) ? COLUMN_KNOWN : COLUMN_UNKNOWN;
}

Status file_rows_column(FileRows *rows, Text name, uint64_t line, uint32_t *out, Error *error) {
  TextId id = text_interned(rows->names, name);
  if (id <= FILE_MAX_COLUMNS && rows->name_index[id]) {
    *out = rows->name_index[id] - 1;
    return STATUS_OK;
  }
  if (rows->columns.count == FILE_MAX_COLUMNS) {
    return fail(error, STATUS_FAILED, "", "%s:%llu: more than %d different columns", rows->notices.path,
                (unsigned long long)line, FILE_MAX_COLUMNS);
  }
  id = text_intern(rows->names, name);
  FileColumn column = {.name = text_at(rows->names, id), .target = find_target(rows, name)};
  column.use = use_of(rows, name, column.target);
  if (column.use == COLUMN_UNKNOWN) file_notices_unknown(&rows->notices, column.name);
  *out = (uint32_t)rows->columns.count;
  rows->name_index[id] = *out + 1;
  vec_push(rows->run->arena, &rows->columns, column);
  return STATUS_OK;
}

ColumnUse file_rows_use(const FileRows *rows, uint32_t column) {
  return rows->columns.items[column].use;
}

void file_rows_begin(FileRows *rows, uint64_t line) {
  rows->row++;
  rows->line = line;
  for (size_t i = 0; i < rows->targets.count; i++) rows->targets.items[i].given = false;
}

Status file_rows_set(FileRows *rows, uint32_t column, const Cell *cell, uint64_t line, Error *error) {
  FileColumn *of = &rows->columns.items[column];
  if (of->last_row == rows->row) {
    return fail(error, STATUS_FAILED, "",
                "%s:%llu: \"" TEXT_FORMAT "\" stands twice in one row; each name may stand once", rows->notices.path,
                (unsigned long long)line, TEXT_ARG(of->name));
  }
  of->last_row = rows->row;
  if (of->target == NO_TARGET || cell->kind == CELL_MISSING) return STATUS_OK;
  Target *target = &rows->targets.items[of->target];
  target->given = cell_value(rows->run, target->type, cell, &rows->scratch, &target->value);
  if (!target->given) file_notices_bad_value(&rows->notices, line, of->name, target->type, cell);
  return STATUS_OK;
}

/* The target of a field if the row gives it. */
static Target *given(FileRows *rows, FieldId id) {
  uint32_t at = rows->by_field[id];
  return at != NO_TARGET && rows->targets.items[at].given ? &rows->targets.items[at] : NULL;
}

static void give(FileRows *rows, FieldId id, Value value) {
  uint32_t at = rows->by_field[id];
  if (at == NO_TARGET || rows->targets.items[at].given) return;
  rows->targets.items[at].given = true;
  rows->targets.items[at].value = value;
}

static void fill_from_each_other(FileRows *rows) {
  const Target *artist = given(rows, FIELD_ARTIST), *artists = given(rows, FIELD_ARTISTS);
  if (artist && !artists) {
    give(rows, FIELD_ARTISTS, list_add(rows->run->lists, &artist->value, 1));
  } else if (artists && !artist) {
    ListItems items = list_items(rows->run->lists, artists->value);
    if (items.count) give(rows, FIELD_ARTIST, items.items[0]);
  }
  const Target *mbid = given(rows, FIELD_MBID), *musicbrainz = given(rows, FIELD_MUSICBRAINZ_ID);
  if (mbid) give(rows, FIELD_MUSICBRAINZ_ID, mbid->value);
  if (musicbrainz) give(rows, FIELD_MBID, musicbrainz->value);
  give(rows, FIELD_POSITION, (Value){.integer = (int64_t)rows->kept + 1});
}

static Text clue(FileRows *rows, FieldId id) {
  const Target *target = given(rows, id);
  return target ? text_at(rows->run->texts, (TextId)target->value.integer) : (Text){"", 0};
}

Status file_rows_end(FileRows *rows, Error *error) {
  if (rows->required != FIELD_COUNT && !given(rows, rows->required)) {
    file_notices_count(&rows->notices.lacking, rows->line);
    return STATUS_OK;
  }
  fill_from_each_other(rows);
  const TrackClues clues = {.spotify_id = clue(rows, FIELD_SPOTIFY_ID),
                            .isrc = clue(rows, FIELD_ISRC),
                            .mbid = clue(rows, FIELD_MBID),
                            .title = clue(rows, FIELD_TITLE),
                            .artist = clue(rows, FIELD_ARTIST),
                            .album = clue(rows, FIELD_ALBUM)};
  TrackHandle track = 0;
  Status status = track_identify(rows->run->tracks, &clues, &track, error);
  if (!status) status = batch_writer_row(rows->writer, track, error);
  if (status) return fail_context(error, "%s:%llu", rows->notices.path, (unsigned long long)rows->line);
  for (size_t i = 0; i < rows->targets.count; i++) {
    const Target *target = &rows->targets.items[i];
    if (target->given && target->column != SIZE_MAX) batch_writer_set(rows->writer, target->column, target->value);
  }
  rows->kept++;
  if (rows->keeps_lines) vec_push(rows->run->arena, &rows->lines, rows->line);
  return STATUS_OK;
}

void file_rows_keep_lines(FileRows *rows) {
  rows->keeps_lines = true;
}

uint64_t file_rows_line(const FileRows *rows, size_t row) {
  return row < rows->lines.count ? rows->lines.items[row] : 0;
}

void file_rows_too_long(FileRows *rows) {
  file_notices_count(&rows->notices.too_long, rows->line);
}

void file_rows_too_short(FileRows *rows) {
  file_notices_count(&rows->notices.too_short, rows->line);
}

const Batch *file_rows_finish(FileRows *rows) {
  file_notices_tell(&rows->notices);
  return batch_writer_finish(rows->writer);
}
