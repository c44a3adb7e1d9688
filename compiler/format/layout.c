#include "compiler/format/layout.h"

enum { STEP = 2, COMMENT_DISTANCE = 3, COMMENT_COLUMN_MAX = 60 };

void layout_text(Layout *layout, Text text, bool hang) {
  vec_push(layout->arena, &layout->ops, (LayoutOp){.kind = LAYOUT_TEXT, .text = text, .width = text_width(text), .hang = hang});
}

/* A group that is broken is in groups that are. */
void layout_break(Layout *layout) {
  for (size_t i = layout->open.count; i > 0; i--) {
    LayoutOp *group = &layout->ops.items[layout->open.items[i - 1]];
    if (group->broken) return;
    group->broken = true;
  }
}

void layout_put(Layout *layout, LayoutKind kind) {
  if (kind == LAYOUT_HARD) layout_break(layout);
  if (kind == LAYOUT_OPEN) vec_push(layout->arena, &layout->open, layout->ops.count);
  if (kind == LAYOUT_CLOSE) layout->open.count--;
  vec_push(layout->arena, &layout->ops, (LayoutOp){.kind = kind});
}

void layout_comment(Layout *layout, LayoutOp comment) {
  comment.kind = LAYOUT_COMMENT;
  vec_push(layout->arena, &layout->ops, comment);
}

/* One line of the result: what stands in `code`, and perhaps a comment behind it. */
typedef struct Line {
  size_t start, end; /* in the printer's code */
  size_t indent, width;
  Text comment;
} Line;

typedef struct Printer {
  const Layout *layout;
  size_t columns;
  TextBuilder code;
  VEC(Line) lines;
  VEC(bool) broken; /* of the open groups */
  size_t indent;
  bool at_end; /* the last line is complete */
  bool blank;  /* is owed before the next text of the line */
} Printer;

static Line *last_line(const Printer *printer) {
  return &printer->lines.items[printer->lines.count - 1];
}

static Line *line_for(Printer *printer, size_t indent) {
  if (printer->at_end) {
    vec_push(printer->layout->arena, &printer->lines, (Line){printer->code.length, printer->code.length, indent, indent, {"", 0}});
    printer->at_end = printer->blank = false;
  }
  return last_line(printer);
}

static void print_text(Printer *printer, Text text, size_t width, bool hang) {
  Line *line = line_for(printer, hang && printer->indent == 0 && printer->at_end ? STEP : printer->indent);
  if (printer->blank) {
    text_append_char(&printer->code, ' ');
    line->width++;
    printer->blank = false;
  }
  text_append(&printer->code, text);
  line->width += width;
  line->end = printer->code.length;
}

static void print_comment(Printer *printer, const LayoutOp *op) {
  bool beside = op->trailing && printer->lines.count && !printer->at_end && last_line(printer)->comment.length == 0;
  if (!beside) {
    bool above = op->indented && printer->lines.count && last_line(printer)->indent > 0;
    printer->at_end = true;
    line_for(printer, printer->indent == 0 && (above || op->hang) ? STEP : printer->indent);
  }
  last_line(printer)->comment = op->text;
  printer->at_end = true;
}

/* Would what follows the opening at `at` stand on the rest of the line? Looks no further than the line is wide. */
static bool fits(const Printer *printer, size_t at) {
  size_t used = printer->at_end ? printer->indent : last_line(printer)->width + (printer->blank ? 1 : 0);
  size_t depth = 1; /* 0: behind the group, where groups are broken or may be */
  for (size_t i = at + 1; i < printer->layout->ops.count && used <= printer->columns; i++) {
    const LayoutOp *op = &printer->layout->ops.items[i];
    switch (op->kind) {
      case LAYOUT_TEXT:
        used += op->width;
        break;
      case LAYOUT_LINE:
      case LAYOUT_SOFT:
        if (depth == 0) return true;
        used += op->kind == LAYOUT_LINE;
        break;
      case LAYOUT_BLANK:
        used++;
        break;
      case LAYOUT_COMMA_IF_BROKEN:
        used += depth == 0;
        break;
      case LAYOUT_HARD:
      case LAYOUT_EMPTY_LINE:
        return true;
      case LAYOUT_OPEN:
        if (depth) depth++;
        break;
      case LAYOUT_CLOSE:
        if (depth) depth--;
        break;
      default:
        break;
    }
  }
  return used <= printer->columns;
}

static void print_op(Printer *printer, size_t at) {
  const LayoutOp *op = &printer->layout->ops.items[at];
  bool broken = printer->broken.count && printer->broken.items[printer->broken.count - 1];
  switch (op->kind) {
    case LAYOUT_TEXT:
      print_text(printer, op->text, op->width, op->hang);
      break;
    case LAYOUT_BLANK:
    case LAYOUT_LINE:
    case LAYOUT_SOFT:
      if (broken && op->kind != LAYOUT_BLANK) printer->at_end = true;
      if (op->kind != LAYOUT_SOFT) printer->blank = true;
      break;
    case LAYOUT_HARD:
      printer->at_end = true;
      break;
    case LAYOUT_EMPTY_LINE:
      printer->at_end = true;
      if (printer->lines.count) {
        line_for(printer, 0);
        printer->at_end = true;
      }
      break;
    case LAYOUT_COMMA_IF_BROKEN:
      if (broken) print_text(printer, TEXT_LITERAL(","), 1, false);
      break;
    case LAYOUT_COMMENT:
      print_comment(printer, op);
      break;
    case LAYOUT_OPEN: {
      bool flat = printer->broken.count && !broken;
      bool breaks = !flat && (op->broken || !fits(printer, at));
      vec_push(printer->layout->arena, &printer->broken, breaks);
      break;
    }
    case LAYOUT_CLOSE:
      printer->broken.count--;
      break;
    case LAYOUT_INDENT:
      printer->indent += STEP;
      break;
    case LAYOUT_DEDENT:
      printer->indent -= STEP;
      break;
  }
}

static bool is_aligned(const Line *line) {
  return line->comment.length && line->end > line->start && line->width <= COMMENT_COLUMN_MAX;
}

/* The column of the comments of the neighbouring lines `first` to `*end`. */
static size_t comment_column(const Printer *printer, size_t first, size_t *end) {
  size_t widest = printer->lines.items[first].width;
  *end = first + 1;
  if (!is_aligned(&printer->lines.items[first])) return widest + COMMENT_DISTANCE;
  for (; *end < printer->lines.count && is_aligned(&printer->lines.items[*end]); ++*end)
    if (printer->lines.items[*end].width > widest) widest = printer->lines.items[*end].width;
  return widest + COMMENT_DISTANCE;
}

static void append_blanks(TextBuilder *out, size_t count) {
  while (count--) text_append_char(out, ' ');
}

static void append_line(const Printer *printer, TextBuilder *out, const Line *line, size_t column) {
  bool has_code = line->end > line->start;
  if (has_code || line->comment.length) append_blanks(out, line->indent);
  text_append(out, (Text){printer->code.bytes + line->start, line->end - line->start});
  if (line->comment.length) {
    if (has_code) append_blanks(out, column - line->width);
    text_append(out, line->comment);
  }
  text_append_char(out, '\n');
}

Text layout_print(Layout *layout, size_t columns) {
  Printer printer = {.layout = layout, .columns = columns, .code = {.arena = layout->arena}, .at_end = true};
  text_append(&printer.code, TEXT_LITERAL(""));
  for (size_t i = 0; i < layout->ops.count; i++) print_op(&printer, i);
  size_t count = printer.lines.count;
  while (count && printer.lines.items[count - 1].end == printer.lines.items[count - 1].start && !printer.lines.items[count - 1].comment.length) count--;
  printer.lines.count = count;
  TextBuilder out = {.arena = layout->arena};
  text_append(&out, TEXT_LITERAL(""));
  for (size_t i = 0, end; i < count; i = end) {
    size_t column = comment_column(&printer, i, &end);
    for (size_t k = i; k < end; k++) append_line(&printer, &out, &printer.lines.items[k], column);
  }
  return text_built(&out);
}
