#include <string.h>

#include "compiler/workflow/workflow_nodes.h"

static const char *const names[NODE_TYPE_COUNT] = {
#define NODE(id, name) name,
#define ALIAS(seen, id)
#define KEY(id, key, need)
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
};

const NodeAlias workflow_aliases[] = {
#define NODE(id, name)
#define ALIAS(seen, id) {seen, NODE_##id},
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
#undef KEY
};
enum { ALIAS_COUNT = sizeof workflow_aliases / sizeof *workflow_aliases };
const size_t workflow_alias_count = ALIAS_COUNT;

const ConfigKey workflow_keys[] = {
#define NODE(id, name)
#define ALIAS(seen, id)
#define KEY(id, key, need) {NODE_##id, key, need},
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
#undef KEY
};
const size_t workflow_key_count = sizeof workflow_keys / sizeof *workflow_keys;

NodeType node_type_find(Text name, bool *alias) {
  *alias = false;
  for (int type = 0; type < NODE_TYPE_COUNT; type++)
    if (text_is(name, names[type])) return (NodeType)type;
  *alias = true;
  for (size_t i = 0; i < ALIAS_COUNT; i++)
    if (text_is(name, workflow_aliases[i].seen)) return workflow_aliases[i].type;
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
  for (size_t i = 0; i < ALIAS_COUNT; i++) known[NODE_TYPE_COUNT + i] = text_of(workflow_aliases[i].seen);
  size_t near = text_nearest(name, known, NODE_TYPE_COUNT + ALIAS_COUNT);
  return near == SIZE_MAX ? (Text){"", 0} : known[near];
}

const ConfigKey *node_key(NodeType type, Text key) {
  for (size_t i = 0; i < workflow_key_count; i++)
    if (workflow_keys[i].type == type && text_is(key, workflow_keys[i].key)) return &workflow_keys[i];
  return NULL;
}

bool node_takes(NodeType type, Text key) {
  return node_key(type, key) != NULL;
}
