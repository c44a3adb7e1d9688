#include "compiler/lsp/document.h"

#include <string.h>

#include "compiler/lsp/uri.h"
#include "compiler/workflow/workflow.h"

typedef struct Making {
  Arena *arena;
  Text uri, text;
  Encoding encoding;
  const Edit *edits;
  size_t edit_count;
  bool ours;
  Document *made;
} Making;

/* Replaces [start, end), in place. */
static void splice(TextBuilder *text, size_t start, size_t end, Text with) {
  size_t behind = text->length - end;
  text_append(text, with); /* for the room */
  memmove(text->bytes + start + with.length, text->bytes + end, behind);
  if (with.length) memcpy(text->bytes + start, with.bytes, with.length);
  text->length = start + with.length + behind;
  text->bytes[text->length] = '\0';
}

static Status edit(Making *making, Error *error) {
  TextBuilder text = {.arena = making->arena};
  text_append(&text, making->text);
  text_append(&text, TEXT_LITERAL(""));
  for (size_t i = 0; i < making->edit_count; i++) {
    const Edit *edit = &making->edits[i];
    size_t start = 0, end = text.length;
    if (!edit->whole) {
      start = position_offset(text_built(&text), making->encoding, edit->start);
      end = position_offset(text_built(&text), making->encoding, edit->end);
    }
    if (end < start) end = start;
    if (text.length - (end - start) + edit->text.length > DOCUMENT_MAX_BYTES) return fail(error, STATUS_FAILED, "", "the document is too long");
    splice(&text, start, end, edit->text);
  }
  making->text = text_built(&text);
  return STATUS_OK;
}

/* Editors may show us every .json file they open. */
static bool is_other(Arena *arena, Text path, Text text) {
  static const char ending[] = ".json";
  size_t length = sizeof ending - 1;
  bool json = path.length >= length && memcmp(path.bytes + path.length - length, ending, length) == 0;
  return json && !workflow_seems(arena, text);
}

static Status make(void *context, Error *error) {
  Making *making = context;
  if (making->edits) {
    Status status = edit(making, error);
    if (status != STATUS_OK) return status;
  }
  Document *document = arena_alloc(making->arena, sizeof *document);
  document->arena = making->arena;
  document->uri = text_copy(making->arena, making->uri);
  document->path = uri_path(making->arena, making->uri);
  document->sources = (SourceSet){.arena = making->arena};
  document->diags = (DiagList){.arena = making->arena, .sources = &document->sources};
  document->source = source_add(&document->sources, document->path, making->text);
  document->text = document->sources.items[document->source].text;
  document->lines = lines_of(making->arena, document->text, making->encoding);
  document->too_long = document->text.length > SOURCE_MAX_BYTES;
  document->workflow = workflow_is(&document->sources, document->source);
  document->is_other = !document->too_long && !making->ours && is_other(making->arena, document->path, document->text);
  document->ours = making->ours || (document->workflow && !document->is_other);
  bool checked = !document->too_long && !document->is_other;
  const Graph *graph = checked ? compile_check(making->arena, &document->sources, document->source, &document->diags) : NULL;
  document->graph = document->workflow ? NULL : graph;
  making->made = document;
  return STATUS_OK;
}

static Document *made(Making making) {
  Error error = {0};
  making.arena = arena_new(0);
  if (!making.arena) return NULL;
  if (arena_protect(making.arena, make, &making, &error) == STATUS_OK) return making.made;
  arena_free(making.arena);
  return NULL;
}

Document *document_open(Text uri, Text text, bool ours, Encoding encoding) {
  return made((Making){.uri = uri, .text = text, .ours = ours, .encoding = encoding});
}

Document *document_changed(const Document *old, const Edit *edits, size_t count, Encoding encoding) {
  return made((Making){.uri = old->uri, .text = old->text, .encoding = encoding, .edits = edits, .edit_count = count, .ours = old->ours});
}

const Unit *document_unit(const Document *document) {
  return document->graph->program->modules.items[0]->unit;
}

void document_close(Document *document) {
  if (document) arena_free(document->arena);
}
