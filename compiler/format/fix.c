#include "compiler/format/fix.h"

#include <string.h>

#include "compiler/compile.h"

/* What is wrong with one version of the text. */
typedef struct Checked {
  SourceSet sources;
  DiagList diags;
  size_t syntax;
} Checked;

static Checked *check_text(Arena *arena, Text path, Text text) {
  Checked *checked = arena_alloc(arena, sizeof *checked);
  checked->sources = (SourceSet){.arena = arena};
  checked->diags = (DiagList){.arena = arena, .sources = &checked->sources};
  compile_check(arena, &checked->sources, source_add(&checked->sources, path, text), &checked->diags);
  for (size_t i = 0; i < checked->diags.count; i++) checked->syntax += strncmp(diag_info(checked->diags.items[i]->code)->code, "N1", 2) == 0;
  return checked;
}

/* A mistake of syntax hides others, so what comes to light by mending it does not count against it. */
static bool is_worse(const Checked *now, const Checked *before) {
  if (now->syntax != before->syntax) return now->syntax > before->syntax;
  return now->diags.errors > before->diags.errors;
}

typedef VEC(const Diag *) FixList;

static bool comes_before(const Diag *a, const Diag *b) {
  return a->fix_span.start != b->fix_span.start ? a->fix_span.start < b->fix_span.start : a->fix_span.end < b->fix_span.end;
}

static bool changes_anything(const Checked *checked, const Diag *diag) {
  return diag->has_fix && diag->fix_span.source == 0 && !text_equal(span_text(&checked->sources, diag->fix_span), diag->replacement);
}

/* Those that can be applied together, in the order of their places. */
static FixList collect(Arena *arena, const Checked *checked) {
  FixList all = {0}, list = {0};
  for (size_t i = 0; i < checked->diags.count; i++) {
    const Diag *diag = checked->diags.items[i];
    if (!changes_anything(checked, diag)) continue;
    vec_push(arena, &all, diag);
    size_t at = all.count - 1;
    for (; at > 0 && comes_before(diag, all.items[at - 1]); at--) all.items[at] = all.items[at - 1];
    all.items[at] = diag;
  }
  for (size_t i = 0; i < all.count; i++) {
    const Diag *last = list.count ? list.items[list.count - 1] : NULL;
    bool clear = !last || all.items[i]->fix_span.start > last->fix_span.end ||
                 (all.items[i]->fix_span.start == last->fix_span.end && last->fix_span.start < last->fix_span.end);
    if (clear) vec_push(arena, &list, all.items[i]);
  }
  return list;
}

static Text apply(Arena *arena, Text text, const FixList *list) {
  TextBuilder out = {.arena = arena};
  size_t at = 0;
  for (size_t i = 0; i < list->count; i++) {
    const Diag *diag = list->items[i];
    text_append(&out, (Text){text.bytes + at, diag->fix_span.start - at});
    text_append(&out, diag->replacement);
    at = diag->fix_span.end;
  }
  text_append(&out, (Text){text.bytes + at, text.length - at});
  return text_built(&out);
}

/* One round: the text it began with, and what was kept so far. */
typedef struct Round {
  Arena *arena;
  Text path, text;
  const Checked *best;
  FixList kept;
} Round;

/* Keeps as many of the fixes as do no harm: all, or else what each half can give. */
static void keep_good(Round *round, const Diag *const *fixes, size_t count) {
  size_t kept = round->kept.count;
  for (size_t i = 0; i < count; i++) vec_push(round->arena, &round->kept, fixes[i]);
  const Checked *checked = check_text(round->arena, round->path, apply(round->arena, round->text, &round->kept));
  if (!is_worse(checked, round->best)) {
    round->best = checked;
    return;
  }
  round->kept.count = kept;
  if (count == 1) return;
  keep_good(round, fixes, count / 2);
  keep_good(round, fixes + count / 2, count - count / 2);
}

FixResult fix_text(Arena *arena, Text path, Text text) {
  FixResult result = {.text = text_copy(arena, text)};
  const Checked *checked = check_text(arena, path, text);
  for (int i = 0; i < FIX_MAX_ROUNDS; i++) {
    FixList fixes = collect(arena, checked);
    if (fixes.count == 0) break;
    Round round = {.arena = arena, .path = path, .text = result.text, .best = checked};
    keep_good(&round, fixes.items, fixes.count);
    if (round.kept.count == 0) break;
    for (size_t k = 0; k < round.kept.count; k++) {
      const Diag *diag = round.kept.items[k];
      FixChange change = {diag->code, source_place(&checked->sources.items[0], diag->fix_span.start).line,
                          span_text(&checked->sources, diag->fix_span), diag->replacement};
      vec_push(arena, &result.changes, change);
    }
    result.rounds++;
    result.text = apply(arena, result.text, &round.kept);
    checked = round.best;
  }
  result.errors = checked->diags.errors;
  return result;
}
