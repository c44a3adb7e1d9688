/* diag.h: what the compiler has to say, collected, ordered and rendered. Codes are rows of stdlib/diagnostics.def. */
#ifndef NARADA_COMPILER_DIAG_H
#define NARADA_COMPILER_DIAG_H

#include "compiler/source/source.h"

typedef enum DiagCode {
#define DIAGNOSTIC(code, name, severity, title, explanation) DIAG_##name,
#include "diagnostics.def"
#undef DIAGNOSTIC
  DIAG_COUNT
} DiagCode;

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE } Severity;

typedef struct DiagInfo {
  const char *code; /* "N2004", never reused */
  Severity severity;
  const char *title;
  const char *explanation; /* what `naradac explain CODE` prints */
} DiagInfo;
const DiagInfo *diag_info(DiagCode code);
/* By "N2004", in any case; NULL if there is none. */
const DiagInfo *diag_find(Text code);

typedef struct DiagLabel {
  Span span;
  Text message;
  struct DiagLabel *next;
} DiagLabel;

typedef struct Diag {
  DiagCode code;
  Span span;    /* primary */
  Span site;    /* DiagList.site when it was reported */
  Text message; /* what is wrong */
  Text hint;    /* short, stands beside the caret: what would be right; may be empty */
  DiagLabel *labels; /* secondary places */
  Text *notes;       /* whole sentences below */
  size_t note_count;
  Text replacement;  /* machine-applicable: what would be right instead of `fix_span`, if has_fix */
  Span fix_span;
  bool has_fix;
} Diag;

typedef struct DiagList {
  Arena *arena;
  SourceSet *sources;
  Diag **items;
  size_t count, capacity;
  size_t errors; /* how many are SEVERITY_ERROR */
  Span site;     /* where the program reaches the definition that is being checked, if that stands in a module; empty otherwise */
  bool full;     /* more than DIAG_MAX were reported: the rest is dropped and said so */
} DiagList;

enum { DIAG_MAX = 200 };

/* Adds one; the same code at the same span is added once. Never returns NULL (beyond DIAG_MAX a scratch one). */
Diag *diag_report(DiagList *list, DiagCode code, Span span, const char *format, ...) NARADA_PRINTF(4, 5);
void diag_hint(DiagList *list, Diag *diag, const char *format, ...) NARADA_PRINTF(3, 4);
void diag_label(DiagList *list, Diag *diag, Span span, const char *format, ...) NARADA_PRINTF(4, 5);
void diag_note(DiagList *list, Diag *diag, const char *format, ...) NARADA_PRINTF(3, 4);
/* The fix: `replacement` instead of the primary span. */
void diag_fix(DiagList *list, Diag *diag, Text replacement);
/* The same for another span; an empty one inserts, an empty replacement deletes. */
void diag_fix_at(DiagList *list, Diag *diag, Span span, Text replacement);
/* In source order, stable. */
void diag_sort(DiagList *list);
/* As in language.md section 8, to `out`; colour only if asked for. Ends with nothing but the diagnostics. */
void diag_render(const DiagList *list, FILE *out, bool colour);

#endif
