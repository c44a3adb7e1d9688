/* Names of stages, sources and destinations that mean nothing. */
#include "compiler/check/check_int.h"

#include <string.h>

static Text *known_names(Checker *checker, Namespace space, const Scope *scope, size_t *count) {
  VEC(Text) names = {0};
  for (; scope && space != NAMES_DESTINATION; scope = scope->outer)
    for (size_t i = 0; i < scope->count; i++) {
      const Binding *binding = scope->items[i];
      bool stream = binding->stmt && binding->stmt->pipeline;
      if (space == NAMES_SOURCE ? stream : binding->kind == BINDING_STAGE && !stream) vec_push(checker->arena, &names, binding->name);
    }
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *def = stage_def((StageId)id);
    bool source = def->group == GROUP_SOURCE, destination = def->group == GROUP_DESTINATION && id != STAGEID_SHOW;
    if (space == NAMES_SOURCE ? source : space == NAMES_DESTINATION ? destination : !source && !destination && stage_is_written((StageId)id))
      vec_push(checker->arena, &names, text_of(def->name));
  }
  *count = names.count;
  return names.items;
}

/* The place of the last sign before `span` that is no blank. */
uint32_t before_blanks(const Checker *checker, Span span) {
  const char *bytes = checker->diags->sources->items[span.source].text.bytes;
  uint32_t at = span.start;
  while (at > 0 && strchr(" \t\r\n", bytes[at - 1])) at--;
  return at;
}

static void fix_to_show(Checker *checker, Diag *diag, Span path) {
  uint32_t end = before_blanks(checker, path);
  if (end >= 2) diag_fix_at(checker->diags, diag, (Span){path.source, end - 2, path.start}, TEXT_LITERAL(""));
}

void unknown_stream_name(Checker *checker, Namespace space, const Path *path, const Scope *scope) {
  static const struct {
    DiagCode code;
    const char *what, *list;
  } words[] = {{DIAG_UNKNOWN_STAGE, "stage", "stages"},
               {DIAG_UNKNOWN_SOURCE, "source", "sources"},
               {DIAG_UNKNOWN_DESTINATION, "destination", "destinations"}};
  size_t count;
  Text *names = known_names(checker, space, scope, &count);
  Diag *diag = diag_report(checker->diags, words[space].code, path->span, "no %s `" TEXT_FORMAT "`", words[space].what, TEXT_ARG(path->text));
  if (hint_dotted(checker, diag, path->text, names, count)) {
    /* said */
  } else if (hint_name(checker, diag, space == NAMES_STAGE ? SYNONYM_OF_STAGE : SYNONYM_OF_NOTHING, path->text, names, count)) {
    /* said */
  } else if (space == NAMES_DESTINATION && text_is(path->text, "show")) {
    diag_hint(checker->diags, diag, "write `| show` without `to`");
    fix_to_show(checker, diag, path->span);
  } else if (space == NAMES_STAGE && stage_find_destination(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "write `| to " TEXT_FORMAT "`", TEXT_ARG(path->text));
    diag_fix_at(checker->diags, diag, span_start(path->span), TEXT_LITERAL("to "));
  } else if (space == NAMES_STAGE && stage_find_source(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "a source stands after `from`");
  } else if (space == NAMES_SOURCE && stage_find(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "`" TEXT_FORMAT "` is a stage and stands after `|`", TEXT_ARG(path->text));
  } else if (space != NAMES_STAGE && stage_find_destination(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "it is a destination: `to " TEXT_FORMAT "`", TEXT_ARG(path->text));
  } else if (space == NAMES_DESTINATION && stage_find_source(path->text) != STAGEID_COUNT) {
    diag_hint(checker->diags, diag, "it is a source: `from " TEXT_FORMAT "`", TEXT_ARG(path->text));
  }
  Text *family;
  size_t relatives = names_of_family(checker, path->text, names, count, &family);
  if (relatives) {
    diag_note(checker->diags, diag, "the %s of " TEXT_FORMAT " are " TEXT_FORMAT, words[space].list, TEXT_ARG(path->names[0]),
              TEXT_ARG(text_list(checker->arena, family, relatives, 40)));
    return;
  }
  diag_note(checker->diags, diag, "the %s are " TEXT_FORMAT, words[space].list, TEXT_ARG(text_list(checker->arena, names, count, 40)));
}
