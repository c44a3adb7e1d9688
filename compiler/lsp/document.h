/* document.h: an open document, and what the compiler says about its present text. */
#ifndef NARADA_COMPILER_LSP_DOCUMENT_H
#define NARADA_COMPILER_LSP_DOCUMENT_H

#include "compiler/compile.h"
#include "compiler/check/graph.h"
#include "compiler/check/module.h"
#include "compiler/source/position.h"

enum { DOCUMENT_MAX_BYTES = 64 << 20 };

/* Everything is in its own arena, which every change makes anew. */
typedef struct Document {
  Arena *arena;
  Text uri, path;
  int64_t version;
  bool has_version;
  Text text;
  Lines lines;
  SourceSet sources;
  DiagList diags;
  uint32_t source;
  const Graph *graph; /* NULL if it is not checked, or a workflow */
  bool workflow; /* JSON */
  bool too_long; /* for a program: it is kept and not checked */
  bool ours;     /* a program or workflow for sure, whatever is being typed */
  bool is_other; /* JSON of others, that names no tasks: it is kept and not checked */
  const struct Facts *facts; /* facts.h; NULL until somebody asks */
  struct Document *next;
} Document;

typedef struct Edit {
  bool whole;
  Position start, end; /* of what is replaced, unless it is the whole */
  Text text;
} Edit;

/* A new document, checked; NULL without memory. Its arena is its own. `ours`: the client says that it is a program, else JSON may be anybody's. */
Document *document_open(Text uri, Text text, bool ours, Encoding encoding);
/* The document as the edits, one after the other, make it; NULL without memory, or if it would be longer than DOCUMENT_MAX_BYTES. The old one stays. */
Document *document_changed(const Document *old, const Edit *edits, size_t count, Encoding encoding);
/* The tree of a document with a graph. */
const Unit *document_unit(const Document *document);
void document_close(Document *document);

#endif
