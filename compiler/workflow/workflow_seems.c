/* Whether JSON that nobody called a workflow is one. */
#include <string.h>

#include "compiler/workflow/smarter.h"
#include "compiler/workflow/workflow_int.h"

static bool begins_category(Text text) {
  static const char *const categories[] = {"source.", "enricher.", "filter.", "sorter.", "selector.", "combiner.", "destination.", "transformer."};
  for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
    size_t length = strlen(categories[i]);
    if (text.length > length && memcmp(text.bytes, categories[i], length) == 0) return true;
  }
  return false;
}

/* A list of things to do is common; tasks whose type is one of ours, such as "source.playlist", are a workflow. */
static bool has_tasks(const JsonValue *root) {
  const JsonMember *tasks = json_member(root, "tasks");
  if (!tasks || tasks->value->kind != JSON_IS_ARRAY) return false;
  for (size_t i = 0; i < tasks->value->count; i++) {
    const JsonMember *type = json_member(tasks->value->members[i].value, "type");
    if (type && type->value->kind == JSON_IS_TEXT && begins_category(type->value->text)) return true;
  }
  return false;
}

/* The same of a text that is no JSON yet: a mistake in a workflow shall be told, one in another file is not our business. */
static bool mentions_tasks(Text text) {
  bool tasks = false, category = false;
  for (const char *at = memchr(text.bytes, '"', text.length), *end = text.bytes + text.length; at; at = memchr(at + 1, '"', (size_t)(end - at - 1))) {
    Text rest = {at + 1, (size_t)(end - at - 1)};
    tasks = tasks || (rest.length >= 6 && memcmp(rest.bytes, "tasks\"", 6) == 0);
    category = category || begins_category(rest);
  }
  return tasks && category;
}

bool workflow_seems(Arena *arena, Text text) {
  SourceSet sources = {.arena = arena};
  DiagList diags = {.arena = arena, .sources = &sources};
  uint32_t source = source_add(&sources, TEXT_LITERAL("json"), text);
  const JsonValue *root = json_tree_read(arena, &sources, source, &diags);
  return root ? root->kind == JSON_IS_OBJECT && (has_tasks(root) || smarter_seems(root)) : mentions_tasks(text);
}
