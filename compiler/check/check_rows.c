/* The rows that come out of a node. */
#include "compiler/check/check_int.h"

#include <string.h>

bool rows_are_broken(const Node *node) {
  return !node || node->type.kind == ROWS_KIND_COUNT;
}

static void add_named(Checker *checker, StreamType *type, Text name, Type of) {
  NamedColumn *grown = arena_array(checker->arena, type->named_count + 1, sizeof *grown);
  if (type->named_count) memcpy(grown, type->named, type->named_count * sizeof *grown);
  grown[type->named_count] = (NamedColumn){name, of};
  type->named = grown;
  type->named_count++;
}

static Type *named_type(const StreamType *type, Text name) {
  for (size_t i = 0; i < type->named_count; i++)
    if (text_equal(type->named[i].name, name)) return &type->named[i].type;
  return NULL;
}

static void columns_differ(Checker *checker, const Node *node, const char *kind, Text name) {
  Diag *diag = diag_report(checker->diags, DIAG_COLUMNS_DIFFER, node->span, "the streams differ in the %s `" TEXT_FORMAT "`", kind, TEXT_ARG(name));
  diag_hint(checker->diags, diag, "give it the same name and type in all of them");
}

/* The named columns of all inputs; one that an input lacks may be missing. */
static void unite(Checker *checker, Node *node) {
  node->type = node->inputs[0]->type;
  for (size_t i = 1; i < node->input_count; i++) {
    const StreamType *other = &node->inputs[i]->type;
    StreamType merged = node->type;
    merged.named = arena_array(checker->arena, merged.named_count + other->named_count + 1, sizeof *merged.named);
    if (merged.named_count) memcpy(merged.named, node->type.named, merged.named_count * sizeof *merged.named);
    for (size_t c = 0; c < merged.named_count; c++) {
      const Type *there = named_type(other, merged.named[c].name);
      if ((!there && merged.kind == ROWS_ANY) || (there && type_required(*there) != type_required(merged.named[c].type)))
        columns_differ(checker, node, "column", merged.named[c].name);
      merged.named[c].type |= !there ? TYPE_OPTIONAL : *there & TYPE_OPTIONAL;
    }
    for (size_t c = 0; c < other->named_count; c++) {
      if (named_type(&merged, other->named[c].name)) continue;
      if (merged.kind == ROWS_ANY) columns_differ(checker, node, "column", other->named[c].name);
      merged.named[merged.named_count++] = (NamedColumn){other->named[c].name, (Type)(other->named[c].type | TYPE_OPTIONAL)};
    }
    node->type = merged;
  }
}

static RowKind source_kind(const Node *node) {
  const StageDef *def = stage_def(node->stage);
  if (def->output == OUTPUT_PLAYS) return ROWS_PLAY;
  if (def->output == OUTPUT_PLAYLISTS) return ROWS_PLAYLIST;
  for (size_t i = 0; def->output == OUTPUT_BY_WORD && i < node->arg_count; i++) {
    if (node->args[i].kind != NODE_WORD) continue;
    if (text_is(node->args[i].word, "plays")) return ROWS_PLAY;
    if (text_is(node->args[i].word, "playlists")) return ROWS_PLAYLIST;
  }
  return ROWS_TRACK;
}

void infer_rows(Checker *checker, Node *node) {
  const StageDef *def = stage_def(node->stage);
  if (def->inputs == INPUTS_NONE) {
    node->type = (StreamType){.kind = source_kind(node)};
    return;
  }
  for (size_t i = 0; i < node->input_count; i++)
    if (rows_are_broken(node->inputs[i])) return;
  switch (def->output) {
    case OUTPUT_UNION: unite(checker, node); break;
    case OUTPUT_TRACKS:
      node->type = node->inputs[0]->type;
      node->type.kind = ROWS_TRACK;
      break;
    case OUTPUT_TALLY:
      node->type = (StreamType){.kind = ROWS_ANY};
      for (size_t i = 0; i < node->arg_count; i++)
        if (node->args[i].kind == NODE_KEY || node->args[i].kind == NODE_RESULT)
          add_named(checker, &node->type, node->args[i].name, node->args[i].value->type);
      break;
    default:
      node->type = node->inputs[0]->type;
      for (size_t i = 0; i < node->arg_count && def->output == OUTPUT_ADD; i++)
        add_named(checker, &node->type, node->args[i].name, node->args[i].value->type);
      break;
  }
}
