#include <string.h>

#include "compiler/workflow/workflow_int.h"

static const char *const names[NODE_TYPE_COUNT] = {
#define NODE(id, name) name,
#define ALIAS(seen, id)
#define KEY(id, key, need)
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
};

typedef struct Alias {
  const char *seen;
  NodeType type;
} Alias;
static const Alias aliases[] = {
#define NODE(id, name)
#define ALIAS(seen, id) {seen, NODE_##id},
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
#undef KEY
};
enum { ALIAS_COUNT = sizeof aliases / sizeof *aliases };

typedef enum KeyNeed { REQUIRED, OPTIONAL, IGNORED } KeyNeed;
typedef struct ConfigKey {
  NodeType type;
  const char *key;
  KeyNeed need;
} ConfigKey;
static const ConfigKey keys[] = {
#define NODE(id, name)
#define ALIAS(seen, id)
#define KEY(id, key, need) {NODE_##id, key, need},
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
#undef KEY
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

NodeType node_type_find(Text name, bool *alias) {
  *alias = false;
  for (int type = 0; type < NODE_TYPE_COUNT; type++)
    if (text_is(name, names[type])) return (NodeType)type;
  *alias = true;
  for (size_t i = 0; i < ALIAS_COUNT; i++)
    if (text_is(name, aliases[i].seen)) return aliases[i].type;
  return NODE_TYPE_COUNT;
}

const char *node_type_name(NodeType type) {
  return names[type];
}

NodeCategory node_category(NodeType type) {
  static const char *const categories[] = {"source.", "enricher.", "filter.", "sorter.", "selector.", "combiner.", "destination."};
  int category = 0;
  while (strncmp(names[type], categories[category], strlen(categories[category])) != 0) category++;
  return (NodeCategory)category;
}

Text node_type_nearest(Text name) {
  Text known[NODE_TYPE_COUNT + ALIAS_COUNT];
  for (int type = 0; type < NODE_TYPE_COUNT; type++) known[type] = text_of(names[type]);
  for (size_t i = 0; i < ALIAS_COUNT; i++) known[NODE_TYPE_COUNT + i] = text_of(aliases[i].seen);
  size_t near = text_nearest(name, known, NODE_TYPE_COUNT + ALIAS_COUNT);
  return near == SIZE_MAX ? (Text){"", 0} : known[near];
}

static const ConfigKey *key_find(NodeType type, Text key) {
  for (size_t i = 0; i < KEY_COUNT; i++)
    if (keys[i].type == type && text_is(key, keys[i].key)) return &keys[i];
  return NULL;
}

bool node_takes(NodeType type, Text key) {
  return key_find(type, key) != NULL;
}

void config_check_keys(Workflow *workflow, Task *task) {
  DiagList *diags = workflow->diags;
  for (size_t i = 0; i < KEY_COUNT; i++) {
    if (keys[i].type != task->type || keys[i].need != REQUIRED || config_given(task, keys[i].key)) continue;
    Diag *diag = diag_report(diags, DIAG_WORKFLOW_MISSING_KEY, task->config ? task->config->span : task->span, "`%s` needs \"%s\"", names[task->type], keys[i].key);
    diag_hint(diags, diag, "add \"%s\" to its config", keys[i].key);
  }
  for (size_t i = 0; task->config && i < task->config->count; i++) {
    const JsonMember *member = &task->config->members[i];
    const ConfigKey *key = key_find(task->type, member->key);
    if (key && key->need == IGNORED && member->value->kind != JSON_IS_NULL) {
      diag_report(diags, DIAG_WORKFLOW_IGNORED, member->key_span, "\"" TEXT_FORMAT "\" changes nothing here", TEXT_ARG(member->key));
      continue;
    }
    if (key || text_is(member->key, "primary_input")) continue;
    Text known[KEY_COUNT];
    size_t count = 0;
    for (size_t k = 0; k < KEY_COUNT; k++)
      if (keys[k].type == task->type) known[count++] = text_of(keys[k].key);
    Diag *diag = diag_report(diags, DIAG_WORKFLOW_UNKNOWN_KEY, member->key_span, "`%s` has no \"" TEXT_FORMAT "\"", names[task->type], TEXT_ARG(member->key));
    size_t near = text_nearest(member->key, known, count);
    if (near != SIZE_MAX) diag_hint(diags, diag, "did you mean \"" TEXT_FORMAT "\"?", TEXT_ARG(known[near]));
  }
}
