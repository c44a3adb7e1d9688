#include "compiler/source/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"

static const DiagInfo infos[DIAG_COUNT] = {
#define DIAGNOSTIC(code, name, severity, title, explanation) {code, severity, title, explanation},
#include "diagnostics.def"
#undef DIAGNOSTIC
};

const DiagInfo *diag_info(DiagCode code) {
  return &infos[code];
}

const DiagInfo *diag_find(Text code) {
  for (size_t i = 0; i < DIAG_COUNT; i++) {
    Text known = text_of(infos[i].code);
    bool same = known.length == code.length;
    for (size_t k = 0; same && k < known.length; k++) {
      char c = code.bytes[k];
      same = (c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) == known.bytes[k];
    }
    if (same) return &infos[i];
  }
  return NULL;
}

static Text format_text(Arena *arena, const char *format, va_list arguments) NARADA_PRINTF(2, 0);
static Text format_text(Arena *arena, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0) return TEXT_LITERAL("");
  char *bytes = arena_alloc(arena, (size_t)length + 1);
  vsnprintf(bytes, (size_t)length + 1, format, arguments);
  return (Text){bytes, (size_t)length};
}

static bool already_told(const DiagList *list, DiagCode code, Span span) {
  for (size_t i = 0; i < list->count; i++) {
    const Diag *diag = list->items[i];
    if (diag->code == code && memcmp(&diag->span, &span, sizeof span) == 0) return true;
  }
  return false;
}

Diag *diag_report(DiagList *list, DiagCode code, Span span, const char *format, ...) {
  span = source_origin(list->sources, span);
  Diag *diag = arena_alloc(list->arena, sizeof *diag);
  diag->code = code;
  diag->span = span;
  diag->site = list->site;
  diag->hint = diag->replacement = TEXT_LITERAL("");
  va_list arguments;
  va_start(arguments, format);
  diag->message = format_text(list->arena, format, arguments);
  va_end(arguments);
  if (already_told(list, code, span)) return diag;
  if (infos[code].severity == SEVERITY_ERROR) list->errors++;
  if (list->count == DIAG_MAX) {
    list->full = true;
    return diag;
  }
  vec_push(list->arena, list, diag);
  return diag;
}

void diag_hint(DiagList *list, Diag *diag, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  diag->hint = format_text(list->arena, format, arguments);
  va_end(arguments);
}

void diag_label(DiagList *list, Diag *diag, Span span, const char *format, ...) {
  DiagLabel *label = arena_alloc(list->arena, sizeof *label);
  label->span = source_origin(list->sources, span);
  va_list arguments;
  va_start(arguments, format);
  label->message = format_text(list->arena, format, arguments);
  va_end(arguments);
  DiagLabel **last = &diag->labels;
  while (*last) last = &(*last)->next;
  *last = label;
}

void diag_note(DiagList *list, Diag *diag, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Text note = format_text(list->arena, format, arguments);
  va_end(arguments);
  size_t size = sizeof *diag->notes;
  diag->notes = arena_grow(list->arena, diag->notes, diag->note_count * size, (diag->note_count + 1) * size);
  diag->notes[diag->note_count++] = note;
}

void diag_fix(DiagList *list, Diag *diag, Text replacement) {
  diag_fix_at(list, diag, diag->span, replacement);
}

void diag_fix_at(DiagList *list, Diag *diag, Span span, Text replacement) {
  if (list->sources->items[span.source].origin_count || list->sources->items[diag->span.source].made_into) return; /* a change of a text that nobody wrote */
  diag->fix_span = span;
  diag->replacement = text_copy(list->arena, replacement);
  diag->has_fix = true;
}

static bool comes_before(const Diag *a, const Diag *b) {
  if (a->span.source != b->span.source) return a->span.source < b->span.source;
  return a->span.start < b->span.start;
}

/* Insertion: nearly sorted already, and at most DIAG_MAX. */
void diag_sort(DiagList *list) {
  for (size_t i = 1; i < list->count; i++) {
    Diag *diag = list->items[i];
    size_t at = i;
    for (; at > 0 && comes_before(diag, list->items[at - 1]); at--) list->items[at] = list->items[at - 1];
    list->items[at] = diag;
  }
}
