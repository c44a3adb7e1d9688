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
  Diag *diag = diag_report(stages->workflow->diags, DIAG_WORKFLOW_BAD_VALUE, stages_key_span(stages, key), "`" TEXT_FORMAT "` is no tag", TEXT_ARG(written));
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
  if (config_given(stages->task, "values")) write_tags(stages, "values", namespace, " or ");
  else stages_warn(stages, DIAG_WORKFLOW_CANNOT, stages->span, "a namespace without \"values\" cannot be said", "name the values that are wanted");
  return true;
}
