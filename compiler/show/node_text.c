#include "compiler/show/node_text.h"

Text span_line(Arena *arena, const SourceSet *sources, Span span) {
  Text text = span_text(sources, span);
  TextBuilder line = {.arena = arena};
  bool blank = false;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.bytes[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = true;
      continue;
    }
    if (blank && line.length) text_append_char(&line, ' ');
    blank = false;
    text_append_char(&line, c);
  }
  return text_built(&line);
}

/* In round brackets where `and` would bind its parts otherwise. */
static Text condition_part(Arena *arena, const SourceSet *sources, const Typed *typed) {
  Text text = condition_text(arena, sources, typed);
  return typed->kind == TYPED_OR ? text_of(arena_format(arena, "(" TEXT_FORMAT ")", TEXT_ARG(text))) : text;
}

Text condition_text(Arena *arena, const SourceSet *sources, const Typed *typed) {
  if (!typed->joined) return span_line(arena, sources, typed->span);
  TextBuilder text = {.arena = arena};
  if (typed->kind == TYPED_OP) {
    text_append_format(&text, "not (" TEXT_FORMAT ")", TEXT_ARG(condition_text(arena, sources, typed->operands[0])));
    return text_built(&text);
  }
  bool both = typed->kind == TYPED_AND;
  for (int i = 0; i < 2; i++) {
    Text part = both ? condition_part(arena, sources, typed->operands[i]) : condition_text(arena, sources, typed->operands[i]);
    text_append_format(&text, "%s" TEXT_FORMAT, i == 0 ? "" : both ? " and " : " or ", TEXT_ARG(part));
  }
  return text_built(&text);
}

Text node_text(Arena *arena, const SourceSet *sources, const Node *node) {
  const StageDef *def = stage_def(node->stage);
  if (node->inserted) return text_of(arena_format(arena, "enrich %s", provider_name(enricher_provider(node))));
  if (node->stage == STAGEID_PER_END) return TEXT_LITERAL("} of `per`");
  bool filter = node->stage == STAGEID_KEEP || node->stage == STAGEID_DROP;
  TextBuilder text = {.arena = arena};
  if (def->inputs == INPUTS_NONE && span_text(sources, node->span).length) text_append(&text, TEXT_LITERAL("from "));
  if (filter && node->arg_count == 1) {
    text_append_format(&text, "%s " TEXT_FORMAT, def->name, TEXT_ARG(condition_text(arena, sources, node->args[0].value)));
  } else {
    text_append(&text, span_line(arena, sources, node->span));
  }
  return text_built(&text);
}
