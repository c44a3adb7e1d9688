/* workflow_nodes.h: the types of tasks in JSON workflows and the keys of their configs, see workflow_nodes.def. */
#ifndef NARADA_COMPILER_WORKFLOW_NODES_H
#define NARADA_COMPILER_WORKFLOW_NODES_H

#include "base/text.h"

typedef enum NodeType {
#define NODE(id, name) NODE_##id,
#define ALIAS(seen, id)
#define KEY(id, key, need)
#include "workflow_nodes.def"
#undef NODE
#undef ALIAS
#undef KEY
  NODE_TYPE_COUNT
} NodeType;

typedef enum NodeCategory { CATEGORY_SOURCE, CATEGORY_ENRICHER, CATEGORY_FILTER, CATEGORY_SORTER, CATEGORY_SELECTOR, CATEGORY_COMBINER, CATEGORY_DESTINATION } NodeCategory;

typedef enum KeyNeed { REQUIRED, OPTIONAL, IGNORED } KeyNeed;
typedef struct ConfigKey {
  NodeType type;
  const char *key;
  KeyNeed need;
} ConfigKey;
extern const ConfigKey workflow_keys[]; /* those of a type in the order in which they are written */
extern const size_t workflow_key_count;

/* Names under which types were seen. */
typedef struct NodeAlias {
  const char *seen;
  NodeType type;
} NodeAlias;
extern const NodeAlias workflow_aliases[];
extern const size_t workflow_alias_count;

NodeType node_type_find(Text name, bool *alias);
const char *node_type_name(NodeType type);
NodeCategory node_category(NodeType type);
/* The nearest known type, or the empty text. */
Text node_type_nearest(Text name);
/* The row of a key that the type takes, or NULL. */
const ConfigKey *node_key(NodeType type, Text key);
bool node_takes(NodeType type, Text key);

#endif
