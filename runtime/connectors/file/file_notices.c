#include "connectors/file/file_notices.h"

#include <string.h>

enum { NAME_SHOWN = 60 };
#define ULL(number) ((unsigned long long)(number))

static const char *plural(uint64_t count) {
  return count == 1 ? "" : "s";
}

void file_notices_count(FileCount *count, uint64_t line) {
  if (count->count++ == 0) count->line = line;
}

void file_notices_unknown(FileNotices *notices, Text name) {
  if (notices->unknown_count < FILE_UNKNOWN_SHOWN) notices->unknown[notices->unknown_count] = name;
  notices->unknown_count++;
}

void file_notices_bad_value(FileNotices *notices, uint64_t line, Text column, Type type, const Cell *cell) {
  file_notices_count(&notices->bad, line);
  if (notices->bad.count > 1) return;
  Arena *arena = notices->run->arena;
  Text shown = cell_shown(arena, cell), name = text_escaped(arena, text_cut(column, NAME_SHOWN));
  notices->bad_first = text_of(arena_format(arena, "column " TEXT_FORMAT ": " TEXT_FORMAT " is not %s", TEXT_ARG(name),
                                            TEXT_ARG(shown), cell_expected(type)));
}

/* The field of these rows that `name` may have meant, or FIELD_COUNT. */
static FieldId nearest_field(RowKind kind, Text name) {
  Text names[FIELD_COUNT];
  FieldId ids[FIELD_COUNT];
  size_t count = 0;
  for (FieldId id = 0; id < FIELD_COUNT; id++) {
    if (!(field_def(id)->rows & (1 << kind))) continue;
    ids[count] = id;
    names[count++] = text_of(field_def(id)->name);
  }
  size_t nearest = text_nearest(name, names, count);
  return nearest == SIZE_MAX ? FIELD_COUNT : ids[nearest];
}

static void append_unknown(TextBuilder *text, const FileNotices *notices, Text name) {
  if (name.length == 0) {
    text_append(text, TEXT_LITERAL("one without a name"));
    return;
  }
  text_append_char(text, '"');
  text_append(text, text_escaped(text->arena, text_cut(name, NAME_SHOWN)));
  text_append_char(text, '"');
  FieldId exact = field_find(name), near = nearest_field(notices->kind, text_fold(text->arena, name));
  if (exact != FIELD_COUNT) {
    text_append_format(text, " (not a field of %s)", row_kind_name(notices->kind));
  } else if (near != FIELD_COUNT) {
    text_append_format(text, " (did you mean %s?)", field_def(near)->name);
  }
}

static void tell_unknown(const FileNotices *notices, const char *path) {
  TextBuilder names = {.arena = notices->run->arena};
  for (uint64_t i = 0; i < notices->unknown_count && i < FILE_UNKNOWN_SHOWN; i++) {
    if (i) text_append(&names, TEXT_LITERAL(", "));
    append_unknown(&names, notices, notices->unknown[i]);
  }
  if (notices->unknown_count > FILE_UNKNOWN_SHOWN) {
    text_append_format(&names, " and %llu more", ULL(notices->unknown_count - FILE_UNKNOWN_SHOWN));
  }
  run_notice(notices->run, notices->node, false, "%s: not read, because %s have no such field: " TEXT_FORMAT, path,
             row_kind_name(notices->kind), TEXT_ARG(text_built(&names)));
}

static const char *path_shown(Run *run, const char *path) {
  return text_escaped(run->arena, text_of(path)).bytes;
}

void file_notices_tell(const FileNotices *notices) {
  Run *run = notices->run;
  uint32_t node = notices->node;
  const char *path = path_shown(run, notices->path);
  if (notices->unknown_count) tell_unknown(notices, path);
  if (notices->bad.count) {
    run_notice(run, node, true, "%llu value%s could not be read and %s missing; the first: %s:%llu, " TEXT_FORMAT,
               ULL(notices->bad.count), plural(notices->bad.count), notices->bad.count == 1 ? "is" : "are", path,
               ULL(notices->bad.line), TEXT_ARG(notices->bad_first));
  }
  if (notices->too_long.count) {
    run_notice(run, node, true,
               "%llu row%s had more values than the first line has names, and the values beyond were not read; the "
               "first: %s:%llu",
               ULL(notices->too_long.count), plural(notices->too_long.count), path, ULL(notices->too_long.line));
  }
  if (notices->too_short.count) {
    run_notice(run, node, false,
               "%llu row%s had fewer values than the first line has names, and the rest is missing; the first: %s:%llu",
               ULL(notices->too_short.count), plural(notices->too_short.count), path, ULL(notices->too_short.line));
  }
  if (notices->lacking.count) {
    bool play = notices->kind == ROWS_PLAY;
    run_notice(run, node, true, "%llu %s%s without %s left out; the first: %s:%llu", ULL(notices->lacking.count),
               play ? "play" : "playlist", plural(notices->lacking.count), play ? "played_at" : "name", path,
               ULL(notices->lacking.line));
  }
}

void file_notice_written(Run *run, uint32_t node, const char *path, size_t rows) {
  run_notice(run, node, false, "%s %llu row%s to %s", run->options.dry_run ? "would write" : "wrote", ULL(rows),
             plural(rows), path_shown(run, path));
}
