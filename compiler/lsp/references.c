/* Where a name is defined and used, and giving it another one. */
#include <string.h>

#include "compiler/lsp/features.h"
#include "compiler/lsp/names.h"
#include "compiler/lsp/uri.h"
#include "compiler/syntax/token.h"

/* False if the file has no URI, as a program of the library. */
static bool append_location(TextBuilder *out, const Document *document, Span span) {
  const Source *source = &document->sources.items[span.source];
  bool here = span.source == document->source;
  Text uri = here ? document->uri : uri_of_path(out->arena, source->path);
  if (!uri.length) return false;
  Lines other = {0};
  if (!here) other = lines_of(out->arena, source->text, document->lines.encoding);
  text_append_char(out, '{');
  json_append_member(out, "uri", uri);
  text_append(out, TEXT_LITERAL(",\"range\":"));
  json_append_range(out, here ? &document->lines : &other, span.start, span.end);
  text_append_char(out, '}');
  return true;
}

bool feature_definition(Request *request) {
  Span name, definition;
  if (names_at(request->document, request->offset, &name, &definition)) append_location(&request->result, request->document, definition);
  return true;
}

bool feature_references(Request *request) {
  Span name, definition;
  bool declaration = cJSON_IsTrue(message_path(request->params, "context.includeDeclaration"));
  if (!names_at(request->document, request->offset, &name, &definition)) return true;
  SpanList uses = names_uses(request->arena, request->document, definition, declaration);
  text_append_char(&request->result, '[');
  for (size_t i = 0; i < uses.count; i++) {
    if (i) text_append_char(&request->result, ',');
    append_location(&request->result, request->document, uses.items[i]);
  }
  text_append_char(&request->result, ']');
  return true;
}

/* ---- renaming ---- */

/* The name at the place can be given another one; else false, and the answer says why. */
static bool can_rename(Request *request, Span *name, Span *definition) {
  const Document *document = request->document;
  if (!names_at(document, request->offset, name, definition)) return request_fail(request, RPC_REQUEST_FAILED, "no name that the program defines stands here");
  if (definition->source != document->source) return request_fail(request, RPC_REQUEST_FAILED, "the name is defined in another file");
  const Module *program = document->graph->program->modules.items[0];
  for (size_t i = 0; i < program->use_count; i++)
    if (program->uses[i].alias_span.start == definition->start)
      return request_fail(request, RPC_REQUEST_FAILED, "the name of a module is changed where it is used, with `as`");
  if (document->diags.errors) return request_fail(request, RPC_REQUEST_FAILED, "mend the mistakes first: behind them a use of the name could be overlooked");
  return true;
}

bool feature_prepare_rename(Request *request) {
  Span name, definition;
  if (!names_at(request->document, request->offset, &name, &definition) || definition.source != request->document->source) return true;
  json_append_range(&request->result, &request->document->lines, name.start, name.end);
  return true;
}

static bool is_name(Arena *arena, Text text) {
  SourceSet sources = {.arena = arena};
  uint32_t index = source_add(&sources, TEXT_LITERAL("name"), text);
  TokenList list = token_list(arena, &sources.items[index]);
  if (list.tokens.count < 3) return false;
  const Token *token = &list.tokens.items[1];
  bool named = token->kind == TOKEN_NAME || token_group((TokenKind)token->kind) == GROUP_WORD;
  return named && !token->fault && token->start == 0 && token->end == text.length;
}

static uint32_t moved(const SpanList *places, uint32_t offset, size_t old_length, size_t new_length) {
  int64_t by = 0;
  for (size_t i = 0; i < places->count && places->items[i].end <= offset; i++) by += (int64_t)new_length - (int64_t)old_length;
  return (uint32_t)((int64_t)offset + by);
}

/* Whether the program with the new name means the same: every place where a name was used uses the same definition, and no other does. */
static bool means_the_same(Request *request, const SpanList *places, Span definition, Text name, Text text) {
  const Document *document = request->document;
  SourceSet sources = {.arena = request->arena};
  DiagList diags = {.arena = request->arena, .sources = &sources};
  uint32_t source = source_add(&sources, document->path, text);
  const Graph *graph = compile_check(request->arena, &sources, source, &diags);
  if (diags.errors || diags.count != document->diags.count || graph->uses.count != document->graph->uses.count) return false;
  size_t old_length = definition.end - definition.start;
  for (size_t i = 0; i < graph->uses.count; i++) {
    const NameUse *now = &graph->uses.items[i], *was = &document->graph->uses.items[i];
    bool use_here = was->use.source == document->source, definition_here = was->definition.source == document->source;
    uint32_t use = use_here ? moved(places, was->use.start, old_length, name.length) : was->use.start;
    uint32_t target = definition_here ? moved(places, was->definition.start, old_length, name.length) : was->definition.start;
    if (now->use.start != use || now->definition.start != target || now->definition.source != was->definition.source) return false;
  }
  return true;
}

bool feature_rename(Request *request) {
  const Document *document = request->document;
  Span name, definition;
  Text new_name;
  if (!message_text(message_get(request->params, "newName"), &new_name)) return request_fail(request, RPC_INVALID_PARAMS, "newName must be a text");
  if (!can_rename(request, &name, &definition)) return false;
  if (!is_name(request->arena, new_name))
    return request_fail(request, RPC_INVALID_PARAMS, arena_format(request->arena, "`" TEXT_FORMAT "` is no name: a letter or _, then letters, digits and _, and no word of the language",
                                                                  TEXT_ARG(new_name)));
  SpanList places = names_uses(request->arena, document, definition, true);
  TextBuilder text = {.arena = request->arena};
  size_t at = 0;
  for (size_t i = 0; i < places.count; i++) {
    text_append(&text, (Text){document->text.bytes + at, places.items[i].start - at});
    text_append(&text, new_name);
    at = places.items[i].end;
  }
  text_append(&text, (Text){document->text.bytes + at, document->text.length - at});
  if (!means_the_same(request, &places, definition, new_name, text_built(&text)))
    return request_fail(request, RPC_REQUEST_FAILED,
                        arena_format(request->arena, "the program would mean something else, or nothing: `" TEXT_FORMAT "` has a meaning there already", TEXT_ARG(new_name)));
  text_append(&request->result, TEXT_LITERAL("{\"changes\":{"));
  json_append_string(&request->result, document->uri);
  text_append(&request->result, TEXT_LITERAL(":["));
  for (size_t i = 0; i < places.count; i++) {
    text_append(&request->result, i ? TEXT_LITERAL(",{\"range\":") : TEXT_LITERAL("{\"range\":"));
    json_append_range(&request->result, &document->lines, places.items[i].start, places.items[i].end);
    text_append_char(&request->result, ',');
    json_append_member(&request->result, "newText", new_name);
    text_append_char(&request->result, '}');
  }
  text_append(&request->result, TEXT_LITERAL("]}}"));
  return true;
}
