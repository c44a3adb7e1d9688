/* Filters by tags. */
#include "base/tag.h"
#include "compiler/workflow/stages_int.h"

/* The tag's one spelling, told if it is none. */
static Text tag_text(Stages *stages, const char *key, Text written, Text namespace) {
  TextBuilder tag = {.arena = stages->workflow->arena};
  text_append_format(&tag, TEXT_FORMAT "%s" TEXT_FORMAT, TEXT_ARG(namespace), namespace.length ? ":" : "", TEXT_ARG(written));
  char bytes[TAG_MAX_LENGTH];
  size_t length = 0;
  if (tag_normalise(text_built(&tag), bytes, &length)) return text_copy(stages->workflow->arena, (Text){bytes, length});
  bool key_is_namespace = text_is(text_of(key), "namespace");
  Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "`" TEXT_FORMAT "` is no %s", TEXT_ARG(key_is_namespace ? namespace : written), key_is_namespace ? "namespace" : "tag");
  diag_hint(stages->workflow->diags, diag, "a tag is %s", TAG_RULE);
  return TEXT_LITERAL("?");
}

static void write_tags(Stages *stages, const char *key, Text namespace, const char *join) {
  Text *tags;
  size_t count = config_list(stages->workflow, stages->task, key, &tags);
  if (count == 0) {
    stages_warn(stages, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "it is not said which tags", "such as \"mood:chill\"");
    return;
  }
  stages_bar(stages);
  STAGE(stages, "keep ");
  for (size_t i = 0; i < count; i++) {
    Text tag = tag_text(stages, key, tags[i], namespace);
    write_from(stages->writer, stages_key_span(stages, key), "%s\"" TEXT_FORMAT "\" in tags", i == 0 ? "" : join, TEXT_ARG(tag));
  }
}

bool stages_tag(Stages *stages) {
  Workflow *workflow = stages->workflow;
  if (stages->task->type == NODE_FILTER_TAG) {
    bool all = text_is(config_word(workflow, stages->task, "match_mode", "any all", "any"), "all");
    write_tags(stages, "tags", (Text){"", 0}, all ? " and " : " or ");
    return true;
  }
  if (stages->task->type != NODE_FILTER_NAMESPACE) return false;
  Text namespace = config_text(workflow, stages->task, "namespace", true);
  if (config_given(stages->task, "values")) {
    write_tags(stages, "values", namespace, " or ");
    return true;
  }
  Span span = stages_key_span(stages, "namespace");
  Text before = tag_text(stages, "namespace", TEXT_LITERAL("x"), namespace); /* a whole tag, for its rules */
  if (before.length < 2) return true;
  stages_bar(stages);
  write_from(stages->writer, span, "keep starts_with(tags, \"" TEXT_FORMAT "\")", (int)before.length - 1, before.bytes);
  return true;
}
