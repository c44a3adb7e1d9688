/* Damage to generated workflows, and what of the tables they used. */
#include "base/random.h"
#include "workflow.h"

Text mutate_workflow(Arena *arena, Text workflow, uint64_t seed, unsigned count) {
  Random random = random_seeded(seed);
  for (unsigned i = 0; i < count && workflow.length > 2; i++) {
    static const char *const words[] = {"{", "}", "[", "]", "null", "\"a\"", "1e309", ",", "true", ":", "\"upstream\": [\"x\"]", "-1", "99999999999999999999", "\\", "\"", "\xff", "\"tasks\": 3,", "\"id\": \"a\", "};
    size_t at = 1 + random_below(&random, workflow.length - 1), gone = random_below(&random, 3) ? 0 : random_below(&random, 12);
    if (gone > workflow.length - at) gone = workflow.length - at;
    TextBuilder out = {.arena = arena};
    text_append(&out, (Text){workflow.bytes, at});
    if (random_below(&random, 4)) text_append(&out, text_of(words[random_below(&random, sizeof words / sizeof *words)]));
    text_append(&out, (Text){workflow.bytes + at + gone, workflow.length - at - gone});
    workflow = text_built(&out);
  }
  return workflow;
}

static unsigned gap(bool is_gap, const char *what, const char *name, const char *more) {
  if (is_gap) printf("never used: %s %s%s%s\n", what, name, *more ? " of " : "", more);
  return is_gap;
}

unsigned workflow_use_gaps(const WorkflowUse *use) {
  unsigned gaps = 0;
  for (size_t i = 0; i < NODE_TYPE_COUNT; i++) gaps += gap(!use->types[i], "the type", node_type_name((NodeType)i), "");
  for (size_t i = 0; i < workflow_alias_count; i++) gaps += gap(!use->aliases[i], "the alias", workflow_aliases[i].seen, "");
  for (size_t i = 0; i < workflow_key_count; i++) gaps += gap(!use->keys[i], "the key", workflow_keys[i].key, node_type_name(workflow_keys[i].type));
  for (size_t i = 0; i < workflow_metric_count; i++) gaps += gap(!use->metrics[i], "the metric", workflow_metrics[i].name, "");
  for (size_t i = 0; i < COERCION_COUNT; i++) {
    char number[24];
    snprintf(number, sizeof number, "%zu", i);
    gaps += gap(!use->coercions[i], "the coercion", number, "");
  }
  return gaps + gap(!use->templates, "a template", "", "");
}
