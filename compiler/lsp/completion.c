/* What could be written at a place: what the grammar takes there, as far as it has a name that means something there. */
#include <string.h>

#include "compiler/lsp/completion.h"
#include "compiler/check/stage_form.h"

static void offer_words(Items *items, const char *words, Text doc) {
  while (*words) {
    size_t length = strcspn(words, " ");
    bool field = items->place->has_row && field_find((Text){words, length}) != FIELD_COUNT; /* offered as such */
    if (length && !field) completion_offer(items, (Text){words, length}, "", ITEM_ENUM_MEMBER, TEXT_LITERAL(""), doc);
    words += length + (words[length] == ' ');
  }
}

static void offer_token(Items *items, TokenKind kind) {
  if (items->place->expected.can[kind]) completion_offer(items, text_of(token_text(kind)), "", ITEM_KEYWORD, TEXT_LITERAL(""), TEXT_LITERAL(""));
}

/* ---- names of the program ---- */

typedef enum Wanted { WANT_STREAM, WANT_STAGE, WANT_VALUE } Wanted;

static bool is_wanted(const Stmt *stmt, Wanted wanted) {
  switch (wanted) {
    case WANT_STREAM: return (stmt->kind == STMT_LET || stmt->kind == STMT_STAGE) && stmt->pipeline;
    case WANT_STAGE: return stmt->kind == STMT_STAGE && !stmt->pipeline;
    case WANT_VALUE: return stmt->kind == STMT_PARAM || (stmt->kind == STMT_LET && stmt->value);
  }
  return false;
}

static void offer_unit(Items *items, const Unit *unit, Text prefix, Wanted wanted) {
  static const char *const details[] = {"a stream of the program", "a stage of the program", "a value of the program"};
  for (size_t i = 0; i < unit->stmt_count; i++) {
    const Stmt *stmt = unit->stmts[i];
    bool is_private = prefix.length && stmt->name.length && stmt->name.bytes[0] == '_';
    if (!stmt->name.length || is_private || !is_wanted(stmt, wanted)) continue;
    Text name = text_of(arena_format(items->request->arena, TEXT_FORMAT "%s" TEXT_FORMAT, TEXT_ARG(prefix), prefix.length ? "." : "", TEXT_ARG(stmt->name)));
    completion_offer(items, name, "", wanted == WANT_STAGE ? ITEM_FUNCTION : ITEM_VARIABLE, text_of(details[wanted]), stmt->doc);
  }
}

static void offer_names(Items *items, Wanted wanted) {
  const Document *document = items->request->document;
  const Module *program = document->graph->program->modules.items[0];
  offer_unit(items, program->unit, TEXT_LITERAL(""), wanted);
  for (size_t i = 0; i < program->use_count; i++)
    if (program->uses[i].module && program->uses[i].alias.length) offer_unit(items, program->uses[i].module->unit, program->uses[i].alias, wanted);
  for (size_t i = 0; i < program->unit->stmt_count && wanted == WANT_VALUE; i++) {
    const Stmt *stmt = program->unit->stmts[i];
    bool inside = stmt->kind == STMT_STAGE && stmt->span.start <= items->request->offset && items->request->offset <= stmt->span.end;
    for (size_t f = 0; inside && f < stmt->formal_count; f++)
      completion_offer(items, stmt->formals[f].name, "", ITEM_VARIABLE, TEXT_LITERAL("a parameter of the stage"), TEXT_LITERAL(""));
  }
}

/* ---- names of the language ---- */

static void offer_stages(Items *items, bool source, bool destination) {
  for (int id = 0; id < STAGEID_COUNT; id++) {
    const StageDef *def = stage_def((StageId)id);
    bool is_source = def->group == GROUP_SOURCE, is_destination = def->group == GROUP_DESTINATION && id != STAGEID_SHOW;
    if (!stage_is_written((StageId)id) || is_source != source || is_destination != destination) continue;
    if (items->place->has_row && items->place->row.kind < ROWS_ANY && def->input_rows != ACCEPTS_ANY && !(def->input_rows & (1 << items->place->row.kind))) continue;
    completion_offer(items, text_of(def->name), "", ITEM_FUNCTION, stage_form(items->request->arena, (StageId)id), text_of(def->doc));
  }
}

static void offer_types(Items *items) {
  for (int base = BASE_MISSING + 1; base < BASE_COUNT; base++)
    completion_offer(items, type_name(items->request->arena, TYPE_MAKE(base, FORM_ONE)), "", ITEM_STRUCT, TEXT_LITERAL(""), TEXT_LITERAL(""));
  completion_offer(items, TEXT_LITERAL("list"), "", ITEM_STRUCT, TEXT_LITERAL("list[T]"), TEXT_LITERAL(""));
  completion_offer(items, TEXT_LITERAL("range"), "", ITEM_STRUCT, TEXT_LITERAL("range[T]"), TEXT_LITERAL(""));
}

static void offer_fields(Items *items) {
  const StreamType *row = &items->place->row;
  Arena *arena = items->request->arena;
  if (!items->place->has_row) return;
  for (size_t i = 0; i < row->named_count; i++) completion_offer(items, row->named[i].name, "", ITEM_FIELD, type_name(arena, row->named[i].type), TEXT_LITERAL(""));
  for (int id = 0; id < FIELD_COUNT && row->kind != ROWS_ANY; id++) {
    const FieldDef *def = field_def((FieldId)id);
    bool here = row->kind == ROWS_KIND_COUNT || (def->rows & (1 << row->kind));
    if (here) completion_offer(items, text_of(def->name), "", ITEM_FIELD, type_name(arena, def->type), text_of(def->doc));
  }
}

static void offer_functions(Items *items) {
  bool aggregates = items->place->stage == STAGEID_TALLY;
  for (int id = 0; id < FUNCTION_ID_COUNT; id++) {
    const FunctionDef *def = function_def((FunctionId)id);
    bool again = id > 0 && strcmp(def->name, function_def((FunctionId)(id - 1))->name) == 0;
    if (again || (def->aggregate && !aggregates)) continue;
    completion_offer(items, text_of(def->name), "", ITEM_FUNCTION, TEXT_LITERAL("function"), text_of(def->doc));
  }
  completion_offer(items, TEXT_LITERAL("now"), "", ITEM_VARIABLE, TEXT_LITERAL("time"), TEXT_LITERAL("the moment of the run"));
}

static void offer_values(Items *items) {
  const ParamDef *param = items->place->expected.can[TOKEN_TO] ? NULL : complete_param(items->place);
  bool starts = complete_begins_value(items->place);
  if (param && starts && (param->kind == PARAM_WORD || param->kind == PARAM_IDENTITY || param->kind == PARAM_PROVIDER || param->kind == PARAM_SINCE))
    offer_words(items, param->words, text_of(param->doc));
  if (param && starts && param->kind == PARAM_STREAM) offer_names(items, WANT_STREAM);
  if (param && starts && (param->kind == PARAM_WORD || param->kind == PARAM_PROVIDER || param->kind == PARAM_STREAM)) return;
  if (param && starts && param->kind == PARAM_PLAYLIST) offer_playlists(items, "\"", "\"");
  offer_names(items, WANT_VALUE);
  offer_fields(items);
  offer_functions(items);
  static const TokenKind words[] = {TOKEN_TRUE, TOKEN_FALSE, TOKEN_MISSING, TOKEN_NOT};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) offer_token(items, words[i]);
}

static bool is_given(const CompletePlace *place, Text text, const char *name) {
  for (size_t at = place->first; at <= place->expected.last; at++) {
    const Token *token = &place->expected.list.tokens.items[at];
    if (token->kind == TOKEN_LABEL && text_is((Text){text.bytes + token->start, token->end - token->start}, name)) return true;
  }
  return false;
}

static void offer_options(Items *items) {
  const CompletePlace *place = items->place;
  if (place->stage == STAGEID_COUNT || place->at_name || place->in_brackets) return;
  const StageDef *def = stage_def(place->stage);
  for (size_t i = 0; i < def->param_count; i++) {
    const ParamDef *param = &def->params[i];
    bool named = !(param->flags & (PARAM_POSITIONAL | PARAM_HIDDEN)) && param->kind != PARAM_NAMED && param->kind != PARAM_RESULTS && param->kind != PARAM_BLOCK;
    if (named && !is_given(place, items->request->document->text, param->name))
      completion_offer(items, text_of(param->name), ":", ITEM_PROPERTY, text_of(param_sample(param)), text_of(param->doc));
  }
}

static void offer_all(Items *items) {
  const CompletePlace *place = items->place;
  const bool *can = place->expected.can;
  bool expression = can[TOKEN_NAME] && can[TOKEN_INT] && can[TOKEN_LBRACKET];
  bool statement = can[TOKEN_LET] && can[TOKEN_FROM];
  static const TokenKind beginnings[] = {TOKEN_FROM, TOKEN_LET, TOKEN_PARAM, TOKEN_STAGE, TOKEN_USE};
  static const TokenKind joints[] = {TOKEN_AND, TOKEN_OR, TOKEN_IN, TOKEN_IS, TOKEN_AGO, TOKEN_AS, TOKEN_MISSING};
  for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
    if (statement || beginnings[i] == TOKEN_FROM) offer_token(items, beginnings[i]);
  if (can[TOKEN_TO]) {
    offer_stages(items, false, false);
    offer_names(items, WANT_STAGE);
    offer_token(items, TOKEN_TO);
  } else if (place->in_from && can[TOKEN_NAME] && !expression && !statement) {
    offer_names(items, WANT_STREAM);
    offer_stages(items, true, false);
  } else if (place->previous == TOKEN_TO) {
    offer_stages(items, false, true);
  } else if (expression) {
    offer_values(items);
  } else if (can[TOKEN_NAME] && (place->previous == TOKEN_COLON || place->previous == TOKEN_LBRACKET)) {
    offer_types(items);
  }
  if (can[TOKEN_LABEL] && !statement) offer_options(items);
  for (size_t i = 0; i < sizeof joints / sizeof *joints && !expression && !statement; i++)
    if (joints[i] != TOKEN_AS || !can[TOKEN_NAME]) offer_token(items, joints[i]);
  if (place->stage == STAGEID_SORT && !expression) {
    offer_token(items, TOKEN_ASC);
    offer_token(items, TOKEN_DESC);
  }
}

bool feature_completion(Request *request) {
  CompletePlace place;
  Items items = {.request = request, .place = &place, .out = &request->result};
  if (!request->document->graph) return true;
  text_append(&request->result, TEXT_LITERAL("{\"isIncomplete\":false,\"items\":["));
  bool closed;
  if (complete_place_in_text(request->arena, request->document, request->offset, &place, &closed))
    offer_in_text(&items, closed);
  else if (complete_place(request->arena, request->document, request->offset, &place))
    offer_all(&items);
  text_append(&request->result, TEXT_LITERAL("]}"));
  return true;
}
