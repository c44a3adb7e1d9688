/* layout.h: text that is laid out to a width: pieces, places where a line may end, and groups that are broken as a whole. Knows nothing of the language.
 *
 * A group whose text fits on the rest of its line is written on it; else every LINE and SOFT directly in it ends a line. Groups are decided from the outside
 * in, in one pass. */
#ifndef NARADA_COMPILER_LAYOUT_H
#define NARADA_COMPILER_LAYOUT_H

#include "base/text.h"
#include "base/vec.h"

typedef enum LayoutKind {
  LAYOUT_TEXT,
  LAYOUT_BLANK,           /* one blank, never at the end or the beginning of a line */
  LAYOUT_LINE,            /* a blank, or the end of the line if its group is broken */
  LAYOUT_SOFT,            /* nothing, or the end of the line if its group is broken */
  LAYOUT_HARD,            /* the end of the line; several in a row are one */
  LAYOUT_EMPTY_LINE,      /* an empty line, unless nothing stands before it */
  LAYOUT_COMMA_IF_BROKEN, /* `,` if its group is broken */
  LAYOUT_COMMENT,         /* a text that counts for no width and ends its line */
  LAYOUT_OPEN,            /* begins a group */
  LAYOUT_CLOSE,
  LAYOUT_INDENT, /* lines that begin from here on are two columns further in */
  LAYOUT_DEDENT,
} LayoutKind;

typedef struct LayoutOp {
  LayoutKind kind;
  bool broken;   /* OPEN: holds an end of line */
  bool hang;     /* TEXT, COMMENT: never in the first column when it begins a line */
  bool trailing; /* COMMENT: stands behind what is on its line */
  bool indented; /* COMMENT: as far in as the line above, if that is indented at all */
  size_t width;  /* TEXT: terminal columns */
  Text text;
} LayoutOp;

typedef struct Layout {
  Arena *arena;
  VEC(LayoutOp) ops;
  VEC(size_t) open; /* groups, outermost first */
} Layout;

/* Borrowed until layout_print. */
void layout_text(Layout *layout, Text text, bool hang);
/* Every kind without a text of its own. HARD breaks all open groups. */
void layout_put(Layout *layout, LayoutKind kind);
/* See LayoutOp; the text is borrowed. */
void layout_comment(Layout *layout, LayoutOp comment);
/* Breaks all open groups. */
void layout_break(Layout *layout);

/* The text, with lines of at most `columns` where groups allow it and comments behind neighbouring lines in one column. Arena, NUL-terminated; empty or ends
 * with one newline. Linear in the number of pieces. */
Text layout_print(Layout *layout, size_t columns);

#endif
