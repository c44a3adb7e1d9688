/* Diagnostics for a terminal. Program text, paths and messages reach it only through text_print. */
#include <string.h>

#include "base/vec.h"
#include "compiler/source/diag.h"

enum { TAB_STOP = 4, WHOLE_LINE_BYTES = 240, BEFORE_BYTES = 80, AFTER_BYTES = 160, MAX_MARKS = 16 };

typedef struct Mark {
  Span span;
  Text message;
  bool primary;
} Mark;

typedef struct Renderer {
  const DiagList *list;
  FILE *out;
  bool colour;
  const char *tint; /* of the severity */
  int gutter;       /* columns of the line numbers */
} Renderer;

#define STYLE_PLAIN  "\033[0m"
#define STYLE_BOLD   "\033[1m"
#define STYLE_GUTTER "\033[34m"

static void style(const Renderer *renderer, const char *code) {
  if (renderer->colour) fputs(code, renderer->out);
}

static void styled(const Renderer *renderer, const char *code, Text text) {
  style(renderer, code);
  text_print(renderer->out, text);
  style(renderer, STYLE_PLAIN);
}

static const char *severity_word(Severity severity) {
  return severity == SEVERITY_ERROR ? "error" : severity == SEVERITY_WARNING ? "warning" : "note";
}

static const char *severity_tint(Severity severity) {
  return severity == SEVERITY_ERROR ? "\033[1;31m" : severity == SEVERITY_WARNING ? "\033[1;33m" : "\033[1;36m";
}

/* Columns. A unit is a character, or one byte that is none. */

static size_t unit_length(Text text, size_t at) {
  size_t length = 1;
  while (length < 4 && at + length < text.length && ((unsigned char)text.bytes[at + length] & 0xC0) == 0x80) length++;
  return text_invalid_at((Text){text.bytes + at, length}) == length ? length : 1;
}

static size_t unit_width(Text unit, size_t column) {
  return unit.bytes[0] == '\t' ? TAB_STOP - column % TAB_STOP : text_width(unit);
}

/* The column, from 0, at which the byte `offset` of the shown part of a line is displayed. */
static size_t column_of(Text line, size_t offset) {
  size_t column = 0;
  for (size_t at = 0; at < line.length && at < offset;) {
    Text unit = {line.bytes + at, unit_length(line, at)};
    column += unit_width(unit, column);
    at += unit.length;
  }
  return column;
}

static void print_blanks(const Renderer *renderer, size_t count) {
  while (count--) fputc(' ', renderer->out);
}

static void print_line(const Renderer *renderer, Text line) {
  size_t column = 0;
  for (size_t at = 0; at < line.length;) {
    Text unit = {line.bytes + at, unit_length(line, at)};
    size_t width = unit_width(unit, column);
    if (unit.bytes[0] == '\t')
      print_blanks(renderer, width);
    else
      text_print(renderer->out, unit);
    column += width;
    at += unit.length;
  }
}

/* Lines. */

/* The part of a line that is shown: all of it, or what is around `offset` if it is very long. */
static Text shown_part(Text line, size_t offset, bool *cut_before, bool *cut_after) {
  *cut_before = *cut_after = false;
  if (line.length <= WHOLE_LINE_BYTES) return line;
  size_t start = offset > BEFORE_BYTES ? offset - BEFORE_BYTES : 0;
  size_t end = offset + AFTER_BYTES < line.length ? offset + AFTER_BYTES : line.length;
  while (start > 0 && start < line.length && ((unsigned char)line.bytes[start] & 0xC0) == 0x80) start--;
  while (end < line.length && end > start && ((unsigned char)line.bytes[end] & 0xC0) == 0x80) end--;
  *cut_before = start > 0;
  *cut_after = end < line.length;
  return (Text){line.bytes + start, end - start};
}

static void print_gutter(const Renderer *renderer, uint32_t line) {
  style(renderer, STYLE_GUTTER);
  if (line)
    fprintf(renderer->out, "%*u │", renderer->gutter, line);
  else
    fprintf(renderer->out, "%*s │", renderer->gutter, "");
  style(renderer, STYLE_PLAIN);
}

/* Prints the line of `mark` unless it is already there, and the carets under it. */
static void print_mark(const Renderer *renderer, const Source *source, const Mark *mark, bool with_line) {
  uint32_t line_number = source_place(source, mark->span.start).line;
  Text line = source_line(source, line_number);
  size_t start = mark->span.start - source->line_starts[line_number - 1];
  size_t end = mark->span.end - source->line_starts[line_number - 1];
  if (start > line.length) start = line.length;
  if (end > line.length) end = line.length;
  bool cut_before, cut_after;
  Text part = shown_part(line, start, &cut_before, &cut_after);
  size_t skipped = (size_t)(part.bytes - line.bytes);
  if (with_line) {
    print_gutter(renderer, line_number);
    if (part.length) fputc(' ', renderer->out);
    if (cut_before) fputs("…", renderer->out);
    print_line(renderer, part);
    if (cut_after) fputs("…", renderer->out);
    fputc('\n', renderer->out);
  }
  size_t from = column_of(part, start - skipped);
  size_t to = column_of(part, end > skipped ? end - skipped : 0);
  print_gutter(renderer, 0);
  print_blanks(renderer, 1 + from + (cut_before ? 1 : 0));
  style(renderer, mark->primary ? renderer->tint : STYLE_GUTTER);
  size_t carets = to > from ? to - from : 1;
  while (carets--) fputc(mark->primary ? '^' : '-', renderer->out);
  if (mark->message.length) {
    fputc(' ', renderer->out);
    text_print(renderer->out, mark->message);
  }
  style(renderer, STYLE_PLAIN);
  fputc('\n', renderer->out);
}

/* The marks of one message. */

static bool mark_before(const Mark *a, const Mark *b, uint32_t first_source) {
  if (a->span.source != b->span.source) {
    if (a->span.source == first_source || b->span.source == first_source) return a->span.source == first_source;
    return a->span.source < b->span.source;
  }
  return a->span.start < b->span.start;
}

static size_t collect_marks(const Diag *diag, Mark marks[MAX_MARKS]) {
  size_t count = 0;
  marks[count++] = (Mark){diag->span, diag->hint, true};
  for (const DiagLabel *label = diag->labels; label && count < MAX_MARKS; label = label->next) {
    Mark mark = {label->span, label->message, false};
    size_t at = count++;
    for (; at > 0 && mark_before(&mark, &marks[at - 1], diag->span.source); at--) marks[at] = marks[at - 1];
    marks[at] = mark;
  }
  return count;
}

static const Source *source_of(const Renderer *renderer, Span span) {
  const SourceSet *sources = renderer->list->sources;
  return sources && span.source < sources->count ? &sources->items[span.source] : NULL;
}

static int gutter_width(const Renderer *renderer, const Mark *marks, size_t count) {
  uint32_t last = 1;
  for (size_t i = 0; i < count; i++) {
    const Source *source = source_of(renderer, marks[i].span);
    uint32_t line = source ? source_place(source, marks[i].span.start).line : 1;
    if (line > last) last = line;
  }
  int width = 1;
  while (last >= 10) {
    width++;
    last /= 10;
  }
  return width;
}

static void print_place(const Renderer *renderer, const Source *source, Span span, bool first) {
  SourcePlace place = source_place(source, span.start);
  style(renderer, STYLE_GUTTER);
  fprintf(renderer->out, "%*s %s ", renderer->gutter, "", first ? "┌─" : "├─");
  style(renderer, STYLE_PLAIN);
  text_print(renderer->out, source->path);
  fprintf(renderer->out, ":%u:%u\n", place.line, place.column);
}

static void print_marks(const Renderer *renderer, const Diag *diag, const Mark *marks, size_t count) {
  uint32_t line_before = 0;
  for (size_t i = 0; i < count; i++) {
    const Source *source = source_of(renderer, marks[i].span);
    if (!source) continue;
    bool other = i == 0 || marks[i].span.source != marks[i - 1].span.source;
    if (other) {
      bool first = marks[i].span.source == diag->span.source;
      print_place(renderer, source, first ? diag->span : marks[i].span, i == 0);
      line_before = 0;
    }
    uint32_t line = source_place(source, marks[i].span.start).line;
    if (line_before && line > line_before + 1) {
      style(renderer, STYLE_GUTTER);
      fprintf(renderer->out, "%*s ·\n", renderer->gutter, "");
      style(renderer, STYLE_PLAIN);
    }
    print_mark(renderer, source, &marks[i], line != line_before);
    line_before = line;
  }
}

static void print_note(const Renderer *renderer, Text note) {
  style(renderer, STYLE_GUTTER);
  fprintf(renderer->out, "%*s = ", renderer->gutter, "");
  style(renderer, STYLE_PLAIN);
  text_print(renderer->out, note);
  fputc('\n', renderer->out);
}

static void render_one(Renderer *renderer, const Diag *diag) {
  const DiagInfo *info = diag_info(diag->code);
  renderer->tint = severity_tint(info->severity);
  style(renderer, renderer->tint);
  fprintf(renderer->out, "%s[%s]", severity_word(info->severity), info->code);
  style(renderer, STYLE_PLAIN);
  style(renderer, STYLE_BOLD);
  fputs(": ", renderer->out);
  styled(renderer, "", diag->message);
  fputc('\n', renderer->out);
  Mark marks[MAX_MARKS];
  size_t count = collect_marks(diag, marks);
  renderer->gutter = gutter_width(renderer, marks, count);
  print_marks(renderer, diag, marks, count);
  Text pointer = source_of(renderer, diag->span) ? source_pointer(renderer->list->sources, diag->span) : TEXT_LITERAL("");
  if (pointer.length) print_note(renderer, text_of(arena_format(renderer->list->arena, "at " TEXT_FORMAT, TEXT_ARG(pointer))));
  for (size_t i = 0; i < diag->note_count; i++) print_note(renderer, diag->notes[i]);
}

void diag_render(const DiagList *list, FILE *out, bool colour) {
  Renderer renderer = {.list = list, .out = out, .colour = colour};
  for (size_t i = 0; i < list->count; i++) {
    if (i) fputc('\n', out);
    render_one(&renderer, list->items[i]);
  }
  if (list->full) fprintf(out, "\nnote: only the first %d messages are shown\n", DIAG_MAX);
}
